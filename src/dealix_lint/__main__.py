"""`python -m dealix_lint`."""

from dealix_lint.faces.cli import program

if __name__ == "__main__":
    program()

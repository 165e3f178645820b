"""`python -m dealix_lint`."""

from dealix_lint.faces.cli import main

if __name__ == "__main__":
    main()

"""The pydantic edge of `rules/`: where it is, what its files must say, and the values made of them."""

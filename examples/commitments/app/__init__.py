"""Back office of a B2B marketplace."""

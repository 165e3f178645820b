"""Are effects classified, completely and truly."""

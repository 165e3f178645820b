"""Does every commitment have one owner."""

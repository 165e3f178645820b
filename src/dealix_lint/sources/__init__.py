"""From paths to bytes: the project root, the files in it, their content, digests and module names."""

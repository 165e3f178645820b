"""What the back office does, independent of who asks for it."""

"""What the checks say becomes what people read: identified, chosen, located, suppressed, in order."""

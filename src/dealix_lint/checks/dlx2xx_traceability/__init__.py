"""Can effects be traced and shown afterwards."""

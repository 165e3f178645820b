"""Settings, database, governance vocabulary and the in-process bus."""

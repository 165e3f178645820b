"""How people and tools meet the engine: command line, flake8."""

"""`[tool.dealix-lint]` in pyproject.toml: read, validated, turned into `model.settings.Settings`."""

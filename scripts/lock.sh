#!/bin/sh
# Writes requirements-dev.lock: the newest versions that `.[dev]` accepts, as a new environment gets them from PyPI.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --quiet --disable-pip-version-check -e ".[dev]"
{
    echo "# Versions used by \`make demo\` and \`make test\`, as constraints. Written by scripts/lock.sh; not edited by hand."
    "$folder/venv/bin/python" -m pip freeze --disable-pip-version-check --exclude-editable
} > requirements-dev.lock.new
mv requirements-dev.lock.new requirements-dev.lock

#!/bin/sh
# Makes .venv ready. `scripts/setup.sh runtime`: the tool alone. `scripts/setup.sh dev`: also what its tests need.
# Does nothing when an earlier run finished and pyproject.toml and requirements-dev.lock are as they were.
# PYTHON=/path/to/python chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."
level=${1:-dev}

case $level in
    runtime) wanted=. ;;
    dev) wanted=".[dev]" ;;
    *) echo "setup: unknown level '$level'; use 'runtime' or 'dev'" >&2; exit 2 ;;
esac

works() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# The path is part of it: an editable install breaks when its folder is moved.
state="$(cat pyproject.toml requirements-dev.lock scripts/setup.sh | cksum) $(pwd)"

is_ready() {
    [ -f ".venv/.ready-$1" ] && [ "$(cat ".venv/.ready-$1")" = "$state" ]
}

if works .venv/bin/python && { is_ready "$level" || is_ready dev; }; then
    exit 0
fi

# No stamp at all: a first run, or one that was interrupted and may have left half a package behind.
if ! { [ -f .venv/.ready-runtime ] || [ -f .venv/.ready-dev ]; } || ! works .venv/bin/python; then
    python=
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11 python; do
        if works "$candidate"; then
            python=$candidate
            break
        fi
    done
    if [ -z "$python" ]; then
        echo "setup: needs Python 3.11 or newer with its venv module (on Debian and Ubuntu: apt install python3-venv)." >&2
        echo "setup: none found as python3, python3.11 to python3.14 or python; name one with PYTHON=/path/to/python." >&2
        exit 2
    fi
    echo "Creating .venv with $("$python" --version) ..."
    "$python" -m venv --clear .venv
fi

echo "Installing $wanted into .venv (once, from PyPI) ..."
rm -f .venv/.ready-runtime .venv/.ready-dev
.venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --no-input -c requirements-dev.lock -e "$wanted"
.venv/bin/python -m compileall -q src || true  # what a wheel's installation does too
printf '%s\n' "$state" > ".venv/.ready-$level"

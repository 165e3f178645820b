"""Where a word begins inside a name that is written in one: `PaymentIntent`, `HTTPClient`."""

from __future__ import annotations

import re
from typing import Final

HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

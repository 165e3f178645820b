"""Bytes to a parsed tree, or the problem that prevents it."""

from __future__ import annotations

import io
import tokenize

import libcst

from dealix_lint.model.summary import Problem
from dealix_lint.summarize import tree
from dealix_lint.summarize.nesting import too_deep
from dealix_lint.summarize.syntax import explain

LARGEST_FILE = 8_000_000


def parse(data: bytes, *, is_whole: bool) -> libcst.Module | Problem:
    """Parse a file as written (PEP 263 encodings and byte order marks included)."""
    problem = _refused(data)
    if problem is not None:
        return problem
    try:
        return tree.parse_module_bytes(data, is_whole=is_whole)
    except libcst.ParserSyntaxError as error:
        return explain(data, error.message)
    except libcst.CSTValidationError as error:
        return explain(data, str(error))
    except (RecursionError, MemoryError):
        return Problem(1, 1, "the code is nested too deeply")
    except (LookupError, ValueError, SyntaxError) as error:
        return _undecodable(data) or Problem(1, 1, f"the file cannot be parsed: {error}")


def _undecodable(data: bytes) -> Problem | None:
    """Where and why bytes are no text in the encoding that they declare (PEP 263), UTF-8 where they declare none."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        encoding = "utf-8"
        if "unknown encoding" in str(error):
            return Problem(1, 1, f"{error}; declare one that Python knows, or save the file as UTF-8")
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        before = data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode(encoding, "replace")
        column = len(before.removeprefix("\ufeff")) + 1
        reason = f"byte 0x{data[error.start]:02x} is not {error.encoding.upper()}; save the file as UTF-8"
        return Problem(line, column, f"{reason} or declare its encoding")
    except LookupError as error:
        return Problem(1, 1, f"{error}; declare one that Python knows, or save the file as UTF-8")
    return None


def _refused(data: bytes) -> Problem | None:
    """The problem of a file that is not worth parsing, or not safe to parse."""
    if len(data) > LARGEST_FILE:
        return Problem(1, 1, f"the file is larger than {LARGEST_FILE // 1_000_000} MB")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Problem(1, 1, "the file is encoded in UTF-16, which Python does not read; save it as UTF-8")
    null = data.find(b"\0")
    if null >= 0:
        line = data.count(b"\n", 0, null) + 1
        return Problem(line, 1, "the file is binary (it contains null bytes), not Python source")
    deep = too_deep(data)
    return None if deep is None else Problem(deep.line, 1, deep.reason)

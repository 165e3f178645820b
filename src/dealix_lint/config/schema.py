"""What `[tool.dealix-lint]` may say, as pydantic models; field descriptions become the generated JSON Schema."""

from __future__ import annotations

import re
import warnings
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from dealix_lint.model.declared import parse_address
from dealix_lint.model.effect_rules import EFFECT_KINDS, EffectKind
from dealix_lint.model.effects import COMMITMENTS
from dealix_lint.model.entrypoints import MECHANISMS
from dealix_lint.model.patterns import is_balanced

_LIKE_GITIGNORE: Final = 'patterns are written as in a .gitignore file, for example "legacy/**"'
_CODE: Final = re.compile(r"DLX[0-9]{0,3}\Z")
_DURATION_PATTERN: Final = r"^(\d+)\s*([smhd])$"
_DURATION: Final = re.compile(_DURATION_PATTERN)
_HOST: Final = re.compile(r"[\w*?\[\].:-]+\Z")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _selector(text: str) -> str:
    if not _CODE.match(text):
        raise ValueError(f"{text!r} is not a code; write DLX, the start of a code (DLX1) or a code (DLX101)")
    return text


def _code(text: str) -> str:
    if not _CODE.match(text) or len(text) != len("DLX000"):
        raise ValueError(f"{text!r} is not a code; write one like DLX101")
    return text


def _seconds(value: object) -> int:
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'{value!r} is not a duration; write a number and s, m, h or d, for example "15m"')
    return int(match[1]) * _SECONDS[match[2]]


def _commitment(text: str) -> str:
    parts = text.split("/")
    if len(parts) != 3 or not all(parts):
        raise ValueError(f'{text!r} is not a commitment; write "kind/provider/operation", any part may be *')
    if parts[0] not in (*COMMITMENTS, "*"):
        raise ValueError(f"{parts[0]!r} is not a kind of commitment; use one of {', '.join(COMMITMENTS)} or *")
    return text


def _mechanism(text: str) -> str:
    if text not in MECHANISMS:
        raise ValueError(f"{text!r} is not a mechanism; use one of {', '.join(MECHANISMS)}")
    return text


def _dotted(text: str) -> str:
    if not text or any(not part or " " in part for part in text.split(".")):
        raise ValueError(f"{text!r} is not a dotted name; write for example app.audit.write")
    return text


def _glob(text: str) -> str:
    from pathspec import GitIgnoreSpec

    try:
        with warnings.catch_warnings(action="ignore"):
            means_something = any(pattern.include is not None for pattern in GitIgnoreSpec.from_lines([text]).patterns)
    except (ValueError, re.error) as error:
        raise ValueError(f"{text!r} is not a pattern: {error}; {_LIKE_GITIGNORE}") from error
    if not means_something:
        raise ValueError(f"{text!r} matches nothing; {_LIKE_GITIGNORE}")
    return text


def _host(text: str) -> str:
    if not _HOST.match(text):
        raise ValueError(f'{text!r} is not a host; write it without scheme and path, for example "*.corp.example"')
    return text


def _target(text: str) -> str:
    if "://" in text:
        if parse_address(text) is None:
            raise ValueError(
                f"{text!r} is no address; write https://host/path, a method may stand before it: PUT https://..."
            )
        return text
    if not is_balanced(text):
        raise ValueError(f"{text!r}: each brace needs its counterpart")
    return _dotted(text)


def _effect(value: object) -> object:
    """`"payment/acme/charge.create"` as the table that it is short for."""
    if not isinstance(value, str):
        return value
    kind, _, rest = value.partition("/")
    provider, _, operation = rest.partition("/")
    if kind not in EFFECT_KINDS or not provider:
        kinds = ", ".join(EFFECT_KINDS)
        raise ValueError(f'{value!r} is no effect; write "kind/provider/operation" with a kind of {kinds}')
    return {"kind": kind, "provider": provider, "operation": operation}


Text = Annotated[str, Field(min_length=1)]
Texts = tuple[Text, ...]
Glob = Annotated[str, AfterValidator(_glob)]
Dotted = Annotated[str, AfterValidator(_dotted)]
Selectors = tuple[Annotated[str, AfterValidator(_selector)], ...]
Code = Annotated[str, AfterValidator(_code)]
Severity = Literal["note", "warning", "error"]
Actor = Literal["human", "observer_agent", "recommender_agent", "executor_system", "automated_workflow"]


class _Table(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-"), hide_input_in_errors=True
    )


class FlowTable(_Table):
    """A durable-flow base class of the house."""

    run: Texts = Field(("run",), description="methods that start it")
    checkpoint: Texts = Field((), description="methods that persist a checkpoint")


class ClassifyTable(_Table):
    """Classes of code one cannot edit."""

    approval: Text | None = Field(None, description="approval class, A0 to A3")
    reversibility: Text | None = Field(None, description="reversibility class, R0 to R3")
    sensitivity: Text | None = Field(None, description="sensitivity class, S0 to S3")
    actor: Actor | None = Field(None, description="actor type")


class EffectTable(_Table):
    """What a call or request is."""

    kind: EffectKind = Field(description="what it does")
    provider: Text = Field(description="whose service it is: a known provider or a new name")
    operation: str = Field("", description="what it is called; default: named after the call or request")
    reversibility: Literal["", "R0", "R1", "R2", "R3"] = Field("", description="floor, where it is not the kind's")
    sensitivity: Literal["", "S0", "S1", "S2", "S3"] = Field("", description="floor, where it is not the kind's")


EffectLine = Annotated[
    EffectTable,
    BeforeValidator(_effect),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "pattern": "^[a-z_]+/[^/]+(/.+)?$"}, EffectTable.model_json_schema()]}
    ),
]
Duration = Annotated[int, BeforeValidator(_seconds), WithJsonSchema({"type": "string", "pattern": _DURATION_PATTERN})]


class ThresholdTable(_Table):
    """Limits of the policy that a project sets for itself."""

    task_duration: Duration | None = Field(None, description="how long a Celery task may wait or retry")


class PathTable(_Table):
    """Overrides for the files matching a glob."""

    ignore: Selectors = Field((), description="codes not reported in these files")
    severity: dict[Code, Severity] = Field({}, description="severities in these files")


class SettingsTable(_Table):
    """`[tool.dealix-lint]`."""

    roots: Texts = Field((), description="import roots, instead of detection")
    include: tuple[Glob, ...] = Field(
        (), description="patterns: only these files are analysed; default: all ending in .py"
    )
    exclude: tuple[Glob, ...] | None = Field(None, description="patterns of files left out, instead of the defaults")
    extend_exclude: tuple[Glob, ...] = Field((), description="patterns of files left out, beside the others")
    select: Selectors = Field(("DLX",), description="codes or their beginnings to report")
    extend_select: Selectors = Field((), description="codes to report beside those, also such as are off by default")
    ignore: Selectors = Field((), description="codes or their beginnings not to report")
    min_confidence: Literal["low", "medium", "high"] = Field("medium", description="findings below are only counted")
    fail_on: Severity = Field("warning", description="the severity from which on the exit status is 1")
    policy: Text = Field("dealix", description="a policy pack's name or a TOML file")
    packs: Texts = Field((), description="folders of TOML files in the format of rules/")
    own_hosts: tuple[Annotated[str, AfterValidator(_host)], ...] = Field(
        (), description="hosts of your own, with wildcards; calls to them are no effects"
    )
    correlation_names: Texts = Field((), description="names of correlation ids, beside the usual ones")
    audit_sinks: tuple[Dotted, ...] = Field(
        (), description="dotted functions or model classes that persist audit records"
    )
    gates: tuple[Dotted, ...] = Field((), description="dotted functions that decide about an approval")
    markers: tuple[Dotted, ...] = Field((), description="decorators whose keywords name the classes")
    baseline: Text | None = Field(None, description="a JSON file of fingerprints not reported")
    register_: Text | None = Field(None, alias="register", description="a TOML file of the known paths to effects")
    cache_dir: Text | None = Field(None, description="folder of the result store")
    jobs: int = Field(0, ge=0, strict=True, description="worker processes; 0: one per core")
    severity: dict[Code, Severity] = Field({}, description="severities by code")
    facades: dict[Text, Texts] = Field({}, description="provider or host -> the modules or packages that may call it")
    owners: dict[Annotated[str, AfterValidator(_commitment)], Annotated[str, AfterValidator(_mechanism)]] = Field(
        {}, description='"kind/provider/operation", any part may be * -> the mechanism that owns it'
    )
    effects: dict[Annotated[str, AfterValidator(_target)], EffectLine] = Field(
        {}, description="dotted function or https address -> what calling it does"
    )
    flows: dict[Dotted, FlowTable] = Field({}, description="durable-flow base classes by dotted name")
    classify: dict[Dotted, ClassifyTable] = Field({}, description="dotted function, class or module pattern -> classes")
    thresholds: ThresholdTable | None = Field(None, description="limits")
    per_path: dict[Glob, PathTable] = Field({}, description="overrides by glob")

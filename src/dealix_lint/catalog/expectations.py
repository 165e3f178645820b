"""What a pack says of itself: code, and what has to be found in it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from dealix_lint.model.expectations import Expectation, is_effect, is_start


class ExpectTable(BaseModel):
    """One `[[expect]]`: `dealix-lint catalog test` analyses the code as a module of its own and compares."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(min_length=1, description="a Python module")
    effects: tuple[str, ...] | None = Field(
        None,
        description="every effect in it, in order: `kind/provider/operation`, any part may have wildcards, and if it "
        "matters after spaces the floors `R2/S1` and the confidence",
    )
    starts: tuple[str, ...] | None = Field(
        None, description="every entry point in it: `mechanism function`, and if it matters the detail"
    )

    @field_validator("effects")
    @classmethod
    def _are_effects(cls, said: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for text in said or ():
            if not is_effect(text):
                raise ValueError(
                    f"{text!r} is no effect; write kind/provider/operation, after it R2/S1 or a confidence"
                )
        return said

    @field_validator("starts")
    @classmethod
    def _are_starts(cls, said: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for text in said or ():
            if not is_start(text):
                raise ValueError(f"{text!r} is no entry point; write a mechanism and a function: celery send")
        return said

    @model_validator(mode="after")
    def _expects_something(self) -> ExpectTable:
        if self.effects is None and self.starts is None:
            raise ValueError("give `effects`, `starts` or both; [] stands for none")
        return self

    def value(self) -> Expectation:
        """The expectation as the engine reads it."""
        return Expectation(self.code, self.effects, self.starts)

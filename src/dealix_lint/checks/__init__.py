"""The checks: one file per code, found in the tuple below."""

from __future__ import annotations

from collections.abc import Callable

from dealix_lint.checks.context import Check, Context, make_context
from dealix_lint.checks.dlx1xx_classification import (
    dlx101_unclassified_effect,
    dlx102_incomplete_classification,
    dlx103_invalid_class,
    dlx104_underclassified_effect,
    dlx105_contradictory_classes,
    dlx106_weaker_caller,
    dlx107_orphan_classification,
    dlx108_forbidden_actor,
    dlx109_ungated_commitment,
    dlx110_sensitive_data_to_provider,
)
from dealix_lint.checks.dlx2xx_traceability import (
    dlx201_missing_correlation_id,
    dlx202_dropped_correlation_id,
    dlx203_regenerated_correlation_id,
    dlx204_missing_audit_record,
    dlx205_correlation_lost_at_dispatch,
    dlx206_unaudited_failure,
    dlx207_incomplete_event_envelope,
)
from dealix_lint.checks.dlx3xx_ownership import (
    dlx301_duplicate_commitment_path,
    dlx302_commitment_in_graph,
    dlx303_split_ownership,
    dlx304_facade_bypass,
    dlx305_non_durable_graph,
    dlx306_unawaited_effect,
    dlx307_claimed_effect,
)
from dealix_lint.model.findings import RawFinding

__all__ = ["CHECKS", "Context", "make_context", "run"]

CHECKS: tuple[tuple[str, Check], ...] = tuple(
    (module.CODE, module.check)
    for module in (
        dlx101_unclassified_effect,
        dlx102_incomplete_classification,
        dlx103_invalid_class,
        dlx104_underclassified_effect,
        dlx105_contradictory_classes,
        dlx106_weaker_caller,
        dlx107_orphan_classification,
        dlx108_forbidden_actor,
        dlx109_ungated_commitment,
        dlx110_sensitive_data_to_provider,
        dlx201_missing_correlation_id,
        dlx202_dropped_correlation_id,
        dlx203_regenerated_correlation_id,
        dlx204_missing_audit_record,
        dlx205_correlation_lost_at_dispatch,
        dlx206_unaudited_failure,
        dlx207_incomplete_event_envelope,
        dlx301_duplicate_commitment_path,
        dlx302_commitment_in_graph,
        dlx303_split_ownership,
        dlx304_facade_bypass,
        dlx305_non_durable_graph,
        dlx306_unawaited_effect,
        dlx307_claimed_effect,
    )
)


def run(context: Context, is_selected: Callable[[str], bool] = lambda code: True) -> tuple[RawFinding, ...]:
    """Everything the selected checks say, in the order of the codes and, within one, of the effects or declarations."""
    return tuple(finding for code, check in CHECKS if is_selected(code) for finding in check(context))

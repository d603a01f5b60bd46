"""Back-test reports as messages."""

from __future__ import annotations

from zhengfeng.accountability.v1 import backtest_pb2 as pb

from services.accountability.rules.backtest import Progress, Replayed, Verdict

_VERDICT: dict[Verdict, pb.BackTestVerdict.ValueType] = {
    verdict: pb.BackTestVerdict.Value(f"BACK_TEST_VERDICT_{verdict.name}") for verdict in Verdict
}


def progress(report: Progress) -> pb.BackTestResponse:
    """One report."""
    return pb.BackTestResponse(
        done=report.done,
        total=report.total,
        counts=[pb.BackTestCount(verdict=_VERDICT[verdict], parties=count) for verdict, count in report.counts.items()],
        differences=map(difference, report.differences),
        last_case_id=report.last_case_id,
    )


def difference(party: Replayed) -> pb.BackTestDifference:
    """A party whom the version would treat otherwise."""
    return pb.BackTestDifference(
        case_id=party.case_id,
        case_number=party.case_number,
        party_id=party.party_id,
        verdict=_VERDICT[party.verdict],
        rows_before=party.rows_before,
        rows_after=party.rows_after,
    )

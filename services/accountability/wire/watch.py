"""Flags and own handlings as messages."""

from __future__ import annotations

from datetime import date

from zhengfeng.accountability.v1 import flag_pb2 as pb
from zhengfeng.accountability.v1 import proposal_pb2, watch_pb2

from chassis.i18n import Catalogue as Sentences
from services.accountability.domain.flags import Flag, FlagFile, FlagFilter, FlagKind, FlagState
from services.accountability.domain.own_handling import Filing, HandlingFile, HandlingState, OwnHandling
from services.accountability.wire.parts import day, moment, number, read_day, word


class FlagMessages:
    """Writes flags with their reason in both languages."""

    def __init__(self, sentences: Sentences) -> None:
        self._sentences = sentences

    def flag(self, found: Flag, evidence: str = "", decision: str = "") -> pb.Flag:
        """A flag."""
        return pb.Flag(
            id=found.id,
            version=found.version,
            number=found.number,
            kind=number(pb.FlagKind, "FLAG_KIND", found.kind),
            state=number(pb.FlagState, "FLAG_STATE", found.state),
            unit_path=found.unit_path,
            jurisdiction_path=found.jurisdiction_path,
            case_id=found.case_id,
            case_number=found.case_number,
            own_handling_id=found.own_handling_id,
            reason=self._reason(found),
            compared=[
                pb.ComparedCase(case_id=one.case_id, case_number=one.case_number, measure=one.measure)
                for one in found.compared
            ],
            on_day=day(found.on_day),
            raised_at=moment(found.raised_at),
            raised_by=found.raised_by,
            evidence=evidence,
            evidence_sha256=found.evidence_sha256,
            decided_by=found.decided_by,
            decided_at=moment(found.decided_at),
            decision=decision,
            opened_case_id=found.opened_case_id,
        )

    def file(self, found: FlagFile) -> pb.Flag:
        """A flag with its texts."""
        return self.flag(found.flag, found.evidence, found.decision)

    def _reason(self, found: Flag) -> proposal_pb2.Reason:
        reason = found.reason
        zh, en = (self._sentences.text(reason.word, language, **reason.params) for language in ("zh", "en"))
        return proposal_pb2.Reason(word=reason.word, params=reason.params, text_zh=zh, text_en=en)


def handling(found: OwnHandling, statement: str = "", opinion: str = "") -> pb.OwnHandling:
    """An own handling."""
    return pb.OwnHandling(
        id=found.id,
        version=found.version,
        state=number(pb.OwnHandlingState, "OWN_HANDLING_STATE", found.state),
        unit_path=found.unit_path,
        jurisdiction_path=found.jurisdiction_path,
        official_id=found.official_id,
        measures=found.measures,
        decided_on=day(found.decided_on),
        document_number=found.document_number,
        signed_by=found.signed_by,
        filed_at=moment(found.filed_at),
        late=found.late,
        statement=statement,
        ruled_by=found.ruled_by,
        ruled_at=moment(found.ruled_at),
        opinion=opinion,
    )


def handling_file(found: HandlingFile) -> pb.OwnHandling:
    """An own handling with its texts."""
    return handling(found.handling, found.statement, found.opinion)


# -- requests ----------------------------------------------------------------------------------------------------------


def read_filing(request: watch_pb2.FileOwnHandlingRequest) -> Filing:
    """What a unit's head files."""
    return Filing(
        request.unit_path,
        request.official_id,
        tuple(request.measures),
        read_day(request.decided_on, "decided_on"),
        request.document_number,
        request.statement,
    )


def read_handling_state(request: watch_pb2.ListOwnHandlingsRequest) -> HandlingState | None:
    """The state a list of own handlings is narrowed by."""
    return word(HandlingState, pb.OwnHandlingState, "OWN_HANDLING_STATE", request.state) if request.state else None


def read_filter(request: watch_pb2.ListFlagsRequest) -> FlagFilter:
    """What a list of flags is narrowed by."""
    kind = read_kind(request) if request.kind else None
    state = word(FlagState, pb.FlagState, "FLAG_STATE", request.state) if request.state else None
    return FlagFilter(kind, state, request.unit_path, request.case_id)


def read_kind(request: watch_pb2.ListFlagsRequest | watch_pb2.RaiseFlagRequest) -> FlagKind:
    """What a watcher did wrong."""
    return word(FlagKind, pb.FlagKind, "FLAG_KIND", request.kind)


def read_on_day(request: watch_pb2.RaiseFlagRequest) -> date:
    """The day on which it should have been done."""
    return read_day(request.on_day, "on_day")

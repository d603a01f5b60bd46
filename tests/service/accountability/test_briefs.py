"""快报: one page for leaders at any stage of a case, numbered when issued, without whoever complained."""

from __future__ import annotations

from typing import Any

import pypdfium2
import pytest
from zhengfeng.accountability.v1 import case_pb2, cases_pb2, decisions_pb2, documents_pb2_grpc
from zhengfeng.accountability.v1 import documents_pb2 as pb

from tests.doors import caller
from tests.service.accountability.scene import CITY, DECIDER, OFFICE, SECTION, Scene
from tests.service.accountability.test_documents import text_of, word_text

LEADER = caller("leader", jurisdiction=CITY)
NAME = "诸葛某某"


def papers(scene: Scene) -> Any:
    return scene.door.stub(documents_pb2_grpc.DocumentsServiceStub)


def building(case: case_pb2.Case, format: int = pb.DOCUMENT_FORMAT_PDF, **more: Any) -> pb.BuildDocumentRequest:
    wanted = pb.Wanted(kind=pb.DOCUMENT_KIND_BRIEF, **more)
    return pb.BuildDocumentRequest(case_id=case.id, wanted=wanted, format=format)


def issuing(case: case_pb2.Case, **more: Any) -> pb.IssueDocumentRequest:
    wanted = pb.Wanted(kind=pb.DOCUMENT_KIND_BRIEF, **more)
    return pb.IssueDocumentRequest(case_id=case.id, expected_version=case.version, wanted=wanted)


def verifying(scene: Scene) -> case_pb2.Case:
    scene.door.hear(scene.closed_complaint())
    (clue,) = scene.listed()
    return scene.act(clue, scene.cases.VerifyClue, cases_pb2.VerifyClueRequest, OFFICE, note="举报人李四反映")


def filed_and_decided(scene: Scene) -> case_pb2.Case:
    """The one case there is, carried on to its decision."""
    (case,) = scene.listed()
    case = scene.act(case, scene.cases.FileCase, cases_pb2.FileCaseRequest, OFFICE, finding="属实")
    case, proposal = scene.proposed(scene.heard(scene.reviewed(scene.with_fact(scene.assigned(case)))))
    choices = [decisions_pb2.Choice(party_id=case.parties[0].id, measures=["written_self_criticism"])]
    request, chosen = decisions_pb2.DecideRequest, {"proposal_id": proposal.id, "choices": choices}
    return scene.act(case, scene.decisions.Decide, request, DECIDER, **chosen)


def test_a_clue_is_no_matter_for_a_brief_yet(scene: Scene) -> None:
    scene.door.hear(scene.closed_complaint())
    (clue,) = scene.listed()
    assert scene.door.refused(papers(scene).BuildDocument, building(clue), OFFICE).reason == "DOCUMENT_TOO_EARLY"


def test_while_it_is_verified_a_brief_says_what_is_suspected_and_where(scene: Scene) -> None:
    case = verifying(scene)
    text = text_of(scene.door.call(papers(scene).BuildDocument, building(case), OFFICE).content)
    for said in ("本机关收到群众投诉反映", SECTION, "涉嫌慢作为", "正在初步核实", case.number, "以上情况，特此报告", "草稿"):
        assert said in text, said


def test_a_brief_never_holds_what_somebody_wrote_nor_the_number_of_a_complaint(scene: Scene) -> None:
    for stage in (verifying, filed_and_decided):
        case = stage(scene)
        text = text_of(scene.door.call(papers(scene).BuildDocument, building(case), OFFICE).content)
        assert "李四" not in text and "三次催问" not in text
        assert all(origin.number not in text for origin in case.origins)


@pytest.mark.parametrize("format", [pb.DOCUMENT_FORMAT_PDF, pb.DOCUMENT_FORMAT_WORD])
def test_an_issued_brief_tells_facts_decision_and_what_is_asked_on_one_page(scene: Scene, format: int) -> None:
    case = scene.decided("efficiency_caution")
    named = [pb.PartyName(party_id=case.parties[0].id, name=NAME, post="科员")]
    request = issuing(case, names=named, addressee="市长", asked="是否在全市通报，请批示。")
    issued = scene.door.call(papers(scene).IssueDocument, request, OFFICE).document
    assert issued.number == "清正报〔2026〕1号"
    read = pb.ReadDocumentRequest(document_id=issued.id, format=format)
    content = scene.door.call(papers(scene).ReadDocument, read, LEADER).content
    text = text_of(content) if format == pb.DOCUMENT_FORMAT_PDF else word_text(content)
    for said in (
        "清河市机关作风建设监督办公室快报",
        issued.number,
        "市长：",
        f"{SECTION}科员{NAME}2026年10月9日有慢作为行为，情节一般，后果轻微，负直接责任。",
        f"{NAME}受到效能告诫处理。",
        "3.请示事项。是否在全市通报，请批示。",
    ):
        assert said in text, said
    if format == pb.DOCUMENT_FORMAT_PDF:
        assert len(pypdfium2.PdfDocument(content)) == 1


def test_before_a_decision_a_brief_says_what_the_rules_propose(scene: Scene) -> None:
    case, _ = scene.ready()
    text = text_of(scene.door.call(papers(scene).BuildDocument, building(case), OFFICE).content)
    assert "在下列方式内处理：" in text and "书面检查" in text and "前作出决定" in text


def test_each_stage_may_have_one_brief(scene: Scene) -> None:
    case = verifying(scene)
    first = scene.door.call(papers(scene).IssueDocument, issuing(case), OFFICE).document
    assert scene.door.refused(papers(scene).IssueDocument, issuing(case), OFFICE).reason == "DOCUMENT_ISSUED"
    filed = scene.act(case, scene.cases.FileCase, cases_pb2.FileCaseRequest, OFFICE, finding="属实")
    second = scene.door.call(papers(scene).IssueDocument, issuing(filed), OFFICE).document
    assert [first.number, second.number] == ["清正报〔2026〕1号", "清正报〔2026〕2号"]


def test_a_number_to_call_is_not_asked_in_a_brief(scene: Scene) -> None:
    request = building(verifying(scene), asked="请联系举报人13900001234。")
    refused = scene.door.refused(papers(scene).BuildDocument, request, OFFICE)
    assert (refused.reason, refused.field) == ("TEXT_NAMES_SOMEBODY", "wanted.asked")

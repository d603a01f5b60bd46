"""What a case sends out on paper: what each document says, that numbers leave no gap, and that nobody is named in public."""

from __future__ import annotations

import io
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pypdfium2
import pytest
from zhengfeng.accountability.v1 import aftermath_pb2, case_pb2, decisions_pb2, documents_pb2_grpc
from zhengfeng.accountability.v1 import documents_pb2 as pb

from chassis.settings import Setting
from tests.doors import caller
from tests.service.accountability import scene as s
from tests.service.accountability.scene import ANOTHER_DECIDER, DECIDER, FIRST, OFFICE, Scene

NAME = "欧阳某某"
LONG = "清河市住房保障和房屋管理以及城乡建设综合行政审批服务中心窗口协调督导事务管理科"


def wanted(case: case_pb2.Case, kind: int, **more: Any) -> pb.Wanted:
    party = case.parties[0].id
    about = {} if kind == pb.DOCUMENT_KIND_CIRCULAR else {"party_id": party}
    names = [pb.PartyName(party_id=party, name=NAME, post="审批科四级主任科员")]
    return pb.Wanted(**{"kind": kind, "names": names, **about, **more})


def built(scene: Scene, case: case_pb2.Case, kind: int, format: int = pb.DOCUMENT_FORMAT_PDF, **more: Any) -> Any:
    request = pb.BuildDocumentRequest(case_id=case.id, wanted=wanted(case, kind, **more), format=format)
    return scene.door.call(papers(scene).BuildDocument, request, OFFICE)


def issuing(case: case_pb2.Case, kind: int, request_id: str = "", **more: Any) -> pb.IssueDocumentRequest:
    of = wanted(case, kind, **more)
    return pb.IssueDocumentRequest(case_id=case.id, expected_version=case.version, request_id=request_id, wanted=of)


def issued(scene: Scene, case: case_pb2.Case, kind: int, **more: Any) -> pb.Document:
    document: pb.Document = scene.door.call(papers(scene).IssueDocument, issuing(case, kind, **more), OFFICE).document
    return document


def papers(scene: Scene) -> Any:
    return scene.door.stub(documents_pb2_grpc.DocumentsServiceStub)


def text_of(content: bytes) -> str:
    """What stands on the paper, without its lines."""
    pages = pypdfium2.PdfDocument(content)
    return re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in pages))


def word_text(content: bytes) -> str:
    written = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    return re.sub(r"<[^>]+>", "", written)


@pytest.mark.parametrize("format", [pb.DOCUMENT_FORMAT_PDF, pb.DOCUMENT_FORMAT_WORD])
def test_a_decision_carries_what_article_45_asks_for(scene: Scene, format: int) -> None:
    case = scene.decided("efficiency_caution")
    document = issued(scene, case, pb.DOCUMENT_KIND_DECISION, copies_to=["中共清河市委组织部"])
    request = pb.ReadDocumentRequest(document_id=document.id, format=format)
    file = scene.door.call(papers(scene).ReadDocument, request, DECIDER)
    text = text_of(file.content) if format == pb.DOCUMENT_FORMAT_PDF else word_text(file.content)
    demanded = {
        "name, unit, post": (f"姓名：{NAME}", f"单位：{s.SECTION}", "职务：审批科四级主任科员"),
        "facts and evidence": ("2026年10月9日的慢作为行为", "申请人三次催问，承办人未予答复。", "证据1，校验值" + "a" * 16),
        "kind and basis": ("《清河市机关工作人员庸懒散行为问责暂行办法》", "第", "给予" + NAME + "效能告诫"),
        "way and time of review": ("自收到本决定之日起十五日内，以书面形式向清河市机关作风建设监督办公室申请复核",),
        "organ, day and number": ("清河市机关作风建设监督办公室2026年11月16日", document.number),
    }
    for part, sentences in demanded.items():
        for sentence in sentences:
            assert sentence in text, part
    assert "草稿" not in text and "抄送：中共清河市委组织部" in text
    assert file.file_name.startswith("清正问〔2026〕1号 关于对") and len(case.parties[0].measures) == 1


def test_a_draft_has_no_number_and_says_that_it_is_one(scene: Scene) -> None:
    case = scene.decided()
    file = built(scene, case, pb.DOCUMENT_KIND_DECISION)
    text = text_of(file.content)
    assert "草稿" in text and "〕1号" not in text and file.file_name.startswith("草稿")
    listed = scene.door.call(papers(scene).ListDocuments, pb.ListDocumentsRequest(case_id=case.id), OFFICE)
    assert not listed.documents
    assert "×××" in text_of(built(scene, case, pb.DOCUMENT_KIND_DECISION, names=[]).content)


def test_a_notice_tells_facts_and_the_right_to_speak_before_the_party_is_heard(scene: Scene) -> None:
    case = scene.reviewed(scene.with_fact(scene.assigned(scene.filed())))
    issued(scene, case, pb.DOCUMENT_KIND_NOTICE)
    text = text_of(built(scene, case, pb.DOCUMENT_KIND_NOTICE).content)
    assert "申请人三次催问" in text and "五个工作日内" in text and "不因陈述、申辩而加重处理" in text
    case = scene.heard(case)
    refused = scene.door.refused(papers(scene).IssueDocument, issuing(case, pb.DOCUMENT_KIND_NOTICE), OFFICE)
    assert refused.reason == "DOCUMENT_TOO_LATE"


def test_a_recommendation_goes_out_as_a_proposal_to_its_organ(scene: Scene) -> None:
    heavier = {"severity": case_pb2.SEVERITY_HEAVIER, "consequence": case_pb2.CONSEQUENCE_BAD_EFFECT}
    case, proposal = scene.ready(**heavier)
    early = pb.BuildDocumentRequest(
        case_id=case.id, wanted=wanted(case, pb.DOCUMENT_KIND_PROPOSAL), format=pb.DOCUMENT_FORMAT_PDF
    )
    assert scene.door.refused(papers(scene).BuildDocument, early, OFFICE).reason == "DOCUMENT_TOO_EARLY"
    choice = decisions_pb2.Choice(party_id=case.parties[0].id, measures=["stood_down"], reason="多次超期")
    which: dict[str, Any] = {"proposal_id": proposal.id, "choice": choice}
    case = scene.act(case, scene.decisions.Transfer, decisions_pb2.TransferRequest, DECIDER, **which)
    document = issued(scene, case, pb.DOCUMENT_KIND_PROPOSAL, secrecy="秘密★1年", urgency="特急")
    request = pb.ReadDocumentRequest(document_id=document.id, format=pb.DOCUMENT_FORMAT_PDF)
    text = text_of(scene.door.call(papers(scene).ReadDocument, request, FIRST).content)
    assert text.startswith("秘密★1年特急清河市机关作风建设监督办公室文件清正建〔2026〕1号")
    assert "按干部管理权限任免的机关：" in text and f"给予{NAME}待岗" in text and "建议理由：多次超期" in text


def test_a_receipt_names_the_decision_it_is_for(scene: Scene) -> None:
    case = scene.decided()
    refused = scene.door.refused(papers(scene).IssueDocument, issuing(case, pb.DOCUMENT_KIND_RECEIPT), OFFICE)
    assert refused.reason == "DECISION_NOT_ISSUED"
    decision = issued(scene, case, pb.DOCUMENT_KIND_DECISION)
    assert issued(scene, case, pb.DOCUMENT_KIND_RECEIPT).number == "清正送〔2026〕1号"
    text = text_of(built(scene, case, pb.DOCUMENT_KIND_RECEIPT).content)
    assert decision.number in text and "见证人签名" in text


def test_a_circular_names_nobody_and_repeats_no_statement(scene: Scene) -> None:
    case = scene.decided("efficiency_caution", statement=f"{NAME}在{LONG}未予答复")
    document = issued(scene, case, pb.DOCUMENT_KIND_CIRCULAR)
    for format in (pb.DOCUMENT_FORMAT_PDF, pb.DOCUMENT_FORMAT_WORD):
        request = pb.ReadDocumentRequest(document_id=document.id, format=format)
        content = scene.door.call(papers(scene).ReadDocument, request, OFFICE).content
        text = text_of(content) if format == pb.DOCUMENT_FORMAT_PDF else word_text(content)
        assert "慢作为典型问题" in text and "效能告诫" in text
        for told in (NAME, LONG, s.SECTION, s.CLERK, "审批", "未予答复", case.number):
            assert told not in text


def test_an_issued_document_keeps_its_number_and_stays_as_it_was(scene: Scene) -> None:
    case = scene.decided()
    first = issued(scene, case, pb.DOCUMENT_KIND_DECISION, request_id="once")
    again = scene.door.call(papers(scene).IssueDocument, issuing(case, pb.DOCUMENT_KIND_DECISION, "once"), OFFICE)
    assert again.document == first
    another = issuing(case, pb.DOCUMENT_KIND_DECISION, "another")
    assert scene.door.refused(papers(scene).IssueDocument, another, OFFICE).reason == "DOCUMENT_ISSUED"
    request = pb.ReadDocumentRequest(document_id=first.id, format=pb.DOCUMENT_FORMAT_PDF)
    before = scene.door.call(papers(scene).ReadDocument, request, OFFICE).content
    scene.served(case)
    assert scene.door.call(papers(scene).ReadDocument, request, OFFICE).content == before
    listed = scene.door.call(papers(scene).ListDocuments, pb.ListDocumentsRequest(case_id=case.id), OFFICE)
    assert list(listed.documents) == [first]


def test_a_person_without_a_name_gets_no_number_and_none_is_lost(scene: Scene) -> None:
    case = scene.decided()
    nameless = issuing(case, pb.DOCUMENT_KIND_DECISION, names=[])
    assert scene.door.refused(papers(scene).IssueDocument, nameless, OFFICE).reason == "PARTY_NAME_MISSING"
    assert issued(scene, case, pb.DOCUMENT_KIND_DECISION).number == "清正问〔2026〕1号"


def test_a_decision_that_an_appeal_changed_is_not_written_as_it_was(scene: Scene) -> None:
    case = scene.served(scene.decided("efficiency_caution"))
    filing = aftermath_pb2.FileAppealRequest(
        case_id=case.id, expected_version=case.version, party_id=case.parties[0].id, grounds="处理过重"
    )
    appeal = scene.door.call(scene.aftermath.FileAppeal, filing, OFFICE).appeal
    deciding = aftermath_pb2.DecideAppealRequest(
        appeal_id=appeal.id,
        expected_version=appeal.version,
        outcome=aftermath_pb2.APPEAL_STATE_CHANGED,
        measures=["criticism_education"],
        reason="情节轻微",
    )
    scene.door.call(scene.aftermath.DecideAppeal, deciding, ANOTHER_DECIDER)
    refused = scene.door.refused(papers(scene).IssueDocument, issuing(scene.get(case.id), pb.DOCUMENT_KIND_DECISION), OFFICE)
    assert refused.reason == "DECISION_CHANGED"


def test_a_missing_font_refuses_papers_and_names_the_package_and_word_still_works(scene: Scene) -> None:
    case = scene.decided()
    absent = {name: ["缺席仿宋"] for name in ("title", "body", "first", "second")}
    scene.door.store.settings.load([Setting(s.CITY, "documents.faces.pdf", absent, date(2020, 1, 1), None, "(ours)")])
    request = pb.BuildDocumentRequest(
        case_id=case.id, wanted=wanted(case, pb.DOCUMENT_KIND_DECISION), format=pb.DOCUMENT_FORMAT_PDF
    )
    refused = scene.door.refused(papers(scene).BuildDocument, request, OFFICE)
    assert refused.reason == "FONT_MISSING" and "fonts-noto-cjk" in refused.sentence and "缺席仿宋" in refused.sentence
    assert built(scene, case, pb.DOCUMENT_KIND_DECISION, pb.DOCUMENT_FORMAT_WORD).content


def test_nobody_of_another_jurisdiction_reads_or_issues_one(scene: Scene) -> None:
    case = scene.decided()
    document = issued(scene, case, pb.DOCUMENT_KIND_DECISION)
    stranger = caller("office", "decider", jurisdiction="/elsewhere")
    reading = pb.ReadDocumentRequest(document_id=document.id, format=pb.DOCUMENT_FORMAT_PDF)
    assert scene.door.refused(papers(scene).ReadDocument, reading, stranger).reason == "ISSUED_DOCUMENT_NOT_FOUND"
    issue = issuing(case, pb.DOCUMENT_KIND_CIRCULAR)
    assert scene.door.refused(papers(scene).IssueDocument, issue, stranger).reason == "CASE_NOT_FOUND"


def reviewed_case(scene: Scene, name: str) -> case_pb2.Case:
    """Another case about the same clerk, ready for its notice."""
    scene.door.hear(scene.closed_complaint(name))
    (clue,) = scene.listed(state=case_pb2.CASE_STATE_CLUE)
    return scene.reviewed(scene.with_fact(scene.assigned(scene.filed_from(clue))))


def test_twenty_documents_issued_at_once_are_numbered_without_a_gap(scene: Scene) -> None:
    cases = [reviewed_case(scene, f"complaint-{place}") for place in range(20)]
    nameless = issuing(cases[0], pb.DOCUMENT_KIND_NOTICE, names=[])

    def issue(case: case_pb2.Case) -> str:
        scene.door.refused(papers(scene).IssueDocument, nameless, OFFICE)
        return issued(scene, case, pb.DOCUMENT_KIND_NOTICE, copies_to=["存档"]).number

    with ThreadPoolExecutor(20) as people:
        numbers = list(people.map(issue, cases))
    places = sorted(int(re.findall(r"〕(\d+)号", number)[0]) for number in numbers)
    assert places == list(range(1, 21))


def test_one_document_asked_for_five_times_at_once_has_one_number(scene: Scene) -> None:
    case = reviewed_case(scene, "complaint")
    request = issuing(case, pb.DOCUMENT_KIND_NOTICE, "once")
    with ThreadPoolExecutor(5) as people:
        calls = [people.submit(scene.door.call, papers(scene).IssueDocument, request, OFFICE) for _ in range(5)]
    assert {one.result().document.number for one in calls} == {"清正告〔2026〕1号"}
    assert issued(scene, reviewed_case(scene, "next"), pb.DOCUMENT_KIND_NOTICE).number == "清正告〔2026〕2号"


def test_a_letter_to_the_own_line_of_a_person_is_written_as_such(scene: Scene) -> None:
    case, proposal = scene.ready_about(s.TAX_CLERK)
    choice = decisions_pb2.Choice(party_id=case.parties[0].id, measures=["efficiency_caution"])
    request = decisions_pb2.TransferRequest(
        case_id=case.id, expected_version=case.version, proposal_id=proposal.id, choice=choice
    )
    sent = scene.door.call(scene.decisions.Transfer, request, DECIDER).recommendation
    file = built(scene, scene.get(case.id), pb.DOCUMENT_KIND_PROPOSAL, recommendation_id=sent.id)
    text = text_of(file.content)
    assert "函告你单位" in text
    assert "该人员所属垂直管理系统的上级机关" in text

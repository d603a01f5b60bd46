"""Circulars of typical cases: nobody is named, another reviews, the number comes last, everybody reads."""

from __future__ import annotations

from typing import Any

import grpc
import pytest
from zhengfeng.accountability.v1 import case_pb2, circular_pb2_grpc, documents_pb2
from zhengfeng.accountability.v1 import circular_pb2 as pb
from zhengfeng.directory.v1 import events_pb2 as directory

from tests.doors import caller
from tests.service.accountability.scene import BUREAU, CITY, DECIDER, OFFICE, REVIEWER, SECTION, Scene, fixed_id
from tests.service.accountability.test_documents import text_of, word_text

NAME = "欧阳某某"
PUBLISHER = caller("publisher", jurisdiction=CITY)


def circulars(scene: Scene) -> Any:
    return scene.door.stub(circular_pb2_grpc.CircularsServiceStub)


def names(case: case_pb2.Case) -> list[documents_pb2.PartyName]:
    return [documents_pb2.PartyName(party_id=party.id, name=NAME) for party in case.parties]


def drafting(case: case_pb2.Case, text: str = "", title: str = "关于典型问题的通报") -> pb.DraftCircularRequest:
    entries = [pb.CircularEntry(case_id=case.id, text=text)]
    return pb.DraftCircularRequest(title=title, entries=entries, names=names(case))


def drafted(scene: Scene, case: case_pb2.Case, text: str = "") -> pb.Circular:
    made: pb.Circular = scene.door.call(circulars(scene).DraftCircular, drafting(case, text), OFFICE).circular
    return made


def reviewing(made: pb.Circular, passed: bool = True, **more: Any) -> pb.ReviewCircularRequest:
    said = {"passed": passed, "opinion": "表述准确", **more}
    return pb.ReviewCircularRequest(circular_id=made.id, expected_version=made.version, **said)


def reviewed(scene: Scene, case: case_pb2.Case) -> pb.Circular:
    request = reviewing(drafted(scene, case))
    passed: pb.Circular = scene.door.call(circulars(scene).ReviewCircular, request, REVIEWER).circular
    return passed


def publishing(made: pb.Circular, case: case_pb2.Case, request_id: str = "") -> pb.PublishCircularRequest:
    which = {"circular_id": made.id, "expected_version": made.version, "request_id": request_id}
    return pb.PublishCircularRequest(**which, names=names(case))


def published(scene: Scene, case: case_pb2.Case) -> pb.Circular:
    request = publishing(reviewed(scene, case), case)
    made: pb.Circular = scene.door.call(circulars(scene).PublishCircular, request, PUBLISHER).circular
    return made


def public_list(scene: Scene) -> list[pb.PublishedCircular]:
    return list(scene.door.call(circulars(scene).ListPublishedCirculars, pb.ListPublishedCircularsRequest()).circulars)


def test_a_draft_is_written_in_words_of_the_rules_and_names_nobody(scene: Scene) -> None:
    made = drafted(scene, scene.decided())
    (entry,) = made.entries
    told = "某局某科承办人员某某于2026年10月有慢作为行为，情节一般，后果轻微，负直接责任，受到书面检查处理。"
    assert entry.text == told
    assert SECTION not in entry.text and made.state == pb.CIRCULAR_STATE_DRAFT and not made.number


def test_what_is_reviewed_and_published_has_a_number_and_everybody_reads_it(scene: Scene) -> None:
    made = published(scene, scene.decided())
    assert made.number == "清正通〔2026〕1号" and made.state == pb.CIRCULAR_STATE_PUBLISHED
    (listed,) = public_list(scene)
    assert (listed.id, listed.number, listed.published_on) == (made.id, made.number, "2026-11-16")
    request = pb.GetPublishedCircularRequest(circular_id=made.id)
    found = scene.door.call(circulars(scene).GetPublishedCircular, request).circular
    assert found.issuer == "清河市机关作风建设监督办公室"
    assert found.paragraphs[1] == "一、典型问题" and found.paragraphs[2].startswith("1.某局某科承办人员某某于2026年10月")


@pytest.mark.parametrize("format", [documents_pb2.DOCUMENT_FORMAT_PDF, documents_pb2.DOCUMENT_FORMAT_WORD])
def test_its_document_is_a_draft_until_it_is_published(scene: Scene, format: int) -> None:
    case = scene.decided()
    read = text_of if format == documents_pb2.DOCUMENT_FORMAT_PDF else word_text
    made = reviewed(scene, case)
    draft = scene.door.call(
        circulars(scene).BuildCircular, pb.BuildCircularRequest(circular_id=made.id, format=format), OFFICE
    )
    assert "清正通" not in read(draft.content) and draft.file_name.startswith("草稿 ")
    done = scene.door.call(circulars(scene).PublishCircular, publishing(made, case), OFFICE).circular
    final = scene.door.call(
        circulars(scene).BuildCircular, pb.BuildCircularRequest(circular_id=done.id, format=format), OFFICE
    )
    text = read(final.content)
    for said in (
        done.number,
        "各区人民政府，市直各单位",
        "现将一起典型问题通报如下",
        "某局某科承办人员某某",
        "2026年11月16日",
    ):
        assert said in text, said
    assert "草稿" not in text and NAME not in text


def test_whoever_wrote_a_circular_does_not_review_it(scene: Scene) -> None:
    made = drafted(scene, scene.decided())
    refused = scene.door.refused(circulars(scene).ReviewCircular, reviewing(made), OFFICE)
    assert (refused.code, refused.reason) == (grpc.StatusCode.PERMISSION_DENIED, "FOUR_EYES")
    another = caller("office", jurisdiction=CITY, subject="another-clerk")
    entries = [pb.CircularEntry(case_id=made.entries[0].case_id, text="某局某科某某推诿扯皮，受到处理。")]
    which = {"circular_id": made.id, "expected_version": 1}
    revise = pb.ReviseCircularRequest(**which, title="通报", entries=entries)
    revised = scene.door.call(circulars(scene).ReviseCircular, revise, another).circular
    assert scene.door.refused(circulars(scene).ReviewCircular, reviewing(revised), another).reason == "FOUR_EYES"


def test_what_was_not_reviewed_is_not_published_and_a_revision_is_reviewed_anew(scene: Scene) -> None:
    case = scene.decided()
    made = drafted(scene, case)
    publish = circulars(scene).PublishCircular
    assert scene.door.refused(publish, publishing(made, case), OFFICE).reason == "CIRCULAR_STATE"
    back = scene.door.call(circulars(scene).ReviewCircular, reviewing(made, passed=False), REVIEWER).circular
    assert back.state == pb.CIRCULAR_STATE_DRAFT and back.opinion == "表述准确"
    passed = scene.door.call(circulars(scene).ReviewCircular, reviewing(back), REVIEWER).circular
    which = {"circular_id": made.id, "expected_version": passed.version}
    revise = pb.ReviseCircularRequest(**which, title="通报", entries=[pb.CircularEntry(case_id=case.id)])
    revised = scene.door.call(circulars(scene).ReviseCircular, revise, OFFICE).circular
    assert revised.state == pb.CIRCULAR_STATE_DRAFT
    assert scene.door.refused(publish, publishing(revised, case), OFFICE).reason == "CIRCULAR_STATE"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"审批科的{NAME}受到处理。", NAME),
        ("审批科的欧 阳\u3000某 某受到处理。", NAME),
        ("举报人电话139-0000-1234。", "13900001234"),
        ("举报人电话１３９００００１２３４。", "13900001234"),
        ("请致电 0717-6001234 核实。", "07176001234"),
        ("身份证号 42050019800101123X。", "42050019800101123x"),
        ("邮箱 somebody@example.cn。", "somebody@example"),
        (f"{SECTION}的承办人员受到处理。", SECTION),
        (f"{BUREAU}的承办人员受到处理。", BUREAU),
    ],
)
def test_a_text_that_names_somebody_is_refused_by_field_and_reason(scene: Scene, text: str, found: str) -> None:
    refused = scene.door.refused(circulars(scene).DraftCircular, drafting(scene.decided(), text), OFFICE)
    assert (refused.reason, refused.field) == ("TEXT_NAMES_SOMEBODY", "entries[0].text")
    assert found in refused.sentence


def test_a_title_that_names_somebody_is_refused(scene: Scene) -> None:
    request = drafting(scene.decided(), title=f"关于{NAME}的通报")
    refused = scene.door.refused(circulars(scene).DraftCircular, request, OFFICE)
    assert (refused.reason, refused.field) == ("TEXT_NAMES_SOMEBODY", "title")


def test_publishing_looks_for_the_name_of_every_person_and_takes_no_number_if_refused(scene: Scene) -> None:
    case = scene.decided()
    request = drafting(case, "某局某科张某甲受到处理。")
    made = scene.door.call(circulars(scene).DraftCircular, request, OFFICE).circular
    passed = scene.door.call(circulars(scene).ReviewCircular, reviewing(made), REVIEWER).circular
    which = {"circular_id": made.id, "expected_version": passed.version}
    publish = circulars(scene).PublishCircular
    assert scene.door.refused(publish, pb.PublishCircularRequest(**which), OFFICE).reason == "PARTY_NAME_MISSING"
    named = [documents_pb2.PartyName(party_id=case.parties[0].id, name="张某甲")]
    refused = scene.door.refused(publish, pb.PublishCircularRequest(**which, names=named), OFFICE)
    assert (refused.reason, refused.field) == ("TEXT_NAMES_SOMEBODY", "entries[0].text")
    assert published(scene, case).number == "清正通〔2026〕1号"


def test_an_undecided_case_is_not_circulated(scene: Scene) -> None:
    case, _ = scene.ready()
    assert scene.door.refused(circulars(scene).DraftCircular, drafting(case), OFFICE).reason == "CASE_NOT_DECIDED"


def test_publishing_twice_with_one_request_gives_one_number(scene: Scene) -> None:
    case = scene.decided()
    request = publishing(reviewed(scene, case), case, request_id="once")
    first = scene.door.call(circulars(scene).PublishCircular, request, OFFICE).circular
    assert scene.door.call(circulars(scene).PublishCircular, request, OFFICE).circular == first
    assert published(scene, case).number == "清正通〔2026〕2号"


def test_a_withdrawn_circular_is_read_by_nobody_outside(scene: Scene) -> None:
    made = published(scene, scene.decided())
    request = pb.WithdrawCircularRequest(circular_id=made.id, expected_version=made.version, reason="决定已经改变")
    gone = scene.door.call(circulars(scene).WithdrawCircular, request, DECIDER).circular
    assert (gone.state, gone.withdrawn_because) == (pb.CIRCULAR_STATE_WITHDRAWN, "决定已经改变")
    assert not public_list(scene)
    asked = pb.GetPublishedCircularRequest(circular_id=made.id)
    assert scene.door.refused(circulars(scene).GetPublishedCircular, asked).reason == "CIRCULAR_NOT_FOUND"
    again = pb.WithdrawCircularRequest(circular_id=made.id, expected_version=gone.version, reason="再撤一次")
    assert scene.door.refused(circulars(scene).WithdrawCircular, again, DECIDER).reason == "CIRCULAR_STATE"


def test_a_draft_is_seen_by_nobody_outside_and_by_no_other_city(scene: Scene) -> None:
    made = drafted(scene, scene.decided())
    assert not public_list(scene)
    neighbour = caller("office", jurisdiction="/another")
    request = pb.GetCircularRequest(circular_id=made.id)
    assert scene.door.refused(circulars(scene).GetCircular, request, neighbour).reason == "CIRCULAR_NOT_FOUND"
    assert not scene.door.call(circulars(scene).ListCirculars, pb.ListCircularsRequest(), neighbour).circulars
    assert len(scene.door.call(circulars(scene).ListCirculars, pb.ListCircularsRequest(), OFFICE).circulars) == 1


def test_a_case_is_written_about_once(scene: Scene) -> None:
    case = scene.decided()
    request = pb.DraftCircularRequest(title="通报", entries=[pb.CircularEntry(case_id=case.id)] * 2)
    assert scene.door.refused(circulars(scene).DraftCircular, request, OFFICE).reason == "CASE_TWICE"


def test_a_unit_called_by_a_common_word_is_not_known_by_it(scene: Scene) -> None:
    named = directory.UnitChanged(name="办公室", kind="section")
    event = {"subject_id": fixed_id(SECTION), "version": 2, "unit_path": SECTION, "jurisdiction_path": CITY}
    scene.door.hear(directory.DirectoryEvent(**event, unit_changed=named))
    assert drafted(scene, scene.decided(), "某局办公室某某受到处理。").entries[0].text

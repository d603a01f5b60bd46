"""Who stood above whom, then."""

from datetime import date

from services.directory.domain.people import Post, PostKind, clashes, leaders, who_held

BUREAU, SECTION, OTHER = "/q/housing", "/q/housing/approvals", "/q/housing/property"
ON = date(2025, 3, 1)


def post(
    who: str,
    path: str,
    kind: PostKind,
    since: date = date(2020, 1, 1),
    until: date | None = None,
    care: tuple[str, ...] = (),
) -> Post:
    return Post(f"{who}-{kind.value}-{since}", 1, path, "/q", "", who, kind, "", care, (), since, until)


HANDLER = post("handler", SECTION, PostKind.HANDLER)
STAFF = [
    HANDLER,
    post("section head", SECTION, PostKind.SECTION_HEAD),
    post("other head", OTHER, PostKind.SECTION_HEAD),
    post("deputy", BUREAU, PostKind.DEPUTY_IN_CHARGE, care=(SECTION,)),
    post("other deputy", BUREAU, PostKind.DEPUTY_IN_CHARGE, care=(OTHER,)),
    post("old chief", BUREAU, PostKind.UNIT_HEAD, until=date(2025, 3, 1)),
    post("chief", BUREAU, PostKind.UNIT_HEAD, since=date(2025, 3, 1)),
    post("member", BUREAU, PostKind.LEADING_GROUP),
]


def names(posts: list[Post]) -> list[str]:
    return [held.official_id for held in posts]


def test_leaders_are_named_nearest_first_and_only_the_deputy_in_charge() -> None:
    assert names(leaders([HANDLER], STAFF, ON)) == ["section head", "deputy", "chief", "member"]


def test_on_the_last_day_before_the_hand_over_the_old_head_answers() -> None:
    assert names(leaders([HANDLER], STAFF, date(2025, 2, 28))) == ["section head", "deputy", "old chief", "member"]


def test_in_one_unit_only_who_stands_higher_is_a_leader() -> None:
    assert names(leaders([STAFF[3]], STAFF, ON)) == ["chief"]
    assert names(leaders([STAFF[6]], STAFF, ON)) == []


def test_nobody_is_their_own_leader() -> None:
    both = [HANDLER, post("handler", BUREAU, PostKind.UNIT_HEAD)]

    assert "handler" not in names(leaders(both, [*STAFF, both[1]], ON))


def test_who_held_is_exact_at_the_boundary() -> None:
    heads = [PostKind.UNIT_HEAD]

    assert names(who_held(STAFF, BUREAU, heads, date(2025, 2, 28))) == ["old chief"]
    assert names(who_held(STAFF, BUREAU, heads, date(2025, 3, 1))) == ["chief"]
    assert names(who_held(STAFF, BUREAU, heads, date(2019, 12, 31))) == []


def test_two_heads_on_one_day_are_found_and_a_hand_over_is_not() -> None:
    assert clashes(STAFF) == []
    early = post("early", BUREAU, PostKind.UNIT_HEAD, since=date(2025, 2, 28), until=date(2025, 3, 1))
    assert [{one.official_id, two.official_id} for one, two in clashes([*STAFF, early])] == [{"old chief", "early"}]

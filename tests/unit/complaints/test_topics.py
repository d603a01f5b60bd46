"""Gathering: what is alike comes together, what stands alone stays alone, whoever comes first."""

from __future__ import annotations

from datetime import date

from services.complaints.domain.topics import Gathering, Item, gather, mondays, telling

HOW = Gathering(8, 4000, 3, 12, 22, 20, 40, 3, 10, 6, 90)
HEATING, PARKING = range(10, 20), range(50, 60)


def item(name: str, hashes: range | list[int], **more: str) -> Item:
    return Item(name, date(2026, 11, 16), more.get("category", ""), more.get("matter_id", ""), frozenset(hashes))


def complaints() -> list[Item]:
    heating = [item(f"heat{n}", [*HEATING, 100 + n], category="slow") for n in range(5)]
    parking = [item(f"park{n}", [*PARKING, 200 + n]) for n in range(4)]
    alone = [item(f"alone{n}", range(1000 * n, 1000 * n + 9)) for n in (2, 3)]
    return [one for three in zip(heating, [*parking, alone[0]], strict=True) for one in three] + alone[1:]


def test_what_is_alike_is_one_topic_and_what_is_alone_is_none() -> None:
    topics = gather(complaints(), HOW)

    assert [len(topic.items) for topic in topics] == [5, 4]
    assert all(item.id.startswith("heat") for item in topics[0].items)
    assert (topics[0].category, topics[1].category) == ("slow", "")


def test_the_order_in_which_they_come_makes_no_difference() -> None:
    there = [{item.id for item in topic.items} for topic in gather(complaints(), HOW)]
    back = [{item.id for item in topic.items} for topic in gather(complaints()[::-1], HOW)]

    assert there == back


def test_complaints_of_one_matter_count_once_as_a_matter() -> None:
    [topic] = gather(
        [item("first", HEATING), *(item(f"b{n}", HEATING, matter_id="first") for n in range(3))],
        HOW,
    )

    assert (len(topic.items), topic.matters) == (4, 1)


def test_weeks_begin_on_mondays_and_the_present_one_is_the_last() -> None:
    found = mondays(date(2026, 11, 18), 3)

    assert found == (date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16))
    [topic] = gather([item(f"a{n}", HEATING) for n in range(3)] + [item("z", PARKING)] * 3, HOW)[:1]
    assert topic.by_week(found)[-1] == (date(2026, 11, 16), 3)


def test_a_topic_is_told_by_the_words_its_texts_share_and_others_do_not() -> None:
    def said(title: str, *words: str) -> tuple[frozenset[str], frozenset[str]]:
        return frozenset({title}), frozenset(words)

    heating = [said("暖气", "小区", "不热"), said("暖气", "小区"), said("暖气", "不热")]
    parking = [said("停车", "小区"), said("停车")]

    assert telling([heating, parking], 2) == [("暖气", "不热"), ("停车", "小区")]

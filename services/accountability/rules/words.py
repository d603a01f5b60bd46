"""The words of the table: the columns a row may set conditions on, and the values each may take.

Severity and consequence are ordered from light to heavy. Conduct and circumstance words are not here: each pack
declares its own.
"""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How heavy a breach is, lightest first."""

    MINOR = "minor"
    ORDINARY = "ordinary"
    HEAVIER = "heavier"
    SERIOUS = "serious"
    ESPECIALLY_SERIOUS = "especially_serious"


class Consequence(StrEnum):
    """What came of a breach, lightest first."""

    NONE = "none"
    SLIGHT = "slight"
    BAD_EFFECT = "bad_effect"
    LOSS = "loss"
    HEAVY_LOSS = "heavy_loss"


class Role(StrEnum):
    """The responsibility a party bears."""

    DIRECT = "direct"
    MAIN_LEADER = "main_leader"
    IMPORTANT_LEADER = "important_leader"
    UNIT = "unit"


class Post(StrEnum):
    """The post a person held on the day of the conduct."""

    HANDLER = "handler"
    SECTION_HEAD = "section_head"
    DEPUTY_IN_CHARGE = "deputy_in_charge"
    UNIT_HEAD = "unit_head"
    LEADING_GROUP = "leading_group"
    NO_POST = "no_post"


class SubjectKind(StrEnum):
    """The kind of subject, on which it depends which measures are lawful."""

    CIVIL_SERVANT = "civil_servant"
    BY_REFERENCE = "by_reference"
    INSTITUTION_STAFF = "institution_staff"
    SOE_MANAGER = "soe_manager"
    VILLAGE = "village"
    CONTRACT = "contract"
    RETIRED = "retired"
    UNIT = "unit"


class Trigger(StrEnum):
    """What makes a matter ask for more than the person directly responsible."""

    SECOND_HANDLING = "second_handling"
    UNDERCOVER = "undercover"
    LONG_STANDING = "long_standing"
    EXPOSED = "exposed"
    SUPERIOR = "superior"


class Track(StrEnum):
    """The road a measure belongs to."""

    EFFICIENCY = "efficiency"
    ORGANISATIONAL = "organisational"
    SANCTION = "sanction"
    PARTY = "party"
    UNIT = "unit"


class CircumstanceEffect(StrEnum):
    """What a circumstance does to the range of a row."""

    MAY_LIGHTEN = "may_lighten"
    MAY_EXEMPT = "may_exempt"
    SHALL_LIGHTEN = "shall_lighten"
    SHALL_AGGRAVATE = "shall_aggravate"


class Way(StrEnum):
    """How a measure reaches the organ that may decide it."""

    DECIDE = "decide"
    RECOMMEND = "recommend"
    TRANSFER = "transfer"
    LETTER = "letter"


ORDERED: dict[str, type[StrEnum]] = {"severity": Severity, "consequence": Consequence}
CHOICES: dict[str, type[StrEnum]] = {"role": Role, "post": Post, "subject_kind": SubjectKind}
SETS = ("mitigating", "aggravating", "trigger")
COUNT = "repeats"
COLUMNS = (*ORDERED, *CHOICES, *SETS, COUNT)
PROPOSED_TRACKS = (Track.EFFICIENCY, Track.SANCTION, Track.UNIT)


def rank(word: StrEnum) -> int:
    """The place of an ordered word, 0 for the lightest."""
    return list(type(word)).index(word)

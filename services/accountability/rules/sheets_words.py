"""The words of the rule table as a lawyer reads and types them, each with exactly one way back.

Enums have their words here, measures and organs in the catalogue, conduct and circumstances in the pack itself. Where
two words would look alike on paper, or one could be taken for a list of others, the key itself is written instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from papers.sheets import CellFault
from services.accountability.rules.measures import Catalogue
from services.accountability.rules.table import Pack

LIST = "、"
PARTS = "；"
SEVERITY = {
    "minor": "轻微",
    "ordinary": "一般",
    "heavier": "较重",
    "serious": "严重",
    "especially_serious": "特别严重",
}
CONSEQUENCE = {
    "none": "无后果",
    "slight": "轻微影响",
    "bad_effect": "不良影响",
    "loss": "较大损失或恶劣影响",
    "heavy_loss": "重大损失",
}
ROLE = {"direct": "直接责任", "main_leader": "主要领导责任", "important_leader": "重要领导责任", "unit": "单位责任"}
POST = {
    "handler": "承办",
    "section_head": "科室负责人",
    "deputy_in_charge": "分管领导",
    "unit_head": "主要负责人",
    "leading_group": "领导班子",
    "no_post": "无职务",
}
SUBJECT_KIND = {
    "civil_servant": "公务员",
    "by_reference": "参公人员",
    "institution_staff": "事业编人员",
    "soe_manager": "国企管理人员",
    "village": "村居人员",
    "contract": "编外人员",
    "retired": "退休人员",
    "unit": "单位",
}
TRIGGER = {
    "second_handling": "二次办理",
    "undercover": "暗访发现",
    "long_standing": "长期存在",
    "exposed": "媒体曝光",
    "superior": "上级发现",
}
TRACK = {"efficiency": "效能问责", "sanction": "政务处分", "unit": "对单位"}
SIDE = {"mitigating": "从轻情形", "aggravating": "从重情形"}
EFFECT = {
    "may_lighten": "可以从轻或者减轻",
    "may_exempt": "可以免予处理",
    "shall_lighten": "应当从轻",
    "shall_aggravate": "应当从重",
}
MARK = {"law": "法律法规", "local": "地方规定", "ours": "本系统拟定", "unverified": "未经核实"}
APPEAL = {
    "office_review": "向督办机关申请复核",
    "supervision_review": "向监察机关申请复审",
    "appointing_recheck": "向任免机关申请复核",
}


class Vocabulary:
    """Words of one kind with their keys. `said` and `read` undo each other for every key."""

    def __init__(self, words: Mapping[str, str]) -> None:
        often = Counter(words.values())
        known = frozenset(words.values())
        self.said = {
            key: word if often[word] == 1 and word not in words and _plain(word, known) else key
            for key, word in words.items()
        }
        self.keys = {word: key for key, word in self.said.items()}

    def read(self, text: str) -> str:
        """The key of a word. Raises CellFault."""
        if text not in self.keys:
            raise CellFault("UNKNOWN_WORD", word=text[:60])
        return self.keys[text]

    def say_all(self, keys: Iterable[str]) -> str:
        """Keys as a list: `A、B`. A key nobody knows stays as it is, to be refused where it is read."""
        return LIST.join(self.said.get(key, key) for key in keys)

    def read_all(self, text: str) -> list[str]:
        """The keys of a list. A word may hold the comma itself: the longest that is known counts. Raises CellFault."""
        pieces = text.split(LIST)
        keys: list[str] = []
        at = 0
        while at < len(pieces):
            ends = range(len(pieces), at, -1)
            end = next((end for end in ends if LIST.join(pieces[at:end]) in self.keys), 0)
            if not end:
                raise CellFault("UNKNOWN_WORD", word=pieces[at][:60])
            keys.append(self.keys[LIST.join(pieces[at:end])])
            at = end
        if len(set(keys)) != len(keys):
            raise CellFault("WORD_TWICE")
        return keys


def _plain(word: str, known: frozenset[str]) -> bool:
    """Whether a word can stand on paper: no sign of the sheet's own in it, and nothing that would read as a list."""
    pieces = word.split(LIST)
    listed = any(LIST.join(pieces[:end]) in known for end in range(1, len(pieces)))
    return bool(word) and word == " ".join(word.split()) and word.isprintable() and PARTS not in word and not listed


class Words:
    """Every vocabulary of one pack, by the column that uses it."""

    def __init__(
        self,
        catalogue: Catalogue,
        appeals: Sequence[str],
        conduct: Mapping[str, str],
        circumstances: Mapping[str, Mapping[str, str]],
    ) -> None:
        measures = Vocabulary({key: measure.zh for key, measure in catalogue.measures.items()})
        self.of = {
            "conduct": Vocabulary(conduct),
            "severity": Vocabulary(SEVERITY),
            "no_rule": Vocabulary(SEVERITY),
            "consequence": Vocabulary(CONSEQUENCE),
            "role": Vocabulary(ROLE),
            "post": Vocabulary(POST),
            "subject_kind": Vocabulary(SUBJECT_KIND),
            "mitigating": Vocabulary(circumstances["mitigating"]),
            "aggravating": Vocabulary(circumstances["aggravating"]),
            "trigger": Vocabulary(TRIGGER),
            "track": Vocabulary(TRACK),
            "choose": measures,
            "always": measures,
            "effect_months": measures,
            "offers": measures,
            "who_else": Vocabulary(POST),
            "competent": Vocabulary({key: organ.zh for key, organ in catalogue.organs.items()}),
            "appeal": Vocabulary({key: APPEAL.get(key, key) for key in appeals}),
            "column": Vocabulary(SIDE),
            "effect": Vocabulary(EFFECT),
            "source_mark": Vocabulary(MARK),
        }

    @classmethod
    def of_pack(cls, pack: Pack, catalogue: Catalogue, appeals: Sequence[str]) -> Words:
        """The words of a pack that was read."""
        sides: dict[str, dict[str, str]] = {side: {} for side in SIDE}
        for one in pack.circumstances:
            sides[one.column][one.word] = one.zh
        return cls(catalogue, appeals, {one.word: one.zh for one in pack.conducts}, sides)

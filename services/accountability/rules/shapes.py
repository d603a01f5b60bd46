"""The keys each table of a pack must and may have, with their types; any other is a fault."""

from __future__ import annotations

from datetime import date

from services.accountability.rules.golden import SAID_BY
from services.accountability.rules.words import SETS

INSTRUMENT = {"key": str, "title": str, "issuer": str, "number": str, "jurisdiction": str}
VERSION = {"label": str, "valid_from": date}
CONDUCT = {"word": str, "zh": str, "en": str}
CIRCUMSTANCE = {**CONDUCT, "column": str, "effect": str, "article": str, "source": str}
ROW = {
    **dict.fromkeys(("id", "article", "zh", "en", "track", "appeal", "source"), str),
    **dict.fromkeys(("conduct", "choose"), list),
    **dict.fromkeys(("at_least", "at_most"), int),
}
ROW_OPTIONAL = {"always": list, "effect_months": dict, "who_else": list, "competent": str, "off": str}
GOLDEN = {"zh": str, "en": str, "facts": dict, "says": dict}
FACTS = dict.fromkeys(("conduct", *SAID_BY), str)
FACTS_OPTIONAL = dict.fromkeys((*SETS, "earlier"), list)
SAYS = {"fires": list, "offers": list, "at_least": int}
SAYS_OPTIONAL = {"off": list}
CONDUCT_OPTIONAL = {"no_rule": list}

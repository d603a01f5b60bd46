"""Our answers in the fields of GeoReport v2, and what was posted as a complaint's draft.

A field the standard has and we do not tell, such as the place or the text, is there and empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chassis.clock import SHANGHAI
from gateway.open311.standard import Fault, Fields, Posting, moment
from gateway.words import Words

Record = dict[str, Any]
Answer = Mapping[str, Any]
TITLE_LONGEST = 100


class Shapes:
    """The standard's records in one language."""

    def __init__(self, words: Words, language: str) -> None:
        self._words = words
        self._language = language

    def t(self, word: str, /, **params: object) -> str:
        """A sentence in the language asked for."""
        return self._words.text(word, self._language, **params)

    def said(self, answer: Answer, name: str) -> str:
        """`name` as it is written in the language asked for."""
        return str(answer[f"{name}_{self._language}"])

    def service(self, offer: Answer) -> Record:
        """One service. Each has attributes and is answered at once."""
        return {
            "service_code": offer["code"],
            "service_name": self.said(offer, "name"),
            "description": self.said(offer, "description"),
            "metadata": True,
            "type": "realtime",
            "keywords": "",
            "group": self.said(offer, "group"),
        }

    def definition(self, code: str, attributes: Sequence[Answer]) -> Record:
        """What a service asks for beside the description."""
        return {"service_code": code, "attributes": [self._attribute(one, at + 1) for at, one in enumerate(attributes)]}

    def _attribute(self, attribute: Answer, order: int) -> Record:
        values = [{"key": one["key"], "name": self.said(one, "name")} for one in attribute["values"]]
        return {
            "variable": True,
            "code": attribute["code"],
            "datatype": attribute["datatype"],
            "required": attribute["required"],
            "datatype_description": "",
            "order": order,
            "description": self.said(attribute, "description"),
            **({"values": values} if values else {}),
        }

    def request(self, found: Answer) -> Record:
        """What is public of one complaint."""
        return {
            "service_request_id": found["number"],
            "status": "closed" if found["closed"] else "open",
            "status_notes": self.t(f"open311.standing.{found['standing']}"),
            "service_name": self.said(found, "service"),
            "service_code": found["service_code"],
            "description": "",
            "agency_responsible": found["unit_name"],
            "service_notice": "",
            "requested_datetime": w3c(found["received_at"]),
            "updated_datetime": w3c(found["updated_at"]),
            "expected_datetime": w3c(found["due_at"]),
            "address": "",
            "address_id": "",
            "zipcode": "",
            "lat": "",
            "long": "",
            "media_url": "",
        }

    def posted(self, told: Answer) -> Record:
        """What a program is told of what it has filed: the number, or for one that asks later the token alone."""
        notice = self.t("open311.notice", code=told["receipt_code"])
        named = {"token": told["token"]} if told["token_only"] else {"service_request_id": told["number"]}
        return {**named, "service_notice": notice, "account_id": ""}

    def draft(self, place: str, service: str, fields: Fields, posting: Posting, attributes: Sequence[Answer]) -> Record:
        """What was posted as a complaint: the place and the attributes become lines of its sealed text."""
        answers = self._answers(posting, attributes)
        who = _identity(fields)
        manner = answers.pop("MANNER", "") or ("confidential" if who else "anonymous")
        if manner == "anonymous" and who:
            raise Fault(400, "open311.anonymous_named")
        if manner != "anonymous" and not who:
            raise Fault(400, "open311.missing", field="last_name")
        lines = [fields["description"], *self._lines(fields, answers, attributes)]
        first = " ".join(fields["description"].split())
        return {
            "jurisdiction_path": place,
            "title": f"{service}：{first}"[:TITLE_LONGEST],
            "text": "\n".join(lines),
            "manner": f"MANNER_{manner.upper()}",
            "category": fields["service_code"],
            **({"identity": who} if who else {}),
        }

    def _answers(self, posting: Posting, attributes: Sequence[Answer]) -> dict[str, str]:
        """The attributes given, each checked as its service declares it."""
        known = {one["code"]: one for one in attributes}
        for code in posting.attributes:
            if code not in known:
                raise Fault(400, "open311.alien", field=f"attribute[{code}]")
        return {code: _attribute_value(one, posting.attributes.get(code, ())) for code, one in known.items()}

    def _lines(self, fields: Fields, answers: Mapping[str, str], attributes: Sequence[Answer]) -> list[str]:
        lines = [
            f"{self.said(one, 'description')}：{answers[one['code']]}" for one in attributes if answers.get(one["code"])
        ]
        at = f"{fields['lat']}, {fields['long']}" if "lat" in fields else ""
        where = "；".join(part for part in (fields.get("address_string"), fields.get("address_id"), at) if part)
        lines.append(self.t("open311.where", where=where))
        if "media_url" in fields:
            lines.append(self.t("open311.media", address=fields["media_url"]))
        return lines


def _attribute_value(attribute: Answer, given: Sequence[str]) -> str:
    name = f"attribute[{attribute['code']}]"
    values = [value for value in given if value]
    if attribute["required"] and not values:
        raise Fault(400, "open311.missing", field=name)
    if len(values) > 1 and attribute["datatype"] != "multivaluelist":
        raise Fault(400, "open311.twice", field=name)
    allowed = {one["key"] for one in attribute["values"]}
    if allowed and set(values) - allowed:
        raise Fault(400, "open311.malformed", field=name)
    if attribute["datatype"] == "datetime" and values:
        moment({name: values[0]}, name)
    return "、".join(values)


def _identity(fields: Fields) -> Record:
    """Who posts it, as far as they said: Chinese names have the surname first and no space between."""
    last, first = fields.get("last_name", ""), fields.get("first_name", "")
    latin = f"{last}{first}".isascii()
    name = " ".join(part for part in (first, last) if part) if latin else last + first
    reached = {"phone": fields.get("phone", ""), "address": fields.get("email", "")}
    if not name and not any(reached.values()):
        return {}
    return {"name": (name or reached["phone"] or reached["address"])[:TITLE_LONGEST], **reached}


def w3c(instant: str | None) -> str:
    """An instant of our answers as the standard writes it, with the offset of China; empty for none."""
    if not instant:
        return ""
    return datetime.fromisoformat(instant).astimezone(SHANGHAI).replace(microsecond=0).isoformat()

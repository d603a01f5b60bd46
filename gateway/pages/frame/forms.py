"""Forms made from the request message of an rpc: its fields, its constraints, what was typed, what is wrong.

An rpc is written once. A page that needs another order, fewer fields or lists to choose from says only that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from google.protobuf.descriptor_pb2 import FieldDescriptorProto
from starlette.datastructures import FormData

from gateway.contracts import Contracts, Rpc
from gateway.refusals import Refused
from gateway.rest.schemas import rules_of

F = FieldDescriptorProto
LONG_TEXT = 300
ROWS = 8
"""How many rows a form offers for a list of small messages."""
UNSEEN = frozenset({"request_id", "expected_version", "page_size", "page_token"})


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: its value, its word and whether it stands below another one."""

    value: str
    word: str
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form."""

    name: str
    kind: str
    label: str
    help: str = ""
    required: bool = False
    repeated: bool = False
    max_len: int = 0
    minimum: str = ""
    maximum: str = ""
    pattern: str = ""
    options: Sequence[Option] = ()
    value: Any = ""
    errors: Sequence[str] = ()
    owner: str = ""
    """The message it belongs to, by its short name: lists of the same name differ from one to the other."""
    columns: Sequence[Field] = ()
    """For rows: the fields of each row."""

    @property
    def id(self) -> str:
        return self.name.replace(".", "-")


@dataclass(frozen=True)
class Form:
    """The questions, the answers typed so far, and what is wrong with them as a whole."""

    rpc: Rpc
    fields: Sequence[Field]
    errors: Sequence[str] = ()
    hidden: Mapping[str, str] = field(default_factory=dict)

    @property
    def faulty(self) -> list[Field]:
        return [one for one in self.fields if one.errors]

    def with_choices(self, **choices: Sequence[Option]) -> Form:
        """Gives fields lists to choose from; `__` stands for the dot of a nested field. Nothing to choose is no question."""
        lists = {name.replace("__", "."): options for name, options in choices.items()}
        fields = [
            replace(one, kind="choice", options=lists[one.name]) if one.name in lists else one
            for one in self.fields
            if one.required or one.name not in lists or lists[one.name]
        ]
        return replace(self, fields=fields)

    def with_values(self, values: Mapping[str, Any]) -> Form:
        fields = [replace(one, value=values.get(one.name, one.value)) for one in self.fields]
        return replace(self, fields=fields)

    def refused(self, refusal: Refused, sentence: str, fill_in: str = "", pick_one: str = "") -> Form:
        """The same form with the refusal beside the fields it names, or at the top.

        With words for it, what is needed and was left empty is only asked for.
        """
        by_field: dict[str, list[str]] = {}
        for violation in refusal.violations:
            by_field.setdefault(violation.field, []).append(violation.detail)
        for one in self.fields:
            if one.name in by_field and one.required and one.value in ("", [], None):
                word = pick_one if one.kind == "choice" else fill_in
                by_field[one.name] = [word] if word else by_field[one.name]
        names = {one.name for one in self.fields}
        top = [detail for name, details in by_field.items() if name not in names for detail in details]
        fields = [replace(one, errors=by_field.get(one.name, ())) for one in self.fields]
        return replace(self, fields=fields, errors=top or ([] if any(n in names for n in by_field) else [sentence]))


class FormMaker:
    """Makes forms in one language."""

    def __init__(
        self,
        contracts: Contracts,
        label: Callable[[str, str], str],
        help_for: Callable[[str, str], str],
        word: Callable[[str, str], str],
    ) -> None:
        self._contracts = contracts
        self._label, self._help, self._word = label, help_for, word

    def make(self, rpc: Rpc, only: Sequence[str] = (), without: Iterable[str] = ()) -> Form:
        """All fields of the request, or `only` these in this order; what the path says is left out."""
        left_out = {*UNSEEN, *without, *re.findall(r"\{(\w+)\}", rpc.path)}
        flat = self._contracts.flat_fields(rpc.request)
        fields = [self._field(name, owner, one) for name, owner, one in flat if not (name in left_out or self._is_map(one))]
        if only:
            by_name = {one.name: one for one in fields}
            fields = [by_name[name] for name in only]
        return Form(rpc=rpc, fields=fields)

    def _is_map(self, one: FieldDescriptorProto) -> bool:
        """Whether it is a map: a page that has one asks for it in its own way."""
        entry = self._contracts.messages.get(one.type_name.removeprefix("."))
        return entry is not None and entry.options.map_entry

    def _field(self, name: str, owner: str, one: FieldDescriptorProto) -> Field:
        rules = rules_of(one)
        text = rules.repeated.items.string if one.label == F.LABEL_REPEATED else rules.string
        short = owner.rpartition(".")[2]
        return Field(
            name=name,
            kind=_kind(one, text),
            label=self._label(short, one.name),
            help=self._help(short, one.name),
            required=_required(one),
            repeated=one.label == F.LABEL_REPEATED,
            max_len=text.max_len if one.type == F.TYPE_STRING else 0,
            minimum=_bound(rules, one, "gte"),
            maximum=_bound(rules, one, "lte"),
            pattern=text.pattern if one.type == F.TYPE_STRING else "",
            options=self._options(one),
            owner=short,
            columns=self._columns(one),
        )

    def _columns(self, one: FieldDescriptorProto) -> Sequence[Field]:
        inner = one.type_name.removeprefix(".")
        if one.type != F.TYPE_MESSAGE or inner.startswith("google.") or one.label != F.LABEL_REPEATED:
            return ()
        flat = self._contracts.flat_fields(inner)
        columns = [self._field(name, owner, column) for name, owner, column in flat if not self._is_map(column)]
        return [one for one in columns if one.kind != "rows"]

    def _options(self, one: FieldDescriptorProto) -> Sequence[Option]:
        if one.type != F.TYPE_ENUM:
            return ()
        enum = one.type_name.removeprefix(".")
        kind = enum.rpartition(".")[2]
        return [Option(value, self._word(kind, value)) for value in self._contracts.enum_values(enum)]


def _kind(one: FieldDescriptorProto, text: Any) -> str:
    if one.type == F.TYPE_ENUM:
        return "choice"
    if one.type == F.TYPE_BOOL:
        return "truth"
    if one.type == F.TYPE_STRING:
        if one.name.endswith("_sha256"):
            return "evidence"  # nobody types a hash: the file itself is picked
        if "[0-9]{4}-[0-9]{2}-[0-9]{2}" in text.pattern:
            return "day"
        return "long" if max(text.max_len, text.max_bytes) > LONG_TEXT or one.label == F.LABEL_REPEATED else "text"
    if one.type == F.TYPE_BYTES:
        return "file"
    if one.type == F.TYPE_MESSAGE:
        if one.type_name == ".google.protobuf.Timestamp":
            return "moment"
        return "evidence" if one.type_name.endswith(".Evidence") else "rows"
    return "number"


def _required(one: FieldDescriptorProto) -> bool:
    rules = rules_of(one)
    if one.HasField("oneof_index") and not one.proto3_optional:
        return False  # one of several: the browser must not ask for each
    if one.type == F.TYPE_ENUM:
        return 0 in rules.enum.not_in
    if one.label == F.LABEL_REPEATED:
        return rules.repeated.min_items > 0
    if one.type == F.TYPE_STRING and rules.string.pattern:
        return re.fullmatch(rules.string.pattern, "") is None
    if _kind(one, rules.string) == "number" and not one.proto3_optional and not rules.ignore:
        return int(_bound(rules, one, "gte") or 0) > 0  # nothing typed is 0, and 0 is refused
    return bool(rules.required or rules.string.min_len > 0)


def _bound(rules: Any, one: FieldDescriptorProto, name: str) -> str:
    kind = {F.TYPE_INT32: "int32", F.TYPE_INT64: "int64"}.get(one.type)
    if kind is None:
        return ""
    bounds = getattr(rules, kind)
    return str(getattr(bounds, name)) if bounds.HasField(name) else ""


def typed(form: Form, sent: FormData) -> dict[str, Any]:
    """What was typed, by field name, to be shown again or sent."""
    values: dict[str, Any] = {}
    for one in form.fields:
        if one.kind == "rows":
            values[one.name] = _rows(one, sent)
            continue
        given = [str(text).strip() for text in sent.getlist(one.name) if isinstance(text, str)]
        if one.repeated and one.kind != "choice":
            given = [line.strip() for text in given for line in text.splitlines() if line.strip()]
        values[one.name] = [text for text in given if text] if one.repeated else (given[0] if given else "")
    return values


def _rows(one: Field, sent: FormData) -> list[dict[str, str]]:
    """The rows in which something was typed."""
    rows = []
    for place in range(ROWS):
        row = {column.name: str(sent.get(f"{one.name}.{place}.{column.name}", "")).strip() for column in one.columns}
        if any(row.values()):
            rows.append({name: text for name, text in row.items() if text})
    return rows


def message(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """The request message of what was typed; nothing typed is nothing sent."""
    built: dict[str, Any] = {}
    for one in form.fields:
        value = values.get(one.name)
        if value in ("", [], None):
            continue
        *parents, last = one.name.split(".")
        place = built
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = _value(one, value)
    return built


def _value(one: Field, value: Any) -> Any:
    if one.kind == "truth":
        return value == "true"
    if one.kind == "moment":
        return f"{value}:00+08:00"
    return value

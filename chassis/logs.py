"""Logs: one JSON object a line, made so that what people wrote cannot get into them.

Only the fields named below are written; any other is withheld and its name is listed, so that a careless log line shows up
as `withheld` instead of as a leak. An exception leaves its class and the lines of code it passed, never its message: the
messages of drivers and parsers quote the values they choked on.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from traceback import walk_tb
from types import TracebackType
from typing import Any, TextIO

import structlog

KNOWN = frozenset(
    "event level timestamp logger service process rpc code reason act seconds fact event_id source attempts timer outcome "
    "count waiting version port host kind key pack table channel addressee exception where".split()
)
_FRAMES = 8


def configure_logging(service: str, process: str, level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Sends structlog's and the standard library's records of this process to `stream` (stderr) as JSON lines."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _named(service, process),
        _without_message,
        _known_fields_only,
    ]
    target = stream or sys.stderr
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(target),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(target)
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    handler.addFilter(_template_only)
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)


def log() -> Any:
    """The logger: `log().info("server.started", port=50052)`. Event names are `noun.past_participle`."""
    return structlog.get_logger()


def where(error: BaseException) -> str:
    """The innermost lines of code an exception passed: `usecases.py:41 accept < servicer.py:20 AcceptComplaint`."""
    frames = list(walk_tb(_traceback(error)))[-_FRAMES:]
    return " < ".join(f"{_file(f.f_code.co_filename)}:{line} {f.f_code.co_name}" for f, line in reversed(frames))


def _traceback(error: BaseException) -> TracebackType | None:
    return error.__traceback__


def _file(path: str) -> str:
    return "/".join(path.rsplit("/", 2)[-2:])


def _named(service: str, process: str) -> Any:
    def name(_logger: object, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        fields.setdefault("service", service)
        fields.setdefault("process", process)
        return fields

    return name


def _without_message(_logger: object, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replaces an exception by its class and its path through the code."""
    told = fields.pop("exc_info", None)
    if told is True:
        told = sys.exc_info()
    error = told[1] if isinstance(told, tuple) else told or fields.get("exception")
    if isinstance(error, BaseException):
        fields["exception"] = f"{type(error).__module__}.{type(error).__qualname__}"
        fields["where"] = where(error)
    return fields


def _known_fields_only(_logger: object, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    unknown = sorted(key for key in fields if key not in KNOWN and not key.startswith("_"))
    for key in unknown:
        del fields[key]
    if unknown:
        fields["withheld"] = unknown
    return fields


def _template_only(record: logging.LogRecord) -> bool:
    """Keeps a library's message template and drops its arguments, which may quote a payload."""
    if record.args:
        record.msg, record.args = str(record.msg), ()
    return True

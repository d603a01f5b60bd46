"""A reader process as it is deployed, but for the pictures it reads: `python -m tests.service.evaluation.tiny_reader`."""

from __future__ import annotations

from chassis import process
from chassis.clock import SystemClock
from chassis.config import read_or_exit
from chassis.logs import configure_logging
from services.evaluation.reader import Reader
from services.evaluation.usecases import UseCases
from tests.service.evaluation.tiny_cards import TinyReader

if __name__ == "__main__":
    config = read_or_exit("evaluation", "reader")
    configure_logging("evaluation", "reader")
    reader = Reader(UseCases.build(config, SystemClock()), TinyReader)
    reader.start()
    process.wait_for_stop()
    reader.stop()

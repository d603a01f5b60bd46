"""The collector: off while a process starts, on again once it answers, and what was loaded set aside."""

import gc
from collections.abc import Iterator

import pytest

from chassis.process import leave_the_grown_alone


@pytest.fixture
def as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)
    gc.enable()


@pytest.mark.usefixtures("as_before")
def test_a_process_that_started_without_the_collector_has_it_once_it_answers() -> None:
    gc.disable()
    leave_the_grown_alone()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 1000

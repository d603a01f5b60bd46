"""Tests on data that may not be passed on: collected only when `make local DATA=folder` says where it lies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

collect_ignore_glob = [] if "ZHENGFENG_LOCAL_DATA" in os.environ else ["test_*.py"]


@pytest.fixture
def data() -> Path:
    """The folder with the data."""
    return Path(os.environ["ZHENGFENG_LOCAL_DATA"])

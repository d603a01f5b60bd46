"""What a process loads: no gRPC in a worker, no nameko in a server. A linter of imports does not see through packages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from zhengfeng.directory.v1 import events_pb2

from chassis import process
from tests.architecture.reading import ROOT, SERVICES

LINTER = Path(sys.executable).parent / "lint-imports"


def loaded_by(*modules: str) -> set[str]:
    """The top-level modules a fresh interpreter holds after importing these."""
    script = f"import {', '.join(modules)}, sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    command = [sys.executable, "-W", "ignore", "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize("service", SERVICES)
def test_a_worker_loads_no_grpc(service: str) -> None:
    loaded = loaded_by("chassis.patch", "chassis.broker", f"services.{service}.usecases", f"services.{service}.worker")
    assert "nameko" in loaded
    assert "grpc" not in loaded


@pytest.mark.parametrize("service", SERVICES)
def test_a_server_loads_no_nameko(service: str) -> None:
    loaded = loaded_by("chassis.process", "chassis.rpc", f"services.{service}.usecases", f"services.{service}.server")
    assert "grpc" in loaded
    assert not loaded & {"nameko", "eventlet"}


def test_imports_point_the_way_the_house_draws_them() -> None:
    done = subprocess.run([LINTER, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("service", ["complaints", "evaluation", "supervision", "accountability"])
def test_every_service_hears_of_a_new_signing_key(service: str) -> None:
    hears = process.module(service, "worker").HEARS

    assert events_pb2.KeyRotated in hears

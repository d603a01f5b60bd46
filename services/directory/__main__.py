"""Starts a process of the directory: server, worker, courier or migrate."""

from __future__ import annotations

import sys

from chassis.process import run

if __name__ == "__main__":
    run("directory", sys.argv[1:])

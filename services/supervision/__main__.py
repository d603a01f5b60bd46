"""One process of the supervision service: server, worker, courier or migrate."""

import sys

from chassis.process import run

if __name__ == "__main__":
    run("supervision", sys.argv[1:])

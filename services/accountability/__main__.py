"""One process of the accountability service: server, worker, courier or migrate."""

import sys

from chassis.process import run

if __name__ == "__main__":
    run("accountability", sys.argv[1:])

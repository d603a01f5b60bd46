"""One process of the complaints service: server, worker, courier or migrate."""

import sys

from chassis.process import run

if __name__ == "__main__":
    run("complaints", sys.argv[1:])

"""One process of the evaluation service: server, worker, courier or migrate."""

import sys

from chassis.process import run

if __name__ == "__main__":
    run("evaluation", sys.argv[1:])

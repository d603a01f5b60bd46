"""One process of the directory service: server, worker, courier or migrate."""

import sys

from chassis.process import run

if __name__ == "__main__":
    run("directory", sys.argv[1:])

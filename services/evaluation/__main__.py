"""One process of the evaluation service: server, worker, courier, migrate, or a reader of scanned cards."""

import sys

from chassis.process import run

if __name__ == "__main__":
    if sys.argv[1:] == ["reader"]:
        from services.evaluation.reader import run as read

        read()
    else:
        run("evaluation", sys.argv[1:])

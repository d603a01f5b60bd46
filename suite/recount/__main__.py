"""`python -m suite.recount FILE`: the recount by itself, where nothing of the suite is installed."""

from __future__ import annotations

import sys

from suite.recount.telling import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

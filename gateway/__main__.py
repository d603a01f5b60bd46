"""`python -m gateway`: the HTTP door, configured by environment only."""

from gateway.server import main

if __name__ == "__main__":
    main()

"""The HTTP door: REST from the contracts, pages, live streams.

It owns no database and decides nothing; it holds a cookie and passes calls on.
"""

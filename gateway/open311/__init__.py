"""Open311 GeoReport v2 at /open311/v2: services, definitions, requests, tokens, as XML and JSON.

Reading is open to anyone, filing takes a program's key. What is public of a complaint the service decides; here its answers
are put into the standard's words. standard.py reads what was asked, shapes.py says it in the standard's fields, writing.py
writes it, door.py answers.
"""

"""Loading complaints of an earlier system from a file.

profiles.py   what the columns of a file mean, as data: one TOML file for each kind of file
reading.py    a file as rows of history, or as lines that say why a row cannot be read
loading.py    preview, batches, progress, stop and resume, the report of rejected rows
"""

from suite.imports.loading import Loading, Outcome, load
from suite.imports.profiles import Profile, known_profiles, profile_for

__all__ = ["Loading", "Outcome", "Profile", "known_profiles", "load", "profile_for"]

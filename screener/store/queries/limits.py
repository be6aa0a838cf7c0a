"""How much a read gives at most."""

MOST = 1000  # more rows than any one screen shows

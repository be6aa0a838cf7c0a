"""The ground floor: what is asked, what the answers mean, and why. Pure: no web, no database, no clock, no randomness.

Only the loader touches files. Nothing is imported here, so that each part can be imported alone.
"""

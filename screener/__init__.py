"""The name and version of screener; imports nothing, so that the engine can be imported alone."""

__version__ = "0.1.0"

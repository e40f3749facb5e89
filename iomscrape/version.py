"""The version, alone in its file so that the build can read it without importing anything."""

__version__ = "0.1.0"

READER_VERSION = "1"
"""Raised whenever the reader could read a page differently than before; kept with every article."""

"""How cautious the monitors are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What must be exceeded before anything is told; docs/monitoring.md says how to choose."""

    false_alarm_once_in: float = 100.0
    """Runs in which nothing changed that bring one false alarm, on the average."""
    least_change: float = 0.25
    """A share that moves less than this, from 0 to 1, is not told, however sure it is."""
    least_pages: int = 3
    """A site of which a run brought fewer pages is judged by those of the last runs together."""
    runs: int = 30
    """How many earlier runs are looked at."""

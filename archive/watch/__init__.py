"""Has a site changed, or stopped? What the latest crawl brought, against what earlier crawls did.

watching   the whole of it: one run judged           settings   how cautious the monitors are
pages      what each page of some runs had           tried      what came of each site in each run
looks      designs and fields against their history  flow       articles against what a site usually gives
trouble    problems by reason, sites out of reach    growth     figures of the archive as a whole
finding    what is told to a person                  chance     how rare something is by chance
question   one question to the figures
"""

from archive.watch.finding import Finding, Watched
from archive.watch.settings import Settings
from archive.watch.watching import NothingToWatch, watch

__all__ = ["Finding", "NothingToWatch", "Settings", "Watched", "watch"]

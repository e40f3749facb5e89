"""The steps that lead from one form of the archive's tables to the next, one file each.

A new column, table or index is a new file here with one function, and a line at the end of
:data:`STEPS`. A step that has been released is never changed, moved or renamed: archives remember by
name which they have been taken through. Views need no step, they hold nothing: ``archive/views.py``.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database

from archive.steps.common_questions import common_questions
from archive.steps.corrections import corrections
from archive.steps.entered_together import entered_together
from archive.steps.facet_counts import facet_counts
from archive.steps.facets import facets
from archive.steps.first_tables import first_tables
from archive.steps.imported_files import imported_files
from archive.steps.leaner_indexes import leaner_indexes
from archive.steps.long_texts import long_texts
from archive.steps.merging_later import merging_later
from archive.steps.plain_words import plain_words
from archive.steps.search_index import search_index
from archive.steps.small_transactions import small_transactions
from archive.steps.stories import stories
from archive.steps.text_once import text_once

STEPS: tuple[Callable[[Database], None], ...] = (
    first_tables,
    imported_files,
    text_once,
    search_index,
    facets,
    common_questions,
    stories,
    corrections,
    plain_words,
    facet_counts,
    entered_together,
    long_texts,
    leaner_indexes,
    small_transactions,
    merging_later,
)
"""In the order in which they are taken; each runs once, inside a transaction."""

"""Archives joined into one, as if one crawl had made them.

    merge     all of it, one source after the other       sources   opening what is to be joined
    numbers   which number a row has in the other         raw       the WARC files
    captures  runs, captures and who read them better     articles  articles, woven along time
    work      problems, frontier, imports, corrections

What there is once stays once: a capture is the same if address, time and bytes are, an article if its address is.
Where two archives say different things of the same, the rule that decides looks at what they say alone, never at
which came first; so any order gives the same archive, and the second time nothing is left to do.
"""

from archive.merging.merge import Merged, merge
from archive.merging.work import wants_stories

__all__ = ["Merged", "merge", "wants_stories"]

"""People: who speaks for which office, when, on what, with which numbers and addresses.

names     when two printed names can be one person's
merging   spellings become people, each step with its evidence
around    the spellings that could belong together, found without reading all contacts
finding   which contacts a question means
asking    the answer: people with their offices, years, themes, numbers
"""

from archive.people.asking import people

__all__ = ["people"]

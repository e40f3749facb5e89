"""Stories: which articles are one item, at several addresses or in several languages, and why.

words          texts as runs of words, and what two of them share
facts          what a translation leaves as it is: numbers, names, contacts, shape
copies         when two texts of one language are one item
translations   when two articles in two languages are one item
keys           by which articles worth comparing are found (MinHash)
fingerprints   what is remembered of each article
candidates     the articles that one is compared with
grouping       links become stories
build          all of it, for what is new or has changed
asking         the story of an article
"""

"""Two sample news sites, bundled with the program, for `iomscrape demo` and for tests over real HTTP.

articles/      the stories, one TOML file each, with all their languages
stories.py     reads them into plain records
furniture.py   what stands around every story: menus, labels, footers, by language
tags.py        the names of tags, by language
wounds.py      the ways in which mail links are damaged
templates/     the markup: a page, an article, a card, an image
body.py        a story's paragraphs and contact block
pages.py       the page around them
listings.py    home page, lists, sitemap, feed, robots.txt
site.py        from an address to an answer, with all that real sites do to crawlers
past.py        what some pages said in earlier years
server.py      both sites over HTTP on loopback
"""

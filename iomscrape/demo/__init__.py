"""Two sample news sites, bundled with the program, for `iomscrape demo` and for tests over real HTTP.

articles/    the stories, one TOML file each, with all their languages
stories.py   reads them
furniture.py what stands around every story: menus, labels, footers, by language
wounds.py    the ways in which mail links are damaged
templates/   the markup of a page since 2021, of a card, of a feed
pages.py     story -> page;   listings.py   stories -> home page, lists, sitemap, feed, robots.txt
site.py      address -> answer, with all that real sites do to crawlers
server.py    serves both sites on loopback
"""

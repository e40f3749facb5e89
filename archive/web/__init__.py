"""The archive in a browser: Datasette on the database, with pages of our own in front of it.

Needs the extra ``browse``; nothing outside this folder imports Datasette. Each module is about one thing:

    server    listens, prints the address, stops        site       Datasette put together with what is below
    reading   connections that can only read            safety     what a browser may do with our pages
    shown     what our pages leave out, if asked to     withheld   the same for tables and SQL
    links     which addresses become links              metadata   the meaning of each column, for Datasette
    pages/    one file a page: front, search …          plots      bars as SVG, with no script
    words     names of languages, countries, kinds      templates/ static/   what the pages look like

The pages ask the same modules as the commands do (``archive.search``, ``archive.articles`` …). Nothing here
writes. Whatever was stored came from pages that anybody may have made: it is shown as text, never obeyed.
"""

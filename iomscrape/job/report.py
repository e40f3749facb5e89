"""The report of a job, for people: as text and as a page without scripts. What sites say in it cannot run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from iomscrape.job.account import Account, plain
from iomscrape.job.running import WORDS

_LINES_SHOWN = 8
"""Of what a failed step said last."""

_PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer"><title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; }} td, th {{ padding: .2rem .8rem .2rem 0; text-align: left; vertical-align: top; }}
h2 {{ margin: 1.6rem 0 .2rem; }} .off {{ color: #b00020; font-weight: 600; }} code {{ background: #f2f2f2; }}
small, .usual {{ color: #666; }}
</style></head><body>
<h1 class="{mood}">{title}</h1>
<p><small>{archive}, {ended_at}</small></p>
{body}
</body></html>
"""


def as_text(account: Account) -> str:
    """The report as lines."""
    lines = [account.headline, f"{plain(account.archive)}, {_moment(account)}", ""]
    for finding in account.findings:
        lines += [f"{_about(finding)}", f"  {plain(finding['said'])}"]
        lines += [f"    {plain(url)}" for url in finding["examples"]]
        if finding["reread"]:
            lines.append(f"  {len(finding['captures'])} pages to read again: {plain(finding['reread'])}")
        lines.append("")
    for one in account.failed:
        lines.append(f"{plain(one.step)}: {WORDS.get(one.exit_code, 'failed')} (exit code {one.exit_code})")
        lines += [f"    {plain(line)}" for line in one.said[-_LINES_SHOWN:]]
        lines.append("")
    lines += [
        f"{plain(one.step):<12} {WORDS.get(one.exit_code, 'failed')} in {one.seconds:.0f} s"
        for one in account.steps
    ]
    lines += [grown] if (grown := _growth(account)) else []
    for site in account.watched.get("sites", ()):
        usual = "" if site["usual_new"] is None else f" (usually {site['usual_new']:.1f})"
        designs = ", ".join(f"{number} {plain(name)}" for name, number in site["designs"].items())
        lines.append(
            f"{plain(site['site'])}: {site['new']} new articles{usual}; pages read: {designs or 'none'}"
        )
    return "\n".join(lines) + "\n"


def as_html(account: Account) -> str:
    """The report as a page."""
    return _PAGE.format(
        title=_shown(account.headline),
        mood="off" if account.needs_help else "usual",
        archive=_shown(account.archive),
        ended_at=_moment(account),
        body="\n".join(_sections(account)),
    )


def _sections(account: Account) -> Iterator[str]:
    for finding in account.findings:
        yield f'<h2 class="off">{_shown(_about(finding))}</h2><p>{_shown(finding["said"])}</p>'
        if finding["examples"]:
            yield f"<ul>{''.join(f'<li>{_link(url)}</li>' for url in finding['examples'])}</ul>"
        if finding["reread"]:
            yield f"<p>{len(finding['captures'])} pages to read again: <code>{_shown(finding['reread'])}</code></p>"
    for one in account.failed:
        yield f'<h2 class="off">{_shown(one.step)}: {WORDS.get(one.exit_code, "failed")}</h2>'
        yield f"<pre>{'<br>'.join(_shown(line) for line in one.said[-_LINES_SHOWN:])}</pre>"
    yield "<h2>Steps</h2>"
    yield _table(
        ("step", "how it ended", "seconds"),
        [(one.step, WORDS.get(one.exit_code, "failed"), f"{one.seconds:.0f}") for one in account.steps],
    )
    if grown := _growth(account):
        yield f"<p>{_shown(grown)}</p>"
    if sites := account.watched.get("sites", ()):
        yield "<h2>Sites</h2>"
        yield _table(("site", "new articles", "usually", "pages read", "designs", "new problems"), [
            (
                site["site"], site["new"], "" if site["usual_new"] is None else f"{site['usual_new']:.1f}",
                site["pages"], _numbers(site["designs"]), _numbers(site["problems"]),
            )
            for site in sites
        ])  # fmt: skip
        yield "<h2>Fields</h2><p>Pages that have it, and the share that usually has.</p>"
        read = [site for site in sites if site["fields"]]
        names = list(read[0]["fields"]) if read else []
        yield _table(
            ("site", *names), [(site["site"], *(_filled(site, name) for name in names)) for site in read]
        )


def _growth(account: Account) -> str:
    if not (growth := account.watched.get("growth")):
        return ""
    usual = growth["usual_new_articles"]
    return (
        f"The archive has {growth['articles']} articles of {growth['captures']} captures; the crawl brought "
        f"{growth['new_articles']} articles{'' if usual is None else f' (usually {usual:g})'} and "
        f"{growth['new_bytes'] / 1e6:.1f} MB of raw pages."
    )


def _filled(site: Mapping[str, Any], name: str) -> str:
    usual = site["usual"].get(name)
    share = f"{site['fields'][name] / site['pages']:.0%}"
    return share if usual is None else f"{share} ({usual:.0%})"


def _numbers(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items())


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    heads = "".join(f"<th>{_shown(name)}</th>" for name in head)
    body = "".join(f"<tr>{''.join(f'<td>{_shown(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{heads}</tr>{body}</table>"


def _about(finding: Mapping[str, Any]) -> str:
    # Of a design that pages have now nothing more needs to be said.
    design = f"design {finding['design']}" if finding["design"] and finding["kind"] != "design" else None
    about = ", ".join(filter(None, (finding["kind"], finding["subject"], design)))
    return plain(f"{finding['site']}: {about}")


def _link(url: str) -> str:
    shown = _shown(url)
    return f'<a href="{shown}">{shown}</a>' if url.startswith(("http://", "https://")) else shown


def _shown(text: object) -> str:
    return escape(plain(text))


def _moment(account: Account) -> str:
    return f"{account.ended_at:%Y-%m-%d %H:%M} UTC"

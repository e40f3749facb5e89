"""A picture of what an archive covers: articles a month by language, and sites by year. Needs matplotlib."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

from archive.coverage import Coverage
from archive.errors import MissingExtra, QueryError
from archive.export.targets import whole_file

FORMS = ("png", "svg", "pdf")

_SITES = 20
_LANGUAGES = 6
# Nothing of the moment or of the machine: the same archive gives the same bytes.
_METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def draw(coverage: Coverage, target: Path, *, force: bool = False) -> None:
    """Write the picture to ``target``, a PNG, SVG or PDF file by its name; whole or not at all.

    ``force`` replaces what is there. Raises QueryError for another ending, TargetExists, StorageError, and
    MissingExtra if matplotlib is not installed.
    """
    form = target.suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise QueryError(f"{target} is no picture; name it .png, .svg or .pdf")
    drawn = _drawn(coverage, form)
    with whole_file(target, force=force) as part:
        part.write_bytes(drawn)


def _drawn(coverage: Coverage, form: str) -> bytes:
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtra(
            "pictures need matplotlib; install it with: pip install 'iomscrape[plots]', or use --plot without "
            "a file for a plot in the terminal"
        ) from error
    sites = list(coverage.sites)[:_SITES]
    rows = max(len(sites), 4)
    drawn = BytesIO()
    # The names of an SVG's parts are made from the salt instead of by chance.
    with mpl.rc_context({"svg.hashsalt": "iomscrape"}):
        figure = Figure(figsize=(11, 5 + 0.3 * rows), layout="constrained")
        over_time, by_site = figure.subplots(2, 1, height_ratios=[4, 1 + 0.3 * rows])
        _draw_months(over_time, coverage)
        _draw_sites(by_site, coverage, sites)
        figure.savefig(drawn, format=form, dpi=150, metadata=_METADATA[form])
    return drawn.getvalue()


def _draw_months(axes: Any, coverage: Coverage) -> None:
    months = list(coverage.whole.months)
    places = {month: place for place, month in enumerate(months)}
    below = [0] * len(months)
    for name, counts in _by_language(coverage):
        heights = [counts[month] for month in months]
        axes.bar(range(len(months)), heights, bottom=below, width=1.0, label=name)
        below = [low + height for low, height in zip(below, heights, strict=True)]
    for first, last in coverage.whole.gaps:
        axes.axvspan(places[first] - 0.5, places[last] + 0.5, color="0.9", zorder=0)
    januaries = [month for month in months if month.endswith("-01")]
    shown = januaries[:: max(len(januaries) // 14, 1)]
    axes.set_xticks([places[month] for month in shown], [month[:4] for month in shown])
    axes.set_ylabel("articles a month")
    axes.set_title(_title(coverage))
    if months:
        axes.set_xlim(-0.5, len(months) - 0.5)
        axes.legend(title="language", frameon=False)


def _by_language(coverage: Coverage) -> list[tuple[str, Counter[str]]]:
    """Month to number for each of the commonest languages, and for all others together."""
    commonest = list(coverage.whole.languages)[:_LANGUAGES]
    found: dict[str, Counter[str]] = {}
    for (month, lang), number in coverage.month_languages.items():
        name = (lang or "unknown") if lang in commonest else "others"
        found.setdefault(name, Counter())[month] += number
    names = [lang or "unknown" for lang in commonest]
    return [(name, found[name]) for name in [*names, "others"] if name in found]


def _draw_sites(axes: Any, coverage: Coverage, sites: list[str]) -> None:
    years = list(coverage.whole.years)
    counts = [[coverage.sites[site].years.get(year, 0) for year in years] for site in sites]
    axes.set_title(
        "articles a year by site" + (f" (the {_SITES} largest)" if len(coverage.sites) > _SITES else "")
    )
    if not years:
        return
    axes.imshow(counts, aspect="auto", cmap="Blues", norm="symlog", interpolation="nearest")
    axes.set_yticks(range(len(sites)), sites)
    step = max(len(years) // 14, 1)
    axes.set_xticks(range(0, len(years), step), years[::step])
    highest = max(map(max, counts))
    for row, numbers in enumerate(counts):
        for column, number in enumerate(numbers):
            if number:
                color = "white" if number > highest**0.6 else "black"
                axes.text(column, row, number, ha="center", va="center", fontsize=6, color=color)


def _title(coverage: Coverage) -> str:
    whole = coverage.whole
    span = f", {whole.first} to {whole.last}" if whole.first else ""
    return f"{whole.articles} articles on {len(coverage.sites)} sites{span}"

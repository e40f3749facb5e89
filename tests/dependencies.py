"""What this project rests on: locked with hashes, in step with setup.cfg, licensed freely, without known weaknesses.

    python -m tests.dependencies

All but the last is found out without a network. Where the index of weaknesses does not answer, that is said and
is no failure. Exit code 1 where something is wrong.
"""

from __future__ import annotations

import configparser
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-pywb.lock")
_PINNED = re.compile(
    r"^([A-Za-z0-9._-]+)==([^\s;\\]+)((?:.*\\\n)(?:\s+--hash=sha256:[0-9a-f]{64}.*\n)+)?", re.M
)
FREE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|ZPL|Zope|Unlicense|Public Domain|0BSD|LGPL",
    re.I,
)
"""Licences under which a program of the MIT licence may use a library."""


def locked(lock: str) -> dict[str, str]:
    """Names, as PEP 503 has them, and versions of a lock file. ValueError for one that has no hash."""
    found: dict[str, str] = {}
    for name, version, hashes in _PINNED.findall((ROOT / lock).read_text()):
        if not hashes:
            raise ValueError(f"{lock}: {name} has no hash")
        found[re.sub(r"[-_.]+", "-", name).lower()] = version
    return found


def asked(*extras: str) -> Iterator[Requirement]:
    """What setup.cfg asks for, with the extras given."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    texts = [
        setup["options"]["install_requires"],
        *(setup["options.extras_require"][extra] for extra in extras),
    ]
    for line in "\n".join(texts).splitlines():
        if line.strip() and not line.startswith("#"):
            yield Requirement(line)


def out_of_step(lock: str, *extras: str) -> list[str]:
    """What setup.cfg asks for and the lock does not give."""
    versions = locked(lock)
    wrong = []
    for requirement in asked(*extras):
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        if versions.get(name) is None or not requirement.specifier.contains(versions[name], prereleases=True):
            wrong.append(f"{lock}: setup.cfg asks for {requirement}, the lock has {versions.get(name)}")
    return wrong


def licence(name: str) -> str:
    """What an installed package says of its licence."""
    told = metadata.metadata(name)
    classifiers = [line for line in told.get_all("Classifier") or [] if line.startswith("License ::")]
    named = [(told.get_all(field) or [""])[0][:200] for field in ("License-Expression", "License")]
    return " ".join((*named, *classifiers)).strip()


def unfree() -> list[str]:
    """Packages of the program itself, installed here, whose licence is not known to be free enough."""
    installed = {re.sub(r"[-_.]+", "-", one.name).lower() for one in metadata.distributions()}
    names = [name for name in locked("requirements.lock") if name in installed]
    return [f"{name}: licence {said!r}" for name in names if not FREE.search(said := licence(name))]


def weaknesses() -> tuple[list[str], str]:
    """Known weaknesses of what is locked, and a line on how much of it could be asked for."""
    command = [
        *(
            sys.executable,
            "-m",
            "pip_audit",
            "--disable-pip",
            "--require-hashes",
            "--requirement",
            "requirements.lock",
        ),
        *("--format", "json", "--progress-spinner", "off", "--timeout", "10"),
    ]
    audit = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    try:
        packages = json.loads(audit.stdout)["dependencies"]
    except (ValueError, KeyError):
        return [], "not asked for known weaknesses: the index did not answer"
    known = [
        f"{one['name']} {one['version']}: {weakness['id']}, mended in {', '.join(weakness['fix_versions']) or 'none'}"
        for one in packages
        for weakness in one.get("vulns", ())
    ]
    skipped = sum("skip_reason" in one for one in packages)
    if skipped == len(packages):
        return [], "not asked for known weaknesses: the index told of no package"
    told = f"; of {skipped} the index knew nothing" if skipped else ""
    return known, f"{len(packages) - skipped} packages asked for known weaknesses{told}"


def main() -> None:
    """Say what is wrong, and how much was looked at."""
    wrong = [
        *out_of_step("requirements.lock"),
        *out_of_step("requirements-dev.lock", "test", "lint"),
        *unfree(),
    ]
    core, rest = locked("requirements.lock"), locked("requirements-dev.lock")
    wrong += [
        f"the locks differ: {name} {core[name]}, {rest.get(name)}"
        for name in core
        if rest.get(name) != core[name]
    ]
    known, told = weaknesses()
    print(*wrong, *known, sep="\n", end="\n" if wrong or known else "")
    print(f"{sum(len(locked(lock)) for lock in LOCKS)} pins with hashes, in step with setup.cfg; {told}")
    sys.exit(1 if wrong or known else 0)


if __name__ == "__main__":
    main()

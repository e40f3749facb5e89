"""Reading a profile for a command: its faults become lines, one each, that name file and line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from iomscrape.cli.output import WRONG_USE, Failure, errors, safe

if TYPE_CHECKING:
    from iomscrape.job.profile import Profile
    from iomscrape.job.steps import Step


def checked(path: Path, only: Sequence[str] = ()) -> tuple[Profile, list[Step]]:
    """The profile, and its steps as far as they were asked for. Failure where it cannot be used."""
    from iomscrape.job.profile import ProfileError, read
    from iomscrape.job.steps import steps

    try:
        profile = read(path)
    except ProfileError as error:
        for line in error.lines:
            errors.print(safe(line), soft_wrap=True)
        raise Failure(f"{path} cannot be used", WRONG_USE) from None
    found = steps(profile)
    names = [step.name for step in found]
    if strangers := [name for name in only if name not in names]:
        raise Failure(f"{path} has no step {strangers[0]}; its steps are {', '.join(names)}", WRONG_USE)
    return profile, [step for step in found if not only or step.name in only]

"""Units for systemd and lines for cron, ready to be put in their place."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from iomscrape.job.profile import Profile

CALENDARS = {"hourly": "17 * * * *", "daily": "17 3 * * *", "weekly": "17 3 * * 1"}
"""systemd's words, and the crontab fields for the same."""


def systemd(profile: Profile, program: Path, *, every: str, memory: int) -> dict[str, str]:
    """Service and timer by file name. ``memory``: megabytes that a run may take."""
    # Names of units hold neither spaces nor most signs.
    name = f"iomscrape-{re.sub(r'[^A-Za-z0-9_.-]+', '-', profile.path.stem)}"
    return {f"{name}.service": _service(profile, program, memory), f"{name}.timer": _timer(profile, every)}


def cron(profile: Profile, program: Path, *, every: str) -> str:
    """A crontab line. Cron mails what is printed, so it prints only what needs a person."""
    command = f"{shlex.quote(str(program))} run {shlex.quote(str(profile.path))} --quiet"
    # In a crontab a percent sign is a line break.
    return f"{CALENDARS[every]} {command}\n".replace("%", "\\%")


def writable(profile: Profile) -> list[Path]:
    """The folders that a run writes to."""
    db = profile.place(profile.get("archive", "database"))
    places = [db.parent]
    if raw_pages := profile.get("archive", "raw_pages"):
        places.append(profile.place(raw_pages))
    if folder := profile.get("backup", "folder"):
        places.append(profile.place(folder))
    if file := profile.get("log", "file"):
        places.append(profile.place(file).parent)
    for key in ("report", "metrics"):
        if file := profile.get("watch", key):
            places.append(profile.place(file).parent)
    return list(dict.fromkeys(places))


def _service(profile: Profile, program: Path, memory: int) -> str:
    paths = "\n".join(f"ReadWritePaths={_escaped(path)}" for path in writable(profile))
    return f"""\
[Unit]
Description=iomscrape: the archive of {_shown(profile.path.name)}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={_escaped(program)} run {_escaped(profile.path)} --quiet
# 7 is no failure: stopped, the next run goes on. All other codes but 0 need a person.
SuccessExitStatus=7
TimeoutStopSec=90
MemoryMax={memory}M
Nice=10
IOSchedulingClass=idle

# It needs the network, and the folders named here to write to; nothing else.
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
{paths}
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
CapabilityBoundingSet=
SystemCallArchitectures=native
SystemCallFilter=@system-service
UMask=0027
"""


def _timer(profile: Profile, every: str) -> str:
    return f"""\
[Unit]
Description=When iomscrape runs for {_shown(profile.path.name)}

[Timer]
OnCalendar={every}
# A machine that was off catches up; many machines do not all knock at the same minute.
Persistent=true
RandomizedDelaySec=30min

[Install]
WantedBy=timers.target
"""


def _escaped(path: Path) -> str:
    """A path in a unit file: quoted, ``%`` and ``$`` doubled, as systemd.syntax and systemd.service want it."""
    text = str(path).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{text}"' if " " in text else text


def _shown(text: str) -> str:
    return text.replace("%", "%%").replace("\n", " ")

"""What a worker process does: tasks, while what comes of them is sent to the process that asked for it."""

from __future__ import annotations

import gc
import pickle
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import Queue
from threading import Thread
from typing import Any

TOLD, OVER, FAILED = b"m", b"o", b"f"
"""What a message is: one of a task, the end of it, or the error that ended it."""

SAID = 4
"""Messages that a worker may have said before it is listened to: about what it reads while a batch is stored."""


def serve(line: Connection, work: Callable[[Any], Iterator[Any]]) -> None:
    """What a process does: one task after another, until the first process ends or closes the line."""
    leave_signals()
    collect_seldom()
    voice = _Voice(line)
    getattr(work, "load", lambda: None)()
    with suppress(EOFError, OSError):
        while True:
            task = line.recv()
            kind, rest = OVER, b""
            try:
                for message in work(task):
                    voice.tell(TOLD, pickle.dumps(message, pickle.HIGHEST_PROTOCOL))
                    if getattr(task, "is_careful", True):
                        voice.finish()
            except BrokenPipeError:
                return
            except Exception as error:  # noqa: BLE001  # it is raised in the first process
                error.add_note("in a worker process")
                kind, rest = FAILED, _pickled(error)
            voice.tell(kind, rest)


class _Voice:
    """Sends a message while the next one is made, so that a worker need not wait until it is listened to."""

    def __init__(self, line: Connection) -> None:
        self._line = line
        self._said: Queue[tuple[bytes, bytes]] = Queue(maxsize=SAID)
        self._is_heard = True
        Thread(target=self._send, daemon=True).start()

    def tell(self, kind: bytes, message: bytes) -> None:
        """Raises BrokenPipeError if nobody listens any more."""
        if not self._is_heard:
            raise BrokenPipeError
        self._said.put((kind, message))

    def finish(self) -> None:
        """Go on when all was sent: it is heard then even if this process dies."""
        self._said.join()

    def _send(self) -> None:
        while True:
            kind, message = self._said.get()
            try:
                if self._is_heard:
                    self._line.send_bytes(kind)
                    self._line.send_bytes(message)
            except OSError:
                self._is_heard = False
            self._said.task_done()


def collect_seldom() -> None:
    """Let Python look for cycles seldom: what is read of a page holds few, and is gone with the page."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def leave_signals() -> None:
    """Ctrl-C goes to all processes of a terminal; the first one ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _pickled(error: Exception) -> bytes:
    try:
        pickle.loads(said := pickle.dumps(error))  # noqa: S301  # our own
    except Exception:  # noqa: BLE001  # of a class that cannot be sent
        return pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
    return said

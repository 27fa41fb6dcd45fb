"""The name of a recogniser to the recogniser itself, where it is installed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Protocol

from publisher.errors import SurroundingsError
from publisher.speech.heard import Heard, OnProgress

GROUP = "publisher.engines"
"""Packages offer further recognisers under this entry point: a function without arguments to a Listener."""

BUILT_IN = "pocketsphinx"
_INSTALL = "pip install 'publisher[align]'"


class Listener(Protocol):
    """Whatever writes down what is said in a file of raw sound (see `heard`), on this machine alone."""

    def listen(
        self, voice: Path, language: str, *, on_progress: OnProgress | None = None
    ) -> tuple[Heard, ...]:
        """Return the words in the order of time.

        Raises:
            SurroundingsError: its model is not on this machine, or not for this language.
        """


class Aligner(Protocol):
    """Whatever finds the times of words that are known."""

    def align(
        self, voice: Path, words: Sequence[str], *, on_progress: OnProgress | None = None
    ) -> tuple[Heard | None, ...]:
        """Return the time of each word, and nothing for those that it could not find.

        Raises:
            SourceError: the words are of another language.
        """


def find_aligner() -> Aligner:
    """Return the aligner of the extra `align`.

    Raises:
        SurroundingsError: the extra is not installed.
    """
    aligner: Aligner = _sphinx().Sphinx()
    return aligner


def has_aligner() -> bool:
    """Tell whether the extra `align` is installed."""
    return find_spec(BUILT_IN) is not None


def find_listener(name: str) -> Listener:
    """Return the recogniser of this name.

    Raises:
        SurroundingsError: it is not installed.
    """
    if name == BUILT_IN:
        listener: Listener = _sphinx().Sphinx()
        return listener
    offered = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name in offered:
        offer: Callable[[], Listener] = offered[name].load()
        return offer()
    at_hand = ", ".join([BUILT_IN, *sorted(offered)])
    raise SurroundingsError(
        f"there is no recogniser `{name}` on this machine",
        hint=f"{at_hand} can be asked; others come in a package that offers `{GROUP}`, with a model that you"
        " bring: nothing is ever downloaded",
    )


def _sphinx() -> ModuleType:
    try:
        from publisher.speech import recognition  # 40 MB of model, and perhaps not installed
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != BUILT_IN:
            raise
        raise SurroundingsError(
            "the recogniser that knows when words are said is not installed", hint=f"run {_INSTALL}"
        ) from error
    return recognition

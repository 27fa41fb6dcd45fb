"""Turn a final name into one for writing beside it, which is gone afterwards whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from publisher.files import cannot_write, partial_name


@contextmanager
def scratch(final: Path) -> Iterator[Path]:
    """Yield a fresh name in the folder of `final`, which is made if need be.

    Raises:
        SurroundingsError: the disk is full or the folder cannot be written.
    """
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        partial = partial_name(final)
        try:
            yield partial
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(final, error) from error

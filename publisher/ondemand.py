"""The names of a package into the modules that define them, each imported when somebody asks for its name."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def from_modules(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """Return the `__getattr__` (PEP 562) of a package; `homes` are its names by module, parted by spaces.

    Nobody waits for what a command does not touch: making the classes of a module costs more than most
    commands do.
    """
    home_of = {name: module for module, names in homes.items() for name in names.split()}

    def find(name: str) -> object:
        home = home_of.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(import_module(f"{package}.{home}"), name)
        setattr(sys.modules[package], name, found)  # asked for once
        return found

    return find

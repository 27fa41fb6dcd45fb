"""The show's sources into finished audio, pages and feeds: only what changed is done again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.ondemand import from_modules

if TYPE_CHECKING:
    from publisher.building.renewing import build
    from publisher.building.request import BuildRequest, Built
else:
    __getattr__ = from_modules(__name__, {"renewing": "build", "request": "BuildRequest Built"})

__all__ = ["BuildRequest", "Built", "build"]

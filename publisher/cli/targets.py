"""The name of a target to the storage behind it, for the commands that ask what is there."""

from __future__ import annotations

from dataclasses import dataclass

from publisher.cli.session import Session
from publisher.errors import UsageError
from publisher.model import Show, TargetSettings
from publisher.storage import Storage, open_storage


@dataclass(frozen=True, slots=True)
class OpenTarget:
    """A show, one of its targets, and the storage behind it."""

    show: Show
    settings: TargetSettings
    storage: Storage

    @property
    def name(self) -> str:
        """Name the target for people."""
        return f"{self.settings.name} ({self.settings.url})"

    @property
    def feed_keys(self) -> tuple[str, ...]:
        """Return the keys of the show's feeds."""
        return tuple(f"{feed.name}.xml" for feed in self.show.feeds)


def open_target(session: Session, name: str | None) -> OpenTarget:
    """Open the target of that name in the session's show; see `find_target`."""
    from publisher.config import load_show  # pydantic: not needed for --help

    show = load_show(session.root)
    settings = find_target(name, show.targets)
    return OpenTarget(show, settings, open_storage(settings, session.root))


def tell_hubs(session: Session, opened: OpenTarget, allowed: tuple[str, ...] = ()) -> None:
    """Tell the hub of each feed that has one; what goes wrong is a note, never an error."""
    hubs = [(feed.hub, f"{opened.show.base_url}{feed.name}.xml") for feed in opened.show.feeds if feed.hub]
    if hubs:
        from publisher.publish.notifying import notify  # sockets: only for shows that have a hub

        for warning in notify(hubs, allowed):
            session.report.note(warning)


def find_target(name: str | None, targets: tuple[TargetSettings, ...]) -> TargetSettings:
    """Return the target of that name; without a name, `local`, or the only one there is."""
    by_name = {target.name: target for target in targets}
    wanted = name or ("local" if "local" in by_name or len(targets) > 1 else targets[0].name)
    if wanted not in by_name:
        known = ", ".join(sorted(by_name))
        raise UsageError(
            f"there is no target `{wanted}` in show.toml", hint=f"name one with --target: {known}"
        )
    return by_name[wanted]

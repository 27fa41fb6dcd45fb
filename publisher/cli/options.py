"""The options that work before and behind every command's name, and the one boundary for errors."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import click

_Function = TypeVar("_Function", bound=Callable[..., Any])
_KEY = "publisher.given"

_OPTIONS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (("-C", "folder"), {"metavar": "DIR", "help": "Work in the show at DIR.", "type": click.Path()}),
    (("--json", "as_json"), {"is_flag": True, "help": "Print one JSON document."}),
    (("-q", "--quiet"), {"is_flag": True, "help": "Say only what matters."}),
    (("-v", "--verbose"), {"is_flag": True, "help": "Say more."}),
    (("--color",), {"type": click.Choice(["auto", "always", "never"]), "help": "Colour the output."}),
    (("--no-input",), {"is_flag": True, "help": "Never ask."}),
)


def _remember(context: click.Context, option: click.Parameter, value: Any) -> None:  # noqa: ANN401
    if value not in (None, False):
        context.meta.setdefault(_KEY, {})[option.name] = value


def _options(*, hidden: bool) -> list[click.Option]:
    return [
        click.Option(
            words, expose_value=False, callback=_remember, hidden=hidden and "--json" not in words, **settings
        )
        for words, settings in _OPTIONS
    ]


def global_options(function: _Function) -> _Function:
    """Give a group the global options."""
    function.__dict__.setdefault("__click_params__", []).extend(reversed(_options(hidden=False)))
    return function


def complete_episodes(context: click.Context, _argument: click.Parameter, incomplete: str) -> list[str]:
    """Return the episodes that a shell may complete to, of the show that the command would work in."""
    from publisher.cli.session import open_session
    from publisher.errors import UsageError

    given = context.meta.get(_KEY, {})
    try:
        folder = open_session(given).root / "episodes"
    except UsageError:
        return []
    found = sorted(path.parent.name for path in folder.glob("*/episode.md"))
    return [name for name in found if name.startswith(incomplete)]


class Command(click.Command):
    """A command that takes the global options behind its name too, and turns errors into exit codes.

    Its function gets the Session first. Session, errors and report are loaded when it runs, not for --help.
    One that `may_change_feed` says with every error whether it did; where nothing said so yet, it did not.
    """

    def __init__(self, *args: Any, may_change_feed: bool = False, **settings: Any) -> None:  # noqa: ANN401 - click's own
        super().__init__(*args, **settings)
        self.params.extend(_options(hidden=True))
        self.may_change_feed = may_change_feed

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command; what a person has to know about is reported, and ends in its exit code."""
        from publisher.cli.session import open_session
        from publisher.errors import PublisherError, StoppedError, SurroundingsError

        ctx.obj = session = open_session(ctx.meta.get(_KEY, {}))
        try:
            try:
                return super().invoke(ctx)
            except (click.Abort, KeyboardInterrupt) as stop:
                if not self.may_change_feed:
                    raise
                raise StoppedError("unchanged") from stop
            except PermissionError as error:  # what reads sources asks for no file's permission by itself
                raise SurroundingsError(
                    f"no permission to read or write {error.filename}",
                    hint="check who owns it, and that you may read and write it",
                ) from error
        except PublisherError as error:
            if self.may_change_feed and error.live_feed is None:
                error.live_feed = "unchanged"
            session.report.failure(error, session.folder)
            ctx.exit(error.exit_code)


class CommandGroup(click.Group):
    """Commands below a command; words that name none of them are for the one called `usual`."""

    def __init__(self, *args: Any, usual: str, **settings: Any) -> None:  # noqa: ANN401 - click's own
        super().__init__(*args, **settings)
        self.params.extend(_options(hidden=True))
        self.usual = usual

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the usual command's name before words that start with no other."""
        words = [word for at, word in enumerate(args) if word[:1] != "-" and args[max(0, at - 1)] != "-C"]
        is_for_help = not args or (not words and {"-h", "--help"} & set(args))
        if not is_for_help and (not words or words[0] not in self.commands):
            args = [self.usual, *args]
        return super().parse_args(ctx, args)


def command(name: str, **settings: Any) -> Callable[[Callable[..., Any]], Command]:  # noqa: ANN401
    """Make a command of a function that takes the Session first."""

    def decorate(function: Callable[..., Any]) -> Command:
        words = inspect.cleandoc(function.__doc__ or "")
        settings.setdefault("help", words.replace("\\b\n", "\b\n"))  # click's mark for lines kept as they are
        return click.command(name, cls=Command, **settings)(click.pass_obj(function))

    return decorate

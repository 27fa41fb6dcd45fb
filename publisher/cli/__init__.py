"""The commands: each parses its words, calls one function and hands the value to the report."""

from __future__ import annotations

import importlib

import click

from publisher import __version__
from publisher.cli.options import Command, CommandGroup, global_options

# The group's help is shown from this table, so that no command has to be imported for it.
_COMMANDS: dict[str, str] = {
    "init": "Start a new show in a folder.",
    "new": "Start a new episode and mint its guid.",
    "list": "List the episodes and what each still needs.",
    "show": "Show everything known about one episode.",
    "check": "Check the show, or any feed, as the strictest directory would.",
    "explain": "Explain a rule of `check`.",
    "measure": "Measure loudness, peak and length of audio files.",
    "tag": "Normalise the tags of finished audio.",
    "audio": "Make the finished audio of episodes.",
    "clip": "Cut clips out of an episode.",
    "transcript": "Convert, check, shift, repair or draft a transcript.",
    "chapters": "Convert, import or shift chapters.",
    "notes": "Render the show notes of an episode.",
    "resources": "Export the resources to cite from or to print.",
    "links": "Check every link, or find archived copies.",
    "announce": "Draft newsletter, posts and card for episodes.",
    "guide": "Make a guide for talking about episodes.",
    "feed": "Build the feeds, or check the committed ones.",
    "build": "Build audio, pages and feeds.",
    "preview": "Serve the built show on this machine.",
    "plan": "Say what publish would do.",
    "publish": "Build the show and publish it.",
    "due": "Say when to publish next.",
    "replace-audio": "Put other audio in a published episode's place.",
    "withdraw": "Take an episode out of the feed.",
    "erase": "Remove everything of a withdrawn episode.",
    "releases": "List what was published, and when.",
    "rollback": "Bring an earlier release back.",
    "verify": "Prove that what is live is what was released.",
    "schema": "Print the JSON Schema of a file format.",
    "doctor": "Check that this machine and the target are ready.",
    "policy": "Print the least that a target's credentials must be allowed.",
    "completion": "Print the completion script for a shell.",
}


class _Commands(click.Group):
    """A group that imports a command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the work."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the one command that is wanted."""
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"publisher.cli.{cmd_name.replace('-', '_')}_command")
        command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        assert isinstance(command, Command | CommandGroup)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the nearest one."""
        name = args[0]
        if name not in _COMMANDS and not name.startswith("-"):
            import difflib

            near = difflib.get_close_matches(name, _COMMANDS, n=1)
            hint = f" Did you mean `{near[0]}`?" if near else ""
            ctx.fail(f"There is no command `{name}`.{hint}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with `publisher init`, then `publisher new`, then `publisher publish`.",
)
@click.version_option(__version__, prog_name="publisher")
@global_options
def publisher() -> None:
    """Publish a podcast that is kept as plain files in a folder."""

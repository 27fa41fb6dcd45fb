"""publisher preview: the built show on this machine, as apps and browsers will see it."""

from __future__ import annotations

import click

from publisher.building import build
from publisher.cli.build_command import request, tell
from publisher.cli.options import command
from publisher.cli.session import Session


@command("preview", short_help="Serve the built show on this machine.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one."
)
@click.option("--locked", is_flag=True, help="Take the audio's facts from audio.lock; no audio is needed.")
def preview_command(session: Session, port: int, locked: bool) -> None:
    r"""Build the show and serve it until you press Ctrl-C; only this machine can reach it.

    Feed and pages name the server's own address, so that a podcast app on this machine can subscribe.

    \b
    Example:
      publisher preview --port 8000
    """
    from publisher.config import load_show  # pydantic: not needed for --help
    from publisher.preview import serve

    built = build(request(session, locked=locked))
    tell(session, built)
    show = load_show(session.root)
    feeds = [feed.path.rpartition("/")[2] for feed in built.feeds]

    def say_where(address: str) -> None:
        for feed in feeds:
            session.report.result(f"feed   {address}{feed}")
        session.report.result(f"pages  {address}")
        session.report.document(
            "preview", {"address": address, "feeds": [f"{address}{feed}" for feed in feeds]}
        )
        session.report.note("press Ctrl-C to stop")

    artifacts = {artifact.key: artifact for artifact in built.artifacts}
    serve(artifacts, show.base_url, port, say_where)

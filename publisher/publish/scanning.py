"""The new files of a plan to a refusal, when one of them holds a secret."""

from __future__ import annotations

from publisher.errors import Problem
from publisher.model import Artifact, Plan, Role
from publisher.plan.guards import PlanRefusedError
from publisher.secrets import find_secret
from publisher.storage.durable import cannot_read

_LOOKED_AT_BYTES = 4 * 1024 * 1024  # of audio: its tags, words included, stand at the start


def refuse_secrets(plan: Plan, allowed: frozenset[str] = frozenset()) -> None:
    """Look through everything that the plan would send; `allowed` names files that may be as they are.

    Raises:
        PlanRefusedError: a file holds what looks like a key, a token or a signed address.
        SurroundingsError: a file cannot be read.
    """
    problems = []
    for step in plan.steps:
        artifact = step.artifact
        if artifact is None or step.action == "keep" or artifact.key in allowed:
            continue
        secret = find_secret(_read(artifact))
        if secret:
            where = "the tags of the audio" if artifact.role is Role.MEDIA else f"line {secret.line}"
            problems.append(
                Problem(
                    f"{artifact.key} would publish what looks like {secret.kind} ({where})",
                    hint="take it out of the sources, and have it made invalid where it comes from; "
                    f"if it is none: --not-secret {artifact.key}",
                )
            )
    if problems:
        raise PlanRefusedError(problems)


def _read(artifact: Artifact) -> bytes:
    if not artifact.path.exists():
        return b""  # not on this machine; that it is missing is told when it is to be sent
    try:
        with artifact.path.open("rb") as handle:
            return handle.read(_LOOKED_AT_BYTES if artifact.role is Role.MEDIA else -1)
    except OSError as error:
        raise cannot_read(artifact.path, error) from error

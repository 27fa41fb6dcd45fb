"""Bytes that are to be published to the first thing in them that looks like a secret."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What a secret contains (quick to look for) → what it looks like as a whole → what it is called.
_KINDS: tuple[tuple[bytes, re.Pattern[bytes], str], ...] = tuple(
    (mark, re.compile(pattern), name)
    for mark, pattern, name in (
        (b"AKIA", rb"(?<![A-Z0-9])AKIA[A-Z2-7]{16}(?![A-Z0-9])", "an AWS access key"),
        (b"ASIA", rb"(?<![A-Z0-9])ASIA[A-Z2-7]{16}(?![A-Z0-9])", "a temporary AWS access key"),
        (
            b"aws_secret_access_key",
            rb"aws_secret_access_key[\"'\s:=]{1,8}[A-Za-z0-9/+]{40}",
            "a secret key of AWS",
        ),
        (
            b"AWS_SECRET_ACCESS_KEY",
            rb"AWS_SECRET_ACCESS_KEY[\"'\s:=]{1,8}[A-Za-z0-9/+]{40}",
            "a secret key of AWS",
        ),
        (
            b"X-Amz-Signature=",
            rb"X-Amz-Signature=[0-9a-f]{16}",
            "a signed address, which opens what is private",
        ),
        (b"PRIVATE KEY-----", rb"-----BEGIN (?:[A-Z]+ ){0,2}PRIVATE KEY-----", "a private key"),
        (b"PRIVATE KEY BLOCK-----", rb"-----BEGIN PGP PRIVATE KEY BLOCK-----", "a private key"),
        *(
            (b"gh%c_" % letter, rb"\bgh%c_[A-Za-z0-9]{36}" % letter, "a token of GitHub")
            for letter in b"pousr"
        ),
        (b"github_pat_", rb"\bgithub_pat_[A-Za-z0-9_]{22}", "a token of GitHub"),
        (b"glpat-", rb"\bglpat-[A-Za-z0-9_-]{20}", "a token of GitLab"),
        (b"xox", rb"\bxox[abeprs]-[A-Za-z0-9-]{10}", "a token of Slack"),
        (b"AIza", rb"\bAIza[A-Za-z0-9_-]{35}", "a key of Google"),
        (b"_live_", rb"\b[rs]k_live_[A-Za-z0-9]{16}", "a key of a payment service"),
        (b"pypi-", rb"\bpypi-[A-Za-z0-9_-]{50}", "a token of PyPI"),
        (b"npm_", rb"\bnpm_[A-Za-z0-9]{36}", "a token of npm"),
        (b"sk-", rb"\bsk-(?:[a-z]+-)?[A-Za-z0-9_-]{32}", "an API key"),
        (b"eyJ", rb"\beyJ[A-Za-z0-9_-]{16,}\.eyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16}", "a signed token"),
        (b"earer ", rb"\b[Bb]earer [A-Za-z0-9._~+/-]{24}", "a bearer token"),
    )
)


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret stands, and what kind it is; the secret itself is never repeated."""

    line: int
    kind: str


def find_secrets(data: bytes) -> tuple[Secret, ...]:
    """Return every secret in text, in its order."""
    found = sorted(
        (match.start(), name)
        for mark, pattern, name in _KINDS
        if mark in data
        for match in pattern.finditer(data)
    )
    return tuple(Secret(data.count(b"\n", 0, start) + 1, kind) for start, kind in found[:100])


def find_secret(data: bytes) -> Secret | None:
    """Return the first secret in text, or in what an audio file says of itself."""
    found = [
        (match.start(), name)
        for mark, pattern, name in _KINDS
        if mark in data and (match := pattern.search(data))
    ]
    if not found:
        return None
    start, kind = min(found)
    return Secret(data.count(b"\n", 0, start) + 1, kind)

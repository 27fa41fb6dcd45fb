"""A web address into what its server answers: the one way out over HTTP.

It only goes to machines that everybody can reach, also behind a redirect, so that a link in somebody's text
cannot make this one talk to its own network; it holds to a time and a size whatever the server does.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Literal
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from publisher.errors import SurroundingsError
from publisher.reachable import AddressRefusedError, HostUnknownError, ascii_host, find_addresses

FetchKind = Literal[
    "address", "scheme", "private", "unknown-host", "refused", "timeout", "tls", "broken", "loop", "redirects"
]
Take = Callable[[bytes], object]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PIECE_BYTES = 65_536
_AGENT = "Mozilla/5.0 (compatible; publisher; podcast publishing tool)"
_SAFE = "!#$%&'()*+,/:;=?@[]~"  # RFC 3986: what may stand in an address, what is encoded already among it


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect on the way: the address that was asked, and what it answered."""

    status: int
    address: str


class FetchError(SurroundingsError):
    """Nothing could be fetched; `kind` says why, `address` where, and `hops` what led there."""

    def __init__(
        self, kind: FetchKind, message: str, address: str, hops: tuple[Hop, ...], hint: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.kind: FetchKind = kind
        self.address = address
        self.hops = hops


@dataclass(frozen=True, slots=True)
class Asking:
    """How to ask. `timeout_s` is for everything, redirects and body too; `redirects` is the most to follow.

    `limit_bytes` ends the reading of a body: what is longer is cut. `allowed` names networks (as 127.0.0.0/8)
    and hosts that a person allows although not everybody can reach them.
    """

    method: Literal["GET", "HEAD", "POST"] = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    limit_bytes: int = 10_000_000
    timeout_s: float = 20.0
    redirects: int = 10
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: header names in lower case, the body as it was sent.

    `address` is where the answer came from in the end, `hops` the redirects before it; `is_cut` says that the
    body is not whole: longer than asked for, or the server stopped. `certificate_ends` is the server's, in
    seconds since 1970; 0 without TLS.
    """

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes
    address: str
    hops: tuple[Hop, ...]
    is_cut: bool = False
    certificate_ends: float = 0.0


def fetch(address: str, asking: Asking | None = None, into: Take | None = None) -> Answer:
    """Ask for an address and follow its redirects; the body goes piece by piece to `into`, if given.

    Raises:
        FetchError: the address makes no sense or leads where not everybody can go, or there was no answer.
    """
    asking = asking or Asking()
    ends = time.monotonic() + asking.timeout_s
    hops: tuple[Hop, ...] = ()
    url = _parse(address, hops)
    while True:
        left = replace(asking, timeout_s=ends - time.monotonic())
        with _told_plainly(url, hops):
            answer = _ask(url, left, into)
        target = answer.headers.get("location")
        if answer.status not in _REDIRECTS or not target:
            return replace(answer, hops=hops)
        hops = (*hops, Hop(answer.status, url.geturl()))
        url = _parse(urljoin(url.geturl(), target), hops)
        if url.geturl() in {hop.address for hop in hops}:
            raise FetchError("loop", f"{hops[0].address} redirects in a circle", url.geturl(), hops)
        if len(hops) > asking.redirects:
            message = f"{hops[0].address} redirects more than {asking.redirects} times"
            raise FetchError("redirects", message, url.geturl(), hops)
        if answer.status in (301, 302, 303) and asking.method == "POST":  # RFC 9110, 15.4.2 to 15.4.4
            asking = replace(asking, method="GET", body=b"")


def _parse(address: str, hops: tuple[Hop, ...]) -> SplitResult:
    """Take an address apart, its spaces and letters outside ASCII written as servers read them."""
    try:
        url = urlsplit(address.strip())
        host, port = ascii_host(url.hostname or ""), url.port
    except ValueError as error:
        raise FetchError("address", f"{address} is not a whole web address", address, hops) from error
    if url.scheme and url.scheme not in ("http", "https"):
        raise FetchError("scheme", f"{address} is not on the web (http or https)", address, hops)
    if not url.scheme or not host:
        raise FetchError("address", f"{address} is not a whole web address", address, hops)
    if url.username is not None:
        raise FetchError("address", f"a web address must not hold a name or password ({host})", host, hops)
    netloc = f"[{host}]" if ":" in host else host
    return url._replace(
        netloc=f"{netloc}:{port}" if port else netloc,
        path=quote(url.path, safe=_SAFE) or "/",
        query=quote(url.query, safe=_SAFE),
        fragment="",
    )


def _ask(url: SplitResult, asking: Asking, into: Take | None) -> Answer:
    """Ask one server, and hang up when the time is over, wherever it has come by then."""
    ends = time.monotonic() + asking.timeout_s
    with _connected(url, asking) as line, line.dup() as handle:  # a line that TLS wraps can no longer be cut
        is_over = threading.Event()
        watch = threading.Timer(max(ends - time.monotonic(), 0), _hang_up, (handle, is_over))
        watch.daemon = True
        watch.start()
        try:
            answer = _converse(_encrypted(line, url), url, asking, into)
        except (OSError, HTTPException) as error:
            if is_over.is_set():
                raise TimeoutError from error
            raise
        finally:
            watch.cancel()
    if is_over.is_set():
        raise TimeoutError
    return answer


@contextmanager
def _connected(url: SplitResult, asking: Asking) -> Iterator[socket.socket]:
    """Connect to the first of the host's addresses that answers: of those that were looked at."""
    ends = time.monotonic() + asking.timeout_s
    port = url.port or (443 if url.scheme == "https" else 80)
    failure: OSError = TimeoutError()
    for found in find_addresses(url.hostname or "", port, asking.allowed, asking.timeout_s):
        try:
            line = socket.create_connection((found, port), timeout=max(ends - time.monotonic(), 0.001))
        except OSError as error:
            failure = error
            continue
        with line:
            yield line
        return
    raise failure


def _encrypted(line: socket.socket, url: SplitResult) -> socket.socket:
    return _trust().wrap_socket(line, server_hostname=url.hostname) if url.scheme == "https" else line


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _converse(line: socket.socket, url: SplitResult, asking: Asking, into: Take | None) -> Answer:
    connection = HTTPConnection(url.hostname or "", url.port or (443 if url.scheme == "https" else 80))
    connection.default_port = 443 if url.scheme == "https" else 80  # which is not named in the Host header
    connection.sock = line
    target = url._replace(scheme="", netloc="").geturl()
    with closing(connection):
        headers = {"User-Agent": _AGENT, "Accept": "*/*", **asking.headers}
        connection.request(asking.method, target, body=asking.body or None, headers=headers)
        response = connection.getresponse()
        told = {name.lower(): value for name, value in response.getheaders()}
        pieces: list[bytes] = []
        is_redirect = response.status in _REDIRECTS and "location" in told
        is_cut = not is_redirect and _read(response, asking.limit_bytes, into or pieces.append)
        body, ends = b"".join(pieces), _certificate_ends(line)
        return Answer(response.status, response.reason, told, body, url.geturl(), (), is_cut, ends)


def _certificate_ends(line: socket.socket) -> float:
    told = line.getpeercert() if isinstance(line, ssl.SSLSocket) else None
    ends = told.get("notAfter") if told else None
    return ssl.cert_time_to_seconds(ends) if isinstance(ends, str) else 0.0


def _read(response: HTTPResponse, limit_bytes: int, take: Take) -> bool:
    """Read a body up to a size; return whether something is missing."""
    left = limit_bytes
    try:
        while piece := response.read(_PIECE_BYTES):
            take(piece[:left])
            left -= len(piece)
            if left < 0:
                return True
    except (HTTPException, ConnectionError):
        return True
    return bool(response.length)


def _hang_up(line: socket.socket, is_over: threading.Event) -> None:
    is_over.set()
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


@contextmanager
def _told_plainly(url: SplitResult, hops: tuple[Hop, ...]) -> Iterator[None]:
    """Say in plain words why there was no answer."""
    host, shown = url.hostname, url.geturl()
    try:
        yield
    except AddressRefusedError as error:
        message = f"{shown} leads to {error.found}, which is not a public address"
        hint = "only servers on the public internet are asked; allow a local one with --allow-private"
        raise FetchError("private", message, shown, hops, hint) from error
    except HostUnknownError as error:
        raise FetchError("unknown-host", f"there is no server called {host}", shown, hops) from error
    except TimeoutError as error:
        raise FetchError("timeout", f"{host} did not answer in time", shown, hops) from error
    except ssl.SSLCertVerificationError as error:
        message = f"the certificate of {host} cannot be trusted: {error.verify_message}"
        raise FetchError("tls", message, shown, hops) from error
    except ssl.SSLError as error:
        raise FetchError("tls", f"{host} does not speak TLS as it should", shown, hops) from error
    except ConnectionRefusedError as error:
        raise FetchError("refused", f"{host} refuses connections", shown, hops) from error
    except (HTTPException, ValueError) as error:
        message = f"{host} answered with something that is not HTTP"
        raise FetchError("broken", message, shown, hops) from error
    except OSError as error:
        message = f"the connection to {host} broke: {(error.strerror or str(error)).lower()}"
        raise FetchError("broken", message, shown, hops) from error

"""Addresses, servers that behave and servers that don't, into answers or plain words."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from typing import ClassVar

import pytest

from publisher.fetch import Asking, FetchError, fetch
from publisher.reachable import ascii_host, is_public

LOCAL = ("127.0.0.0/8",)


class Scripted(socketserver.BaseRequestHandler):
    """Answers each path with the bytes that belong to it."""

    answers: ClassVar[dict[str, bytes]] = {}
    seen: ClassVar[list[bytes]] = []

    def handle(self) -> None:
        request = self.request.recv(65_536)
        self.seen.append(request)
        path = request.split(b" ")[1].decode()
        answer = self.answers.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        if path in ("/silent", "/drip", "/slow-head"):
            drop = {"/silent": b"", "/drip": b"x", "/slow-head": b"X-A: b\r\n"}[path]
            if path == "/drip":
                self.request.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n")
            if path == "/slow-head":
                self.request.sendall(b"HTTP/1.1 200 OK\r\n")
            with contextlib.suppress(OSError):
                for _ in range(100):
                    time.sleep(0.05)
                    self.request.sendall(drop)
            return
        with contextlib.suppress(OSError):
            self.request.sendall(answer)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False


def answer(status: str, *headers: str, body: bytes = b"") -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers])
    return head.encode() + b"\r\n\r\n" + body


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with Server(("127.0.0.1", 0), Scripted) as server:
        there = f"http://127.0.0.1:{server.server_address[1]}"
        Scripted.answers = {
            "/": answer("200 OK", "Content-Type: text/html", body=b"hello"),
            "/a%20b/%C3%BC?q=%C3%A4": answer("200 OK", body=b"spaces"),
            "/moved": answer("301 Moved", "Location: /found#part"),
            "/found": answer("302 Found", "Location: /?x"),
            "/?x": answer("200 OK", body=b"end"),
            "/round": answer("301 Moved", "Location: /about"),
            "/about": answer("301 Moved", "Location: /round"),
            "/inside": answer("302 Found", "Location: http://10.1.2.3/"),
            "/metadata": answer("302 Found", "Location: http://[::ffff:169.254.169.254]/latest"),
            "/file": answer("302 Found", "Location: file:///etc/hostname"),
            "/big": answer("200 OK", body=b"b" * 300_000),
            "/short": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
            "/chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "/torn": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
            "/nonsense": b"SSH-2.0-OpenSSH_9.2\r\n",
            "/headers": b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500 + b"\r\n",
            "/empty": b"",
        } | {f"/far{n}": answer("301 Moved", f"Location: /far{n + 1}") for n in range(20)}
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield there
        server.shutdown()


def ask(address: str, **how: object) -> tuple[int, bytes, bool]:
    found = fetch(address, Asking(allowed=LOCAL, timeout_s=5, **how))  # type: ignore[arg-type]  # by name
    return found.status, found.body, found.is_cut


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", (200, b"hello", False)),
        ("/a b/ü?q=ä#x", (200, b"spaces", False)),
        ("/moved", (200, b"end", False)),
        ("/none", (404, b"", False)),
        ("/short", (200, b"short", True)),
        ("/chunks", (200, b"hello", False)),
        ("/torn", (200, b"", True)),
    ],
)
def test_answers(base: str, path: str, expected: tuple[int, bytes, bool]) -> None:
    assert ask(base + path) == expected


def test_redirects_are_told(base: str) -> None:
    found = fetch(f"{base}/moved", Asking(allowed=LOCAL))
    assert [(hop.status, hop.address) for hop in found.hops] == [
        (301, f"{base}/moved"),
        (302, f"{base}/found"),
    ]
    assert found.address == f"{base}/?x"


def test_a_body_is_cut_where_it_is_too_long(base: str) -> None:
    assert ask(f"{base}/big", limit_bytes=1000) == (200, b"b" * 1000, True)
    assert ask(f"{base}/big", limit_bytes=300_000) == (200, b"b" * 300_000, False)


def test_a_body_goes_to_whoever_takes_it(base: str) -> None:
    pieces: list[bytes] = []
    found = fetch(f"{base}/big", Asking(allowed=LOCAL), pieces.append)
    assert (found.body, sum(map(len, pieces))) == (b"", 300_000)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("{base}/round", "loop"),
        ("{base}/far0", "redirects"),
        ("{base}/inside", "private"),
        ("{base}/metadata", "private"),
        ("{base}/file", "scheme"),
        ("{base}/nonsense", "broken"),
        ("{base}/headers", "broken"),
        ("{base}/empty", "broken"),
        ("{base}/silent", "timeout"),
        ("{base}/drip", "timeout"),
        ("{base}/slow-head", "timeout"),
        ("https{tail}/", "tls"),
        ("http://127.0.0.1:1/", "refused"),
        ("http://localhost.invalid/", "unknown-host"),
        ("ftp://example.org/", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("//example.org/", "address"),
        ("www.example.org", "address"),
        ("http://", "address"),
        ("http://example.org:99999/", "address"),
        ("http://[::1/", "address"),
        ("http://xn--a\u0000.example/", "address"),
        ("http://me:secret@example.org/", "address"),
    ],
)
def test_what_went_wrong_has_a_name(base: str, address: str, kind: str) -> None:
    text = address.format(base=base, tail=base.removeprefix("http"))
    begun = time.monotonic()
    with pytest.raises(FetchError) as caught:
        fetch(text, Asking(allowed=LOCAL, timeout_s=1.0))
    assert caught.value.kind == kind
    assert time.monotonic() - begun < 20  # the machine may be busy; without a limit it hangs
    assert "secret" not in caught.value.message


def test_a_local_server_is_refused_unless_allowed(base: str) -> None:
    seen = len(Scripted.seen)
    for allowed in ((), ("10.0.0.0/8",), ("example.org",)):
        with pytest.raises(FetchError, match="not a public address"):
            fetch(base, Asking(allowed=allowed))
    assert len(Scripted.seen) == seen
    assert fetch(base, Asking(allowed=("127.0.0.1",))).status == 200


def test_a_post_is_sent_once(base: str) -> None:
    seen = len(Scripted.seen)
    assert ask(f"{base}/moved", method="POST", body=b"hub.mode=publish")[0] == 200
    methods = [request.split(b" ")[0] for request in Scripted.seen[seen:]]
    assert methods == [b"POST", b"GET", b"GET"]


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "fc00::1",
        "fe80::1",
        "ff02::1",
        "2001:db8::1",
    ],
)
def test_addresses_that_are_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "64:ff9b::808:808"])
def test_addresses_that_are_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


def test_hosts_are_written_as_the_network_knows_them() -> None:
    assert ascii_host("Colorín-Colorado.example.") == "xn--colorn-colorado-8ob.example"
    assert ascii_host("straße.example") == "xn--strae-oqa.example"
    assert ascii_host("a_b.Example") == "a_b.example"


def test_a_name_that_leads_to_a_local_address_is_refused() -> None:
    assert socket.gethostbyname("localhost").startswith("127.")
    with pytest.raises(FetchError, match="not a public address"):
        fetch("http://localhost:9/")

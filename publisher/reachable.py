"""A host's name into the network addresses that a program may go to on somebody's word."""

from __future__ import annotations

import ipaddress
import queue
import re
import socket
import threading
from collections.abc import Iterable

import idna

_HOST = re.compile(r"[a-z0-9._-]*|[0-9a-f:.]+")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressRefusedError(OSError):
    """A host is at an address that is not for everybody; `found` is that address."""

    def __init__(self, found: str) -> None:
        super().__init__(f"{found} is not a public address")
        self.found = found


class HostUnknownError(OSError):
    """Nobody knows the host's name."""


def ascii_host(host: str) -> str:
    """Write a host's name as the network knows it: bücher.example is xn--bcher-kva.example.

    Raises:
        ValueError: it cannot be the name of a host.
    """
    host = host.rstrip(".").lower()
    if not host.isascii():
        host = idna.encode(host, uts46=True).decode("ascii")
    if not _HOST.fullmatch(host):
        raise ValueError(f"{host!r} cannot be the name of a host")
    return host


def find_addresses(host: str, port: int, allowed: Iterable[str], timeout_s: float) -> tuple[str, ...]:
    """Look up a host, in the system's order of preference.

    One address that not everybody can reach is enough to refuse the host: a name that leads to both would let
    somebody choose. `allowed` holds hosts and networks (CIDR) for which that is all right.

    Raises:
        AddressRefusedError: an address is private, local, reserved or for many, and nobody allowed it.
        HostUnknownError: there is no such host.
        TimeoutError: the name servers did not answer in time.
    """
    allowed = tuple(allowed)
    found = tuple(dict.fromkeys(_look_up(host, port, timeout_s)))
    if host in allowed:
        return found
    networks = [network for text in allowed if (network := _network(text))]
    for text in found:
        address = ipaddress.ip_address(text.partition("%")[0])
        if not is_public(address) and not any(address in network for network in networks):
            raise AddressRefusedError(text)
    return found


def is_public(address: IPAddress) -> bool:
    """Tell whether everybody reaches the same machine there; an IPv4 address inside an IPv6 one counts."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in _NAT64:
            inner = ipaddress.IPv4Address(address.packed[-4:])
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None  # a host's name


def _look_up(host: str, port: int, timeout_s: float) -> list[str]:
    """Ask the system's resolver, which knows no time limit, from a thread that may be left behind."""
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            answers.put(error if isinstance(error, OSError) else HostUnknownError(str(error)))
        else:
            answers.put([str(row[4][0]) for row in rows])

    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answers.get(timeout=max(timeout_s, 0))
    except queue.Empty as error:
        raise TimeoutError from error
    if isinstance(found, OSError):
        raise HostUnknownError(str(found)) from found
    return found

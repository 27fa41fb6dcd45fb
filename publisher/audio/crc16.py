"""Turn the checksums of pieces into that of the whole: CRC-16 as the first frame of an MP3 tells it."""

from __future__ import annotations

from functools import cache

_POLYNOMIAL = 0xA001
"""x^16 + x^15 + x^2 + 1, its lowest coefficient in the highest bit."""

_PERIOD_BITS = 32767
"""After this many zero bits every checksum is what it was: the order of x modulo (x + 1)(x^15 + x + 1)."""


def crc16(data: bytes, crc: int = 0) -> int:
    """Return the checksum of `data` behind something whose checksum is `crc`."""
    table = _table()
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc


def joined(head: int, tail: int, tail_bytes: int) -> int:
    """Return the checksum of head and tail together, from that of each."""
    return _shifted(head, tail_bytes * 8) ^ tail


def without_tail(whole: int, tail: int, tail_bytes: int) -> int:
    """Return the checksum of what stands before a tail."""
    return _shifted(whole ^ tail, -tail_bytes * 8)


def without_head(whole: int, head: int, tail_bytes: int) -> int:
    """Return the checksum of the `tail_bytes` that stand behind a head."""
    return whole ^ _shifted(head, tail_bytes * 8)


def _shifted(crc: int, bits: int) -> int:
    """Return what the checksum becomes behind this many zero bits, or was before them."""
    bits %= _PERIOD_BITS
    power = 0x4000  # x, its lowest coefficient in bit 15
    while bits:
        if bits & 1:
            crc = _times(crc, power)
        power = _times(power, power)
        bits >>= 1
    return crc


def _times(left: int, right: int) -> int:
    """Multiply two polynomials modulo the checksum's."""
    product = 0
    while left:
        if left & 0x8000:
            product ^= right
        left = left << 1 & 0xFFFF
        right = right >> 1 ^ (_POLYNOMIAL if right & 1 else 0)
    return product


@cache
def _table() -> tuple[int, ...]:
    table = []
    for crc in range(256):
        for _ in range(8):
            crc = crc >> 1 ^ (_POLYNOMIAL if crc & 1 else 0)
        table.append(crc)
    return tuple(table)

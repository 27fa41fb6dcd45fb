"""Turn a block of 16-bit samples into what stands out in it, without looking at a single one.

In plain Python, that would take minutes for an hour of sound. Split into a plane of high bytes and one of low
bytes, a block goes through `bytes.translate` and whole-number arithmetic instead, at the speed of memory.
"""

from __future__ import annotations

SILENCE_DBFS = -50.0
"""Below this nothing is heard of speech or music; the noise of a room usually is."""

_QUIET = bytes(range(round(32768 * 10 ** (SILENCE_DBFS / 20))))
_DESCENDING = bytes([*range(127, -1, -1), *range(255, 127, -1)])  # high bytes, by the value they stand for
_HIGHEST, _LOWEST = (
    tuple(bytes(mark if value in values else 0 for value in range(256)) for values in planes)
    for mark, planes in ((1, ({0x7F}, {0xFF})), (2, ({0x80}, {0x00, 0x01})))
)  # 32767 as high and low byte; -32768, or -32767 from symmetric converters


def one_channel(block: bytes, channel: int, channels: int) -> bytes:
    """Return the samples of one of several interleaved channels."""
    return memoryview(block).cast("H")[channel::channels].tobytes()


def lowest_and_highest(block: bytes) -> tuple[int, int]:
    """Return the bounds of the samples in eight bits, from -128 to 127."""
    present = _DESCENDING.translate(None, _DESCENDING.translate(None, block[1::2]))
    return _signed(present[-1]), _signed(present[0])


def is_quiet(block: bytes) -> bool:
    """Whether no sample reaches the threshold of silence: high bytes are a mere sign, low bytes small."""
    high = block[1::2]
    if high.translate(None, b"\x00\xff"):
        return False
    # A low byte under a sign of all ones counts down from -1: turned over, it is as far from zero.
    turned = int.from_bytes(block[::2], "little") ^ int.from_bytes(high, "little")
    return not turned.to_bytes(len(high), "little").translate(None, _QUIET)


def at_full_scale(samples: bytes) -> bytes:
    """Mark each sample of one channel: 1 at the highest value, 2 at the lowest one, else 0."""
    high, low = samples[1::2], samples[::2]
    marks = _both(high, low, _HIGHEST) | _both(high, low, _LOWEST)
    return marks.to_bytes(len(high), "little")


def _both(high: bytes, low: bytes, tables: tuple[bytes, ...]) -> int:
    return int.from_bytes(high.translate(tables[0]), "little") & int.from_bytes(
        low.translate(tables[1]), "little"
    )


def _signed(byte: int) -> int:
    return byte - 256 if byte > 127 else byte

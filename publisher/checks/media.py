"""Rules on the sound of finished files: the group MED."""

# ruff: noqa: D205, D401 - a rule's docstring is its documentation, written for people

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from publisher.checks.engine import Fault, NotChecked, checklist, rule

if TYPE_CHECKING:
    from publisher.checks.files import MediaView

_KINDS = {
    "audio/mpeg": "mp3",
    "audio/x-m4a": "mp4",
    "audio/m4a": "mp4",
    "audio/mp4": "mp4",
    "audio/aac": "mp4",
    "video/mp4": "mp4",
    "video/x-m4v": "mp4",
    "video/quicktime": "mp4",
    "audio/ogg": "ogg",
    "audio/opus": "ogg",
}
_FEW_RUNS = 5  # what an encoder may add where loud sound was kept below full scale
_MEASURED = "publisher measure FILE says more"


@rule("MED-001", "media-not-whole", "error", needs=("bytes",))
def media_not_whole(subject: MediaView) -> Iterator[Fault]:
    """A file that breaks off ends an episode in the middle of a word; a web page plays not at all.

    Bad: the error page of a server, saved as first.mp3
    Good: audio of the declared type that can be decoded to its end
    Source: Apple, A Podcaster's Guide to RSS.
    """
    meant, anatomy = _KINDS.get(subject.type.partition(";")[0].strip().casefold()), subject.anatomy
    if meant is None:
        return
    if not anatomy.kind:
        yield Fault(f"the audio file {anatomy.what}", subject.at(), "put the finished file there again")
    elif anatomy.kind != meant:
        message = f"the file is {anatomy.kind.upper()}, but its type is {subject.type!r}"
        yield Fault(message, subject.at(), "send the file of the declared type, or declare the right type")
    elif "sound" not in subject.lacks and isinstance(subject.heard, str):
        message = f"the audio cannot be decoded to its end: {subject.heard}"
        yield Fault(message, subject.at(), "put the finished file there again")


@rule("MED-002", "media-size-differs", "error", needs=("bytes",))
def media_size_differs(subject: MediaView) -> Iterator[Fault]:
    """The size in the feed is that of the file; where a server tells it, HT-004 compares that one.

    Bad: a file that was saved again after the feed was written
    Good: the size of the file that is there
    Source: Apple, A Podcaster's Guide to RSS; RSS 2.0.
    """
    if subject.length and subject.size != subject.length and not subject.is_size_told:
        message = f"the file has {subject.size:,} bytes; the feed says {subject.length:,}"
        yield Fault(message, subject.at(), "publisher build makes the file again")


@rule("MED-003", "media-format", "warn", needs=("bytes",))
def media_format(subject: MediaView) -> Iterator[Fault]:
    """MP3 and AAC play everywhere; Opus, FLAC or ALAC are silent in some apps and cars.

    Bad: Opus as the only file
    Good: an MP3, and Opus beside it as an alternate
    Source: Apple, Audio requirements.
    """
    anatomy = subject.anatomy
    codec = anatomy.kind
    if codec == "mp4" and "sound" not in subject.lacks and not isinstance(subject.heard, str):
        codec = subject.heard.measurement.codec
    is_meant = _KINDS.get(subject.type) in {None, anatomy.kind}  # else, MED-001 speaks
    if codec and is_meant and codec not in {"mp3", "mp4", "aac", "mp3float"}:
        yield Fault(f"the audio is {codec.upper()}", subject.at(), "offer MP3 or AAC")


@rule("MED-004", "sample-rate", "warn", needs=("bytes",))
def sample_rate(subject: MediaView) -> Iterator[Fault]:
    """Old players play other rates too fast or not at all.

    Bad: 22,050 Hz
    Good: 44,100 Hz
    Source: Apple, Audio requirements.
    """
    rate = subject.anatomy.sample_rate or (subject.enclosure.sample_rate if subject.enclosure else 0)
    if not rate and "sound" not in subject.lacks and not isinstance(subject.heard, str):
        rate = subject.heard.measurement.sample_rate
    if rate and rate not in {44_100, 48_000}:
        yield Fault(f"the audio has {rate:,} samples a second", subject.at(), "encode it with 44,100")


@rule("MED-005", "bit-rate-mp3", "warn", needs=("bytes",))
def bit_rate_mp3(
    subject: MediaView,
    *,
    mono_least: int = 96,
    mono_most: int = 128,
    stereo_least: int = 128,
    most: int = 256,
) -> Iterator[Fault]:
    """Below, speech rattles; above, listeners pay for data that nobody hears.

    Bad: a conversation in mono with 320 kbit/s
    Good: mono with 96 to 128 kbit/s, stereo with 128 to 256
    Source: Apple, Audio requirements.
    """
    anatomy = subject.anatomy
    if anatomy.kind != "mp3" or not anatomy.kbps:
        return
    is_mono = anatomy.channels == 1
    low, high = (mono_least, mono_most) if is_mono else (stereo_least, most)
    if not low <= anatomy.kbps <= high:
        what = "mono" if is_mono else "stereo"
        message = f"the MP3 has about {anatomy.kbps} kbit/s in {what}; {low} to {high} are right"
        yield Fault(message, subject.at(), "encode it again from the recording")


@rule("MED-006", "media-heavy", "warn", needs=("bytes",))
def media_heavy(
    subject: MediaView, *, megabytes: int = 200, least: int = 64, most: int = 320
) -> Iterator[Fault]:
    """Spotify takes files up to 200 MB; of what is no MP3, the bit rate is looked at here. AAC needs
    less than MP3 for the same sound, so 64 kbit/s count as enough.

    Bad: three hours of stereo with 256 kbit/s
    Good: the same with 128 kbit/s
    Source: Spotify.
    """
    size = subject.size or 0
    if size > megabytes * 1_000_000:
        message = f"the file has {size / 1e6:,.0f} MB; some directories take {megabytes}"
        yield Fault(message, subject.at(), "encode it with a lower bit rate")
        return
    seconds = subject.enclosure.duration_ms / 1000 if subject.enclosure else 0.0
    if subject.anatomy.kind == "mp4" and subject.type.startswith("audio/"):
        if not seconds and "sound" not in subject.lacks and not isinstance(subject.heard, str):
            seconds = subject.heard.measurement.duration_ms / 1000
        kbps = (
            (size - sum(map(len, subject.anatomy.pictures))) * 8 / 1000 / seconds if seconds > 10 else least
        )
        if not least * 0.9 <= kbps <= most * 1.05:
            message = f"the audio has {kbps:.0f} kbit/s; {least} to {most} are right"
            yield Fault(message, subject.at(), "encode it again from the recording")


@rule("MED-007", "loudness", "warn")
def loudness(
    subject: MediaView, *, least_lufs: float = -18.0, most_lufs: float = -14.0
) -> Iterator[Fault | NotChecked]:
    """Listeners set the volume once, for all shows; what is quieter is lost in traffic, what is louder hurts.
    Mono is measured as it is heard, from two loudspeakers: −19 LUFS of old habit are −16 here.

    Bad: −26 LUFS, as it came from the recorder
    Good: −16 LUFS
    Source: Apple, Audio requirements; AES TD1008.
    """
    found = _level(subject)
    if found is None:
        yield NotChecked("MED-007", _why_not(subject))
    elif not least_lufs <= round(found[0], 1) <= most_lufs:
        message = f"the audio has {found[0]:.1f} LUFS; {least_lufs:g} to {most_lufs:g} are right"
        yield Fault(message, subject.at(), "publisher audio brings it to −16")


@rule("MED-008", "true-peak", "warn")
def true_peak(subject: MediaView, *, most_dbtp: float = -1.0) -> Iterator[Fault | NotChecked]:
    """Peaks above −1 dBTP distort when apps decode or convert the file; of clipped ones, MED-011 speaks.

    Bad: peaks at 0.6 dBTP
    Good: peaks at −1.5 dBTP
    Source: Apple, Audio requirements; EBU R 128.
    """
    found = _level(subject)
    if found is None:
        yield NotChecked("MED-008", _why_not(subject))
    elif round(found[1], 1) > most_dbtp and not found[2]:
        message = f"the audio peaks at {found[1]:.1f} dBTP; at most {most_dbtp:g} is right"
        yield Fault(message, subject.at(), "publisher audio keeps peaks below −1")


@rule("MED-010", "media-silence", "warn", needs=("sound",))
def media_silence(
    subject: MediaView, *, start_s: float = 2.0, inside_s: float = 5.0, end_s: float = 5.0
) -> Iterator[Fault]:
    """Listeners think that an episode is over, or broken, when nothing is heard (below −50 dBFS) for long.

    Bad: a gap of twenty seconds where a jingle was to be
    Good: pauses for breath
    Source: practice.
    """
    heard = subject.heard
    if isinstance(heard, str):
        return
    silence, rate = heard.samples.silence, heard.samples.sample_rate
    for seconds, most, words in (
        (silence.leading / rate, start_s, "begins with"),
        (silence.longest_inner / rate, inside_s, f"has at {silence.longest_inner_at / rate:.0f} s"),
        (silence.trailing / rate, end_s, "ends with"),
    ):
        if seconds > most:
            message = f"the audio {words} {seconds:.1f} s of silence"
            yield Fault(message, subject.at(), f"cut it, or fill it; {_MEASURED}")


@rule("MED-011", "clipped-or-one-sided", "warn", needs=("sound",))
def clipped_or_one_sided(subject: MediaView, *, runs: int = _FEW_RUNS) -> Iterator[Fault]:
    """Clipped sound rattles; stereo with the same on both sides doubles the file, with one side silent it
    plays in one ear. A few clipped runs are forgiven: encoders make them.

    Bad: an interview recorded on the left channel only
    Good: the same as mono
    Source: practice.
    """
    heard = subject.heard
    if isinstance(heard, str):
        return
    samples = heard.samples
    if samples.clipping.runs > runs:
        message = f"the audio clips {samples.clipping.runs} times"
        yield Fault(message, subject.at(), f"lower the level before it is encoded; {_MEASURED}")
    is_silent = samples.silence.leading == samples.count
    if samples.channels == 2 and not is_silent:
        if samples.silent_channels:
            side = ("left", "right")[samples.silent_channels[0]]
            yield Fault(f"the {side} channel of the audio is silent", subject.at(), "make it mono")
        elif samples.channels_identical:
            yield Fault("both channels of the audio are the same", subject.at(), "make it mono")


@checklist("MED-022", "adverts-for-youtube", "warn", "youtube")
def adverts_for_youtube() -> None:
    """YouTube takes no recorded adverts of others in audio that comes by RSS; a sponsor that the host reads
    has to be declared there.

    Bad: an inserted spot in the audio that YouTube gets
    Good: a message that the host reads, declared in YouTube Studio
    Source: YouTube, Podcasts by RSS.
    """


def _level(subject: MediaView) -> tuple[float, float, bool] | None:
    """Return loudness, true peak and whether it clips: from the lock, or heard; None when neither is."""
    if subject.enclosure is not None:
        return subject.enclosure.loudness_lufs, subject.enclosure.true_peak_dbtp, False
    if "sound" in subject.lacks or isinstance(subject.heard, str):
        return None
    found = subject.heard.measurement
    return found.integrated_lufs, found.true_peak_dbtp, subject.heard.samples.clipping.runs > _FEW_RUNS


def _why_not(subject: MediaView) -> str:
    return subject.lacks.get("sound", "it cannot be decoded")

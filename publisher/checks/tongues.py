"""A text into the language that it is most likely written in, by the small words that fill every text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

_WORD = re.compile(r"[^\W\d_]+")
_LOOKED_AT = 600
_FEWEST_WORDS = 25
_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        language: frozenset(words.split())
        for language, words in {
            "en": "the of and to in is that it for was on are with as this be at by not or from have you we",
            "es": "de la que el en y los se del las un por con una su para es al lo como más pero este",
            "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es",
            "fr": "de la le et les des en un du une que est pour qui dans par plus pas au sur avec ce il",
            "it": "di e il la che in un per del è una con non della le si i da al gli come sono più anche",
            "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas sobre",
            "nl": "de van het een en in is dat op te zijn met voor niet aan er om ook als bij maar wat naar",
            "sv": "och i att det som en på är av för med till den har de inte om ett men var vi från så hur",
            "da": "og i at det er en til på som for af med den de ikke har et der vi om kan fra hvad så",
            "no": "og i at det er en til på som for av med den de ikke har et vi om kan fra hva så eller",
            "pl": "i w na się z do nie to że o jest jak po co od za czy dla przez tym są oraz ale tego jego",
            "tr": "ve bir bu için ile de da ne çok daha olarak gibi kadar olan en var mi ama biz nasıl her",
            "vi": "và của là có trong một cho các những được không với này người khi để đã về như cũng từ",
        }.items()
    }
)  # fmt: skip
_LANGUAGES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        word: tuple(language for language, words in _WORDS.items() if word in words)
        for word in frozenset().union(*_WORDS.values())
    }
)
"""In which languages a small word is one."""
_SCRIPTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "CYRILLIC": ("ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg"),
        "GREEK": ("el",),
        "HEBREW": ("he", "yi", "iw"),
        "ARABIC": ("ar", "fa", "ur", "ps", "ckb", "sd", "ug"),
        "HANGUL": ("ko",),
        "HIRAGANA": ("ja",),
        "KATAKANA": ("ja",),
        "CJK": ("zh", "ja", "ko", "yue"),
        "DEVANAGARI": ("hi", "mr", "ne", "sa"),
        "THAI": ("th",),
    }
)
_TWINS = frozenset({frozenset({"da", "no"}), frozenset({"es", "pt"})})
_ALIKE: Mapping[str, str] = MappingProxyType({"nb": "no", "nn": "no", "gl": "pt", "af": "nl", "gsw": "de"})


def other_language(text: str, declared: str, *, factor: float = 3) -> str:
    """Return the language of a text when it is surely another than the declared one, else "".

    It is sure when there are words enough, and `factor` times as many small words of the other language; a
    language that is not known here is doubted only when the text stands in a script that it never uses.
    """
    declared = declared.casefold().partition("-")[0].partition("_")[0]
    declared = _ALIKE.get(declared, declared)
    words = _WORD.findall(text[:_LOOKED_AT].casefold())
    if len(words) < _FEWEST_WORDS or not declared:
        return ""
    small = _WORDS.get(declared)
    own = sum(word in small for word in words) if small else 0
    if own > len(words) / 6:
        return ""  # as nearly every text
    scripts = set() if text.isascii() else _scripts(words)
    if scripts:
        languages = tuple(language for script in scripts for language in _SCRIPTS[script])
        return "" if declared in languages else languages[0]
    if declared in {language for languages in _SCRIPTS.values() for language in languages}:
        return _best(words)[0] if declared not in {"sr", "kk", "tg", "ug"} else ""
    if small is None:
        return ""
    found, count = _best(words)
    is_sure = count >= len(words) * 0.2 and count >= factor * max(own, 1)
    return found if is_sure and frozenset({found, declared}) not in _TWINS else ""


def _best(words: list[str]) -> tuple[str, int]:
    counts = dict.fromkeys(_WORDS, 0)
    for word in words:
        for language in _LANGUAGES.get(word, ()):
            counts[language] += 1
    best = max(counts, key=lambda language: counts[language])
    return (best, counts[best]) if counts[best] >= len(words) * 0.2 else ("", 0)


def _scripts(words: list[str]) -> set[str]:
    """Return the scripts of most words, where they are not Latin."""
    seen: dict[str, int] = {}
    for word in words:
        if word.isascii():
            continue
        script = unicodedata.name(word[0], "").partition(" ")[0]
        if script in _SCRIPTS:
            seen[script] = seen.get(script, 0) + 1
    return set(seen) if sum(seen.values()) > len(words) / 2 else set()

"""The words for readers: whole catalogues, the show's own wording, mistakes with their line, and forms of CLDR."""

from __future__ import annotations

import ast
import gettext
import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_samples import ITEM, SHOW, TEASERS, TRANSCRIPT

from publisher.errors import SourceError
from publisher.model import Correction
from publisher.notes import mail_html, plain_text, render_notes
from publisher.site import render_episode_page, render_show_page
from publisher.templates import read_templates
from publisher.theme import built_in_folder
from publisher.translations import CATALOGUES_FOLDER, Words, choose
from publisher.translations.po import read_po, to_mo

PACKAGE = Path(__file__).resolve().parent.parent / "publisher"
TEMPLATES = read_templates()
_TEXT = re.compile(r'\btext\("((?:[^"\\]|\\.)*)"\)')
_PLURAL = re.compile(r'\bplural\("((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)",')
SPANISH = TEMPLATES.catalogues["es"]


def messages_in_use() -> set[str]:
    """Return every message that a template or a module speaks, a plural with its second form."""
    found = set()
    for path in built_in_folder().rglob("*"):
        if path.suffix in (".html", ".txt", ".md"):
            text = path.read_text(encoding="utf-8")
            found |= set(_TEXT.findall(text)) | {"\0".join(pair) for pair in _PLURAL.findall(text)}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                receiver = node.func.value
                name = receiver.id if isinstance(receiver, ast.Name) else getattr(receiver, "attr", "")
                if name == "words" and node.func.attr in ("text", "plural") and path.stem != "templates":
                    texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
                    assert texts, f"{path.name}:{node.lineno} speaks no fixed message"
                    found.add("\0".join(str(text) for text in texts))
    return found


def test_spanish_says_everything_and_nothing_else() -> None:
    used, known = messages_in_use(), set(SPANISH) - {""}
    assert used - known == set()
    assert known - used == set()
    assert len(used) > 30


def test_pages_and_notes_in_spanish_hold_no_english_word_of_the_tool() -> None:
    show = replace(SHOW, language="es", feeds=(replace(SHOW.feeds[0], language="es-MX"),))
    correction = Correction(date(2026, 3, 4), "…")
    episode = replace(ITEM.episode, corrections=(correction,), questions=("¿Y?",), explicit=True)
    notes = render_notes(episode, {}, TEMPLATES, page_url=ITEM.page_url, language="es")
    item = replace(ITEM, episode=episode, notes=notes)
    pages = (
        render_show_page(show, show.feeds[0], TEASERS, TEMPLATES).decode(),
        render_episode_page(show, item, TEMPLATES, transcript=TRANSCRIPT, earlier=TEASERS[0]).decode(),
        plain_text(episode, {}, TEMPLATES, language="es"),
        mail_html(episode, {}, TEMPLATES, language="es"),
    )
    for page in pages:
        shown = re.sub(r"<[^>]*>", "|", page)
        for message, (text, *_) in SPANISH.items():
            plain = re.sub(r"%\(\w+\)s.*", "", message.partition("\0")[0]).strip(" :“")
            if len(plain) > 4 and plain not in text:
                assert not re.search(rf"(?<!\w){re.escape(plain)}(?!\w)", shown), plain
    assert '<html lang="es-MX">' in pages[0]
    assert '<html lang="es">' in pages[1]
    assert '<html lang="es">' in pages[3]
    assert "Corrección del 4 de marzo de 2026:" in pages[2]


def test_a_language_without_words_falls_back_to_english_whole() -> None:
    words = TEMPLATES.words("tlh")
    assert words.language == "en"
    assert words.text("Transcript") == "Transcript"
    assert words.day(date(2026, 1, 13)) == "January 13, 2026"


@pytest.mark.parametrize(
    ("tag", "language", "day"),
    [
        ("en", "en", "January 13, 2026"),
        ("en-us", "en", "January 13, 2026"),
        ("en-GB", "en", "13 January 2026"),
        ("es", "es", "13 de enero de 2026"),
        ("ES-mx", "es", "13 de enero de 2026"),
        ("es-XX", "es", "13 de enero de 2026"),
    ],
)
def test_a_region_takes_its_languages_words_and_its_own_forms(tag: str, language: str, day: str) -> None:
    words = TEMPLATES.words(tag)
    assert (words.language, words.day(date(2026, 1, 13))) == (language, day)


def test_numbers_plurals_and_lists_take_the_languages_form() -> None:
    english, spanish = TEMPLATES.words("en"), TEMPLATES.words("es")
    assert (english.number("1234.50"), spanish.number("12345.50")) == ("1,234.50", "12.345,50")
    assert english.listed(["A", "B", "C"]) == "A, B, and C"
    assert spanish.listed(["A", "B", "C"]) == "A, B y C"
    forms = ("%(count)s minute", "%(count)s minutes")
    assert [english.plural(*forms, count) for count in (1, 2)] == ["1 minute", "2 minutes"]
    assert [spanish.plural(*forms, count) for count in (1, 2)] == ["1 minuto", "2 minutos"]


def own(folder: Path, language: str, text: str) -> Path:
    path = folder / "locales" / language / "LC_MESSAGES/publisher.po"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return folder


def test_a_show_rewords_what_it_names_and_only_that(tmp_path: Path) -> None:
    own(tmp_path, "en", 'msgid "Transcript"\nmsgstr "Every word"\n')
    own(tmp_path, "es", 'msgid "Transcript"\nmsgstr "Palabra por palabra"\n')
    own(tmp_path, "pt_BR", 'msgid "Transcript"\nmsgstr "Transcrição"\n')
    templates = read_templates(tmp_path)
    assert templates.digest() != TEMPLATES.digest()
    page = render_episode_page(SHOW, ITEM, templates, transcript=TRANSCRIPT).decode()
    assert '<h2 id="transcript-heading">Every word</h2>' in page
    assert templates.words("es").text("Transcript") == "Palabra por palabra"
    assert templates.words("es").text("Chapters") == "Capítulos"
    assert templates.words("es").plural("%(count)s minute", "%(count)s minutes", 2) == "2 minutos"
    assert templates.words("pt-BR").text("Transcript") == "Transcrição"
    assert templates.words("pt").text("Transcript") == "Every word"  # English, as the show has it


def test_words_stay_text_on_a_page(tmp_path: Path) -> None:
    own(tmp_path, "en", 'msgid "Transcript"\nmsgstr "<b>{{ 7 * 7 }} \\" & </b>"\n')
    page = render_episode_page(SHOW, ITEM, read_templates(tmp_path), transcript=TRANSCRIPT).decode()
    assert '<h2 id="transcript-heading">&lt;b&gt;{{ 7 * 7 }} &#34; &amp; &lt;/b&gt;</h2>' in page


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("msgid Transcript\n", 1, "no line of a gettext catalogue"),
        ('"stray"\n', 1, "no line of a gettext catalogue"),
        ('msgid "a"\nmsgstr "\\q"\n', 2, "unknown \\"),
        ('msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', 4, "translated twice"),
        ('msgid "by %(name)s"\nmsgstr "de"\n', 1, "placeholders of “de”"),
        ('msgid "by %(name)s"\nmsgstr "de %(nombre)s"\n', 1, "placeholders"),
        ('msgid "by %(name)s"\nmsgstr "100 % %(name)s"\n', 1, "placeholders"),
        ('msgid "by"\nmsgstr "de %(name)s"\n', 1, "placeholders"),
        ('msgctxt "x"\nmsgid "a"\nmsgstr "b"\n', 1, "no message"),
        ('msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n ! 1);\\n"\n', 1, "plural forms"),
        ('msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=__import__;\\n"\n', 1, "plural forms"),
    ],
)
def test_mistakes_in_a_catalogue_are_told_with_their_line(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    folder = own(tmp_path, "es", text)
    with pytest.raises(SourceError) as caught:
        read_templates(folder)
    assert [each.place.line for each in caught.value.problems if each.place] == [line]
    assert message in caught.value.problems[0].message


def test_fuzzy_and_empty_entries_show_english() -> None:
    text = '#, fuzzy\nmsgid "a"\nmsgstr "x"\n\nmsgid "b"\nmsgstr ""\n\n#~ msgid "c"\nmsgid "d"\nmsgstr "é"\n'
    assert read_po(text, "x.po") == {"d": ("é",)}


@given(st.dictionaries(st.text(min_size=1).filter(lambda text: "\0" not in text), st.text(min_size=1)))
def test_what_goes_into_the_binary_form_comes_out_of_pythons_own_reader(texts: dict[str, str]) -> None:
    messages = {key: (value.replace("\0", " "),) for key, value in texts.items()}
    read = gettext.GNUTranslations(io.BytesIO(to_mo(messages)))
    assert all(read.gettext(key) == value for key, (value,) in messages.items())


def test_every_catalogue_that_is_shipped_is_in_the_standard_place() -> None:
    names = {path.relative_to(CATALOGUES_FOLDER).as_posix() for path in CATALOGUES_FOLDER.rglob("*.po")}
    assert names == {"es/LC_MESSAGES/publisher.po"}
    assert isinstance(choose("es", TEMPLATES.catalogues), Words)


def test_one_text_is_no_list() -> None:
    with pytest.raises(TypeError, match="this is one"):
        TEMPLATES.words("en").listed("Dr. Karen Mapp")

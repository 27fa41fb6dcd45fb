"""Resources for teachers: read back by other people's readers of citations, and whole on paper."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.cli import publisher
from publisher.model import Author, Resource
from publisher.readinglist import reading_list
from publisher.resources import load_catalogue
from publisher.resources.bibtex import bibtex
from publisher.resources.csl import csl_json

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 3, 1, tzinfo=UTC)
GUIDE = Resource(
    id="guide",
    title="Guía de 100 % & más: <b>{llaves}</b> ~ ^ \\ $5 #1 a_b “todo”",
    url="https://example.org/guía_1?a=1&b=%20#x{y}",
    kind="book",
    authors=(Author("Peña Ruiz", "María"), Author("Schools and Families, Inc.")),
    publisher="Example & Sons",
    languages=("es", "en"),
    description="A sample.",
    format="PDF",
    verified_on=date(2026, 2, 3),
    licence="CC-BY-4.0",
    isbn="978-0-306-40615-7",
    doi="10.1000/a_b",
)


def read_bibtex(text: str) -> list[dict[str, Any]]:
    """Read entries as somebody else does, TeX turned into letters."""
    library = parse_string(text, append_middleware=[SeparateCoAuthors(), LatexDecodingMiddleware()])
    assert library.failed_blocks == []
    assert len(library.blocks) == len(library.entries)
    return [
        {"key": each.key, "type": each.entry_type, **{f.key: f.value for f in each.fields}}
        for each in library.entries
    ]


def bare(text: str) -> str:
    """Take the braces off that only keep capitals and names."""
    return text[1:-1] if text.startswith("{") else text


def test_signs_of_tex_are_read_back_as_they_were() -> None:
    (entry,) = read_bibtex(bibtex([GUIDE]))
    assert (entry["key"], entry["type"]) == ("guide", "book")
    # This reader drops the braces and reads ^ as its raised twin; a LaTeX of one's own prints both rightly.
    assert bare(entry["title"]).replace("ˆ", "^") == GUIDE.title.replace("{", "").replace("}", "")
    assert r"\textbraceleft{}llaves\textbraceright{}" in bibtex([GUIDE])
    assert entry["publisher"] == GUIDE.publisher
    assert entry["author"] == ["{Peña Ruiz}, {María}", "{Schools and Families, Inc.}"]
    assert (entry["isbn"], entry["doi"]) == (GUIDE.isbn, GUIDE.doi)
    assert entry["urldate"] == "2026-02-03"
    assert "url = {https://example.org/gu%C3%ADa_1?a=1&b=%20#x%7By%7D}" in bibtex([GUIDE])


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip).filter(bool)


@given(st.lists(WORDS, min_size=1, max_size=3), WORDS)
@settings(max_examples=60)
def test_no_text_breaks_out_of_its_entry(titles: list[str], name: str) -> None:
    resources = [
        Resource(f"r{number}", title, "https://example.org/", authors=(Author(name), Author(title, name)))
        for number, title in enumerate(titles)
    ]
    library = parse_string(bibtex(resources), append_middleware=[SeparateCoAuthors()])
    assert [entry.key for entry in library.entries] == [resource.id for resource in resources]
    assert library.failed_blocks == []
    for entry in library.entries:
        assert set(entry.fields_dict) == {"title", "author", "url", "keywords"}
        assert len(entry["author"]) == 2
        for value in (entry["title"], *entry["author"]):
            assert value.count("{") == value.count("}")
    assert [item["title"] for item in json.loads(csl_json(resources))] == titles


def test_csl_json_has_every_field_and_a_processor_makes_citations_of_it() -> None:
    (item,) = items = json.loads(csl_json([GUIDE]))
    assert item == {
        "id": "guide",
        "type": "book",
        "title": GUIDE.title,
        "author": [{"family": "Peña Ruiz", "given": "María"}, {"literal": "Schools and Families, Inc."}],
        "publisher": "Example & Sons",
        "URL": GUIDE.url,
        "accessed": {"date-parts": [[2026, 2, 3]]},
        "language": "es, en",
        "ISBN": GUIDE.isbn,
        "DOI": GUIDE.doi,
        "abstract": "A sample.",
        "medium": "PDF",
        "custom": {"licence": "CC-BY-4.0"},
    }
    items[0]["author"] = items[0]["author"][:1]  # this processor reads no literal names
    del items[0]["custom"]
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    bibliography.register(Citation([CitationItem("guide")]))
    (cited,) = map(str, bibliography.bibliography())
    assert cited.startswith("Peña Ruiz, M.")
    assert "Guía de 100 % & más" in cited


@pytest.mark.parametrize(
    ("kind", "csl", "tex"),
    [
        ("web page", "webpage", "misc"),
        ("toolkit", "webpage", "misc"),
        ("Book", "book", "book"),
        ("report", "report", "techreport"),
        ("video", "motion_picture", "misc"),
        ("dataset", "dataset", "misc"),
        ("tool", "software", "misc"),
    ],
)
def test_kinds_become_those_of_the_form(kind: str, csl: str, tex: str) -> None:
    resource = Resource("r", "T", "https://example.org/", kind=kind)
    assert json.loads(csl_json([resource]))[0]["type"] == csl
    assert bibtex([resource]).startswith(f"@{tex}{{r,\n")


class Reader(HTMLParser):
    """Collects the text and the links of a page, and what could run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value for name, value in attrs if tag == "a" and name == "href"]
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_an_episodes_list_holds_what_it_lists_and_what_its_notes_link(minimal: Path) -> None:
    catalogue = "".join(
        f"{name}:\n  title: {name.upper()}\n  url: https://example.org/{name}\n"
        for name in ("a", "b", "c", "toolkit")
    )
    (minimal / "episodes/resources.yaml").write_text(catalogue)
    path = minimal / "episodes/pilot/episode.md"
    path.write_text(path.read_text().replace("resources: [toolkit]", "resources: [c, a]"))
    found = json.loads(reading_list(minimal, ("pilot",), "csl", NOW))
    assert [each["id"] for each in found] == ["c", "a", "toolkit"]
    assert [each["id"] for each in json.loads(reading_list(minimal, (), "csl", NOW))] == [
        "a",
        "b",
        "c",
        "toolkit",
    ]
    twice = json.loads(reading_list(minimal, ("pilot", "pilot"), "csl", NOW))
    assert [each["id"] for each in twice] == ["c", "a", "toolkit"]


def test_the_list_for_paper_shows_every_address_and_runs_nothing(minimal: Path) -> None:
    (minimal / "episodes/resources.yaml").write_text(
        "toolkit:\n  title: 'T <script>alert(1)</script> {{ 7 * 7 }}'\n  url: https://example.org/t.pdf\n"
        "  by: [Ana, Ben, '<b>Cy</b>']\n  languages: [es]\n  isbn: 0-306-40615-2\n  doi: 10.1000/182\n  licence: CC0-1.0\n"
    )
    page = reading_list(minimal, ("pilot",), "html", NOW)
    reader = Reader(page)
    text = "".join(reader.texts)
    assert "script" not in reader.tags
    assert "T <script>alert(1)</script> {{ 7 * 7 }}" in text
    assert "(PDF), by Ana, Ben, and <b>Cy</b>" in text
    assert "example.org/t.pdf" in text
    assert "https://example.org/t.pdf" in reader.links
    assert "ISBN 0-306-40615-2" in text
    assert "To read in: Spanish" in text
    assert '<html lang="en">' in page
    spanish = reading_list(minimal, ("pilot",), "html", NOW, "es")
    assert '<html lang="es">' in spanish
    assert "Lista de lecturas" in spanish
    assert "de Ana, Ben y &lt;b&gt;Cy&lt;/b&gt;" in spanish
    assert "Se puede leer en" not in spanish
    assert "  https://example.org/t.pdf\n" in reading_list(minimal, ("pilot",), "text", NOW)


def test_the_command_writes_what_it_prints(minimal: Path, tmp_path: Path) -> None:
    words = ["-C", str(minimal), "resources", "pilot", "--to", "bibtex"]
    printed = CliRunner().invoke(publisher, words, catch_exceptions=False).stdout
    target = tmp_path / "made" / "list.bib"
    result = CliRunner().invoke(
        publisher, [*words, "--output", str(target), "--json"], catch_exceptions=False
    )
    document = json.loads(result.stdout)
    assert target.read_text(encoding="utf-8") == printed == document["text"]
    assert document["schema"] == "publisher/resources/1"
    wrong = CliRunner().invoke(publisher, ["-C", str(minimal), "resources", "pilott"])
    assert wrong.exit_code == 2
    assert "did you mean `pilot`" in wrong.stderr


@pytest.mark.parametrize("form", ["csl", "bibtex", "html", "text"])
def test_the_shows_own_resources_are_in_the_golden_files(form: Any, golden: Any) -> None:
    suffix = {"csl": "json", "bibtex": "bib", "html": "html", "text": "txt"}[form]
    text = reading_list(ROOT, ("bakersfield-part-1", "bakersfield-part-2"), form, NOW)
    golden(f"reading-list.{suffix}", text.encode())
    if form == "bibtex":
        assert len(read_bibtex(text)) == len(
            json.loads(reading_list(ROOT, ("bakersfield-part-1", "bakersfield-part-2"), "csl", NOW))
        )
    if form == "html":
        golden("reading-list-es.html", reading_list(ROOT, ("bakersfield-part-1",), form, NOW, "es").encode())
    assert "Colorín Colorado" in text
    assert len(read_bibtex(bibtex(load_catalogue(ROOT).values()))) == 11

"""Links: every kind of answer named rightly, servers asked politely, nothing asked twice, sources mended."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import link_server as web
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from link_server import Server, answer, once, serving, to

from publisher.addresses import tracking_parameters, without_tracking
from publisher.cli import publisher
from publisher.editions import catalogue_in
from publisher.links import LinkCheck, check_links
from publisher.links.archive import add_copy
from publisher.links.asking import Manner
from publisher.links.verdict import STATE_OF
from publisher.readinglist import reading_list
from publisher.resources import load_catalogue
from publisher.resources.record import LinkRecord, read_record, write_record

HTML = "Content-Type: text/html"
PDF = "Content-Type: application/pdf"
# Per kind of answer: the path, what is served there, the kind that has to be named, and words that say so.
ANSWERS: list[tuple[str, web.Reply, str, str]] = [
    ("/ok", web.PAGE, "ok", "works"),
    ("/slow", web.slow_but_fine, "ok", "works"),
    ("/not-modified", web.only_if_changed, "ok", "works"),
    ("/a%20b", web.PAGE, "ok", "works"),
    ("/%C3%BC", web.PAGE, "ok", "works"),
    ("/text", answer("200 OK", "Content-Type: text/plain", body=b"words"), "ok", "works"),
    ("/partial", answer("206 Partial Content", HTML, body=b"x"), "ok", "works"),
    ("/no-type", answer("200 OK", body=b"x"), "ok", "works"),
    ("/chunks", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "ok", "works"),
    ("/guide.pdf", answer("200 OK", PDF, body=b"%PDF"), "ok", "works"),
    ("/lost.pdf", answer("200 OK", HTML, body=b"<p>Sorry"), "wrong-type", "should be PDF, but is a web page"),
    ("/paper", answer("200 OK", PDF, body=b"%PDF"), "document", "write `format: PDF`"),
    ("/picture", answer("200 OK", "Content-Type: image/png", body=b"\x89PNG"), "wrong-type", "of the type image/png"),
    ("/empty", answer("200 OK", HTML), "empty", "answers with nothing"),
    ("/204", answer("204 No Content"), "empty", "answers with nothing"),
    ("/301", to("301 Moved", "/ok"), "moved", "has moved for good to"),
    ("/308", to("308 Moved", "/ok"), "moved", "has moved for good to"),
    ("/chain1", to("301 Moved", "/chain2"), "moved", "has moved for good to"),
    ("/302", to("302 Found", "/ok"), "redirected", "redirects to"),
    ("/307", to("307 Temporary", "/ok"), "redirected", "for now"),
    ("/mixed", to("301 Moved", "/302"), "redirected", "for now"),
    ("/deep/page", to("301 Moved", "/"), "moved-home", "leads to the home page"),
    ("/301-to-404", to("301 Moved", "/nothing"), "missing", "and then: there is no such page"),
    ("/self", to("302 Found", "/self"), "loop", "redirects in a circle"),
    ("/loop1", to("302 Found", "/loop2"), "loop", "redirects in a circle"),
    ("/far0", to("302 Found", "/far1"), "redirects", "redirects more than 10 times"),
    ("/nowhere", answer("302 Found"), "nowhere", "without saying where to"),
    ("/300", answer("300 Multiple Choices", body=b"x"), "choices", "offers several pages"),
    ("/inside", to("302 Found", "http://10.1.2.3/x"), "private", "not a public address"),
    ("/metadata", to("301 Moved", "http://169.254.169.254/latest"), "private", "not a public address"),
    ("/to-file", to("302 Found", "file:///etc/hostname"), "scheme", "not on the web"),
    ("/to-nonsense", to("302 Found", "http://exa mple..org:x/"), "address", "not a whole web address"),
    ("/401", answer("401 Unauthorized"), "login", "asks for a name and a password"),
    ("/403", answer("403 Forbidden"), "refuses-programs", "open it yourself"),
    ("/404", answer("404 Not Found"), "missing", "there is no such page"),
    ("/405", answer("405 Method Not Allowed"), "refuses-programs", "refuses programs"),
    ("/410", answer("410 Gone"), "gone", "taken down for good"),
    ("/418", answer("418 I'm a teapot"), "client-error", "418 I'm a teapot"),
    ("/429", answer("429 Too Many Requests"), "busy", "asks for fewer requests"),
    ("/429-soon", once(answer("429 Slow", "Retry-After: 1"), web.PAGE), "ok", "works"),
    ("/429-late", answer("429 Slow", "Retry-After: 7200"), "busy", "left alone for 2 hours"),
    ("/429-date", answer("429 Slow", "Date: Sun, 01 Feb 2026 10:00:00 GMT", "Retry-After: Sun, 01 Feb 2026 12:00:00 GMT"), "busy", "left alone for 2 hours"),
    ("/451", answer("451 Unavailable"), "legal", "legal reasons"),
    ("/500", answer("500 Oops"), "server-error", "500 Oops"),
    ("/503-once", once(answer("503 Down"), web.PAGE), "ok", "works"),
    ("/503", answer("503 Down"), "server-error", "out of service"),
    ("/999", answer("999 Request denied"), "odd", "999"),
    ("/endless", web.endless, "endless", "does not say when it ends"),
    ("/silent", web.silent, "timeout", "did not answer in time"),
    ("/drip", web.dripping, "timeout", "did not answer in time"),
    ("/torn", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99\r\n\r\nshort", "torn", "breaks off"),
    ("/ssh", b"SSH-2.0-OpenSSH_9.2\r\n", "broken", "not HTTP"),
    ("/hangs-up", b"", "broken", ""),
    ("/many-headers", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500 + b"\r\n", "broken", "not HTTP"),
]  # fmt: skip
MORE: dict[str, web.Reply] = {
    "/": web.PAGE,
    "/chain2": to("308 Moved", "/chain3"),
    "/chain3": to("301 Moved", "/ok"),
    "/loop2": to("302 Found", "/loop1"),
    **{f"/far{number}": to("302 Found", f"/far{number + 1}") for number in range(1, 20)},
}


def run(root: Path, *words: str, exit_code: int = 0) -> Result:
    command = ["-C", str(root), "links", *words, "--allow-private", "127.0.0.0/8"]
    result = CliRunner().invoke(publisher, command, catch_exceptions=False)
    assert result.exit_code == exit_code, result.output
    return result


def run_json(root: Path, *words: str, exit_code: int = 0) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(run(root, *words, "--json", exit_code=exit_code).stdout)
    return document


def catalogue(root: Path, *addresses: str) -> None:
    entries = [f"r{n}:\n  title: R{n}\n  url: {json.dumps(each)}\n" for n, each in enumerate(addresses)]
    (root / "episodes/resources.yaml").write_text("".join(entries), encoding="utf-8")


def notes(root: Path, text: str) -> None:
    path = root / "episodes/pilot/episode.md"
    front = path.read_text(encoding="utf-8").split("---\n")[1].replace("resources: [toolkit]\n", "")
    path.write_text(f"---\n{front}---\n{text}\n", encoding="utf-8")


@pytest.fixture
def bare(minimal: Path) -> Path:
    notes(minimal, "Nothing.")
    catalogue(minimal)
    return minimal


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving({**MORE, **{path: reply for path, reply, _, _ in ANSWERS}}) as running:
        yield running


def base(running: Server, scheme: str = "http") -> str:
    return f"{scheme}://127.0.0.1:{running.server_address[1]}"


@pytest.mark.integration
def test_every_kind_of_answer_is_named_rightly(
    bare: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = server.server_address[1]
    _let_a_foreign_name_lead_here(monkeypatch)
    here = base(server)
    expected = {f"{here}{path}": (kind, words) for path, _, kind, words in ANSWERS}
    expected |= {
        f"{base(server, 'https')}/ok": ("tls", "does not speak TLS"),
        "http://127.0.0.1:9/": ("refused", "refuses connections"),
        f"http://bücher.example:{port}/ok": ("ok", "works"),
        "http://nobody.invalid/": ("unknown-host", "there is no server called nobody.invalid"),
        "http://10.0.0.1/": ("private", "10.0.0.1, which is not a public address"),
        f"{here}/ü?q=ä": ("missing", "there is no such page"),
    }
    assert len({kind for kind, _ in expected.values()}) == len(STATE_OF)
    catalogue(bare, *expected)
    started = time.monotonic()
    found = run_json(bare, "check", "--timeout", "0.6", exit_code=1)
    assert time.monotonic() - started < 120
    told = {each["address"]: (each["kind"], each["says"]) for each in found["links"]}
    assert {address: kind for address, (kind, _) in told.items()} == {
        address: kind for address, (kind, _) in expected.items()
    }
    for address, (_, words) in expected.items():
        assert words in told[address][1], address
    assert server.log.most_open <= 2  # those that hung up on a silent server still count as open there
    record = read_record(bare)
    assert {record[address].state for address, (kind, _) in expected.items() if kind == "missing"} == {"dead"}
    assert found["counts"]["dead"] == sum(STATE_OF[kind] == "dead" for kind, _ in expected.values())  # type: ignore[index]


def _let_a_foreign_name_lead_here(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    look_up = socket.getaddrinfo

    def answering(host: Any, *rest: Any, **named: Any) -> Any:
        if str(host).endswith("nobody.invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return look_up("127.0.0.1" if host == "xn--bcher-kva.example" else host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", answering)


@pytest.mark.integration
def test_500_links_on_50_servers_take_no_longer_than_the_slowest_server(bare: Path) -> None:
    def after(seconds: float) -> web.Reply:
        def reply(handler: web.Handler) -> None:
            time.sleep(seconds)
            handler.end_with(web.PAGE)

        return reply

    with ExitStack() as stack:
        first = stack.enter_context(serving({f"/{n}": after(0.6) for n in range(10)}))
        port = first.server_address[1]
        others = [
            stack.enter_context(serving({f"/{n}": after(0.12) for n in range(10)}, f"127.0.0.{host}", port))
            for host in range(2, 51)
        ]
        links = [f"http://127.0.0.{host}:{port}/{n}" for n in range(10) for host in range(50, 0, -1)]
        catalogue(bare, *links)
        found = run_json(bare, "check")
        servers = [first, *others]
        slowest_s = max(each.log.last_s - each.log.first_s for each in servers)
        whole_s = max(each.log.last_s for each in servers) - min(each.log.first_s for each in servers)
        assert found["counts"]["works"] == found["requests"] == 500
        assert [each.log.most_open for each in servers] == [1] * 50
        assert whole_s <= 1.3 * slowest_s, (whole_s, slowest_s)
        again = run_json(bare, "check")
        assert again["requests"] == 0
        assert sum(len(each.log.requests) for each in servers) == 500
        assert [each["kind"] for each in again["links"]] == ["ok"] * 500


def check(root: Path, day: int, hours: int = 24) -> LinkCheck:
    now = datetime(2026, 3, day, 12, tzinfo=UTC)
    return check_links(root, (), now, Manner(("127.0.0.0/8",), 2), timedelta(hours=hours))


def test_what_is_known_is_asked_for_again_only_after_its_time_and_then_briefly(bare: Path) -> None:
    with serving({"/page": web.only_if_changed, "/moved": to("301 Moved", "/page")}) as server:
        catalogue(bare, f"{base(server)}/page", f"{base(server)}/moved", f"{base(server)}/missing")
        assert check(bare, 1).requests == 4
        assert [each.is_remembered for each in check(bare, 1).links] == [True, True, True]
        server.log.requests.clear()
        assert [each.verdict.kind for each in check(bare, 2).links] == ["ok", "moved", "missing"]
        conditional = ['If-None-Match: "one"' in request for request in server.log.requests]
        assert sorted(conditional) == [False, False, True, True]
        assert check(bare, 2, hours=0).requests == 4
        (bare / ".publisher/links.json").write_text('{"format": 1, "links": {"a": {}}}')
        assert check(bare, 2).requests == 4


def test_a_page_that_became_something_else_is_not_taken_for_what_it_was(bare: Path) -> None:
    with serving({"/": answer("200 OK", HTML, body=b"<p>1")}) as server:
        catalogue(bare, base(server) + "/")
        assert check(bare, 1).links[0].verdict.kind == "ok"
        text = (bare / "episodes/resources.yaml").read_text()
        (bare / "episodes/resources.yaml").write_text(f"{text}  format: PDF\n")
        assert check(bare, 1).links[0].verdict.kind == "wrong-type"


def test_the_record_keeps_the_day_of_the_last_success(bare: Path) -> None:
    with serving({"/": web.PAGE}) as server:
        address = f"{base(server)}/"
        catalogue(bare, address)
        assert check(bare, 1).is_clean
        server.replies = {"/": answer("500 Oops")}
        found = [check(bare, day).links[0].record for day in (2, 8, 9)]
        assert [each.last_success for each in found] == [date(2026, 3, 1)] * 3
        assert [each.failing_since for each in found] == [date(2026, 3, 2)] * 3
        assert [each.is_gone for each in found] == [False, False, True]
        server.replies = {"/": answer("403 Forbidden")}
        assert check(bare, 10).links[0].record.last_success == date(2026, 3, 1)
        assert load_catalogue(bare)["r0"].is_gone is False
        server.replies = {"/": answer("410 Gone")}
        assert check(bare, 11).links[0].record.failing_since == date(2026, 3, 11)
        assert load_catalogue(bare)["r0"].is_gone
        server.replies = {"/": web.PAGE}
        assert check(bare, 12).links[0].record == LinkRecord("works", "works", date(2026, 3, 12))
        catalogue(bare)
        check(bare, 13)
        assert read_record(bare) == {}


def test_links_are_found_wherever_they_stand_and_asked_for_once(bare: Path) -> None:
    with serving({"/a": web.PAGE, "/b": web.PAGE}) as server:
        here = base(server)
        catalogue(bare, f"{here}/a")
        notes(
            bare,
            f"[See][r0], [also]({here}/a) and <{here}/b>.\n\n![A picture]({here}/c) [m](mailto:a@example.org)",
        )
        found = run_json(bare, "check", exit_code=1)
        assert [(each["address"], each["kind"]) for each in found["links"]] == [
            (f"{here}/a", "ok"),
            (f"{here}/b", "ok"),
            (f"{here}/c", "missing"),
        ]
        assert [len(each["places"]) for each in found["links"]] == [3, 1, 1]
        place = found["links"][2]["places"][0]
        line = (bare / place["file"]).read_text().splitlines()[place["line"] - 1]
        assert line[place["column"] - 1 :].startswith("![A picture]")
        shown = run(bare, "check", "pilot", exit_code=1).stdout
        assert "there is no such page any more (404); never seen working" in shown
        assert f"{here}/a" not in shown


def test_a_server_that_wants_rest_gets_it(bare: Path) -> None:
    with serving({"/a": once(answer("503 Rest", "Retry-After: 1"), web.PAGE), "/b": web.PAGE}) as server:
        catalogue(bare, f"{base(server)}/a", f"{base(server)}/b")
        started = time.monotonic()
        assert [each.verdict.kind for each in check(bare, 1).links] == ["ok", "ok"]
        assert 1 <= time.monotonic() - started < 15  # not after the minutes that a server may ask for
        paths = [request.split(" ")[1] for request in server.log.requests]
        assert paths == ["/a", "/b", "/a"] or paths == ["/a", "/a", "/b"]


def test_without_a_network_nothing_is_judged(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _let_a_foreign_name_lead_here(monkeypatch)
    catalogue(bare, *(f"http://{name}.nobody.invalid/" for name in "abc"))
    result = run(bare, "check", exit_code=3)
    assert "no way to the internet" in result.stderr
    assert not (bare / "episodes/links.json").exists()


TRACKED = "https://127.0.0.1:9/p?a=1&utm_source=x&b=%20&fbclid=2#utm_source=frag"
CLEAN = "https://127.0.0.1:9/p?a=1&b=%20#utm_source=frag"


def test_tracking_is_told_and_taken_off_in_the_sources_alone(bare: Path) -> None:
    source = bare / "episodes/resources.yaml"
    text = f"# remark\r\nx:\r\n  title:   X\r\n  url: '{TRACKED}'   # why\r\n"
    source.write_bytes(text.encode())
    notes(
        bare,
        f"A  [b]({TRACKED})\n\n[c]: {TRACKED}\n[d][c] {TRACKED}more [e]({TRACKED.replace('&', '&amp;')})",
    )
    before = (bare / "episodes/pilot/episode.md").read_text()
    told = run(bare, "check", exit_code=1).stdout
    assert "tracks readers with utm_source, fbclid (episodes/resources.yaml:4:8" in told
    assert source.read_bytes() == text.encode()
    found = run_json(bare, "check", "--fix", exit_code=1)
    assert TRACKED in found["cleaned"]
    assert source.read_bytes() == text.replace(TRACKED, CLEAN).encode()
    after = (bare / "episodes/pilot/episode.md").read_text()
    assert after.count(CLEAN) == 2
    assert CLEAN.replace("&", "&amp;") in after
    assert f"{TRACKED}more" in after
    assert len(after.splitlines()) == len(before.splitlines())
    assert [each["tracking"] for each in found["links"]] == [[]]


@given(st.text("?&#=utm_sorceab%1", max_size=40))
def test_an_address_keeps_everything_but_its_tracking(tail: str) -> None:
    address = f"https://example.org/{tail}"
    clean = without_tracking(address)
    assert tracking_parameters(clean) == ()
    assert (clean == address) == (not tracking_parameters(address))
    assert without_tracking(clean) == clean
    assert clean.partition("#")[1:] == address.partition("#")[1:]


def archive_answer(copy: str | None) -> bytes:
    closest = {"available": True, "url": copy, "timestamp": "20260101000000", "status": "200"}
    body = json.dumps({"archived_snapshots": {"closest": closest} if copy else {}}).encode()
    return answer("200 OK", "Content-Type: application/json", body=body)


def test_copies_are_looked_up_written_down_and_used_when_the_original_is_gone(bare: Path) -> None:
    entries = (
        "# remark\none:\n  title: One  # why\n  url: {0}/1\n  archived_url:  # none yet\n\n"
        "two: {{title: Two, url: '{0}/2'}}\nthree:\n    title: Three\n    url: {0}/3\n"
    )
    copy = "http://web.archive.org/web/2026/http://example.org/?a=1"
    replies: dict[str, web.Reply] = {}
    with serving(replies) as server:
        here = base(server)
        for number, reply in {
            1: archive_answer(copy), 2: archive_answer(copy), 3: archive_answer(None),
            4: archive_answer("https://copies.example.org/4"), 5: answer("500 Oops"), 6: b"nonsense",
            7: answer("200 OK", body=b"[" * 90_000), 8: archive_answer("javascript:alert(1)"),
        }.items():  # fmt: skip
            replies[f"/have?url=http%3A%2F%2F127.0.0.1%3A{server.server_address[1]}%2F{number}"] = reply
        (bare / "episodes/resources.yaml").write_text(entries.format(here))
        notes(bare, " ".join(f"[{number}]({here}/{number})" for number in range(4, 9)))
        found = run_json(bare, "archive", "--service", f"{here}/have")
        https = copy.replace("http://web", "https://web")
        assert [each["archived_url"] for each in found["links"]] == [
            https, https, None, "https://copies.example.org/4", None, None, None, None
        ]  # fmt: skip
        assert "write `archived_url:" in found["links"][1]["says"]
        expected = entries.replace("archived_url:  # none yet", f"archived_url: {https}  # none yet")
        assert (bare / "episodes/resources.yaml").read_text() == expected.format(here)
        assert server.log.most_open == 1
        assert run_json(bare, "check", exit_code=1)["counts"]["dead"] == 8
        text = CliRunner().invoke(publisher, ["-C", str(bare), "notes", "pilot"]).output
        assert "4, archived copy (https://copies.example.org/4)" in text
        assert f"5 ({here}/5)" in text
        assert load_catalogue(bare)["one"].address == https
        again = run_json(bare, "archive", "--service", f"{here}/have")
        assert len(again["links"]) == 6


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_copy_is_added_on_a_line_of_its_own(end: str) -> None:
    text = f"# r{end}a:{end}  title: A{end}  url: https://example.org{end}b:{end}  title: B{end}"
    added = add_copy(b"\xef\xbb\xbf" + text.encode(), "a", 'https://example.org/"x')
    line = f'  archived_url: "https://example.org/\\"x"{end}  url:'
    assert added.decode("utf-8-sig") == text.replace("  url:", line)
    assert added.startswith(b"\xef\xbb\xbf#")


def test_words_that_cannot_work_are_refused(bare: Path) -> None:
    result = CliRunner().invoke(publisher, ["-C", str(bare), "links", "check", "--allow-private", "home"])
    assert result.exit_code == 2
    assert "`home` is no network" in result.stderr
    assert "there is no episode `x`" in run(bare, "check", "x", exit_code=2).stderr


def test_addresses_for_readers_of_another_language_are_asked_for_and_replaced_as_well(bare: Path) -> None:
    with serving({"/en": web.PAGE}) as server:
        here = base(server)
        (bare / "episodes/resources.yaml").write_text(
            f"x:\n  title: X\n  url: {here}/en\n  translations:\n    es: {{title: Equis, url: '{here}/es'}}\n"
        )
        source = bare / "episodes/pilot/episode.md"
        source.with_name("episode.es.md").write_text(
            f"---\ntitle: Piloto\n---\n[Vea]({here}/otra) [esto][x].\n"
        )
        found = run_json(bare, "check", exit_code=1)
        kinds = {each["address"]: each["kind"] for each in found["links"]}
        assert kinds == {f"{here}/en": "ok", f"{here}/es": "missing", f"{here}/otra": "missing"}
        assert found["links"][1]["places"][0]["line"] == 5
        assert found["links"][2]["places"][0]["file"] == "episodes/pilot/episode.es.md"
        dead = LinkRecord("dead", "gone", archived_url="https://w.example.org/es")
        write_record(bare, {f"{here}/es": dead})
        catalogue = load_catalogue(bare)
        assert catalogue["x"].address == f"{here}/en"
        assert catalogue_in(catalogue, "es")["x"].address == "https://w.example.org/es"
        assert "https://w.example.org/es" in reading_list(bare, (), "text", datetime.now(UTC), "es-MX")

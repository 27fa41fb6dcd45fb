"""The preview: ranges, conditions, its own address in texts, and nothing for strangers; over real sockets."""

from __future__ import annotations

import http.client
import signal
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from publisher.errors import SurroundingsError
from publisher.preview import PreviewServer, open_server, serve

BASE = "https://media.example.org/rising/"
AUDIO = bytes(range(256)) * 4_000
KEY = "audio/part 1-é.mp3"


@dataclass(frozen=True)
class File:
    path: Path
    content_type: str


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PreviewServer]:
    (tmp_path / "secret.txt").write_text("secret")
    built = tmp_path / "build"
    contents = {
        "index.html": (f'<a href="{BASE}episodes/a.html">'.encode(), "text/html; charset=utf-8"),
        "rising.xml": (
            f"<link>{BASE}</link><x>{BASE}a.mp3</x>".encode(),
            "application/rss+xml; charset=utf-8",
        ),
        "chapters/a.json": (f'{{"img": "{BASE}a.jpg"}}'.encode(), "application/json+chapters"),
        "transcripts/a.vtt": (b"WEBVTT\n", "text/vtt; charset=utf-8"),
        KEY: (AUDIO + BASE.encode(), "audio/mpeg"),
        "empty.mp3": (b"", "audio/mpeg"),
        "gone.mp3": (b"x", "audio/mpeg"),
    }
    artifacts = {}
    for key, (data, content_type) in contents.items():
        path = built / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        artifacts[key] = File(path, content_type)
    (built / "gone.mp3").unlink()
    (built / "unlisted.txt").write_text("secret")
    with open_server(artifacts, BASE, 0) as opened:
        thread = threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield opened
        finally:
            opened.shutdown()
            thread.join()


def ask(server: PreviewServer, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.putrequest(method, path, skip_host="Host" in sent)
    for name, value in sent.items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return Answer(response.status, response.headers, body)


def send(server: PreviewServer, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=5) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
        return received


AUDIO_PATH = "/audio/part%201-%C3%A9.mp3"
WHOLE = AUDIO + BASE.encode()


def test_texts_name_the_server_and_audio_stays_as_it_is(server: PreviewServer) -> None:
    url = server.url
    assert ask(server, "/").body == f'<a href="{url}episodes/a.html">'.encode()
    assert ask(server, "/rising.xml").body == f"<link>{url}</link><x>{url}a.mp3</x>".encode()
    assert ask(server, "/chapters/a.json").body == f'{{"img": "{url}a.jpg"}}'.encode()
    assert ask(server, AUDIO_PATH).body == WHOLE
    local = f"localhost:{server.server_port}"
    assert f"http://{local}/" in ask(server, "/rising.xml", Host=local).body.decode()


def test_each_file_has_its_own_type_and_may_be_read_by_web_players(server: PreviewServer) -> None:
    for path, content_type in (
        ("/", "text/html; charset=utf-8"),
        ("/rising.xml", "application/rss+xml; charset=utf-8"),
        ("/chapters/a.json", "application/json+chapters"),
        ("/transcripts/a.vtt", "text/vtt; charset=utf-8"),
        (AUDIO_PATH, "audio/mpeg"),
    ):
        answer = ask(server, path)
        assert answer.status == 200
        assert answer.headers["Content-Type"] == content_type
        assert answer.headers["Content-Length"] == str(len(answer.body))
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        head = ask(server, path, "HEAD")
        assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(answer.body)))
        assert head.headers["ETag"] == answer.headers["ETag"]


SIZE = len(WHOLE)


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=500000-", 500_000, SIZE - 1),
        (f"bytes=100-{SIZE * 2}", 100, SIZE - 1),
        ("bytes=-5", SIZE - 5, SIZE - 1),
        (f"bytes=-{SIZE * 2}", 0, SIZE - 1),
        (f"Bytes={SIZE - 1}-{SIZE - 1}", SIZE - 1, SIZE - 1),
    ],
)
def test_ranges(server: PreviewServer, wanted: str, first: int, last: int) -> None:
    answer = ask(server, AUDIO_PATH, Range=wanted)
    assert answer.status == 206
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert answer.headers["Content-Length"] == str(last - first + 1)
    assert answer.body == WHOLE[first : last + 1]


@pytest.mark.parametrize("wanted", [f"bytes={SIZE}-", "bytes=9999999999-99999999999", "bytes=-0"])
def test_ranges_outside_the_file_are_refused(server: PreviewServer, wanted: str) -> None:
    answer = ask(server, AUDIO_PATH, Range=wanted)
    assert (answer.status, answer.headers["Content-Range"], answer.body) == (416, f"bytes */{SIZE}", b"")


@pytest.mark.parametrize(
    "wanted",
    ["bytes=5-4", "bytes=-", "bytes=a-b", "seconds=0-1", "bytes=0-1,5-6", "bytes=0-" + "9" * 30, "x"],
)
def test_what_is_no_single_range_gets_the_whole(server: PreviewServer, wanted: str) -> None:
    answer = ask(server, AUDIO_PATH, Range=wanted)
    assert (answer.status, len(answer.body)) == (200, SIZE)


def test_a_head_request_ignores_ranges(server: PreviewServer) -> None:
    assert ask(server, AUDIO_PATH, "HEAD", Range="bytes=0-1").status == 200


def test_a_range_of_an_empty_file_is_refused(server: PreviewServer) -> None:
    assert ask(server, "/empty.mp3", Range="bytes=0-").status == 416
    assert ask(server, "/empty.mp3").body == b""


def test_a_range_holds_only_for_the_same_bytes(server: PreviewServer) -> None:
    etag = str(ask(server, AUDIO_PATH, "HEAD").headers["ETag"])
    assert ask(server, AUDIO_PATH, Range="bytes=0-9", If_Range=etag).status == 206
    assert ask(server, AUDIO_PATH, Range="bytes=0-9", If_Range='"other"').status == 200
    assert ask(server, AUDIO_PATH, Range="bytes=0-9", If_Range=f"W/{etag}").status == 200


def test_what_is_known_is_not_sent_again(server: PreviewServer) -> None:
    for path in ("/rising.xml", AUDIO_PATH):
        etag = str(ask(server, path).headers["ETag"])
        for known in (etag, f'"a", W/{etag}', "*"):
            for method in ("GET", "HEAD"):
                answer = ask(server, path, method, If_None_Match=known)
                assert (answer.status, answer.body) == (304, b"")
                assert answer.headers["ETag"] == etag
        assert ask(server, path, If_None_Match='"other"').status == 200


def test_a_file_that_changes_gets_another_etag(server: PreviewServer) -> None:
    before = ask(server, AUDIO_PATH).headers["ETag"]
    server.artifacts[KEY].path.write_bytes(b"new")
    answer = ask(server, AUDIO_PATH)
    assert answer.body == b"new"
    assert answer.headers["ETag"] != before


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/audio/../../secret.txt",
        "/audio/%2e%2e%2f..%2fsecret.txt",
        "//secret.txt",
        "/%2Fetc/passwd",
        "//etc/passwd",
        "/etc/passwd",
        "/file:///etc/passwd",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "/%00",
        "/index.html%00.mp3",
        "/%ff%fe",
        "/unlisted.txt",
        "/audio",
        "/audio/",
        "/gone.mp3",
        "/index.html/",
        "/./index.html",
        "/%252e%252e/secret.txt",
        "/[x",
        "/" + "a" * 20_000,
    ],
)
def test_only_built_files_are_served(server: PreviewServer, path: str) -> None:
    answer = ask(server, path)
    assert answer.status == 404
    assert b"secret" not in answer.body
    assert b"index.html" not in answer.body


def test_an_address_that_is_none_is_not_found(server: PreviewServer) -> None:
    host = f"127.0.0.1:{server.server_port}"
    answer = send(server, f"GET http://[/index.html HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 404 ")


def test_a_query_or_a_whole_address_finds_the_same_file(server: PreviewServer) -> None:
    assert ask(server, "/rising.xml?x=../y").status == 200
    assert ask(server, f"{server.url}rising.xml").status == 200


@pytest.mark.parametrize(
    "host", ["evil.example.org", "evil.example.org:8000", "", "127.0.0.1", "127.0.0.1:1", "0.0.0.0", "[::1]"]
)
def test_only_this_machine_by_its_own_name_is_answered(server: PreviewServer, host: str) -> None:
    answer = ask(server, "/rising.xml", Host=host)
    assert answer.status == 421
    assert b"link" not in answer.body


def test_one_host_exactly(server: PreviewServer) -> None:
    own = f"127.0.0.1:{server.server_port}".encode()
    assert (
        b" 421 "
        in send(server, b"GET / HTTP/1.1\r\nHost: " + own + b"\r\nHost: evil\r\n\r\n").split(b"\r\n")[0]
    )
    assert b" 421 " in send(server, b"GET / HTTP/1.1\r\n\r\n").split(b"\r\n")[0]
    assert b" 421 " in send(server, b"GET / HTTP/1.0\r\n\r\n").split(b"\r\n")[0]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_it_only_reads(server: PreviewServer, method: str) -> None:
    before = server.artifacts["rising.xml"].path.read_bytes()
    answer = ask(server, "/rising.xml", method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert server.artifacts["rising.xml"].path.read_bytes() == before


def test_a_request_hidden_in_a_body_is_not_answered(server: PreviewServer) -> None:
    host = f"Host: 127.0.0.1:{server.server_port}\r\n".encode()
    hidden = b"GET / HTTP/1.1\r\n" + host + b"\r\n"
    answer = send(server, b"POST / HTTP/1.1\r\n" + host + b"Content-Length: 50\r\n\r\n" + hidden)
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"\x16\x03\x01\x02",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GARBAGE / HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_nonsense_ends_the_connection_only(server: PreviewServer, request_bytes: bytes) -> None:
    send(server, request_bytes)
    assert ask(server, "/").status == 200


def test_headers_cannot_be_split(server: PreviewServer) -> None:
    answer = send(
        server,
        f"GET /%0d%0aX-Evil:%201 HTTP/1.1\r\nHost: 127.0.0.1:{server.server_port}\r\nConnection: close\r\n\r\n".encode(),
    )
    assert b"X-Evil" not in answer


def test_a_player_that_hangs_up_disturbs_nobody(
    server: PreviewServer, capfd: pytest.CaptureFixture[str]
) -> None:
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", server.server_port)) as connection:
            host = f"127.0.0.1:{server.server_port}"
            connection.sendall(f"GET {AUDIO_PATH} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            connection.recv(10)
            connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0"
            )  # reset, not close
    assert ask(server, "/").status == 200
    assert capfd.readouterr() == ("", "")


def test_one_connection_carries_many_answers(server: PreviewServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    for path, length in ((AUDIO_PATH, SIZE), ("/nothing", None), ("/rising.xml", None), (AUDIO_PATH, SIZE)):
        connection.request("GET", path)
        body = connection.getresponse().read()
        assert length is None or len(body) == length
    connection.close()


def test_only_the_loopback_address_is_bound(server: PreviewServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_a_port_in_use_is_told(server: PreviewServer) -> None:
    with pytest.raises(SurroundingsError, match=f"cannot use port {server.server_port}") as caught:
        open_server({}, BASE, server.server_port)
    assert "--port" in caught.value.hint
    with pytest.raises(SurroundingsError, match="cannot use port 70000"):
        open_server({}, BASE, 70_000)


def test_serve_tells_its_address_and_ends_quietly_when_interrupted() -> None:
    told: list[str] = []

    def interrupt(url: str) -> None:
        told.append(url)
        import _thread

        threading.Timer(0.2, _thread.interrupt_main).start()

    before = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # who runs tests in the background ignores it
    try:
        serve({}, BASE, 0, interrupt)
    finally:
        signal.signal(signal.SIGINT, before)
    assert told[0].startswith("http://127.0.0.1:")

"""The command line against a real S3 server: published, played by ranges, published again, raced."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from s3_server import environment, running_server

from publisher.model import TargetSettings

pytestmark = pytest.mark.integration


def run(root: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "publisher", "-C", str(root), *words],
        capture_output=True,
        text=True,
        env={**os.environ, **environment(), **variables},
    )


def add_target(root: Path) -> TargetSettings:
    target = running_server().new_target()
    with (root / "show.toml").open("a") as file:
        file.write(
            f'\n[targets.s3]\nurl = "{target.url}"\nregion = "us-east-1"\nendpoint = "{target.endpoint}"\n'
        )
    return target


def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        return answer.status, {key.lower(): value for key, value in answer.headers.items()}, answer.read()


def test_a_published_show_can_be_heard_by_anybody(own_show: Path) -> None:
    target, server = add_target(own_show), running_server()
    done = run(own_show, "publish", "--target", "s3", "--json")
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    assert document["live"] == "updated"

    feed_url = server.url(target, "rising-from-the-margins.xml")
    status, headers, feed = get(feed_url)
    assert (status, headers["content-type"]) == (200, "application/rss+xml; charset=utf-8")
    assert "max-age=300" in headers["cache-control"]
    assert hashlib.sha256(feed).hexdigest() == document["feeds"][0]["sha256"]

    record = json.loads(get(server.url(target, ".publisher/live.json"))[2])
    base = "https://media.example.org/rising/"
    enclosures = [dict(element.attrib) for element in etree.fromstring(feed).findall(".//enclosure")]
    assert len(enclosures) == 2
    for enclosure in enclosures:
        key = str(enclosure["url"]).removeprefix(base)
        url = server.url(target, key)
        status, headers, part = get(url, Range="bytes=0-99")
        assert (status, len(part), headers["content-type"]) == (206, 100, "audio/mpeg")
        assert headers["content-range"] == f"bytes 0-99/{enclosure['length']!s}"
        assert "immutable" in headers["cache-control"]
        assert hashlib.sha256(get(url)[2]).hexdigest() == record["objects"][key]

    links = [element.text for element in etree.fromstring(feed).iter("link", "url") if element.text]
    tags = etree.fromstring(feed).iter("{*}transcript", "{*}chapters", "{*}image")
    links += [str(tag.attrib[name]) for tag in tags for name in ("url", "href") if name in tag.attrib]
    assert len(links) >= 8
    for link in links:
        assert link.startswith(base)
        assert get(server.url(target, link.removeprefix(base)))[0] == 200

    again = json.loads(run(own_show, "publish", "--target", "s3", "--json").stdout)
    assert (again["live"], again["uploaded"]) == ("unchanged", 0)
    assert again["requests"] <= 3


def test_two_publishers_at_once_one_wins_and_the_other_is_told(own_show: Path) -> None:
    add_target(own_show)
    assert run(own_show, "publish", "--target", "s3").returncode == 0
    texts = {}
    for number in range(2):
        copy = own_show.with_name(f"copy-{number}")
        subprocess.run(["cp", "-r", own_show, copy], check=True)
        episode = copy / "episodes/bakersfield-part-1/episode.md"
        text = episode.read_text(encoding="utf-8").replace("summary: ", f"summary: Version {number}. ")
        episode.write_text(text, encoding="utf-8")
        texts[number] = run(copy, "build").returncode
    assert set(texts.values()) == {0}
    command = [sys.executable, "-m", "publisher", "publish", "--target", "s3"]
    runs = [
        subprocess.Popen(
            [*command, "-C", str(own_show.with_name(f"copy-{number}"))],
            env={**os.environ, **environment()},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(2)
    ]
    results = [(process.communicate(), process.returncode) for process in runs]
    codes = sorted(code for _, code in results)
    assert codes in ([0, 5], [0, 0]), results  # the second may have started after the first had finished
    for (_, message), code in results:
        if code == 5:
            assert "live feed: " in message


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"AWS_SECRET_ACCESS_KEY": "wrong"}, "secret"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "credentials"),
        ({"AWS_ACCESS_KEY_ID": "AKIANOBODY"}, "key"),
    ],
)
def test_wrong_credentials_are_said_plainly_and_never_shown(
    minimal: Path, variables: dict[str, str], words: str
) -> None:
    add_target(minimal)
    done = run(minimal, "plan", "--locked", "--target", "s3", **variables)
    assert done.returncode == 3
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret-of-the-tests" not in done.stderr + done.stdout


def test_a_bucket_that_is_not_there_is_named(minimal: Path) -> None:
    target = add_target(minimal)
    text = (minimal / "show.toml").read_text()
    (minimal / "show.toml").write_text(text.replace(target.url, "s3://no-such-bucket-here/x"))
    done = run(minimal, "publish", "--locked", "--target", "s3")
    assert done.returncode == 3
    assert "no-such-bucket-here" in done.stderr

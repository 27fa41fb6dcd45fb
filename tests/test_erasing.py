"""An episode that is erased: nothing of it is left, and everything else is as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from faulty_store import running_faults
from s3_server import running_server, use_credentials
from spoken_show import guid_of, make_spoken, write_spoken
from test_cli import edit, run, run_json
from test_coming_and_going import CANARY, everything, write_canary

from publisher.model import TargetSettings
from publisher.publish.erasing import cut_item, names_of
from publisher.storage import open_storage

LIVE = "public/small-show.xml"


def publish_and_withdraw(show: Path, *words: str) -> None:
    """Publish a release without the episode, two with it, and one without it again."""
    run(show, "publish", "--locked", *words)
    write_canary(show, "two", date="2026-01-02 06:00")
    run(show, "publish", "--locked", *words)
    write_spoken(show, "three", date="2026-01-03 06:00")
    run(show, "publish", "--locked", *words)
    run(show, "withdraw", "two")
    run(show, "publish", "--locked", *words)


def test_nothing_of_the_episode_is_left_and_the_rest_is_whole(tmp_path: Path) -> None:
    show = make_spoken(tmp_path / "show", "one")
    publish_and_withdraw(show)
    assert CANARY in everything(show)
    live = (show / LIVE).read_bytes()
    document = run_json(show, "erase", "two")
    assert document["left"] == []
    assert len(document["removed"]) > 4
    assert CANARY not in everything(show)
    assert guid_of("two") not in everything(show)
    assert not list((show / "public").rglob("two-*"))
    assert not list((show / "public").rglob("two.html"))
    assert not list((show / "build").rglob("two*"))
    assert (show / LIVE).read_bytes() == live
    assert run_json(show, "verify")["damage"] == []
    assert "nothing to do" in run(show, "publish", "--locked").stdout
    assert run_json(show, "erase", "two")["removed"] == []


def test_no_rollback_brings_it_back(tmp_path: Path) -> None:
    show = make_spoken(tmp_path / "show", "one")
    publish_and_withdraw(show)
    run(show, "erase", "two")
    releases = run_json(show, "releases")["releases"]
    assert [entry["release"] for entry in releases] == [4, 3, 2, 1]
    for number in (3, 2, 1, 4):
        run(show, "rollback", str(number))
        assert guid_of("two") not in (show / LIVE).read_text()
        assert guid_of("one") in (show / LIVE).read_text()
        assert run_json(show, "verify")["damage"] == []
    run(show, "rollback", "3")
    assert guid_of("three") in (show / LIVE).read_text()


def test_what_is_not_withdrawn_or_still_live_is_not_erased(tmp_path: Path) -> None:
    show = make_spoken(tmp_path / "show", "one", "two")
    run(show, "publish", "--locked")
    before = everything(show)
    assert "not withdrawn" in run(show, "erase", "two", exit_code=2).stderr
    run(show, "withdraw", "two")
    assert "still in" in run(show, "erase", "two", exit_code=2).stderr
    assert everything(show) == before


@pytest.mark.integration
def test_it_is_gone_from_a_bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_credentials(monkeypatch)
    target = running_server().new_target()
    show = make_spoken(tmp_path / "show", "one")
    add_target(show, target)
    publish_and_withdraw(show, "--target", "s3")
    assert run_json(show, "erase", "two", "--target", "s3")["left"] == []
    storage = open_storage(target, tmp_path)
    for entry in list(storage.list()):
        stored = storage.read(entry.key)
        assert stored
        assert "two" not in entry.key
        assert CANARY.encode() not in stored.data
    assert run_json(show, "verify", "--target", "s3")["damage"] == []


def add_target(show: Path, target: TargetSettings) -> None:
    edit(
        show,
        "show.toml",
        "[feeds.small-show]",
        f'[targets.s3]\nurl = "{target.url}"\nregion = "us-east-1"\nendpoint = "{target.endpoint}"\n\n'
        "[feeds.small-show]",
    )


@pytest.mark.integration
@pytest.mark.parametrize("keeps_versions", ["from the start", "later"])
def test_no_version_of_it_is_left_in_a_bucket_that_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keeps_versions: str
) -> None:
    use_credentials(monkeypatch)
    server = running_server()
    target = server.new_versioned_target()
    bucket, client = target.url.split("/")[2], server.client
    show = make_spoken(tmp_path / "show", "one")
    add_target(show, target)
    if keeps_versions == "from the start":
        server.keep_versions(target)
    publish_and_withdraw(show, "--target", "s3")
    server.keep_versions(target)
    keys = {key for key, _ in server.everything_kept(target)}
    audio = next(key for key in keys if "/audio/two-" in key)
    page = next(key for key in keys if key.endswith("episodes/two.html"))
    client.put_object(Bucket=bucket, Key=page, Body=CANARY.encode())  # over the page that is there
    client.delete_object(Bucket=bucket, Key=page)  # by hand: only hides it
    client.create_multipart_upload(Bucket=bucket, Key=audio)
    other = f"{audio.rpartition('-')[0]}-{'a' * 26}.mp3"  # never finished, so no listing shows it
    client.create_multipart_upload(Bucket=bucket, Key=other)
    before = server.everything_kept(target)
    assert any(CANARY.encode() in data for data in before.values())

    document = run_json(show, "erase", "two", "--target", "s3")
    assert document["left"] == []
    assert {audio.removeprefix("podcast/"), page.removeprefix("podcast/")} <= {*document["removed"]}
    for (key, _), data in server.everything_kept(target).items():
        assert "two" not in key
        assert CANARY.encode() not in data, key
        assert guid_of("two").encode() not in data, key
    answer = client.list_object_versions(Bucket=bucket)
    assert not any("two" in mark["Key"] for mark in answer.get("DeleteMarkers", ()))
    assert "Uploads" not in client.list_multipart_uploads(Bucket=bucket)
    assert run_json(show, "verify", "--target", "s3")["damage"] == []
    assert "nothing to do" in run(show, "publish", "--locked", "--target", "s3").stdout
    assert run_json(show, "erase", "two", "--target", "s3")["removed"] == []


@pytest.mark.integration
@pytest.mark.parametrize(
    ("action", "resource", "says"),
    [
        ("s3:DeleteObjectVersion", "/podcast/audio/*", "does not permit this"),
        ("s3:ListBucketVersions", "", "its older versions, if any, could not be looked for"),
        (
            "s3:ListBucketMultipartUploads",
            "",
            "parts of uploads that broke off, if any, could not be looked for",
        ),
    ],
)
def test_what_could_not_be_erased_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, action: str, resource: str, says: str
) -> None:
    use_credentials(monkeypatch)
    server = running_server()
    target = server.new_versioned_target()
    bucket = target.url.split("/")[2]
    server.keep_versions(target)
    show = make_spoken(tmp_path / "show", "one")
    add_target(show, target)
    publish_and_withdraw(show, "--target", "s3")
    denied = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": f"arn:aws:s3:::{bucket}{resource}",
    }
    server.client.put_bucket_policy(
        Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [denied]})
    )
    document = run_json(show, "erase", "two", "--target", "s3", exit_code=1)
    left = {row["key"]: row["why"] for row in document["left"]}
    audio = next(key for key in document["removed"] if key.startswith("audio/two-"))
    assert says in left[audio]
    if resource:
        assert left.keys() == {audio}
    else:
        assert says in left["other files of two"]
    storage = open_storage(target, tmp_path)
    if not resource:
        assert storage.read(audio) is None
    assert CANARY.encode() not in b"".join(
        stored.data for entry in storage.list() if entry.key != audio and (stored := storage.read(entry.key))
    )


@pytest.mark.integration
@pytest.mark.parametrize(
    ("keeps_versions", "status", "code", "is_certain"),
    [
        (False, 501, "NotImplemented", True),
        (True, 501, "NotImplemented", False),  # removing tells that it does keep them
        (False, 405, "MethodNotAllowed", False),
    ],
)
def test_a_store_that_knows_no_versions_has_none(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    keeps_versions: bool,
    status: int,
    code: str,
    is_certain: bool,
) -> None:
    use_credentials(monkeypatch)
    server = running_server()
    target = server.new_versioned_target() if keeps_versions else server.new_target()
    if keeps_versions:
        server.keep_versions(target)
    show = make_spoken(tmp_path / "show", "one")
    with running_faults(server.port) as faults:
        faults.refused["versions"] = status, code
        add_target(show, replace(target, endpoint=faults.endpoint))
        publish_and_withdraw(show, "--target", "s3")
        document = run_json(show, "erase", "two", "--target", "s3", exit_code=0 if is_certain else 1)
    left = {row["key"]: row["why"] for row in document["left"]}
    audio = next(key for key in document["removed"] if key.startswith("audio/two-"))
    if is_certain:
        assert left == {}
    else:
        assert left[audio] == "its older versions, if any, could not be looked for"
    storage = open_storage(target, tmp_path)
    there = {entry.key: storage.read(entry.key) for entry in storage.list()}
    assert not [key for key in there if "two" in key]
    assert not [key for key, stored in there.items() if stored and CANARY.encode() in stored.data]


def test_only_the_one_item_is_cut() -> None:
    feed = b"<channel>\n  <item>\n<guid>a</guid>\n</item>\n  <item>\n<guid>ab</guid>\n</item>\n</channel>"
    assert cut_item(feed, "a") == b"<channel>\n  <item>\n<guid>ab</guid>\n</item>\n</channel>"
    assert cut_item(feed, "b") == feed


def test_the_names_of_an_episode_and_of_no_other() -> None:
    digest = "a" * 26
    names = names_of(["part-1"])
    assert names.fullmatch(f"audio/part-1-{digest}.mp3")
    assert names.fullmatch(f"transcripts/part-1.es-{digest}.vtt")
    assert names.fullmatch("episodes/part-1.html")
    assert names.fullmatch("es/episodes/part-1.html")
    for other in (
        f"audio/part-12-{digest}.mp3",
        f"audio/part-1-again-more-{digest}.mp3",
        "episodes/part-10.html",
    ):
        assert not names.fullmatch(other)

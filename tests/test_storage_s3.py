from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import Loader
from fault_proxy import FaultProxy
from s3_server import BUCKET, SECRET_KEY, environment, running_server, use_credentials
from storage_contract import AUDIO, FEED, StorageContract, digest, make_file, stored_as
from stub_s3 import StubStore, running_stub

from publisher.errors import PublisherError, SurroundingsError, UsageError
from publisher.model import TargetSettings
from publisher.storage import StaleError, open_storage
from publisher.storage.s3 import S3Storage, open_s3
from publisher.storage.s3.services import ServiceLoader

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    use_credentials(monkeypatch)


@pytest.fixture
def target() -> TargetSettings:
    return running_server().new_target()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Don't wait between tries."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)


def requests_of(storage: S3Storage) -> Counter[str]:
    """Count what goes over the wire from here on, by method."""
    seen: Counter[str] = Counter()

    def count(request: Any, **_: object) -> None:
        seen[request.method] += 1

    storage._client.meta.events.register("before-send.s3", count)
    return seen


class TestS3(StorageContract):
    @pytest.fixture
    def storage(self, target: TargetSettings) -> S3Storage:
        return open_s3(target)


class TestS3WithoutAPrefix:
    def test_keys_are_at_the_top_of_the_bucket(self, tmp_path: Path, target: TargetSettings) -> None:
        storage = open_s3(replace(target, url=f"s3://{BUCKET}/"))
        storage.put_new("top.mp3", make_file(tmp_path, b"x"), sha256=digest(b"x"), **AUDIO)
        assert [entry.key for entry in storage.list("top")] == ["top.mp3"]
        assert storage.address == f"s3://{BUCKET}"


def test_types_caching_and_digest_are_kept_by_the_store(tmp_path: Path, target: TargetSettings) -> None:
    storage = open_s3(target)
    storage.put_new("a.mp3", make_file(tmp_path, b"x"), sha256=digest(b"x"), **AUDIO)
    storage.swap("feed.xml", b"y", expected_etag=None, **FEED)
    client, prefix = running_server().client, target.url.removeprefix(f"s3://{BUCKET}/")
    for key, headers in (("a.mp3", AUDIO), ("feed.xml", FEED)):
        head = client.head_object(Bucket=BUCKET, Key=f"{prefix}/{key}", ChecksumMode="ENABLED")
        assert (head["ContentType"], head["CacheControl"]) == tuple(headers.values())
        assert head["ChecksumSHA256"]


def test_a_new_file_takes_one_request_and_one_that_is_there_sends_nothing(
    tmp_path: Path, target: TargetSettings
) -> None:
    storage = open_s3(target)
    path = make_file(tmp_path, b"x" * 1_000_000)
    sha256 = digest(b"x" * 1_000_000)
    seen = requests_of(storage)
    storage.put_new("a.mp3", path, sha256=sha256, **AUDIO)
    assert seen == {"PUT": 1}
    seen.clear()
    sent: list[int] = []
    storage.put_new("a.mp3", path, sha256=sha256, look_first=True, on_bytes=sent.append, **AUDIO)
    assert seen == {"HEAD": 1}
    assert sent == []


# Faults of the network


@pytest.mark.parametrize("modes", [["refuse", "pass"], ["cut:100000", "pass"], ["drop", "pass"]])
@pytest.mark.usefixtures("quick")
def test_one_fault_is_overcome(tmp_path: Path, target: TargetSettings, modes: list[str]) -> None:
    proxy = FaultProxy(running_server().port, modes)
    storage = open_s3(replace(target, endpoint=proxy.endpoint))
    data = b"sound" * 100_000
    sent: list[int] = []
    outcome = storage.put_new(
        "a.mp3", make_file(tmp_path, data), sha256=digest(data), on_bytes=sent.append, **AUDIO
    )
    proxy.close()
    assert outcome == "created"
    assert sum(sent) == len(data)
    stored = open_s3(target).read("a.mp3")
    assert stored
    assert stored.data == data


@pytest.mark.usefixtures("quick")
def test_the_lost_answer_of_a_swap_is_no_conflict(target: TargetSettings) -> None:
    direct = open_s3(target)
    first = direct.swap("feed.xml", b"one", expected_etag=None, **FEED)
    proxy = FaultProxy(running_server().port, ["drop", "pass"])
    storage = open_s3(replace(target, endpoint=proxy.endpoint))
    etag = storage.swap("feed.xml", b"two", expected_etag=first, **FEED)
    proxy.close()
    assert stored_as(direct, "feed.xml") == (b"two", etag)


@pytest.mark.usefixtures("quick")
def test_after_a_lost_answer_a_real_conflict_is_still_one(target: TargetSettings) -> None:
    direct = open_s3(target)
    first = direct.swap("feed.xml", b"one", expected_etag=None, **FEED)
    direct.swap("feed.xml", b"theirs", expected_etag=first, **FEED)
    proxy = FaultProxy(running_server().port, ["refuse", "pass"])
    with pytest.raises(StaleError):
        open_s3(replace(target, endpoint=proxy.endpoint)).swap(
            "feed.xml", b"two", expected_etag=first, **FEED
        )
    proxy.close()
    stored = direct.read("feed.xml")
    assert stored
    assert stored.data == b"theirs"


@pytest.mark.usefixtures("quick")
def test_a_broken_download_is_begun_again(target: TargetSettings) -> None:
    data = b"feed" * 100_000
    open_s3(target).swap("feed.xml", data, expected_etag=None, **FEED)
    proxy = FaultProxy(running_server().port, ["cut_down:100000", "pass"])
    stored = open_s3(replace(target, endpoint=proxy.endpoint)).read("feed.xml")
    proxy.close()
    assert stored
    assert stored.data == data
    assert proxy.connections == 2


@pytest.mark.parametrize("mode", ["refuse", "cut:1000", "drop"])
@pytest.mark.usefixtures("quick")
def test_a_network_that_stays_away_is_said_plainly(tmp_path: Path, target: TargetSettings, mode: str) -> None:
    proxy = FaultProxy(running_server().port, [mode])
    storage = open_s3(replace(target, endpoint=proxy.endpoint))
    data = b"sound" * 100_000
    with pytest.raises(SurroundingsError) as caught:
        storage.put_new("a.mp3", make_file(tmp_path, data), sha256=digest(data), **AUDIO)
    proxy.close()
    assert re.search("cannot be reached|broke off", caught.value.message)
    assert "run the same command again" in caught.value.hint


def test_a_large_file_takes_little_memory(tmp_path: Path, target: TargetSettings) -> None:
    """One process sends 100 MB; what it needs beyond its idle size is bounded."""
    script = f"""
import resource, sys
from pathlib import Path
from publisher.files import digest_file
from publisher.model import TargetSettings
from publisher.storage.s3 import open_s3
path = Path({str(tmp_path / "big")!r})
with path.open("wb") as handle:
    for _ in range(100):
        handle.write(b"x" * 1_000_000)
storage = open_s3(TargetSettings("t", {target.url!r}, region="us-east-1", endpoint={target.endpoint!r}))
storage.read("nothing")
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1 / 1024)
before = peak()
sent = []
storage.put_new("big.mp3", path, sha256=digest_file(path), content_type="audio/mpeg", cache_control="x", on_bytes=sent.append)
print(int(peak() - before), sum(sent))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PATH": "", **environment()},
        capture_output=True,
        text=True,
        check=True,
    )
    grown, sent = map(int, done.stdout.split())
    assert sent == 100_000_000
    assert grown < 100_000_000  # four parts of 16 MB, and what sends them


# Faults of the store


def test_a_store_without_checksums_is_read_to_the_last_byte(tmp_path: Path) -> None:
    with running_stub(StubStore()) as store:
        storage = open_s3(store.target)
        path = make_file(tmp_path, b"audio")
        assert storage.put_new("a.mp3", path, sha256=digest(b"audio"), **AUDIO) == "created"
        assert [method for method, _ in store.log] == ["PUT", "HEAD", "GET"]
        assert storage.put_new("a.mp3", path, sha256=digest(b"audio"), **AUDIO) == "exists"
        with pytest.raises(SurroundingsError, match="already in"):
            storage.put_new("a.mp3", make_file(tmp_path, b"other"), sha256=digest(b"other"), **AUDIO)


def test_a_store_that_damages_what_it_takes_is_found_out(tmp_path: Path) -> None:
    with running_stub(StubStore(damage=True)) as store, pytest.raises(SurroundingsError, match="other bytes"):
        open_s3(store.target).put_new(
            "a.mp3", make_file(tmp_path, b"audio"), sha256=digest(b"audio"), **AUDIO
        )


@pytest.mark.usefixtures("quick")
def test_a_store_that_loses_what_it_takes_is_found_out(tmp_path: Path) -> None:
    def forget(method: str, _: str) -> tuple[int, str] | None:
        return (404, "NoSuchKey") if method == "HEAD" else None

    with running_stub(StubStore(answer=forget)) as store, pytest.raises(SurroundingsError, match="was sent"):
        open_s3(store.target).put_new(
            "a.mp3", make_file(tmp_path, b"audio"), sha256=digest(b"audio"), **AUDIO
        )


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("status", "code"), [(409, "ConditionalRequestConflict"), (400, "BadDigest"), (503, "SlowDown")]
)
def test_a_passing_disturbance_is_overcome(tmp_path: Path, status: int, code: str) -> None:
    def disturbed(method: str, _: str) -> tuple[int, str] | None:
        return (status, code) if method == "PUT" and len(store.log) < 3 else None

    with running_stub(StubStore(answer=disturbed)) as store:
        storage = open_s3(store.target)
        path = make_file(tmp_path, b"audio")
        assert storage.put_new("a.mp3", path, sha256=digest(b"audio"), **AUDIO) == "created"
        store.log.clear()
        assert storage.swap("feed.xml", b"feed", expected_etag=None, **FEED)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("expected", [None, '"another"'])
def test_a_refused_condition_is_stale(expected: str | None) -> None:
    def refuse(method: str, _: str) -> tuple[int, str] | None:
        return (412, "PreconditionFailed") if method == "PUT" else None

    with running_stub(StubStore(answer=refuse)) as store, pytest.raises(StaleError):
        open_s3(store.target).swap("feed.xml", b"feed", expected_etag=expected, **FEED)


@pytest.mark.usefixtures("quick")
def test_an_endless_conflict_is_stale(target: TargetSettings) -> None:
    def disturbed(method: str, _: str) -> tuple[int, str] | None:
        return (409, "ConditionalRequestConflict") if method == "PUT" else None

    with running_stub(StubStore(answer=disturbed)) as store, pytest.raises(StaleError):
        open_s3(store.target).swap("feed.xml", b"feed", expected_etag=None, **FEED)


ANSWERS = {
    "SignatureDoesNotMatch": (403, "refused the secret key"),
    "InvalidAccessKeyId": (403, "does not know this access key"),
    "ExpiredToken": (400, "sign-in .* has expired"),
    "InvalidToken": (400, "sign-in .* has expired"),
    "NoSuchBucket": (404, "there is no bucket bucket"),
    "RequestTimeTooSkewed": (403, "clock of this computer is wrong"),
    "AccessDenied": (403, "does not permit"),
    "PermanentRedirect": (301, "in another region"),
    "AuthorizationHeaderMalformed": (400, "in another region"),
    "NotImplemented": (501, "would not be safe"),
    "EntityTooLarge": (400, "larger than"),
    "QuotaExceeded": (403, "is full"),
    "SlowDown": (503, "overloaded"),
    "InternalError": (500, "overloaded"),
    "BadDigest": (400, "did not arrive"),
    "SomethingNew": (418, r"refused a request \(SomethingNew, status 418\)"),
    "<b>odd": (418, r"refused a request \("),
}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("code", ANSWERS)
def test_every_answer_is_put_in_plain_words(tmp_path: Path, code: str) -> None:
    status, words = ANSWERS[code]
    with running_stub(StubStore(answer=lambda method, path: (status, code))) as store:
        storage = open_s3(store.target)
        path = make_file(tmp_path, b"x")
        calls: list[Callable[[], object]] = [
            lambda: storage.read("feed.xml"),
            lambda: storage.swap("feed.xml", b"x", expected_etag=None, **FEED),
            lambda: storage.put_new("a.mp3", path, sha256=digest(b"x"), **AUDIO),
            lambda: storage.put_new("a.mp3", path, sha256=digest(b"x"), look_first=True, **AUDIO),
            lambda: list(storage.list()),
        ]
        for call in calls:
            if code == "NoSuchBucket" and call is calls[3]:
                continue  # a HEAD cannot tell a missing bucket from a missing file; the PUT behind it can
            with pytest.raises(SurroundingsError, match=words) as caught:
                call()
            assert caught.value.hint
            assert caught.value.exit_code == 3


def failure(target: TargetSettings) -> PublisherError:
    with pytest.raises(PublisherError) as caught:
        open_s3(target).read("feed.xml")
    assert SECRET_KEY not in f"{caught.value.message} {caught.value.hint}"
    return caught.value


def test_a_wrong_secret(monkeypatch: pytest.MonkeyPatch, target: TargetSettings) -> None:
    use_credentials(monkeypatch, secret="a wrong secret")
    error = failure(target)
    assert "refused the secret key" in error.message
    assert "wrong secret" not in f"{error.message} {error.hint}"


def test_an_unknown_key(monkeypatch: pytest.MonkeyPatch, target: TargetSettings) -> None:
    use_credentials(monkeypatch, access="AKIANOBODY")
    assert "does not know this access key" in failure(target).message


def test_no_credentials(monkeypatch: pytest.MonkeyPatch, target: TargetSettings) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    error = failure(target)
    assert "no complete credentials" in error.message
    assert "AWS_ACCESS_KEY_ID" in error.hint


def test_half_of_the_credentials(monkeypatch: pytest.MonkeyPatch, target: TargetSettings) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert "no complete credentials" in failure(target).message


def test_an_unknown_profile(target: TargetSettings) -> None:
    assert "profile" in failure(replace(target, profile="nobody")).message


def test_no_such_bucket(target: TargetSettings) -> None:
    assert "no bucket not-there" in failure(replace(target, url="s3://not-there/x")).message


def test_nobody_answers(target: TargetSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    error = failure(replace(target, endpoint="http://127.0.0.1:9"))
    assert "127.0.0.1:9 cannot be reached" in error.message


def test_credentials_that_may_only_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: TargetSettings
) -> None:
    use_credentials(monkeypatch, access="AKIAREADER")
    storage = open_s3(target)
    assert storage.read("feed.xml") is None
    with pytest.raises(SurroundingsError, match="does not permit") as caught:
        storage.put_new("a.mp3", make_file(tmp_path, b"x"), sha256=digest(b"x"), **AUDIO)
    assert "s3:PutObject" in caught.value.hint


@pytest.mark.parametrize(
    "url", ["s3:", "s3://", "s3:///x", "s3://UPPER/x", "s3://a", "s3://user:pass@bucket/x", "s3://bucket/x?y", "s3://[",
            "s3://bucket/../x"],
)  # fmt: skip
def test_addresses_that_name_no_bucket(url: str) -> None:
    with pytest.raises(UsageError):
        open_s3(TargetSettings("t", url, region="us-east-1"))


@pytest.mark.parametrize(
    "endpoint", ["127.0.0.1:8333", "ftp://example.org", "http://", "http://user:secret@example.org", "http://[", "http://x:y",
                 "https://example.org/?x=y", "https://example.org/#x"]
)  # fmt: skip
def test_endpoints_that_cannot_be_one(endpoint: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_s3(TargetSettings("t", "s3://bucket/x", endpoint=endpoint))
    assert "secret" not in caught.value.message


def test_a_folder_that_cannot_be_one_is_said_of_the_target() -> None:
    with pytest.raises(UsageError, match="the target t cannot be used: a//b cannot be a folder"):
        open_s3(TargetSettings("t", "s3://bucket/a//b", region="us-east-1"))


def test_an_endpoint_may_have_a_path(tmp_path: Path) -> None:
    missing = {"/storage/v1/s3/bucket/p/gone.xml": (404, "NoSuchBucket")}
    with running_stub(StubStore(answer=lambda _, path: missing.get(path))) as store:
        storage = open_s3(replace(store.target, endpoint=f"{store.target.endpoint}/storage/v1/s3/"))
        storage.swap("feed.xml", b"x", expected_etag=None, **FEED)
        assert "/storage/v1/s3/bucket/p/feed.xml" in store.objects
        with pytest.raises(SurroundingsError, match=rf"at 127\.0\.0\.1:{store.port}/storage/v1/s3$"):
            storage.read("gone.xml")


def test_opening_by_scheme(target: TargetSettings, tmp_path: Path) -> None:
    storage = open_storage(target, tmp_path)
    assert isinstance(storage, S3Storage)
    assert storage.address == target.url
    assert open_s3(TargetSettings("t", "s3://bucket", region="eu-west-1")).address == "s3://bucket"


def test_every_service_that_boto3_describes_is_known() -> None:
    known = {*ServiceLoader().list_available_services("service-2")}
    assert known >= {*Loader().list_available_services("service-2")}
    assert {"s3", "sts", "sso"} <= known

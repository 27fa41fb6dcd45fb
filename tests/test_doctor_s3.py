"""What doctor finds out about a bucket, policy allows, and no output ever tells."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fault_proxy import FaultProxy
from s3_server import BUCKET, environment, running_server, use_credentials
from stub_s3 import StubStore, running_stub

from publisher.doctor.bucket import examine_storage
from publisher.model import TargetSettings
from publisher.storage.s3 import open_s3

pytestmark = pytest.mark.integration

ACCESS, SECRET, TOKEN = (
    "AKIACANARYCANARYCANA",
    "canary/SECRET+canary/SECRET+canary/SECRET1",
    "canaryTOKENcanary",
)
CANARIES = {"AWS_ACCESS_KEY_ID": ACCESS, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": TOKEN}


def run(root: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "publisher", "-C", str(root), *words],
        capture_output=True,
        text=True,
        env={**os.environ, **environment(), **variables},
    )


def add_target(root: Path, target: TargetSettings, more: str = "") -> None:
    path = root / "show.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        f'{text}\n[targets.s3]\nurl = "{target.url}"\nregion = "us-east-1"\n'
        f'endpoint = "{target.endpoint}"\n{more}'
    )


def results(root: Path, *words: str) -> dict[str, dict[str, Any]]:
    done = run(root, "doctor", "--json", "--target", "s3", *words)
    assert done.returncode in {0, 1}, done.stderr
    return {row["name"]: row for row in json.loads(done.stdout)["results"]}


def test_doctor_reads_a_published_show_as_an_app_would(own_show: Path) -> None:
    server = running_server()
    target = server.new_target()
    base = server.url(target, "")
    show = own_show / "show.toml"
    show.write_text(show.read_text().replace("https://media.example.org/rising/", base))
    add_target(own_show, target)
    assert run(own_show, "publish", "--target", "s3").returncode == 0
    found = results(own_show, "--allow-private", "127.0.0.0/8")
    well = {name.removeprefix("target s3: ") for name, row in found.items() if row["is_well"]}
    feed = "rising-from-the-margins.xml"
    assert well >= {
        "conditional writes",
        "clock",
        "unfinished uploads",
        f"{feed}: public reading",
        f"{feed}: type",
        f"{feed}: caching",
        f"{feed}: unchanged",
        "audio: ranges",
        "audio: type",
        "audio: caching",
        "audio: web players",
    }
    ill = {name: row for name, row in found.items() if not row["is_well"]}
    assert ill.keys() == {"target s3: https", "target s3: versions"}
    assert all(row["remedy"] for row in ill.values())
    keys = {
        entry["Key"].partition("podcast/")[2]
        for entry in server.client.list_objects_v2(Bucket=BUCKET, Prefix=f"{target.url.split('/')[3]}/")[
            "Contents"
        ]
    }
    assert {key for key in keys if "probe" in key} == {".publisher/probe"}


def test_doctor_finds_out_a_store_that_overlooks_conditions(monkeypatch: pytest.MonkeyPatch) -> None:
    use_credentials(monkeypatch)
    with running_stub(StubStore()) as store:
        rows = examine_storage("s3", open_s3(store.target), datetime.now(UTC))
        row = next(row for row in rows if row.name == "s3: conditional writes")
    assert not row.is_well
    assert "two people who publish at once could lose an episode" in row.found
    assert "conditional_writes = false" in row.remedy


def test_policy_names_the_target_s_own_folder_and_deletes_nothing(minimal: Path) -> None:
    add_target(
        minimal, TargetSettings("s3", "s3://my-bucket/podcast", endpoint="https://storage.example.org")
    )
    policy = json.loads(run(minimal, "policy", "--target", "s3").stdout)
    assert {part["Resource"] for part in policy["Statement"]} == {
        "arn:aws:s3:::my-bucket",
        "arn:aws:s3:::my-bucket/podcast/*",
    }
    assert "Delete" not in json.dumps(policy)
    reading = run(minimal, "policy", "--target", "s3", "--read-only", "--json")
    document = json.loads(reading.stdout)
    assert document["schema"] == "publisher/policy/1"
    assert "Put" not in json.dumps(document)
    erasing = json.loads(run(minimal, "policy", "--target", "s3", "--for", "erase").stdout)["Statement"]
    assert {"s3:ListBucketVersions", "s3:ListBucketMultipartUploads"} <= {*erasing[0]["Action"]}
    assert {"s3:DeleteObject", "s3:DeleteObjectVersion", "s3:AbortMultipartUpload"} <= {*erasing[1]["Action"]}
    refused = run(minimal, "policy", "--target", "local")
    assert refused.returncode == 2


ANSWERS = [
    (403, "SignatureDoesNotMatch"), (403, "InvalidAccessKeyId"), (400, "ExpiredToken"), (403, "AccessDenied"),
    (404, "NoSuchBucket"), (403, "RequestTimeTooSkewed"), (301, "PermanentRedirect"), (501, "NotImplemented"),
    (503, "SlowDown"), (418, f"x{ACCESS}x{SECRET}"),
]  # fmt: skip


@pytest.mark.parametrize(("status", "code"), ANSWERS)
def test_no_failure_tells_a_secret_even_when_the_store_does(minimal: Path, status: int, code: str) -> None:
    with running_stub(StubStore(answer=lambda method, path: (status, code))) as store:
        add_target(minimal, store.target)
        for words in (["publish", "-v"], ["plan", "--json", "-v"]):
            done = run(minimal, *words, "--locked", "--target", "s3", **CANARIES)
            assert done.returncode in {3, 4}, done.stdout + done.stderr
            assert_silent(done, minimal)


@pytest.mark.parametrize("mode", ["refuse", "cut:100", "drop"])
def test_no_broken_connection_tells_a_secret(minimal: Path, mode: str) -> None:
    proxy = FaultProxy(running_server().port, [mode])
    add_target(minimal, TargetSettings("s3", "s3://shows/x", endpoint=proxy.endpoint))
    done = run(minimal, "publish", "-v", "--locked", "--target", "s3", **CANARIES)
    proxy.close()
    assert done.returncode == 3
    assert_silent(done, minimal)


def assert_silent(done: subprocess.CompletedProcess[str], root: Path) -> None:
    """See that no canary is in any output, nor in any file that the run left."""
    texts = [done.stdout, done.stderr]
    texts += [path.read_text(errors="replace") for path in root.rglob("*") if path.is_file()]
    for text in texts:
        assert ACCESS not in text
        assert SECRET not in text
        assert TOKEN not in text
    assert "Traceback" not in done.stderr

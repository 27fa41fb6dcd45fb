"""A free port and an empty folder to a running SeaweedFS, a production S3 server that needs no root."""

from __future__ import annotations

import atexit
import functools
import itertools
import json
import secrets
import shutil
import socket
import subprocess
import sysconfig
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from publisher.model import TargetSettings

ACCESS_KEY = "AKIATEST"
SECRET_KEY = "secret-of-the-tests"  # of a server that lives for one test run
BUCKET = "shows"  # anybody may read it; few buckets, because each takes a share of the server's room
_SECONDS_TO_START = 60.0


@dataclass
class S3Server:
    """A running server; every test takes a folder of its own in the one bucket."""

    port: int
    process: subprocess.Popen[bytes]
    folder: Path
    _names: itertools.count[int] = field(default_factory=itertools.count)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def client(self):  # type: ignore[no-untyped-def]  # noqa: ANN201
        return _client(self.endpoint)

    def new_target(self) -> TargetSettings:
        """Name an empty place, as show.toml would."""
        url = f"s3://{BUCKET}/{next(self._names)}/podcast"
        return TargetSettings(name="s3", url=url, region="us-east-1", endpoint=self.endpoint)

    def new_versioned_target(self) -> TargetSettings:
        """Name an empty place in a bucket that does not keep versions yet, but can be told to."""
        name = f"versions-{next(self._names)}"
        self.client.create_bucket(Bucket=name)
        url = f"s3://{name}/podcast"
        return TargetSettings(name="s3", url=url, region="us-east-1", endpoint=self.endpoint)

    def keep_versions(self, target: TargetSettings) -> None:
        """Have the bucket of a target keep what is overwritten or removed."""
        self.client.put_bucket_versioning(
            Bucket=target.url.split("/")[2], VersioningConfiguration={"Status": "Enabled"}
        )

    def everything_kept(self, target: TargetSettings) -> dict[tuple[str, str], bytes]:
        """Return the bytes of every version of every object of a bucket, by key and version."""
        bucket = target.url.split("/")[2]
        pages = self.client.get_paginator("list_object_versions").paginate(Bucket=bucket)
        versions = [(each["Key"], each["VersionId"]) for page in pages for each in page.get("Versions", ())]
        return {
            (key, version): self.client.get_object(Bucket=bucket, Key=key, VersionId=version)["Body"].read()
            for key, version in versions
        }

    def url(self, target: TargetSettings, key: str) -> str:
        """Return where an object is for listeners."""
        return f"{self.endpoint}/{target.url.removeprefix('s3://')}/{key}"

    def stop(self) -> None:
        self.process.kill()  # nothing of it is kept, and who ends the workers does not wait for long
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


@functools.cache
def running_server() -> S3Server:
    """Start the server once in this process, to be ended with it; parallel workers have one each."""
    for _ in range(5):
        server = _start()
        if _is_ready(server):
            atexit.register(server.stop)
            return server
        server.stop()  # most likely somebody took one of its ports
    raise RuntimeError("SeaweedFS did not start")


def use_credentials(
    monkeypatch: pytest.MonkeyPatch, secret: str = SECRET_KEY, access: str = ACCESS_KEY
) -> None:
    """Give this process the credentials of the server, and nothing else of this machine's AWS settings."""
    for name, value in environment(secret, access).items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)


def environment(secret: str = SECRET_KEY, access: str = ACCESS_KEY) -> dict[str, str]:
    """Return the variables that the standard AWS chain reads."""
    return {
        "AWS_ACCESS_KEY_ID": access,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_CONFIG_FILE": "/nonexistent",
        "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _client(endpoint: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
    )


def _start() -> S3Server:
    folder = Path(tempfile.mkdtemp(prefix="s3-server-"))
    config = folder / "s3.json"
    everything = ["Admin", "Read", "Write", "List", "Tagging"]
    config.write_text(
        json.dumps(
            {
                "identities": [
                    {"name": "anonymous", "actions": [f"Read:{BUCKET}"]},
                    {
                        "name": "admin",
                        "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}],
                        "actions": everything,
                    },
                    {
                        "name": "reader",
                        "credentials": [{"accessKey": "AKIAREADER", "secretKey": SECRET_KEY}],
                        "actions": ["Read", "List"],
                    },
                ]
            }
        )
    )
    data = folder / "data"
    data.mkdir()
    master, volume, filer, s3 = _free_ports(4)
    weed = Path(sysconfig.get_path("scripts")) / "weed"
    log = (folder / "log").open("wb")
    with log:
        process = subprocess.Popen(
            [
                weed, "mini", f"-dir={data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
                f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}", f"-s3.port={s3}",
                f"-s3.config={config}", "-s3.autoCreateBucket=false", "-webdav=false", "-admin.ui=false",
                "-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false",
                "-volume.max=16", "-master.volumeSizeLimitMB=64",
            ],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=folder,
        )  # fmt: skip
    return S3Server(port=s3, process=process, folder=folder)


def _is_ready(server: S3Server) -> bool:
    """Wait for a write that succeeds: an open port is not enough."""
    deadline = time.monotonic() + _SECONDS_TO_START
    client = server.client
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            client.create_bucket(Bucket=BUCKET)
            client.put_object(Bucket=BUCKET, Key="ready", Body=b"ready")
        except (BotoCoreError, ClientError):
            time.sleep(0.05)
        else:
            return True
    return False


def _free_ports(count: int) -> list[int]:
    """Find ports P where P + 10000 is free, too: the server takes both."""
    found: list[int] = []
    while len(found) < count:
        port = 20_000 + secrets.randbelow(30_000)
        if port not in found and all(_is_free(number) for number in (port, port + 10_000)):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True

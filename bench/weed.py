"""A folder to a running SeaweedFS that anything may be sent to."""

from __future__ import annotations

import json
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

BUCKET = "bench"
_KEYS = {"accessKey": "AKIABENCH", "secretKey": "secret-of-the-benchmark"}
_SECONDS_TO_START = 60.0


@contextmanager
def running_weed(folder: Path) -> Iterator[str]:
    """Start the server, yield its endpoint, and end it."""
    (folder / "data").mkdir()
    everything = ["Admin", "Read", "Write", "List", "Tagging"]
    identities = [
        {"name": "anonymous", "actions": [f"Read:{BUCKET}"]},
        {"name": "bench", "credentials": [_KEYS], "actions": everything},
    ]
    (folder / "s3.json").write_text(json.dumps({"identities": identities}))
    master, volume, filer, s3 = _free_ports(4)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                str(Path(sys.executable).with_name("weed")), "mini", f"-dir={folder / 'data'}",
                "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-bucket={BUCKET}",
                f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}", f"-s3.port={s3}",
                f"-s3.config={folder / 's3.json'}", "-webdav=false", "-admin.ui=false",
                "-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false",
            ],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=folder,
        )  # fmt: skip
    try:
        endpoint = f"http://127.0.0.1:{s3}"
        _wait(f"{endpoint}/{BUCKET}/nothing")
        yield endpoint
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def credentials(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment with the server's credentials, and no other AWS settings."""
    kept = {name: value for name, value in environment.items() if not name.startswith("AWS_")}
    return {
        **kept,
        "AWS_ACCESS_KEY_ID": _KEYS["accessKey"],
        "AWS_SECRET_ACCESS_KEY": _KEYS["secretKey"],
        "AWS_REGION": "us-east-1",
        "AWS_CONFIG_FILE": "/nonexistent",
        "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _wait(address: str) -> None:
    """Wait until the server knows its bucket: then it says that there is no such object."""
    deadline = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except urllib.error.HTTPError as error:
            with error:
                if error.code == 404 and b"NoSuchKey" in error.read():
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("SeaweedFS did not start")


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

"""A bucket of an S3-compatible store as a storage: conditional writes whose checksums travel with them."""

from __future__ import annotations

import base64
import hashlib
import re
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import urlsplit

import boto3
from botocore import exceptions as boto
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from publisher.errors import SurroundingsError
from publisher.model import TargetSettings
from publisher.storage.protocol import (
    Entry,
    OnBytes,
    Outcome,
    StaleError,
    Stored,
    check_key,
    other_bytes,
)
from publisher.storage.s3_body import Body
from publisher.storage.s3_errors import Words, cannot_use, code_of, status_of, was_repeated

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ADDRESS = re.compile(r"(?i:s3)://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/?(?P<prefix>[^?#]*)")
_TRIES = 4
_PAUSE_SECONDS = 0.2
_CHUNK_BYTES = 1 << 20
_DAMAGED = {"BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch"}
_BROKE_OFF = (
    boto.ResponseStreamingError,
    boto.IncompleteReadError,
    boto.ReadTimeoutError,
    boto.FlexibleChecksumError,
)


class _Name(TypedDict):
    Bucket: str
    Key: str


class _Condition(TypedDict, total=False):
    IfMatch: str
    IfNoneMatch: str


def open_s3(target: TargetSettings) -> S3Storage:
    """Open the bucket of an `s3://BUCKET/PREFIX` address; credentials come from the standard AWS chain.

    Raises:
        UsageError: the address or the endpoint cannot be one.
        SurroundingsError: the profile is not set up on this computer.
    """
    address = _ADDRESS.fullmatch(target.url)
    if not address:
        raise cannot_use(target.name, f"{target.url} does not name a bucket")
    bucket, prefix = address["bucket"], address["prefix"].strip("/")
    host = _host_of(target.endpoint) if target.endpoint else "Amazon S3"
    if not host:
        raise cannot_use(target.name, "its endpoint is no address such as https://storage.example.org")
    words = Words(bucket=bucket, host=host)
    with words.explained():
        client = boto3.Session(profile_name=target.profile, region_name=target.region).client(
            "s3",
            endpoint_url=target.endpoint,
            config=Config(
                s3={"addressing_style": "path" if target.endpoint else "auto"},
                retries={"mode": "standard", "total_max_attempts": _TRIES},
                connect_timeout=10,
                read_timeout=60,
                request_checksum_calculation="when_required",  # ours are SHA-256, and always there
                response_checksum_validation="when_supported",
            ),
        )
    return S3Storage(client, bucket, f"{check_key(prefix)}/" if prefix else "", words)


class S3Storage:
    """Keep objects in a bucket below a prefix; the four verbs are those of the protocol."""

    lists_for_free = False

    def __init__(self, client: S3Client, bucket: str, prefix: str, words: Words) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix
        self._words = words
        self._requests = 0
        self._mutex = threading.Lock()
        client.meta.events.register("before-send.s3", self._before_send)

    @property
    def address(self) -> str:
        """Name the bucket and the prefix."""
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    @property
    def requests(self) -> int:
        """Count every request that was sent, repeated ones too."""
        return self._requests

    def _before_send(self, request: Any, **_: object) -> None:  # noqa: ANN401 - botocore's own event
        with self._mutex:
            self._requests += 1
        if isinstance(request.body, Body):
            request.body.start()

    def _name(self, key: str) -> _Name:
        return {"Bucket": self._bucket, "Key": self._prefix + check_key(key)}

    def put_new(
        self,
        key: str,
        path: Path,
        *,
        sha256: str,
        content_type: str,
        cache_control: str,
        look_first: bool = False,
        on_bytes: OnBytes | None = None,
    ) -> Outcome:
        """Send a file unless it is there, then read its checksum back; see the protocol."""
        outcome: Outcome = "exists"
        with self._words.explained():
            if look_first and self._holds(key, sha256):
                return outcome
            for attempt in range(1, _TRIES + 1):
                try:
                    with Body(path, on_bytes) as body:
                        self._put(key, body, sha256, content_type, cache_control, {"IfNoneMatch": "*"})
                    outcome = "created"
                    break
                except ClientError as error:
                    if status_of(error) == 412:  # it is there: perhaps by our own try whose answer was lost
                        outcome = "created" if was_repeated(error) else "exists"
                        break
                    self._pause_or_raise(error, attempt)
            if self._holds(key, sha256):
                return outcome
        raise SurroundingsError(
            f"{key} is not in {self.address} although it was sent", hint="run the same command again"
        )

    def swap(
        self, key: str, data: bytes, *, expected_etag: str | None, content_type: str, cache_control: str
    ) -> str:
        """Replace an object on the condition of its etag; see the protocol."""
        condition: _Condition = {"IfMatch": expected_etag} if expected_etag else {"IfNoneMatch": "*"}
        sha256 = hashlib.sha256(data).hexdigest()
        with self._words.explained():
            for attempt in range(1, _TRIES + 1):
                try:
                    return self._put(key, data, sha256, content_type, cache_control, condition)
                except ClientError as error:
                    if status_of(error) == 412 or code_of(error) in {"NoSuchKey", "404"}:
                        now = self.read(key) if was_repeated(error) else None
                        if now and now.data == data:  # our own try, whose answer was lost
                            return now.etag
                        raise StaleError(key) from error
                    if status_of(error) == 409 and attempt == _TRIES:
                        raise StaleError(key) from error
                    self._pause_or_raise(error, attempt)
        raise AssertionError("the last try returns or raises")

    def read(self, key: str) -> Stored | None:
        """Return an object's bytes and etag; a broken download is begun again."""
        with self._words.explained():
            for attempt in range(1, _TRIES + 1):
                try:
                    answer = self._client.get_object(**self._name(key))
                    with closing(answer["Body"]) as body:
                        return Stored(body.read(), answer["ETag"])
                except self._client.exceptions.NoSuchKey:
                    return None
                except _BROKE_OFF as error:
                    self._pause_or_raise(error, attempt)
        raise AssertionError("the last try returns or raises")

    def list(self, prefix: str = "") -> Iterator[Entry]:
        """Yield the objects below a prefix, a thousand a request."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._prefix + prefix
        )
        with self._words.explained():
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield Entry(entry["Key"].removeprefix(self._prefix), entry["Size"])

    def _put(
        self,
        key: str,
        body: Body | bytes,
        sha256: str,
        content_type: str,
        cache_control: str,
        condition: _Condition,
    ) -> str:
        answer = self._client.put_object(
            **self._name(key),
            Body=body,
            ChecksumSHA256=_base64(sha256),
            ContentType=content_type,
            CacheControl=cache_control,
            **condition,
        )
        return answer["ETag"]

    def _holds(self, key: str, sha256: str) -> bool:
        """Tell whether an object is there; one with other bytes is an error. A name alone proves nothing."""
        try:
            answer = self._client.head_object(**self._name(key), ChecksumMode="ENABLED")
        except ClientError as error:
            if status_of(error) == 404:
                return False
            self._client.get_object(**self._name(key), Range="bytes=0-0")["Body"].close()  # says why
            raise
        known = answer.get("ChecksumSHA256", "")
        if not known or "-" in known:  # a store that keeps none, or the digest of the parts of an upload
            known = self._digest(key)
        if known != _base64(sha256):
            raise other_bytes(self.address, key)
        return True

    def _digest(self, key: str) -> str:
        """Download an object to know its SHA-256, for stores that keep no checksums."""
        digest = hashlib.sha256()
        with closing(self._client.get_object(**self._name(key))["Body"]) as body:
            for chunk in body.iter_chunks(_CHUNK_BYTES):
                digest.update(chunk)
        return base64.b64encode(digest.digest()).decode()

    def _pause_or_raise(self, error: ClientError | BotoCoreError, attempt: int) -> None:
        """Wait before another try, where one can help."""
        if attempt == _TRIES or (
            isinstance(error, ClientError) and status_of(error) != 409 and code_of(error) not in _DAMAGED
        ):
            raise error
        time.sleep(_PAUSE_SECONDS * attempt)


def _host_of(endpoint: str) -> str:
    """Return host and port of a web address, or nothing when it is none or holds a password."""
    try:
        parts = urlsplit(endpoint)
        plain = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
        return parts.netloc if plain and parts.port != 0 else ""
    except ValueError:
        return ""


def _base64(sha256: str) -> str:
    """Write a digest as S3's headers do."""
    return base64.b64encode(bytes.fromhex(sha256)).decode()

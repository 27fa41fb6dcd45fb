"""A bucket below a prefix to the four verbs: conditional writes whose checksums travel with them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO, cast

from botocore import exceptions as boto
from botocore.exceptions import ClientError

from publisher.errors import SurroundingsError
from publisher.files import digest_bytes
from publisher.model import TargetSettings
from publisher.storage.protocol import (
    BucketFacts,
    Entry,
    OnBytes,
    Outcome,
    StaleError,
    Stored,
    Summary,
    other_bytes,
)
from publisher.storage.s3.bodies import body_of_file
from publisher.storage.s3.connection import TRIES, Condition, Connection, connect
from publisher.storage.s3.errors import code_of, status_of, was_repeated
from publisher.storage.s3.facts import look_at_bucket
from publisher.storage.s3.parts import Upload, Uploads
from publisher.storage.s3.pieces import LARGE_BYTES, checksum_of_parts

_CHUNK_BYTES = 1 << 20
_BROKE_OFF = (
    boto.ResponseStreamingError,
    boto.IncompleteReadError,
    boto.ReadTimeoutError,
    boto.FlexibleChecksumError,
)


def open_s3(target: TargetSettings) -> S3Storage:
    """Open the bucket of an `s3://BUCKET/PREFIX` address; nothing is read or written yet.

    Raises:
        UsageError: the address or the endpoint cannot be one.
        SurroundingsError: the profile is not set up on this computer.
    """
    return S3Storage(connect(target), has_conditions=target.conditional_writes)


class S3Storage:
    """Keep objects in a bucket below a prefix; the four verbs are those of the protocol.

    A store that `has_conditions` decides itself who may write. For one that has not, the condition is looked
    at just before: enough for one publisher at a time, and for no more.
    """

    lists_for_free = False

    def __init__(self, connection: Connection, *, has_conditions: bool) -> None:
        self.has_conditions = has_conditions
        self._connection = connection
        self._client = connection.client
        self._uploads = Uploads(connection, if_none_match=has_conditions)

    @property
    def address(self) -> str:
        """Name the bucket and the prefix."""
        return self._connection.address

    @property
    def requests(self) -> int:
        """Count every request that was sent, repeated ones too."""
        return self._connection.requests

    @property
    def clock(self) -> datetime | None:
        """Return the server's time at its last answer."""
        return self._connection.clock

    def describe(self) -> BucketFacts:
        """Tell how the bucket is set up, as far as one may know."""
        return look_at_bucket(self._connection)

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
        """Send a file unless it is there, then read its checksum back; see the protocol.

        A large file goes out in parts, of which an earlier run that broke off may have sent some.
        """
        with self._connection.explained():
            is_large = _size_of(path) > LARGE_BYTES
            if (look_first or is_large or not self.has_conditions) and self._holds(key, sha256, path):
                return "exists"
            of_parts, is_confirmed = "", False
            upload = Upload(key, path, sha256, content_type, cache_control, on_bytes)
            if is_large:
                outcome, of_parts = self._uploads.send(upload)
            else:
                outcome, is_confirmed = self._send_whole(upload)
            if is_confirmed or self._holds(key, sha256, path, of_parts):
                return outcome
        raise SurroundingsError(
            f"{key} is not in {self.address} although it was sent", hint="run the same command again"
        )

    def swap(
        self, key: str, data: bytes, *, expected_etag: str | None, content_type: str, cache_control: str
    ) -> str:
        """Replace an object on the condition of its etag; see the protocol."""
        condition: Condition = {"IfMatch": expected_etag} if expected_etag else {"IfNoneMatch": "*"}
        if not self.has_conditions:
            now = self.read(key)
            if (now.etag if now else None) != expected_etag:
                raise StaleError(key)
            condition = {}
        with self._connection.explained():
            for attempt in range(1, TRIES + 1):
                try:
                    return self._put_bytes(key, data, content_type, cache_control, condition)
                except ClientError as error:
                    if status_of(error) == 412 or code_of(error) in {"NoSuchKey", "404"}:
                        now = self.read(key) if was_repeated(error) else None
                        if now and now.data == data:  # our own try, whose answer was lost
                            return now.etag
                        raise StaleError(key) from error
                    if status_of(error) == 409 and attempt == TRIES:
                        raise StaleError(key) from error
                    self._connection.pause_or_raise(error, attempt)
        raise AssertionError("the last try returns or raises")

    def read(self, key: str) -> Stored | None:
        """Return an object's bytes and etag; a broken download is begun again."""
        with self._connection.explained():
            for attempt in range(1, TRIES + 1):
                try:
                    answer = self._client.get_object(**self._connection.name(key))
                    with closing(answer["Body"]) as body:
                        return Stored(body.read(), answer["ETag"], answer.get("ContentType", ""))
                except self._client.exceptions.NoSuchKey:
                    return None
                except _BROKE_OFF as error:
                    self._connection.pause_or_raise(error, attempt)
        raise AssertionError("the last try returns or raises")

    def summarise(self, key: str) -> Summary | None:
        """Download an object piece by piece; a broken download is begun again."""
        with self._connection.explained():
            for attempt in range(1, TRIES + 1):
                digest, size = hashlib.sha256(), 0
                try:
                    answer = self._client.get_object(**self._connection.name(key))
                    with closing(answer["Body"]) as body:
                        for chunk in body.iter_chunks(_CHUNK_BYTES):
                            digest.update(chunk)
                            size += len(chunk)
                    return Summary(digest.hexdigest(), size, answer.get("ContentType", ""))
                except self._client.exceptions.NoSuchKey:
                    return None
                except _BROKE_OFF as error:
                    self._connection.pause_or_raise(error, attempt)
        raise AssertionError("the last try returns or raises")

    def list(self, prefix: str = "") -> Iterator[Entry]:
        """Yield the objects below a prefix, a thousand a request."""
        top = self._connection.prefix
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._connection.bucket, Prefix=top + prefix
        )
        with self._connection.explained():
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield Entry(entry["Key"].removeprefix(top), entry["Size"])

    def _send_whole(self, upload: Upload) -> tuple[Outcome, bool]:
        """Send a file in one piece; the store refuses it when its bytes are not those of the checksum.

        Returns:
            Whether it is new; and whether the store's answer proves that it has exactly these bytes: it names
            their SHA-256, which it might only repeat, and their MD5, which it can only know from the bytes.
        """
        condition: Condition = {"IfNoneMatch": "*"} if self.has_conditions else {}
        checksum = _base64(upload.sha256)
        for attempt in range(1, TRIES + 1):
            with closing(body_of_file(upload.path, upload.on_bytes)) as body:
                try:
                    answer = self._client.put_object(
                        **self._connection.name(upload.key),
                        Body=cast("IO[bytes]", body),
                        ChecksumSHA256=checksum,
                        ContentType=upload.content_type,
                        CacheControl=upload.cache_control,
                        **condition,
                    )
                except ClientError as error:
                    if status_of(error) == 412:  # it is there: perhaps by our own try whose answer was lost
                        return "created" if was_repeated(error) else "exists", False
                    body.take_back()
                    self._connection.pause_or_raise(error, attempt)
                else:
                    named = answer.get("ChecksumSHA256"), answer["ETag"]
                    return "created", named == (checksum, body.etag)
        raise AssertionError("the last try returns or raises")

    def _put_bytes(
        self, key: str, data: bytes, content_type: str, cache_control: str, condition: Condition
    ) -> str:
        """Put bytes, and read them back where the store does not say that it compared their checksum."""
        sha256 = _base64(digest_bytes(data))
        answer = self._client.put_object(
            **self._connection.name(key),
            Body=data,
            ChecksumSHA256=sha256,
            ContentMD5=base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode(),
            ContentType=content_type,
            CacheControl=cache_control,
            **condition,
        )
        if answer.get("ChecksumSHA256") != sha256:
            now = self.read(key)
            if now and now.etag == answer["ETag"] and now.data != data:
                raise other_bytes(self.address, key)
        return answer["ETag"]

    def _holds(self, key: str, sha256: str, path: Path, of_parts: str = "") -> bool:
        """Tell whether an object is there; one with other bytes is an error. A name alone proves nothing.

        Of an object that was sent in parts, the store knows `of_parts`, which can be had from the file, too.
        """
        try:
            answer = self._client.head_object(**self._connection.name(key), ChecksumMode="ENABLED")
        except ClientError as error:
            if status_of(error) == 404:
                return False
            self._client.get_object(**self._connection.name(key), Range="bytes=0-0")["Body"].close()  # why
            raise
        known = answer.get("ChecksumSHA256", "")
        if "-" in known:  # the digest of the digests of the parts
            is_likely = answer["ContentLength"] == _size_of(path)
            if is_likely and known == (of_parts or checksum_of_parts(path, sha256)):
                return True
        if not known or "-" in known:  # a store that keeps no checksums, or parts of another size
            found = self.summarise(key)
            known = _base64(found.sha256) if found else ""
        if known != _base64(sha256):
            raise other_bytes(self.address, key)
        return True


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # opening it says why


def _base64(sha256: str) -> str:
    """Write a digest as S3's headers do."""
    return base64.b64encode(bytes.fromhex(sha256)).decode()

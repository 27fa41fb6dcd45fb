"""A large file to an object, in parts that go out at once and are resumed after a break."""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from botocore.exceptions import BotoCoreError, ClientError

from publisher.storage.protocol import OnBytes, Outcome, not_the_file
from publisher.storage.s3.bodies import body_of_bytes
from publisher.storage.s3.connection import TRIES, Condition, Connection
from publisher.storage.s3.errors import code_of, status_of, was_repeated
from publisher.storage.s3.pieces import Part, PartReader, checksum_of_digests, checksum_of_parts

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

_AT_ONCE = 6  # parts of all files together; each is in memory while it is sent
_ABANDONED = timedelta(days=1)
_OURS = re.compile(r"-[0-9a-f]{8,}\.[0-9a-z]+")  # the end of a name that carries a digest of the bytes


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is to become an object."""

    key: str
    path: Path
    sha256: str
    content_type: str
    cache_control: str
    on_bytes: OnBytes | None


class Uploads:
    """Send large files through a connection, a few parts of all of them at a time."""

    def __init__(self, connection: Connection, *, if_none_match: bool) -> None:
        self._connection = connection
        self._client = connection.client
        self._if_none_match = if_none_match
        self._room = threading.BoundedSemaphore(_AT_ONCE)
        self._unfinished: dict[str, str] | None = None
        self._mutex = threading.Lock()

    def send(self, upload: Upload) -> tuple[Outcome, str]:
        """Send a file in parts and make the object of them, unless it is there; return its checksum, too.

        What went out before a break stays in the store for the next run. The object comes to be only when the
        SHA-256 of all that was read is the one that was planned.

        Raises:
            SurroundingsError: the file's bytes are not those that were planned; nothing is left of it.
        """
        name = self._connection.name(upload.key)
        for _ in range(2):
            number = self._find_unfinished(name["Key"]) or self._begin(upload)
            try:
                parts = self._send_parts(upload, number)
                checksum = checksum_of_digests(base64.b64decode(part["ChecksumSHA256"]) for part in parts)
                return self._complete(upload, number, parts), checksum
            except ClientError as error:
                if code_of(error) != "NoSuchUpload":
                    raise
                if was_repeated(error):  # perhaps completed by our own try, whose answer was lost
                    return "created", checksum_of_parts(upload.path, upload.sha256)
                self._forget(name["Key"])  # somebody else finished or ended it
        return "exists", checksum_of_parts(upload.path, upload.sha256)

    def _begin(self, upload: Upload) -> str:
        answer = self._client.create_multipart_upload(
            **self._connection.name(upload.key),
            ChecksumAlgorithm="SHA256",
            ContentType=upload.content_type,
            CacheControl=upload.cache_control,
        )
        return answer["UploadId"]

    def _send_parts(self, upload: Upload, number: str) -> list[CompletedPartTypeDef]:
        """Send those parts that are not there yet; return all, in order."""
        sent = self._sent_parts(upload, number)
        tasks: list[Future[CompletedPartTypeDef]] = []
        with closing(PartReader(upload.path)) as reader, ThreadPoolExecutor(_AT_ONCE) as pool:
            while self._submit(pool, tasks, reader, upload, number, sent):
                if any(task.done() and task.exception() for task in tasks):
                    pool.shutdown(cancel_futures=True)
                    break
        parts = [task.result() for task in tasks]
        if reader.sha256 != upload.sha256:
            self._end(self._connection.name(upload.key)["Key"], number)
            raise not_the_file(upload.path)
        return parts

    def _submit(
        self,
        pool: ThreadPoolExecutor,
        tasks: list[Future[CompletedPartTypeDef]],
        reader: PartReader,
        upload: Upload,
        number: str,
        sent: Mapping[int, Mapping[str, Any]],
    ) -> bool:
        """Read a part when there is room for it, and have it sent; tell whether there was one."""
        self._room.acquire()
        is_given = False
        try:
            if part := reader.next():
                tasks.append(pool.submit(self._send_part, upload, number, part, sent))
                tasks[-1].add_done_callback(lambda _: self._room.release())
                is_given = True
        finally:
            if not is_given:
                self._room.release()
        return is_given

    def _send_part(
        self, upload: Upload, number: str, part: Part, sent: Mapping[int, Mapping[str, Any]]
    ) -> CompletedPartTypeDef:
        if part.is_sent(sent):
            if upload.on_bytes:
                upload.on_bytes(len(part.data))
            return {
                "PartNumber": part.number,
                "ETag": sent[part.number]["ETag"],
                "ChecksumSHA256": part.checksum,
            }
        for attempt in range(1, TRIES + 1):
            with closing(body_of_bytes(part.data, upload.on_bytes)) as body:
                try:
                    answer = self._client.upload_part(
                        **self._connection.name(upload.key),
                        UploadId=number,
                        PartNumber=part.number,
                        Body=cast("IO[bytes]", body),
                        ChecksumSHA256=part.checksum,
                    )
                except ClientError as error:
                    body.take_back()
                    self._connection.pause_or_raise(error, attempt)
                else:
                    return {
                        "PartNumber": part.number,
                        "ETag": answer["ETag"],
                        "ChecksumSHA256": part.checksum,
                    }
        raise AssertionError("the last try returns or raises")

    def _complete(self, upload: Upload, number: str, parts: list[CompletedPartTypeDef]) -> Outcome:
        name = self._connection.name(upload.key)
        condition: Condition = {"IfNoneMatch": "*"} if self._if_none_match else {}
        for attempt in range(1, TRIES + 1):
            try:
                self._client.complete_multipart_upload(
                    **name, UploadId=number, MultipartUpload={"Parts": parts}, **condition
                )
            except ClientError as error:
                if status_of(error) == 412:
                    self._end(name["Key"], number)
                    return "created" if was_repeated(error) else "exists"
                self._connection.pause_or_raise(error, attempt)
            else:
                return "created"
        raise AssertionError("the last try returns or raises")

    def _sent_parts(self, upload: Upload, number: str) -> dict[int, Mapping[str, Any]]:
        """Return what the store has of an upload, by number; nothing of one that was just begun."""
        if number not in (self._unfinished or {}).values():
            return {}
        pages = self._client.get_paginator("list_parts").paginate(
            **self._connection.name(upload.key), UploadId=number
        )
        with suppress(BotoCoreError, ClientError):  # then all of it is sent again
            return {part["PartNumber"]: part for page in pages for part in page.get("Parts", ())}
        return {}

    def _find_unfinished(self, name: str) -> str | None:
        """Return the upload of this object that broke off; look once, and end those of long ago."""
        with self._mutex:
            if self._unfinished is None:
                self._unfinished = {}
                with suppress(BotoCoreError, ClientError):  # not permitted, or unknown to the store
                    for found, number, is_old in unfinished(self._connection):
                        if is_old and found != name and _OURS.search(found):
                            self._end(found, number)
                        else:
                            self._unfinished[found] = number
            return self._unfinished.get(name)

    def _forget(self, name: str) -> None:
        with self._mutex:
            if self._unfinished:
                self._unfinished.pop(name, None)

    def _end(self, name: str, number: str) -> None:
        """End an upload, so that its parts are no longer kept and paid for."""
        with suppress(BotoCoreError, ClientError):
            self._client.abort_multipart_upload(Bucket=self._connection.bucket, Key=name, UploadId=number)


def unfinished(connection: Connection, start: str = "") -> Iterator[tuple[str, str, bool]]:
    """Yield the uploads in parts that were never finished: name, number, and whether it is a day ago.

    Of all that are below the connection's prefix, or of those objects whose names start with `start`.
    """
    pages = connection.client.get_paginator("list_multipart_uploads").paginate(
        Bucket=connection.bucket, Prefix=start or connection.prefix
    )
    for page in pages:
        date = page["ResponseMetadata"]["HTTPHeaders"].get("date", "")
        for upload in page.get("Uploads", ()):
            yield upload["Key"], upload["UploadId"], _is_old(upload["Initiated"], date)


def _is_old(began: datetime, date: str) -> bool:
    """Tell whether an upload began so long ago, by the store's own clock, that nobody goes on with it."""
    try:
        return parsedate_to_datetime(date) - began > _ABANDONED
    except (ValueError, TypeError):
        return False

"""A bucket to what removes objects from it with all their versions, on a connection of its own."""

from __future__ import annotations

from typing import NamedTuple

from botocore.exceptions import ClientError

from publisher.errors import PublisherError
from publisher.model import TargetSettings
from publisher.storage.s3.actions import ERASING
from publisher.storage.s3.connection import Connection, connect
from publisher.storage.s3.errors import code_of, status_of
from publisher.storage.s3.parts import unfinished

_CANNOT_TELL = {"NotImplemented", "AccessDenied", "MethodNotAllowed"}
_MAYBE_VERSIONS = "its older versions, if any, could not be looked for"


def open_s3_eraser(target: TargetSettings) -> S3Eraser:
    """Open the bucket of an `s3://BUCKET/PREFIX` address for removing.

    Raises:
        UsageError: the address or the endpoint cannot be one.
    """
    return S3Eraser(connect(target, frozenset(ERASING)))


class _Version(NamedTuple):
    """One state of an object; what was there before a bucket kept versions has the number `null`."""

    key: str
    number: str
    is_newest: bool
    has_bytes: bool


class S3Eraser:
    """Remove objects with all their versions, and the parts of uploads that broke off."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._client = connection.client

    def find_hidden(self) -> tuple[frozenset[str], str]:
        """Find what no listing shows; see the protocol."""
        top = self._connection.prefix
        found: set[str] = set()
        with self._connection.explained():
            versions, why = self._versions(top)
            found |= {version.key for version in versions or () if version.has_bytes}
            uploads, why_not = self._uploads(top)
            found |= {key for key, _ in uploads}
        return frozenset(key.removeprefix(top) for key in found), " and ".join(filter(None, (why, why_not)))

    def erase(self, key: str) -> str:
        """Remove an object, its versions and unfinished uploads; see the protocol."""
        name = self._connection.name(key)["Key"]
        try:
            with self._connection.explained():
                left = self._remove(name, keep_newest=False)
                uploads, why = self._uploads(name)
                for found, number in uploads:
                    if found == name:
                        self._client.abort_multipart_upload(
                            Bucket=self._connection.bucket, Key=name, UploadId=number
                        )
        except PublisherError as error:
            return error.message
        return " and ".join(filter(None, (left, why)))

    def forget(self, key: str) -> str:
        """Remove the versions of an object that are not the newest; see the protocol."""
        try:
            with self._connection.explained():
                return self._remove(self._connection.name(key)["Key"], keep_newest=True)
        except PublisherError as error:
            return error.message

    def _remove(self, name: str, *, keep_newest: bool) -> str:
        """Remove versions by their number: without one, a bucket with versions only hides the object."""
        versions, left = self._versions(name)
        for version in versions or ():
            if version.key == name and not (keep_newest and version.is_newest):
                self._client.delete_object(Bucket=self._connection.bucket, Key=name, VersionId=version.number)
        if versions is None and not keep_newest:
            answer = self._client.delete_object(Bucket=self._connection.bucket, Key=name)
            if answer.get("VersionId") or answer.get("DeleteMarker"):  # it keeps what it cannot list
                left = _MAYBE_VERSIONS
        if versions and not keep_newest and any(each.key == name for each in self._versions(name)[0] or ()):
            return "something of it is there again or still: the store took the request and did not do it"
        return left

    def _versions(self, start: str) -> tuple[list[_Version] | None, str]:
        """Return the versions of objects whose names start so, oldest first and marks of deletion last.

        So an object whose removal breaks off stays visible, and is found again. None when the store does not
        tell; then with words for it, unless it knows no such request: a store without versions has none.
        """
        pages = self._client.get_paginator("list_object_versions").paginate(
            Bucket=self._connection.bucket, Prefix=start
        )
        kept: list[_Version] = []
        marks: list[_Version] = []
        try:
            for page in pages:
                kept += [
                    _Version(each["Key"], each["VersionId"], each["IsLatest"], has_bytes=True)
                    for each in page.get("Versions", ())
                ]
                marks += [
                    _Version(each["Key"], each["VersionId"], each["IsLatest"], has_bytes=False)
                    for each in page.get("DeleteMarkers", ())
                ]
        except ClientError as error:
            if not _cannot_tell(error):
                raise
            return None, "" if code_of(error) == "NotImplemented" else _MAYBE_VERSIONS
        return [*reversed(kept), *marks], ""

    def _uploads(self, start: str) -> tuple[list[tuple[str, str]], str]:
        """Return name and number of the uploads that broke off, of objects whose names start so."""
        try:
            return [(name, number) for name, number, _ in unfinished(self._connection, start)], ""
        except ClientError as error:
            if not _cannot_tell(error):
                raise
            return [], "parts of uploads that broke off, if any, could not be looked for"


def _cannot_tell(error: ClientError) -> bool:
    return code_of(error) in _CANNOT_TELL or status_of(error) == 501

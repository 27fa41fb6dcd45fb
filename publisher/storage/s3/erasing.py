"""A bucket to what removes objects from it with all their versions, on a connection of its own."""

from __future__ import annotations

from botocore.exceptions import ClientError

from publisher.errors import PublisherError
from publisher.model import TargetSettings
from publisher.storage.s3.actions import ERASING
from publisher.storage.s3.connection import Connection, connect
from publisher.storage.s3.errors import code_of, status_of

_NO_VERSIONS = {"NotImplemented", "AccessDenied", "MethodNotAllowed"}


def open_s3_eraser(target: TargetSettings) -> S3Eraser:
    """Open the bucket of an `s3://BUCKET/PREFIX` address for removing.

    Raises:
        UsageError: the address or the endpoint cannot be one.
    """
    return S3Eraser(connect(target, frozenset(ERASING)))


class S3Eraser:
    """Remove objects with all their versions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._client = connection.client

    def erase(self, key: str) -> str:
        """Remove an object and its versions; see the protocol."""
        return self._remove(key, keep_newest=False)

    def forget(self, key: str) -> str:
        """Remove the versions of an object that are not the newest; see the protocol."""
        return self._remove(key, keep_newest=True)

    def _remove(self, key: str, *, keep_newest: bool) -> str:
        name = self._connection.name(key)
        left = ""
        try:
            with self._connection.explained():
                try:
                    versions = self._versions(name["Key"])
                except ClientError as error:
                    if code_of(error) not in _NO_VERSIONS and status_of(error) != 501:
                        raise
                    versions, left = [], "its older versions, if any, could not be looked for"
                for version, is_newest in versions:
                    if version != "null" and not (keep_newest and is_newest):
                        self._client.delete_object(**name, VersionId=version)
                if not keep_newest:
                    self._client.delete_object(**name)
                    self._sweep_marker(name["Key"])
        except PublisherError as error:
            return error.message
        return left

    def _versions(self, key: str) -> list[tuple[str, bool]]:
        """Return the versions of exactly this object, marks of deletion too, and which is the newest."""
        found: list[tuple[str, bool]] = []
        pages = self._client.get_paginator("list_object_versions").paginate(
            Bucket=self._connection.bucket, Prefix=key
        )
        for page in pages:
            entries = [
                *((each["Key"], each["VersionId"], each["IsLatest"]) for each in page.get("Versions", ())),
                *(
                    (each["Key"], each["VersionId"], each["IsLatest"])
                    for each in page.get("DeleteMarkers", ())
                ),
            ]
            found += [(version, is_newest) for name, version, is_newest in entries if name == key]
        return found

    def _sweep_marker(self, key: str) -> None:
        """Remove the mark that a deletion leaves in a bucket with versions."""
        try:
            versions = self._versions(key)
        except ClientError:
            return
        for version, _ in versions:
            if version != "null":
                self._client.delete_object(Bucket=self._connection.bucket, Key=key, VersionId=version)

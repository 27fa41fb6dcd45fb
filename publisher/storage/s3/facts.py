"""A bucket's settings to what matters to a publisher."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError

from publisher.storage.protocol import BucketFacts
from publisher.storage.s3.connection import Connection
from publisher.storage.s3.errors import code_of
from publisher.storage.s3.parts import unfinished


def look_at_bucket(connection: Connection) -> BucketFacts:
    """Ask for versions, lifecycle rules and unfinished uploads; None where that is not permitted."""
    return BucketFacts(
        keeps_versions=_keeps_versions(connection),
        ends_unfinished=_ends_unfinished(connection),
        unfinished=_count_unfinished(connection),
    )


def _keeps_versions(connection: Connection) -> bool | None:
    try:
        return connection.client.get_bucket_versioning(Bucket=connection.bucket).get("Status") == "Enabled"
    except (ClientError, BotoCoreError):
        return None


def _ends_unfinished(connection: Connection) -> bool | None:
    try:
        answer = connection.client.get_bucket_lifecycle_configuration(Bucket=connection.bucket)
    except ClientError as error:
        return False if code_of(error) == "NoSuchLifecycleConfiguration" else None
    except BotoCoreError:
        return None
    rules = answer.get("Rules", ())
    return any("AbortIncompleteMultipartUpload" in rule and rule["Status"] == "Enabled" for rule in rules)


def _count_unfinished(connection: Connection) -> int | None:
    try:
        return sum(1 for _ in unfinished(connection))
    except (ClientError, BotoCoreError):
        return None

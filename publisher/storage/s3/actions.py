"""Every request that is ever made of S3 to the permission that it needs: what policies are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

Purpose = Literal["publish", "read", "doctor", "erase"]
PURPOSES: Mapping[str, Purpose] = {name: name for name in get_args(Purpose)}

# The permissions are those of the service authorisation reference of Amazon S3. A request that is not here
# cannot be sent: the connection refuses it.
_READING = {
    "GetObject": "s3:GetObject",
    "HeadObject": "s3:GetObject",
    "ListObjectsV2": "s3:ListBucket",
    "HeadBucket": "s3:ListBucket",
}
_WRITING = {
    "PutObject": "s3:PutObject",
    "CreateMultipartUpload": "s3:PutObject",
    "UploadPart": "s3:PutObject",
    "CompleteMultipartUpload": "s3:PutObject",
    "AbortMultipartUpload": "s3:AbortMultipartUpload",
    "ListParts": "s3:ListMultipartUploadParts",
    "ListMultipartUploads": "s3:ListBucketMultipartUploads",
}
_EXAMINING = {
    "GetBucketVersioning": "s3:GetBucketVersioning",
    "GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
}
ERASING: Mapping[str, str] = {
    "HeadBucket": "s3:ListBucket",
    "ListObjectVersions": "s3:ListBucketVersions",
    "ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "AbortMultipartUpload": "s3:AbortMultipartUpload",
    "DeleteObject": "s3:DeleteObject and s3:DeleteObjectVersion",
}
"""What `erase` sends, on a connection of its own: no other can delete."""

OPERATIONS: Mapping[Purpose, Mapping[str, str]] = {
    "read": _READING,
    "publish": {**_READING, **_WRITING},
    "doctor": {**_READING, **_WRITING, **_EXAMINING},
    "erase": {**_READING, **_WRITING, **ERASING},
}
"""For each purpose, the operations that may be sent, each with the permission (or permissions) it needs."""

OF_BUCKETS = frozenset(
    {
        "s3:ListBucket",
        "s3:ListBucketMultipartUploads",
        "s3:ListBucketVersions",
        "s3:GetBucketVersioning",
        "s3:GetLifecycleConfiguration",
    }
)
"""The permissions that are given on a bucket; all others are given on its objects."""

KNOWN = frozenset(OPERATIONS["doctor"])
"""Every operation that may be sent on a connection that does not erase."""

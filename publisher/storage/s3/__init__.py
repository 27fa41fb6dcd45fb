"""A bucket of an S3-compatible store as a storage."""

from publisher.storage.s3.bucket import S3Storage, open_s3

__all__ = ["S3Storage", "open_s3"]

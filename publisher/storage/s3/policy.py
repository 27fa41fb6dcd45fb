"""A target to the least that its credentials must be allowed, as an IAM policy."""

from __future__ import annotations

from typing import Any

from publisher.errors import UsageError
from publisher.model import TargetSettings
from publisher.storage.s3.actions import OF_BUCKETS, OPERATIONS, Purpose
from publisher.storage.s3.connection import parse_address


def policy_for(target: TargetSettings, purpose: Purpose) -> dict[str, Any]:
    """Return the policy for one purpose; objects only below the target's folder.

    Raises:
        UsageError: the target is no bucket.
    """
    if not target.url.lower().startswith("s3:"):
        raise UsageError(
            f"the target {target.name} is no bucket, so it needs no policy", hint="name one with --target"
        )
    bucket, prefix = parse_address(target)
    needed = sorted({name for names in OPERATIONS[purpose].values() for name in names.split(" and ")})
    resource = f"arn:aws:s3:::{bucket}"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "TheBucket",
                "Effect": "Allow",
                "Action": [name for name in needed if name in OF_BUCKETS],
                "Resource": resource,
            },
            {
                "Sid": "ItsObjects",
                "Effect": "Allow",
                "Action": [name for name in needed if name not in OF_BUCKETS],
                "Resource": f"{resource}/{prefix}*",
            },
        ],
    }

"""A target's settings to a connection with its bucket, on which nothing can be sent that no policy allows."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypedDict
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from publisher import __version__
from publisher.errors import GuardError, PublisherError, UsageError
from publisher.model import TargetSettings
from publisher.storage.protocol import check_key
from publisher.storage.s3.actions import KNOWN
from publisher.storage.s3.bodies import Body
from publisher.storage.s3.errors import Words, cannot_use, code_of, status_of
from publisher.storage.s3.services import ServiceLoader

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

WORKERS = 8
TRIES = 4
ANSWER_SECONDS = 60
_PAUSE_SECONDS = 0.2
_ADDRESS = re.compile(r"(?i:s3)://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/?(?P<prefix>[^?#]*)")
_DAMAGED = {"BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch"}
_WORTH_ASKING_BYTES = 1 << 20


class Name(TypedDict):
    """Which object of which bucket is meant."""

    Bucket: str
    Key: str


class Condition(TypedDict, total=False):
    """What must be there, or not, for a write to happen."""

    IfMatch: str
    IfNoneMatch: str


class Connection:
    """boto3's client with the bucket and prefix it works in, its requests counted, its errors explained."""

    def __init__(
        self,
        client: S3Client,
        bucket: str,
        prefix: str,
        words: Words,
        owner: str | None,
        operations: frozenset[str],
    ) -> None:
        self.client = client
        self.bucket = bucket
        self.prefix = prefix
        self.requests = 0
        self._date = ""
        self._words = words
        self._operations = operations
        self._owner = owner
        self._owner_is_asked = bool(owner)
        self._mutex = threading.Lock()
        client.meta.events.register("provide-client-params.s3", self._check_operation)  # type: ignore[arg-type]  # its answer counts
        client.meta.events.register("before-send.s3", self._before_send)
        client.meta.events.register("after-call.s3", self._after_call)

    @property
    def address(self) -> str:
        """Name the bucket and the prefix."""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    @property
    def clock(self) -> datetime | None:
        """Return the server's time at its last answer."""
        with suppress(ValueError, TypeError):  # a date that cannot be read tells nothing
            return parsedate_to_datetime(self._date)
        return None

    def name(self, key: str) -> Name:
        """Return which object a key of the storage is."""
        return {"Bucket": self.bucket, "Key": self.prefix + check_key(key)}

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Let nothing but errors for people out.

        Raises:
            GuardError: the bucket is another account's than `expected_owner` says.
        """
        try:
            yield
        except (ClientError, BotoCoreError) as error:
            raise self._explain(error) from error

    def pause_or_raise(self, error: ClientError | BotoCoreError, attempt: int) -> None:
        """Wait before another try, where one can help."""
        if attempt == TRIES or (
            isinstance(error, ClientError) and status_of(error) != 409 and code_of(error) not in _DAMAGED
        ):
            raise error
        time.sleep(_PAUSE_SECONDS * attempt)

    def _explain(self, error: ClientError | BotoCoreError) -> PublisherError:
        if isinstance(error, ClientError) and status_of(error) == 403 and self._is_somebody_else_s():
            return GuardError(
                f"the bucket {self.bucket} does not belong to account {self._owner}, as show.toml expects",
                hint="check the bucket's name and expected_owner of this target; nothing was read or written",
            )
        return self._words.explain(error)

    def _is_somebody_else_s(self) -> bool:
        """Ask for the bucket with and without the expected owner: only the answers together tell."""
        if not self._owner:
            return False
        answers = []
        for asked in (True, False):
            self._owner_is_asked = asked
            try:
                self.client.head_bucket(Bucket=self.bucket)
                answers.append(True)
            except (ClientError, BotoCoreError):
                answers.append(False)
        self._owner_is_asked = True
        return answers == [False, True]

    def _check_operation(self, params: Mapping[str, Any], model: Any, **_: object) -> Mapping[str, Any]:  # noqa: ANN401 - botocore's own event
        assert model.name in self._operations, f"{model.name} has no line in storage/s3/actions"
        return {**params, "ExpectedBucketOwner": self._owner} if self._owner_is_asked else params

    def _after_call(self, http_response: Any, **_: object) -> None:  # noqa: ANN401 - botocore's own event
        self._date = http_response.headers.get("Date") or self._date

    def _before_send(self, request: Any, **_: object) -> None:  # noqa: ANN401 - botocore's own event
        with self._mutex:
            self.requests += 1
        if isinstance(request.body, Body):
            if request.body.size < _WORTH_ASKING_BYTES:
                request.headers.pop("Expect", None)  # sooner sent than asked whether it may be
            request.body.start()


def connect(target: TargetSettings, operations: frozenset[str] = KNOWN) -> Connection:
    """Connect to the bucket of an `s3://BUCKET/PREFIX` address; credentials come from the standard AWS chain.

    Only `operations` can be sent on it.

    Raises:
        UsageError: the address or the endpoint cannot be one.
        SurroundingsError: the profile is not set up on this computer.
    """
    bucket, prefix = parse_address(target)
    host = _host_of(target.endpoint) if target.endpoint else "Amazon S3"
    if not host:
        raise cannot_use(target.name, "its endpoint is no address such as https://storage.example.org")
    words = Words(bucket=bucket, host=host)
    with words.explained():
        core = get_session()
        core.register_component("data_loader", ServiceLoader())
        session = boto3.Session(botocore_session=core, profile_name=target.profile, region_name=target.region)
        client = session.client(
            "s3",
            endpoint_url=target.endpoint,
            config=Config(
                s3={
                    "addressing_style": "path" if target.endpoint else "auto",
                    "payload_signing_enabled": False,  # the signed checksum stands for the bytes
                },
                retries={"mode": "standard", "total_max_attempts": TRIES},
                connect_timeout=10,
                read_timeout=ANSWER_SECONDS,
                max_pool_connections=2 * WORKERS,
                request_checksum_calculation="when_required",  # ours are SHA-256, and always there
                response_checksum_validation="when_supported",
                parameter_validation=False,  # mypy did that
                user_agent=f"publisher/{__version__}",
            ),
        )
    return Connection(client, bucket, prefix, words, target.expected_owner, operations)


def parse_address(target: TargetSettings) -> tuple[str, str]:
    """Return the bucket of an address, and what stands before every key there: nothing, or a folder and `/`.

    Raises:
        UsageError: the address cannot be one.
    """
    address = _ADDRESS.fullmatch(target.url)
    if not address:
        raise cannot_use(target.name, f"{target.url} does not name a bucket and a folder without ? and #")
    prefix = address["prefix"].strip("/")
    try:
        return address["bucket"], f"{check_key(prefix)}/" if prefix else ""
    except UsageError as error:
        raise cannot_use(target.name, f"{prefix} cannot be a folder in the bucket") from error


def _host_of(endpoint: str) -> str:
    """Return host, port and path of a web address, or nothing when it is none or holds a password."""
    try:
        parts = urlsplit(endpoint)
        plain = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
        plain = plain and not parts.query and not parts.fragment
        return f"{parts.netloc}{parts.path.rstrip('/')}" if plain and parts.port != 0 else ""
    except ValueError:
        return ""

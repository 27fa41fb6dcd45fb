"""What boto3 raises to plain words for media staff, without a secret."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from botocore import exceptions as boto
from botocore.exceptions import BotoCoreError, ClientError

from publisher.errors import PublisherError, SurroundingsError, UsageError

_SIGN_IN = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile of ~/.aws in show.toml"
_AGAIN = "run the same command again; it goes on where it stopped"

# Error codes of S3 and of its compatibles → (what happened, what to do). {bucket} and {host} are filled in.
_CODES: dict[tuple[str, ...], tuple[str, str]] = {
    ("SignatureDoesNotMatch",): (
        "{host} refused the secret key: it does not belong to the access key",
        "check AWS_SECRET_ACCESS_KEY or the profile, above all for a missing or doubled character",
    ),
    ("InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException"): (
        "{host} does not know this access key",
        "check AWS_ACCESS_KEY_ID or the profile, and that the key is for this store",
    ),
    ("ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired", "InvalidToken"): (
        "the sign-in at {host} has expired",
        "sign in again, then run the same command; it goes on where it stopped",
    ),
    ("NoSuchBucket",): (
        "there is no bucket {bucket} at {host}",
        "check the name in show.toml, or create the bucket",
    ),
    ("RequestTimeTooSkewed",): (
        "the clock of this computer is wrong: {host} refuses requests that are more than 15 minutes off",
        "set the clock, best by turning on automatic time",
    ),
    ("PermanentRedirect", "301", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"): (
        "the bucket {bucket} is in another region than the one used",
        'give its region in show.toml: region = "…"',
    ),
    ("NotImplemented", "501"): (
        "{host} cannot create or replace files on a condition, so publishing there would not be safe",
        "use a store that supports If-None-Match and If-Match, or a newer version of it",
    ),
    ("QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "507"): (
        "the store at {host} is full",
        "make room or raise the quota; nothing was half written. " + _AGAIN,
    ),
    ("EntityTooLarge", "MaxMessageLengthExceeded"): (
        "a file is larger than {host} takes in one piece",
        "5 GB is the most; encode the audio with a lower bitrate",
    ),
    ("BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch", "InvalidDigest"): (
        "a file did not arrive at {host} as it was sent",
        "it changed while it was being published, or the connection damages data. " + _AGAIN,
    ),
    ("SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "RequestTimeoutException",
     "OperationAborted", "500", "502", "503", "504"): (
        "{host} is overloaded or out of order",
        "wait a little, then " + _AGAIN,
    ),
    ("AccessDenied", "AllAccessDisabled", "AccountProblem", "403", "Forbidden"): (
        "{host} does not permit this with the credentials in use",
        "publishing needs s3:ListBucket on {bucket}, and s3:GetObject and s3:PutObject on its objects",
    ),
}  # fmt: skip
_BY_CODE = {code: words for codes, words in _CODES.items() for code in codes}

# The order matters: the first class that fits is taken.
_CLASSES: tuple[tuple[tuple[type[BotoCoreError], ...], tuple[str, str]], ...] = (
    (
        (boto.ProfileNotFound,),
        ("the AWS profile of this target is not set up on this computer", "check its name, or sign in"),
    ),
    (
        (boto.UnauthorizedSSOTokenError, boto.SSOTokenLoadError, boto.TokenRetrievalError),
        ("the sign-in for {host} has expired", "sign in again (aws sso login), then run the same command"),
    ),
    (
        (boto.NoCredentialsError, boto.PartialCredentialsError, boto.CredentialRetrievalError,
         boto.NoAuthTokenError),
        ("no complete credentials for {host} were found", _SIGN_IN),
    ),
    (
        (boto.SSLError,),
        (
            "no safe connection to {host}: its certificate was not accepted",
            "check the endpoint, and the clock; for a certificate of your own set AWS_CA_BUNDLE",
        ),
    ),
    (
        (boto.ConnectTimeoutError, boto.ReadTimeoutError, boto.ConnectionClosedError,
         boto.ResponseStreamingError, boto.IncompleteReadError),
        ("the connection to {host} broke off or answers too slowly", "check the network, then " + _AGAIN),
    ),
    (
        (boto.FlexibleChecksumError,),
        ("what {host} sent was damaged on the way", _AGAIN),
    ),
    (
        (boto.EndpointConnectionError, boto.ProxyConnectionError, boto.HTTPClientError),
        ("{host} cannot be reached", "check the network and the endpoint in show.toml, then " + _AGAIN),
    ),
    (
        (boto.InvalidRegionError, boto.NoRegionError, boto.UnknownRegionError),
        ("the region of this target is not a region", 'give its region in show.toml: region = "…"'),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """The names that an explanation needs."""

    bucket: str
    host: str

    def explain(self, error: ClientError | BotoCoreError) -> PublisherError:
        """Turn an error of boto3 into one for people."""
        message, hint = self._find(error)
        names = {"bucket": self.bucket, "host": self.host}
        return SurroundingsError(message.format(**names), hint=hint.format(**names))

    def _find(self, error: ClientError | BotoCoreError) -> tuple[str, str]:
        if isinstance(error, ClientError):
            code, status = code_of(error), status_of(error)
            if words := _BY_CODE.get(code) or _BY_CODE.get(str(status)):
                return words
            what = code if code.isalnum() else "no reason"
            return (
                f"{{host}} refused a request ({what}, status {status})",
                "run `publisher doctor` to check the target",
            )
        for classes, words in _CLASSES:
            if isinstance(error, classes):
                return words
        return (
            f"{{host}} could not be used ({type(error).__name__})",
            "check the target in show.toml and the AWS settings of this computer",
        )

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Let nothing but errors for people out."""
        try:
            yield
        except (ClientError, BotoCoreError) as error:
            raise self.explain(error) from error


def code_of(error: ClientError) -> str:
    """Return the error code, which for an answer without a body is only the status."""
    return str(error.response.get("Error", {}).get("Code", ""))


def status_of(error: ClientError) -> int:
    """Return the HTTP status."""
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def was_repeated(error: ClientError) -> bool:
    """Tell whether boto3 had sent the request before, so that an earlier one may have been carried out."""
    return bool(error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0))


def cannot_use(target: str, why: str) -> UsageError:
    """Say that a target's settings cannot work."""
    return UsageError(
        f"the target {target} cannot be used: {why}",
        hint='an S3 target looks like s3://BUCKET/FOLDER, with region or endpoint = "https://…" beside it',
    )

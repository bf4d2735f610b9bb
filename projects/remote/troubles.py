"""Why something could not be fetched, in words, and whether another attempt may help."""

from collections.abc import Iterator
from dataclasses import dataclass

from landmark_annotator.projects.remote.addresses import source_name
from landmark_annotator.projects.remote.filesystems import Refused, UnknownHost
from landmark_annotator.projects.vocabulary.errors import ImageError, SourceAway

_AGAIN = "Try again when it is there; what is in the cache can be used meanwhile."
_WHERE = {
    "s3": "Credentials are read from ~/.aws, AWS_PROFILE or AWS_ACCESS_KEY_ID and "
    "AWS_SECRET_ACCESS_KEY; those of a service of your own need AWS_ENDPOINT_URL as well.",
    "http": "Credentials are read from ~/.netrc.",
    "https": "Credentials are read from ~/.netrc.",
    "sftp": "Keys are read from ~/.ssh and the SSH agent; a user's name goes into the address.",
}
_UNREACHABLE = frozenset(
    [
        "ClientConnectorError",
        "ClientConnectorDNSError",
        "ClientConnectorCertificateError",
        "ServerDisconnectedError",
        "EndpointConnectionError",
        "ConnectTimeoutError",
        "NoValidConnectionsError",
        "gaierror",
        "ConnectionRefusedError",
        "ConnectionResetError",
        "ConnectionTimeoutError",
        "SSLError",
        "ConnectionClosedError",
        "SSHException",
        "EOFError",
        "ClientOSError",
        "BrokenPipeError",
    ]
)
_SLOW = frozenset(
    [
        "TimeoutError",
        "FSTimeoutError",
        "ReadTimeoutError",
        "SocketTimeoutError",
        "ServerTimeoutError",
        "AioReadTimeoutError",
    ]
)
_CUT = frozenset(["ClientPayloadError", "IncompleteReadError", "ResponseStreamingError"])
_NO_CREDENTIALS = frozenset(
    [
        "NoCredentialsError",
        "PartialCredentialsError",
        "ProfileNotFound",
        "AuthenticationException",
        "PasswordRequiredException",
        "TokenRetrievalError",
        "UnauthorizedSSOTokenError",
    ]
)
_BAD_CREDENTIALS = frozenset(["InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"])


@dataclass(frozen=True)
class Trouble:
    """what: after the address and a verb. again: another attempt may help. whole: all of its source
    fails so. nobody: no credentials were found. forbidden: who asks may not read it."""

    what: str
    remedy: str
    again: bool = False
    whole: bool = False
    nobody: bool = False
    forbidden: bool = False

    def error(self, address: str) -> ImageError:
        kind = SourceAway if self.whole else ImageError
        subject = source_name(address) if self.whole else address
        return kind(
            f"{subject} cannot be fetched from: {self.what}."
            if self.whole
            else f"{subject} cannot be fetched: {self.what}.",
            kept="Nothing was changed.",
            remedy=self.remedy,
        )


def trouble(error: BaseException, address: str) -> Trouble:
    """Of what a library raised. Its own words are not told where they could hold a secret."""
    kind = address.partition("://")[0]
    chain = list(_chain(error))
    names = {base.__name__ for one in chain for base in type(one).__mro__}
    codes = {code for one in chain if (code := _code(one))}
    status = next((s for s in map(_status, chain) if s), None)
    refused = next((one for one in chain if isinstance(one, Refused)), None)
    unknown = next((one for one in chain if isinstance(one, UnknownHost)), None)
    if refused is not None:
        return Trouble(
            f"its server sends us elsewhere, {refused}",
            "If that is right, name the address that it sends us to.",
        )
    if unknown is not None or "BadHostKeyException" in names:
        why = "is not known yet" if unknown is not None else "is another than it was"
        return Trouble(
            f"the key by which its host is known {why}",
            "Connect to it once by ssh and compare what it shows, then try again.",
            whole=True,
        )
    if "NoSuchBucket" in codes | names:
        return Trouble(
            "there is no such bucket, or none any more",
            "Ask whoever keeps the images where they are now, then say so: "
            "annotator locate PROJECT FOLDER.",
            whole=True,
        )
    if names & _NO_CREDENTIALS or status == 401:
        return who_are_you(kind, nobody="NoCredentialsError" in names)
    if codes & _BAD_CREDENTIALS:
        return Trouble(
            "it does not take your credentials: wrong, or expired", _WHERE[kind], whole=True
        )
    if isinstance(error, PermissionError) or status == 403:
        return Trouble(
            "you may not read it",
            f"Ask whoever keeps the images for the right to read them. {_WHERE[kind]}",
            forbidden=True,
        )
    if status is None and names & _SLOW:
        return Trouble("its server did not answer in time", _AGAIN, again=True)
    if status is None and names & _UNREACHABLE:
        return Trouble("its server cannot be reached", _AGAIN, again=True, whole=True)
    if status in (404, 410) or (isinstance(error, FileNotFoundError) and status is None):
        return Trouble(
            "there is none, or none any more",
            "Ask whoever keeps the images where it is now, then say so: "
            "annotator locate PROJECT FOLDER.",
        )
    if names & _CUT:
        return Trouble("it came in cut short", _AGAIN, again=True)
    if status == 429 or (status is not None and status >= 500):
        return Trouble(f"its server has a problem of its own ({status})", _AGAIN, again=True)
    if status is not None:
        return Trouble(f"its server refuses ({status})", "Correct the address.")
    return Trouble(f"{type(error).__name__}", _AGAIN, again=isinstance(error, OSError))


def who_are_you(kind: str, nobody: bool = False) -> Trouble:
    return Trouble(
        "it asks who you are, and no credentials that it takes were found",
        _WHERE[kind],
        whole=True,
        nobody=nobody,
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen = 0
    found: BaseException | None = error
    while found is not None and seen < 10:
        yield found
        found, seen = found.__cause__ or found.__context__, seen + 1


def _status(error: BaseException) -> int | None:
    status = getattr(error, "status", None)
    if isinstance(status, int):
        return status
    answer = getattr(error, "response", None)
    about = answer.get("ResponseMetadata", {}) if isinstance(answer, dict) else {}
    status = about.get("HTTPStatusCode")
    return status if isinstance(status, int) else None


def _code(error: BaseException) -> str:
    answer = getattr(error, "response", None)
    about = answer.get("Error", {}) if isinstance(answer, dict) else {}
    return str(about.get("Code", ""))

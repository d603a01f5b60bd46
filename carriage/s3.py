"""A shelf in a bucket that speaks S3: PUT, GET and DELETE of objects, signed as AWS Signature Version 4 says.

Signed by hand, because it is forty lines and the alternative is a hundred packages. The address names the bucket by path
(`https://store.example/bucket`), which every server that speaks S3 understands. The body's hash is part of the signature;
what is put is sealed and its hash is made from the file before it leaves.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx

from carriage.letter import SECONDS
from carriage.shelves import PART, NotOnShelf, ShelfAway, checked
from chassis.clock import Clock

_NOTHING = hashlib.sha256(b"").hexdigest()
_SCHEME = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where the bucket is and who asks."""

    address: str
    region: str
    access_key: str
    secret_key: str = field(repr=False)


class S3:
    """A shelf in a bucket."""

    def __init__(self, bucket: Bucket, clock: Clock) -> None:
        self._bucket, self._clock = bucket, clock
        self._client = httpx.Client(timeout=SECONDS, follow_redirects=False)

    def put(self, name: str, source: Path) -> None:
        """PUT of an object. The bucket checks that it got the bytes that were signed."""
        with source.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = source.stat().st_size
        with source.open("rb") as file:
            parts = iter(lambda: file.read(PART), b"")
            headers = {"content-length": str(size), "content-type": "application/octet-stream"}
            self._done("PUT", name, digest, headers, parts)

    def read(self, name: str) -> Iterator[bytes]:
        """GET of an object, streamed."""
        url, headers = self._asked("GET", name, _NOTHING)
        try:
            with self._client.stream("GET", url, headers=headers) as answer:
                if answer.status_code == httpx.codes.NOT_FOUND:
                    raise NotOnShelf(name)
                if not answer.is_success:
                    raise ShelfAway(f"HTTP {answer.status_code}")
                yield from answer.iter_raw(PART)
        except httpx.HTTPError as fault:
            raise ShelfAway(type(fault).__name__) from fault

    def remove(self, name: str) -> None:
        """DELETE of an object; for one that is not there S3 answers the same."""
        self._done("DELETE", name, _NOTHING, {}, None)

    def close(self) -> None:
        """Lets go of connections."""
        self._client.close()

    def _done(self, verb: str, name: str, digest: str, headers: Mapping[str, str], body: Iterator[bytes] | None) -> None:
        url, signed = self._asked(verb, name, digest)
        try:
            answer = self._client.request(verb, url, headers={**headers, **signed}, content=body)
        except httpx.HTTPError as fault:
            raise ShelfAway(type(fault).__name__) from fault
        if not answer.is_success and answer.status_code != httpx.codes.NOT_FOUND:
            raise ShelfAway(f"HTTP {answer.status_code}")
        if verb == "PUT" and not answer.is_success:
            raise ShelfAway("no such bucket")

    def _asked(self, verb: str, name: str, digest: str) -> tuple[str, dict[str, str]]:
        url = f"{self._bucket.address.rstrip('/')}/{checked(name)}"
        return url, signed(self._bucket, verb, url, digest, self._clock.now())


def signed(bucket: Bucket, verb: str, url: str, digest: str, now: datetime) -> dict[str, str]:
    """The headers of a request with its signature (AWS Signature Version 4, single chunk)."""
    parts = urlsplit(url)
    moment = now.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{moment[:8]}/{bucket.region}/s3/aws4_request"
    named = {"host": parts.netloc, "x-amz-content-sha256": digest, "x-amz-date": moment}
    names = ";".join(sorted(named))
    lines = [f"{name}:{named[name]}\n" for name in sorted(named)]
    asked = "\n".join([verb, quote(parts.path, safe="/-_.~"), parts.query, "".join(lines), names, digest])
    text = "\n".join([_SCHEME, moment, scope, hashlib.sha256(asked.encode()).hexdigest()])
    key = f"AWS4{bucket.secret_key}".encode()
    for step in scope.split("/"):
        key = hmac.digest(key, step.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    told = f"Credential={bucket.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {**named, "authorization": f"{_SCHEME} {told}"}

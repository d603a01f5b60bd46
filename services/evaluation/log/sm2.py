"""SM2 signatures (GB/T 32918.2) by GmSSL, with keys made from a seed and signatures as 64 bytes: r, then s.

GmSSL makes keys of its own and cannot say the public key of a private one it is given, so that one multiplication on the
curve is done here, once per process and key. It runs in plain integers and takes a time that depends on the key; it happens
at no moment anybody outside can choose or measure.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

# The curve of GB/T 32918.5-2017.
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
_FIELD = 32
_PURPOSE = b"zhengfeng tree heads SM2\x00"
Point = tuple[int, int] | None  # None is the point at infinity


@lru_cache(maxsize=8)
def _pair(seed: bytes) -> tuple[bytes, bytes]:
    """The private and the public key a seed stands for; the private one lies evenly in 1..n-2, as the standard asks."""
    private = int.from_bytes(hashlib.sha512(_PURPOSE + seed).digest(), "big") % (N - 2) + 1
    return private.to_bytes(_FIELD, "big"), public_key(private)


def public_key(private: int) -> bytes:
    """The public key of a private one: x, then y."""
    point, power, rest = None, G, private
    while rest:
        if rest & 1:
            point = _sum(point, power)
        doubled = _sum(power, power)
        assert doubled is not None, "a power of two never reaches infinity on a curve of prime order"
        power, rest = doubled, rest >> 1
    assert point is not None, "a private key lies below the order of the curve"
    return b"".join(part.to_bytes(_FIELD, "big") for part in point)


def public_of(seed: bytes) -> bytes:
    """The public key of a seed."""
    return _pair(seed)[1]


def sign(seed: bytes, text: bytes) -> bytes:
    """The signature over a text under the usual identity."""
    from gmssl_pyx import sm2_sign

    return b"".join(part.to_bytes(_FIELD, "big") for part in _numbers(sm2_sign(*_pair(seed), text)))


def verify(public: bytes, text: bytes, signature: bytes) -> bool:
    """Whether the signature over a text is that of a public key."""
    from gmssl_pyx import GmsslInnerError, sm2_verify

    if len(signature) != 2 * _FIELD or len(public) != 2 * _FIELD:
        return False
    try:
        return bool(sm2_verify(public, text, _der(signature)))
    except GmsslInnerError:  # a key that is no point of the curve
        return False


def _sum(one: Point, other: Point) -> Point:
    """The sum of two points of the curve."""
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    slope = (3 * x1 * x1 + A) * pow(2 * y1, -1, P) if one == other else (y2 - y1) * pow(x2 - x1, -1, P)
    x3 = (slope * slope - x1 - x2) % P
    return x3, (slope * (x1 - x3) - y1) % P


def _der(signature: bytes) -> bytes:
    """The ASN.1 that GmSSL reads: a sequence of two integers."""
    numbers = (int.from_bytes(half, "big") for half in (signature[:_FIELD], signature[_FIELD:]))
    parts = [number.to_bytes(number.bit_length() // 8 + 1, "big") for number in numbers]
    body = b"".join(bytes([2, len(part)]) + part for part in parts)
    return bytes([0x30, len(body)]) + body


def _numbers(der: bytes) -> tuple[int, int]:
    """The two integers of the ASN.1 that GmSSL writes; each is shorter than 128 bytes, so its length is one byte."""
    end = 4 + der[3]
    return int.from_bytes(der[4:end], "big"), int.from_bytes(der[end + 2 : end + 2 + der[end + 1]], "big")

"""Ed25519 (RFC 8032) and SM2 (GB/T 32918.2) verified in plain integers, as the standards write them.

Verifying uses nothing secret, so nothing is lost by being plain. Where `cryptography` is installed Ed25519 is left to it: it
is a thousand times faster, which counts where a campaign has ten thousand heads.
"""

from __future__ import annotations

import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]

SM2_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
SM2_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
SM2_A = SM2_P - 3
SM2_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
SM2_G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
IDENTITY = b"1234567812345678"


def verified(suite: str, public: bytes, text: bytes, signature: bytes) -> bool:
    """Whether the signature over a text is that of a public key, by a suite of this name."""
    if suite == "SM3/SM2":
        return sm2(public, text, signature)
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return ed25519(public, text, signature)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def ed25519(public: bytes, text: bytes, signature: bytes) -> bool:
    """RFC 8032, 5.1.7: [S]B = R + [k]A."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = _decompressed(public), _decompressed(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % L
    base = _decompressed((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    assert base is not None
    return _times(s, base) == _plus(commitment, _times(k, key))


def _plus(one: Point, other: Point) -> Point:
    (x1, y1), (x2, y2) = one, other
    part = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + part, -1, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - part, -1, P)
    return x % P, y % P


def _times(number: int, point: Point) -> Point:
    found = (0, 1)
    while number:
        if number & 1:
            found = _plus(found, point)
        point, number = _plus(point, point), number >> 1
    return found


def _decompressed(text: bytes) -> Point | None:
    """RFC 8032, 5.1.3: the point of 32 bytes, if there is one."""
    y = int.from_bytes(text, "little")
    odd, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and odd):
        return None
    return (P - x if x & 1 != odd else x), y


def sm2(public: bytes, text: bytes, signature: bytes) -> bool:
    """GB/T 32918.2, 7.1: with t = r + s, the x of [s]G + [t]A and e give r again."""
    if len(public) != 64 or len(signature) != 64:
        return False
    key = int.from_bytes(public[:32], "big"), int.from_bytes(public[32:], "big")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    t = (r + s) % SM2_N
    if not (0 < r < SM2_N and 0 < s < SM2_N and t and _on_curve(key)):
        return False
    found = _sm2_plus(_sm2_times(s, SM2_G), _sm2_times(t, key))
    return found is not None and (_message(public, text) + found[0]) % SM2_N == r


def _message(public: bytes, text: bytes) -> int:
    """5.5 and 6.1: e, the SM3 of the signer's identity and key and of the text."""
    numbers = b"".join(one.to_bytes(32, "big") for one in (SM2_A, SM2_B, *SM2_G))
    identity = (8 * len(IDENTITY)).to_bytes(2, "big") + IDENTITY
    z = hashlib.new("sm3", identity + numbers + public).digest()
    return int.from_bytes(hashlib.new("sm3", z + text).digest(), "big")


def _on_curve(point: Point) -> bool:
    x, y = point
    return x < SM2_P and y < SM2_P and (y * y - (x * x * x + SM2_A * x + SM2_B)) % SM2_P == 0


def _sm2_plus(one: Point | None, other: Point | None) -> Point | None:
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % SM2_P == 0:
        return None
    same = one == other
    slope = (3 * x1 * x1 + SM2_A) * pow(2 * y1, -1, SM2_P) if same else (y2 - y1) * pow(x2 - x1, -1, SM2_P)
    x3 = (slope * slope - x1 - x2) % SM2_P
    return x3, (slope * (x1 - x3) - y1) % SM2_P


def _sm2_times(number: int, point: Point) -> Point | None:
    found: Point | None = None
    power: Point | None = point
    while number:
        if number & 1:
            found = _sm2_plus(found, power)
        power, number = _sm2_plus(power, power), number >> 1
    return found

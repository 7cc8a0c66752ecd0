"""The Bloom filter of open command numbers that a keep-alive carries: {"m":13,"k":5,"b":"<base64url>"}. SPEC 2.6."""

import base64
import binascii
import re
import struct

SHAPE = re.compile(rb'\{"m":([1-9][0-9]{0,19}),"k":([1-9][0-9]{0,19}),"b":"([A-Za-z0-9_=-]*)"\}')
MASK = (1 << 64) - 1


class InputFilter:
    """Which numbers a client says it holds open: yes to each of them, and to a few others."""

    def __init__(self, m, k, words):
        self.m = m
        self.k = k
        self.words = words
        self.bits = len(words) * 64
        self.empty = not any(words)

    def __contains__(self, number):
        if self.empty:
            return False
        key = number.to_bytes(8, "big")
        h = murmur3_128(key) + murmur3_128(key + b"\x01")
        for i in range(self.k):
            location = ((h[i % 2] + i * h[2 + ((i + i % 2) % 4) // 2]) & MASK) % self.m
            if location >= self.bits or not self.words[location >> 6] >> (location & 63) & 1:
                return False
        return True


def decode(data):
    """The filter that the bytes encode; None for everything that is not exactly of that shape."""
    match = SHAPE.fullmatch(data)
    if match is None:
        return None
    m, k = int(match[1]), int(match[2])
    if m > MASK or k > MASK:
        return None
    b = unpadded(match[3])
    if b is None or len(b) < 8:
        return None
    (length,) = struct.unpack(">Q", b[:8])
    count = (length + 63) // 64
    if len(b) - 8 != count * 8:
        return None
    words = struct.unpack(f">{count}Q", b[8:])
    if k > 64 and any(words):
        return None
    found = InputFilter(m, k, words)
    found.bits = length
    return found


def unpadded(text):
    """base64url with its padding; None for any other spelling."""
    try:
        data = base64.urlsafe_b64decode(text)
    except (binascii.Error, ValueError):
        return None
    return data if base64.urlsafe_b64encode(data) == text else None


def murmur3_128(key):
    """MurmurHash3 x64 128 with seed 0, of at most 15 bytes."""
    c1, c2 = 0x87C37B91114253D5, 0x4CF5AD432745937F
    h1 = h2 = 0
    k1 = int.from_bytes(key[:8], "little")
    k2 = int.from_bytes(key[8:], "little")
    if k2:
        h2 ^= rotated(k2 * c2 & MASK, 33) * c1 & MASK
    h1 ^= rotated(k1 * c1 & MASK, 31) * c2 & MASK
    h1 ^= len(key)
    h2 ^= len(key)
    h1 = (h1 + h2) & MASK
    h2 = (h2 + h1) & MASK
    h1, h2 = mixed(h1), mixed(h2)
    h1 = (h1 + h2) & MASK
    h2 = (h2 + h1) & MASK
    return [h1, h2]


def rotated(x, by):
    return (x << by | x >> (64 - by)) & MASK


def mixed(x):
    x = (x ^ x >> 33) * 0xFF51AFD7ED558CCD & MASK
    x = (x ^ x >> 33) * 0xC4CEB9FE1A85EC53 & MASK
    return x ^ x >> 33

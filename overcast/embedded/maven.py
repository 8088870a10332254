"""Jars from Maven Central, or from the mirror that the user's Maven settings name, by jgo.

jgo resolves in pure Python, so Maven need not be installed. It is imported only when a jar is
missing: the import takes longer than all the rest of a start that has its jars.
"""

from pathlib import Path
from xml.etree import ElementTree as ET

STANDS_FOR_CENTRAL = {"*", "central", "external:*"}
ANSWER_SECONDS = 60


def fetch(group: str, artifact: str, version: str, work: Path, *form: str) -> Path:
    """Download a jar into the folder `work`; errors of the network are raised as they are.

    `form` names another file of the artifact: its classifier and its ending.
    """
    from jgo.maven import MavenContext  # noqa: PLC0415

    mirror = mirror_of_central(Path.home() / ".m2" / "settings.xml")
    remotes = {"mirror": mirror} if mirror else None
    context = MavenContext(repo_cache=work, remote_repos=remotes, timeout=ANSWER_SECONDS)
    project = context.project(group, artifact).at_version(version)
    return Path(project.artifact(*form).resolve())


def mirror_of_central(settings: Path) -> str | None:
    """Return the address of the mirror that Maven's settings give for Central; None if none."""
    if not settings.exists():
        return None
    root = ET.parse(settings).getroot()  # noqa: S314  the user's own file
    for mirror in root.iterfind("{*}mirrors/{*}mirror"):
        stands_for = (mirror.findtext("{*}mirrorOf") or "").replace(" ", "").split(",")
        if STANDS_FOR_CENTRAL.intersection(stands_for):
            return (mirror.findtext("{*}url") or "").strip().rstrip("/") or None
    return None

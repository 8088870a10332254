"""A client of the API server: objects in, objects out."""

import json
import ssl
import subprocess
from pathlib import Path
from typing import Any

import httpx

from tests.support.charts import Thing, program

JSON_PATCH = {"Content-Type": "application/merge-patch+json"}


class Api:
    """The API server at an address, by a token of an administrator."""

    def __init__(self, url: str, token: str, authority: Path, kubeconfig: Path) -> None:
        self.kubeconfig = kubeconfig
        context = ssl.create_default_context(cafile=str(authority))
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx.Client(base_url=url, headers=headers, verify=context, timeout=60.0)

    def answers(self) -> bool:
        """Whether it is ready."""
        try:
            return self._client.get("/readyz").status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def get(self, path: str) -> Any:
        """What is at a path; None if nothing is."""
        answer = self._client.get(path)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        return answer.raise_for_status().json()

    def post(self, path: str, thing: Thing) -> None:
        """Create an object."""
        self._client.post(path, json=thing).raise_for_status()

    def patch(self, path: str, change: Thing) -> None:
        """Change an object; one that is gone stays so."""
        answer = self._client.patch(path, content=json.dumps(change), headers=JSON_PATCH)
        if answer.status_code != httpx.codes.NOT_FOUND:
            answer.raise_for_status()

    def delete(self, path: str) -> None:
        """Remove an object at once; one that is gone stays so."""
        answer = self._client.delete(path, params={"gracePeriodSeconds": "0"})
        if answer.status_code != httpx.codes.NOT_FOUND:
            answer.raise_for_status()

    def kubectl(self, *words: str | Path, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run kubectl, whatever comes of it."""
        return self._run("kubectl", *words, given=given)

    def helm(self, *words: str | Path) -> str:
        """Run Helm; what it prints."""
        return _whole(self._run("helm", *words))

    def apply(self, *words: str | Path, given: str = "") -> str:
        """`kubectl apply` by the server's own rules, strictly; what it prints."""
        return _whole(self.kubectl("apply", "--server-side", *words, given=given))

    def _run(
        self, name: str, *words: str | Path, given: str = ""
    ) -> subprocess.CompletedProcess[str]:
        command = [program(name), "--kubeconfig", self.kubeconfig, *words]
        return subprocess.run(command, input=given, capture_output=True, text=True, check=False)

    def close(self) -> None:
        """Disconnect."""
        self._client.close()


def _whole(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, f"{' '.join(map(str, done.args))}\n{done.stdout}{done.stderr}"
    return done.stdout

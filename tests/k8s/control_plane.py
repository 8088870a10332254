"""A Kubernetes control plane and KEDA as processes on the loopback, in a folder of their own."""

import json
import secrets
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from overcast.embedded.certificates import Authority, write_secret
from overcast.embedded.children import free_ports
from tests.k8s.api import Api
from tests.k8s.processes import Processes, until
from tests.support.charts import CRDS, Thing

KEDA = "keda"  # the namespace
NODE = "laptop"
LOOK_SECONDS = 2  # of the HPA, between two looks; a cluster's 15 would make the test long
NAMES = ("keda-operator", "keda-metrics-apiserver")
KEDA_HOSTS = ["localhost", "127.0.0.1", *(f"{name}.{KEDA}.svc" for name in NAMES)]
LISTENERS = (
    "api", "etcd", "etcd-peers", "controllers", "grpc", "metrics", "operator", "health", "adapter",
)  # fmt: skip
METRICS_API = "v1beta1.external.metrics.k8s.io"


@dataclass(frozen=True)
class Keys:
    """Certificates and tokens, all made for one run."""

    folder: Path
    authority: Authority
    token: str

    @property
    def ca(self) -> Path:
        """The file of the authority."""
        return self.folder / "ca.crt"

    def kubeconfig(self, url: str) -> Path:
        """The file by which programs find the API server."""
        cluster = {"server": url, "certificate-authority": str(self.ca)}
        context = {"cluster": "local", "user": "admin"}
        file = self.folder / "kubeconfig"
        config = {
            "apiVersion": "v1", "kind": "Config", "current-context": "local",
            "clusters": [{"name": "local", "cluster": cluster}],
            "users": [{"name": "admin", "user": {"token": self.token}}],
            "contexts": [{"name": "local", "context": context}],
        }  # fmt: skip
        write_secret(file, json.dumps(config).encode())
        return file


def make_keys(folder: Path) -> Keys:
    """An authority, what it signs, the key of service accounts and an administrator's token."""
    keys = Keys(folder, Authority("kubernetes"), secrets.token_hex(16))
    keys.ca.write_bytes(keys.authority.cert)
    keys.authority.issue("kube-apiserver", ["127.0.0.1", "localhost"]).write(folder, "apiserver")
    keys.authority.issue("front-proxy").write(folder, "front-proxy")
    keys.authority.issue("keda", KEDA_HOSTS).write(folder, "tls")
    pair = rsa.generate_private_key(65_537, 2_048)
    public = pair.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "sa.pub").write_bytes(public)
    own = pair.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    write_secret(folder / "sa.key", own)
    write_secret(folder / "tokens.csv", f'{keys.token},admin,admin,"system:masters"\n'.encode())
    return keys


class ControlPlane:
    """etcd, API server and controllers, then KEDA."""

    def __init__(self, binaries: Path, folder: Path, processes: Processes) -> None:
        self._binaries, self._folder, self._processes = binaries, folder, processes
        self._keys = make_keys(folder)
        self._ports = dict(zip(LISTENERS, free_ports(len(LISTENERS)), strict=True))
        url = f"https://127.0.0.1:{self._ports['api']}"
        self._kubeconfig = self._keys.kubeconfig(url)
        self.api = Api(url, self._keys.token, self._keys.ca, self._kubeconfig)

    def start(self) -> None:
        """Start Kubernetes: everything but nodes."""
        self._run("etcd", "bin/etcd", self._etcd())
        self._run("kube-apiserver", "bin/kube-apiserver", self._apiserver())
        self._processes.await_("kube-apiserver", self.api.answers, "the API server")
        self._run("kube-controller-manager", "bin/kube-controller-manager", self._controllers())
        self.api.post("/api/v1/nodes", _node())

    def start_keda(self) -> None:
        """Define what KEDA and Prometheus know, and start KEDA as a cluster would."""
        self.api.apply("--filename", self._binaries / "crds")
        self.api.apply("--force-conflicts", "--filename", "-", given=_prometheus_crds())
        self._run("keda-operator", "bin/keda-operator", self._operator())
        self._run("keda-adapter", "bin/keda-adapter", self._adapter())
        self.api.apply("--filename", "-", given=json.dumps(self._service()))
        service = f"/apis/apiregistration.k8s.io/v1/apiservices/{METRICS_API}"
        until(lambda: _condition(self.api.get(service), "Available"), "KEDA's metrics")

    @property
    def _etcd_url(self) -> str:
        return f"http://127.0.0.1:{self._ports['etcd']}"

    def _run(self, name: str, binary: str, flags: dict[str, object]) -> None:
        words = [f"--{flag}={value}" for flag, value in flags.items()]
        known = {"KUBECONFIG": str(self._kubeconfig), "PATH": "/usr/bin:/bin"}
        watched = {"POD_NAMESPACE": KEDA, "WATCH_NAMESPACE": ""}
        names = {"KEDA_CLUSTER_OBJECT_NAMESPACE": KEDA, "HOME": str(self._folder)}
        self._processes.start(name, [self._binaries / binary, *words], known | watched | names)

    def _etcd(self) -> dict[str, object]:
        peer = f"http://127.0.0.1:{self._ports['etcd-peers']}"
        return {
            "data-dir": self._folder / "etcd",
            "listen-client-urls": self._etcd_url,
            "advertise-client-urls": self._etcd_url,
            "listen-peer-urls": peer,
            "initial-advertise-peer-urls": peer,
            "initial-cluster": f"default={peer}",
            "unsafe-no-fsync": "true",
        }

    def _apiserver(self) -> dict[str, object]:
        folder = self._folder
        return {
            "etcd-servers": self._etcd_url,
            "bind-address": "127.0.0.1",
            "secure-port": self._ports["api"],
            "advertise-address": "127.0.0.1",
            "endpoint-reconciler-type": "none",  # loopback addresses are no Endpoints
            "service-cluster-ip-range": "10.96.0.0/16",
            "tls-cert-file": folder / "apiserver.crt",
            "tls-private-key-file": folder / "apiserver.key",
            "client-ca-file": self._keys.ca,
            "token-auth-file": folder / "tokens.csv",
            "authorization-mode": "Node,RBAC",
            "service-account-key-file": folder / "sa.pub",
            "service-account-signing-key-file": folder / "sa.key",
            "service-account-issuer": "https://kubernetes.default.svc",
            "requestheader-client-ca-file": self._keys.ca,
            "requestheader-allowed-names": "front-proxy",
            "requestheader-extra-headers-prefix": "X-Remote-Extra-",
            "requestheader-group-headers": "X-Remote-Group",
            "requestheader-username-headers": "X-Remote-User",
            "proxy-client-cert-file": folder / "front-proxy.crt",
            "proxy-client-key-file": folder / "front-proxy.key",
            "profiling": "false",
        }

    def _controllers(self) -> dict[str, object]:
        return {
            "kubeconfig": self._kubeconfig,
            "bind-address": "127.0.0.1",
            "secure-port": self._ports["controllers"],
            "leader-elect": "false",
            # the only node is a stand-in, of which nobody has to ask whether it is there
            "controllers": "*,-node-lifecycle-controller,-taint-eviction-controller",
            "service-account-private-key-file": self._folder / "sa.key",
            "root-ca-file": self._keys.ca,
            "horizontal-pod-autoscaler-sync-period": f"{LOOK_SECONDS}s",
            "profiling": "false",
        }

    def _operator(self) -> dict[str, object]:
        ports = self._ports
        return {
            "cert-dir": self._folder,
            "metrics-bind-address": f"127.0.0.1:{ports['operator']}",
            "health-probe-bind-address": f"127.0.0.1:{ports['health']}",
            "metrics-service-bind-address": f"127.0.0.1:{ports['grpc']}",
        }

    def _adapter(self) -> dict[str, object]:
        folder, config = self._folder, self._kubeconfig
        return {
            "lister-kubeconfig": config,
            "authentication-kubeconfig": config,
            "authorization-kubeconfig": config,
            "client-ca-file": self._keys.ca,
            "bind-address": "127.0.0.1",
            "secure-port": self._ports["metrics"],
            "tls-cert-file": folder / "tls.crt",
            "tls-private-key-file": folder / "tls.key",
            "cert-dir": folder,
            "metrics-service-address": f"localhost:{self._ports['grpc']}",
            "metrics-service-grpc-authority": "localhost",
            "port": self._ports["adapter"],
        }

    def _service(self) -> Thing:
        """How the API server finds the adapter, of which there is no Pod."""
        name = {"name": "keda-metrics-apiserver", "namespace": KEDA}
        ports = [{"port": self._ports["metrics"], "name": "https"}]
        spec = {"type": "ExternalName", "externalName": "localhost", "ports": ports}
        api = {
            "service": {**name, "port": self._ports["metrics"]},
            "group": "external.metrics.k8s.io",
            "version": "v1beta1",
            "groupPriorityMinimum": 100,
            "versionPriority": 100,
            "caBundle": b64encode(self._keys.authority.cert).decode(),
        }
        registered = {"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService"}
        return {
            "apiVersion": "v1",
            "kind": "List",
            "items": [
                {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": KEDA}},
                {"apiVersion": "v1", "kind": "Service", "metadata": name, "spec": spec},
                {**registered, "metadata": {"name": METRICS_API}, "spec": api},
            ],
        }


def _node() -> Thing:
    room = {"cpu": "8", "memory": "16Gi", "pods": "50"}
    ready = {"type": "Ready", "status": "True"}
    status = {"allocatable": room, "capacity": room, "conditions": [ready]}
    return {"kind": "Node", "apiVersion": "v1", "metadata": {"name": NODE}, "status": status}


def _prometheus_crds() -> str:
    crds = [crd for crd in json.loads(CRDS.read_text()) if "coreos" in crd["spec"]["group"]]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": crds})


def _condition(thing: Thing | None, name: str) -> bool:
    """Whether a condition of an object holds."""
    conditions = ((thing or {}).get("status") or {}).get("conditions") or []
    return any(each["type"] == name and each["status"] == "True" for each in conditions)

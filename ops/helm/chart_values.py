"""The values of the Helm chart, typed: values.yaml, its schema and its README come from here."""

from typing import Literal

from chart_parts import Access, Files, Free, Image, Part, Secrets, Where, Words, resources
from pydantic import Field


class Worker(Access, Where):
    """The workers: they forecast and learn."""

    replicas: int = Field(
        2, ge=0, description="how many, at most one a partition; unused with keda.enabled"
    )
    resources: Free = Field(
        resources("500m", "768Mi", "1536Mi"),
        description="requests and limits (docs/kubernetes.md)",
    )
    snapshots_claim: str = Field(
        "",
        description="PersistentVolumeClaim (ReadWriteMany) for snapshots, where snapshot_store "
        "names no bucket; '': each Pod has its own, and they go with it",
    )
    termination_grace_period_seconds: int = Field(
        60, ge=10, description="time to finish the batch in hand and to leave the group"
    )
    max_unavailable: int | str = Field(
        1, description="of a rolling update, and of the PodDisruptionBudget"
    )
    topology_keys: list[str] = Field(
        ["kubernetes.io/hostname", "topology.kubernetes.io/zone"],
        description="labels of nodes over which workers are spread, if it can be done",
    )


class Ingress(Part):
    """An Ingress before the live page."""

    enabled: bool = Field(default=False, description="make one")
    class_name: str = Field("", description="its IngressClass")
    host: str = Field("overcast.example", description="the page's name")
    tls_secret: str = Field("", description="Secret of its certificate; '': no TLS here")
    annotations: Words = Field({}, description="for the controller")


class Dashboard(Access, Where):
    """The live page."""

    enabled: bool = Field(default=True, description="run it")
    replicas: int = Field(1, ge=1, description="each keeps all matches in memory")
    resources: Free = Field(resources("100m", "256Mi", "512Mi"), description="requests and limits")
    service_type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = Field(
        "ClusterIP", description="of the Service"
    )
    ingress: Ingress = Field(Ingress(), description="")


class Archive(Access, Where):
    """The topics as Parquet, on a volume of its own."""

    enabled: bool = Field(default=False, description="run it")
    size: str = Field("20Gi", description="of the volume")
    storage_class: str = Field("", description="'': the cluster's default")
    every: int = Field(60, ge=1, description="seconds after which new messages are written")
    resources: Free = Field(resources("100m", "256Mi", "512Mi"), description="requests and limits")


class Reproduce(Access, Where):
    """Published predictions made again, sample by sample."""

    enabled: bool = Field(default=False, description="run it")
    sample: int = Field(1000, ge=1, description="predictions of a sample")
    every: int = Field(3600, ge=1, description="seconds from sample to sample")
    resources: Free = Field(resources("200m", "512Mi", "1Gi"), description="requests and limits")


class Once(Access, Where):
    """A Job that each change of the settings runs again."""

    enabled: bool = Field(default=False, description="run it")
    resources: Free = Field(resources("100m", "192Mi", "384Mi"), description="requests and limits")


class Topics(Once):
    """Make the topics that are missing, as an administrator of Kafka."""

    enabled: bool = Field(default=True, description="run it")


class Job(Access, Where):
    """A CronJob of an `overcast` command."""

    schedule: str = Field(description="as cron writes it, in UTC")
    args: list[str] = Field(min_length=1, description="the command, without `overcast`")
    claim: str = Field("", description="PersistentVolumeClaim mounted at /work")
    deadline_seconds: int = Field(3600, ge=1, description="after which a run is ended")
    resources: Free = Field(
        resources("500m", "512Mi", "2Gi"), description="as here, if none are given"
    )


class Scaling(Part):
    """One direction of KEDA's scaling."""

    window_seconds: int = Field(ge=0, description="the HPA takes the best wish of this time")
    pods: int = Field(ge=1, description="at most so many Pods")
    period_seconds: int = Field(ge=1, le=1800, description="in so many seconds")


class Keda(Part):
    """Workers by lag: a ScaledObject of KEDA."""

    enabled: bool = Field(default=False, description="let KEDA decide how many workers there are")
    min_replicas: int = Field(1, ge=0, description="0 makes a first ball wait for a start")
    max_replicas: int = Field(0, ge=0, description="0: one a partition")
    lag_threshold: int = Field(
        10_000, ge=1, description="lag a worker may have: throughput times the tolerated seconds"
    )
    activation_lag_threshold: int = Field(0, ge=0, description="lag that wakes 0 workers")
    even: bool = Field(
        default=True, description="only numbers of workers that divide the partitions"
    )
    polling_interval: int = Field(15, ge=1, description="seconds between two looks, from 0 workers")
    cooldown_period: int = Field(300, ge=0, description="seconds without lag before 0 workers")
    version: str = Field("2.5.0", description="of Kafka's protocol; below the broker's is enough")
    authentication: str = Field(
        "", description="TriggerAuthentication of yours; '': made of the workers' own access"
    )
    ca_secret: str = Field("", description="Secret with the brokers' authority, for KEDA")
    ca_key: str = Field("ca.crt", description="its key there")
    fallback_replicas: int = Field(
        0, ge=0, description="workers while Kafka cannot be asked; 0: as many as there are"
    )
    up: Scaling = Field(Scaling(window_seconds=30, pods=4, period_seconds=60), description="")
    down: Scaling = Field(Scaling(window_seconds=300, pods=1, period_seconds=120), description="")


class Monitoring(Part):
    """For the Prometheus operator, and Grafana's sidecar."""

    enabled: bool = Field(default=False, description="PodMonitor and ServiceMonitor")
    rules: bool = Field(default=False, description="PrometheusRule: the rules that compose uses")
    dashboards: bool = Field(default=False, description="ConfigMaps of Grafana's dashboards")
    labels: Words = Field({}, description="that your Prometheus selects monitors and rules by")
    dashboard_labels: Words = Field(
        {"grafana_dashboard": "1"}, description="that your Grafana selects dashboards by"
    )
    datasource: str = Field("prometheus", description="uid of Grafana's data source")
    interval: str = Field("15s", pattern="^[0-9]+(s|m)$", description="between two scrapes")


class NetworkPolicy(Part):
    """Who may reach the Pods, and whom they may reach."""

    enabled: bool = Field(default=True, description="make them")
    metrics_from: list[Free] = Field(
        [{"namespaceSelector": {}}], description="peers that may read /metrics"
    )
    page_from: list[Free] = Field([], description="peers that may reach the page; []: everybody")
    egress_ports: list[int] = Field(
        [9092, 9093, 9094, 6379, 6380, 26379, 443],
        description="of Kafka, Redis, Sentinel, buckets and issuers; DNS is always allowed",
    )
    egress: list[Free] = Field([], description="rules in place of these ports")


class Values(Part):
    """Everything that `helm install --values` may give."""

    name_override: str = Field("", description="in place of the chart's name")
    fullname_override: str = Field("", description="in place of release and chart")
    image: Image = Field(Image(), description="")
    settings: Free = Field(
        {"kafka": "kafka:9092", "redis": "redis://redis:6379/0", "partitions": 4, "replication": 3},
        description="of all parts, by their names in docs/settings.md; no secret",
    )
    secrets: Secrets = Field(Secrets(), description="of all parts")
    files: list[Files] = Field([], description="of all parts")
    topics: Topics = Field(Topics(), description="")
    schemas: Once = Field(Once(), description="`overcast schemas push` to settings.schema_registry")
    worker: Worker = Field(Worker(), description="")
    dashboard: Dashboard = Field(Dashboard(), description="")
    archive: Archive = Field(Archive(), description="")
    reproduce: Reproduce = Field(Reproduce(), description="")
    jobs: dict[str, Job] = Field({}, description="CronJobs by name")
    keda: Keda = Field(Keda(), description="")
    monitoring: Monitoring = Field(Monitoring(), description="")
    network_policy: NetworkPolicy = Field(NetworkPolicy(), description="")
    global_: Free = Field({}, alias="global", description="of a chart that has this one inside")

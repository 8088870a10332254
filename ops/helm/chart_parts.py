"""What several parts of the Helm chart's values have in common."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Free = dict[str, Any]  # a piece of Kubernetes' own, which its API server judges
Words = dict[str, str]


class Part(BaseModel):
    """A group of values; what it does not know is refused."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", populate_by_name=True)


class Image(Part):
    """The image of every process."""

    repository: str = Field("overcast", description="where it is, with its registry")
    tag: str = Field("", description="'': the chart's appVersion")
    digest: str = Field(
        "", pattern="^(sha256:[0-9a-f]{64})?$", description="sha256:…, which wins over the tag"
    )
    pull_policy: Literal["Always", "IfNotPresent", "Never"] = Field(
        "IfNotPresent", description="Kubernetes' imagePullPolicy"
    )
    pull_secrets: list[str] = Field([], description="names of Secrets that let the kubelet pull it")


class Secrets(Part):
    """Secret settings, mounted as files: OVERCAST_SECRETS_DIR."""

    existing: str = Field(
        "", description="name of a Secret of yours; its keys are names of settings"
    )
    values: Words = Field({}, description="or the secret settings themselves, for a first try")


class Files(Part):
    """Files that settings name by path, such as certificates and the page's tokens."""

    name: str = Field(pattern="^[a-z0-9-]+$", description="of the volume")
    secret: str = Field("", description="name of the Secret that holds them")
    config_map: str = Field("", description="or of the ConfigMap")
    at: str = Field(pattern="^/", description="folder in which they appear")


class Access(Part):
    """What a process is given: every part has its own, so that it can have its own rights."""

    settings: Free = Field({}, description="settings of this part, over those of all")
    secrets: Secrets = Field(Secrets(), description="in place of those of all")
    files: list[Files] = Field([], description="in place of those of all")


class Where(Part):
    """Where Pods may run, and what they may take."""

    resources: Free = Field({}, description="requests and limits")
    node_selector: Words = Field({}, description="labels that a node must have")
    tolerations: list[Free] = Field([], description="taints that are borne")
    affinity: Free = Field({}, description="Kubernetes' own")
    priority_class_name: str = Field("", description="name of a PriorityClass")
    pod_annotations: Words = Field({}, description="annotations of the Pods")
    service_account_annotations: Words = Field(
        {}, description="annotations of the ServiceAccount, such as a cloud's role"
    )


def resources(cpu: str, memory: str, most: str) -> Free:
    """What a container asks for, and the most memory that it may take."""
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": most}}

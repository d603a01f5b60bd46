"""The Kubernetes objects: both overlays render, all objects are valid, every service has the same ones in one order."""

from __future__ import annotations

import subprocess
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

ROOT = Path(__file__).parents[2]
K8S = ROOT / "deploy" / "k8s"
KUBERNETES = "1.34"
SERVICES = ("directory", "complaints", "evaluation", "supervision", "accountability")
ORDER = ["ServiceAccount", "ConfigMap", "Deployment", "Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy"]


def rendered(overlay: str) -> list[dict[str, Any]]:
    kubectl = Path(sys.executable).parent / "kubectl"
    answer = subprocess.run(
        [kubectl, "kustomize", K8S / "overlays" / overlay], capture_output=True, text=True, check=True, timeout=60
    )
    return [part for part in yaml.safe_load_all(answer.stdout) if part]


@pytest.mark.parametrize("overlay", ["city", "district"])
def test_every_object_of_an_overlay_is_valid(overlay: str) -> None:
    objects = rendered(overlay)

    for part in objects:
        kubernetes_validate.validate(part, KUBERNETES, strict=True)

    assert {part["metadata"]["name"] for part in objects if part["kind"] == "Service"} == {*SERVICES, "gateway"}


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_the_same_objects_in_the_same_order(service: str) -> None:
    kinds = [part["kind"] for part in yaml.safe_load_all((K8S / "base" / f"{service}.yaml").read_text(encoding="utf-8"))]

    if service == "complaints":
        kinds.remove("Deployment")  # its courier
        kinds.remove("PersistentVolumeClaim")  # its attachments
        kinds.remove("NetworkPolicy")  # where its courier may knock
    if service == "evaluation":
        kinds.remove("Deployment")  # its readers of scanned cards
        kinds.remove("PersistentVolumeClaim")  # the scans

    assert kinds == ORDER


@pytest.mark.parametrize("overlay", ["city", "district"])
def test_no_container_runs_as_root_or_writes_its_own_disk(overlay: str) -> None:
    pods = [part["spec"]["template"]["spec"] for part in rendered(overlay) if part["kind"] in ("Deployment", "Job")]

    for pod in pods:
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert all(container["securityContext"]["readOnlyRootFilesystem"] for container in pod["containers"])


def test_the_courier_of_complaints_cannot_knock_inside_the_cluster() -> None:
    objects = list(yaml.safe_load_all((K8S / "base" / "complaints.yaml").read_text(encoding="utf-8")))
    [policy] = [part["spec"] for part in objects if part["metadata"]["name"] == "complaints-courier-egress"]
    assert policy["policyTypes"] == ["Egress"]
    open_to = [place["ipBlock"] for rule in policy["egress"] for place in rule.get("to", ()) if "ipBlock" in place]
    closed = (
        "127.0.0.1",
        "10.96.0.1",
        "172.16.0.9",
        "192.168.1.1",
        "169.254.169.254",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fc00::1",
    )
    assert not [one for one in closed if any(_within(one, block) for block in open_to)]
    assert all(any(_within(one, block) for block in open_to) for one in ("93.184.215.14", "2606:4700::1111"))


def _within(address: str, block: dict[str, Any]) -> bool:
    given = ip_address(address)
    return given in ip_network(block["cidr"]) and not any(given in ip_network(one) for one in block.get("except", ()))


def test_server_and_courier_of_complaints_see_the_same_files() -> None:
    objects = list(yaml.safe_load_all((K8S / "base" / "complaints.yaml").read_text(encoding="utf-8")))
    [settings] = [part["data"] for part in objects if part["kind"] == "ConfigMap"]
    [claim] = [part for part in objects if part["kind"] == "PersistentVolumeClaim"]
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    for name in ("complaints-server", "complaints-courier"):
        [pod] = [part["spec"]["template"]["spec"] for part in objects if part["metadata"]["name"] == name]
        [volume] = [one for one in pod["volumes"] if "persistentVolumeClaim" in one]
        assert volume["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
        assert {"name": volume["name"], "mountPath": settings["OUTSIDE_FILES"]} in pod["containers"][0]["volumeMounts"]

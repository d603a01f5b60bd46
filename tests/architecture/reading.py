"""What the architecture tests read: files under version control, their syntax trees, contracts with their comments."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from buf.validate import validate_pb2  # noqa: F401  # its options are read below
from google.api import annotations_pb2
from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import Descriptor, MethodDescriptor
from zhengfeng.common.v1 import access_pb2  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
IMAGE = ROOT / "gen" / "image.binpb"
SERVICES = ("directory", "complaints", "evaluation", "supervision", "accountability")
PRODUCT = ("chassis", "carriage", "workdays", "papers", "services", "gateway", "suite")


@cache
def committed() -> tuple[Path, ...]:
    """Every file git knows, or would add, and that is there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def named(path: Path) -> str:
    """The path as people write it."""
    return str(path.relative_to(ROOT))


def product_code() -> list[Path]:
    """The Python files that are shipped."""
    return [path for path in committed() if path.suffix == ".py" and named(path).split("/")[0] in PRODUCT]


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=named(path))


@dataclass(frozen=True)
class Rpc:
    """One rpc of a contract and the comments above its service (what holds for all its rpcs) and above itself."""

    service: str
    method: MethodDescriptor
    common: str
    comment: str

    @property
    def name(self) -> str:
        return str(self.method.full_name)

    @property
    def reads(self) -> bool:
        """Whether it only reads: a GET, or a stream of answers to one request."""
        route = self.method.GetOptions().Extensions[annotations_pb2.http]
        streams_out = self.method.server_streaming and not self.method.client_streaming
        return bool(route.WhichOneof("pattern") == "get" or streams_out)


@cache
def image() -> descriptor_pb2.FileDescriptorSet:
    """Every contract with its comments."""
    return descriptor_pb2.FileDescriptorSet.FromString(IMAGE.read_bytes())


@cache
def pool() -> descriptor_pool.DescriptorPool:
    """The contracts, linked."""
    linked = descriptor_pool.DescriptorPool()
    for file in image().file:
        linked.Add(file)
    return linked


@cache
def rpcs() -> tuple[Rpc, ...]:
    """Every rpc of ours."""
    return tuple(_rpcs())


def _rpcs() -> Iterator[Rpc]:
    for file in image().file:
        if not file.package.startswith("zhengfeng."):
            continue
        comments = {tuple(place.path): place.leading_comments for place in file.source_code_info.location}
        for index, service in enumerate(file.service):
            for number, method in enumerate(service.method):
                found = pool().FindMethodByName(f"{file.package}.{service.name}.{method.name}")
                common, comment = comments.get((6, index), ""), comments.get((6, index, 2, number), "")
                yield Rpc(file.package.split(".")[1], found, common, comment)


def ours(message: Descriptor) -> bool:
    """Whether a message is declared in our contracts."""
    return str(message.full_name).startswith("zhengfeng.")

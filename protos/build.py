"""Generates gen/ from protos/: messages, gRPC stubs, their types, and one descriptor image.

What is here: the only place that runs the protocol compiler. `make protos` calls it, it needs nothing but
the packages of requirements/run.lock, and it does nothing when neither a .proto nor a tool has changed.

`buf/validate/validate_pb2` has no package of its own. Its descriptor is read out of the installed
protovalidate, so the generated module always fits the validator that runs, and no copy lies in the repository.
Files are replaced one by one and each in one step: whoever imports gen/ meanwhile never meets a gap, and a
contract that does not compile leaves the last good gen/ in place.

gen/image.binpb holds every descriptor with its comments: the gateway's OpenAPI, buf and the tests read it.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import importlib.resources
import os
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROTOS = ROOT / "protos"
GEN = ROOT / "gen"
STAMP = GEN / ".stamp"
IMAGE = "image.binpb"
TOOLS = ("grpcio-tools", "protobuf", "protovalidate", "googleapis-common-protos", "mypy-protobuf")
VALIDATE = "buf/validate/validate.proto"


def main() -> int:
    """Builds gen/ if something changed. Returns the exit code: 0, or 1 when a contract does not compile."""
    link_into_environment()
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sources = sorted(str(path.relative_to(PROTOS)) for path in PROTOS.rglob("*.proto"))
        wanted = fingerprint(sources)
        if STAMP.exists() and STAMP.read_text() == wanted:
            return 0
        with tempfile.TemporaryDirectory(prefix="gen.", dir=ROOT) as scratch:
            fresh = Path(scratch)
            if not compile_all(sources, fresh):
                sys.stderr.write("protos: not compiled, gen/ is left as it was\n")
                return 1
            replace(fresh)
        write(STAMP, wanted.encode())
    sys.stdout.write(f"protos: {len(sources)} contracts -> gen/\n")
    return 0


def fingerprint(sources: list[str]) -> str:
    """One hash over the contracts, this script and the versions of the tools."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for tool in TOOLS:
        digest.update(f"{tool}={version(tool)}\n".encode())
    for name in sources:
        digest.update(name.encode() + b"\0" + (PROTOS / name).read_bytes() + b"\0")
    return digest.hexdigest()


def version(package: str) -> str:
    """The installed version of a package, empty if it is not installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def compile_all(sources: list[str], fresh: Path) -> bool:
    """Runs the compiler into an empty folder; False if it refused a contract."""
    from grpc_tools import protoc  # imported late: an unchanged tree must not pay for loading the compiler

    known = fresh / "known.binpb"
    known.write_bytes(known_descriptors())
    command = ["protoc", f"-I{PROTOS}", f"--descriptor_set_in={known}"]
    outputs = [f"--python_out={fresh}", f"--grpc_python_out={fresh}"]
    if version("mypy-protobuf"):
        for plugin in ("mypy", "mypy_grpc"):
            program = Path(sys.executable).parent / f"protoc-gen-{plugin}"
            outputs += [f"--plugin=protoc-gen-{plugin}={program}", f"--{plugin}_out=quiet:{fresh}"]
    else:
        outputs.append(f"--pyi_out={fresh}")
    image = ["--include_imports", "--include_source_info", f"-o{fresh / IMAGE}"]
    runs = ([*command, *outputs, VALIDATE, *sources], [*command, *image, *sources])
    done = all(protoc.main(run) == 0 for run in runs)
    known.unlink()
    return done


def known_descriptors() -> bytes:
    """The descriptors our contracts import and do not own: the well-known types, google/api and buf/validate."""
    from google.api import annotations_pb2
    from google.protobuf import (
        any_pb2,
        descriptor_pb2,
        duration_pb2,
        empty_pb2,
        field_mask_pb2,
        struct_pb2,
        timestamp_pb2,
        wrappers_pb2,
    )
    from google.protobuf.descriptor import FileDescriptor
    from protovalidate._gen.buf.validate import validate_pb

    roots = (
        annotations_pb2,
        any_pb2,
        descriptor_pb2,
        duration_pb2,
        empty_pb2,
        field_mask_pb2,
        struct_pb2,
        timestamp_pb2,
        wrappers_pb2,
    )
    found: dict[str, descriptor_pb2.FileDescriptorProto] = {}

    def collect(file: FileDescriptor) -> None:
        for needed in file.dependencies:
            collect(needed)
        if file.name not in found:
            found[file.name] = descriptor_pb2.FileDescriptorProto()
            file.CopyToProto(found[file.name])

    for module in roots:
        collect(module.DESCRIPTOR)
    everything = descriptor_pb2.FileDescriptorSet(file=found.values())
    everything.file.add().ParseFromString(validate_pb.desc().proto.to_binary())
    return everything.SerializeToString()


def replace(fresh: Path) -> None:
    """Moves the new files over the old ones and removes what is no longer generated."""
    generated = {path.relative_to(fresh) for path in fresh.rglob("*") if path.is_file()}
    for name in generated:
        write(GEN / name, (fresh / name).read_bytes())
    for old in list(files_below(GEN)):
        if old.relative_to(GEN) not in generated and old != STAMP:
            old.unlink()


def files_below(folder: Path) -> Iterator[Path]:
    """Every generated file; compiled Python beside it is Python's own business."""
    return (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def write(path: Path, content: bytes) -> None:
    """Puts the content at the path in one step, and only if it differs."""
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{os.getpid()}.half")
    half.write_bytes(content)
    half.replace(path)


def link_into_environment() -> None:
    """Makes the repository and gen/ importable in the environment that runs this, by a .pth file."""
    if sys.prefix == sys.base_prefix:
        return  # not a virtual environment: nothing of the machine is touched
    write(Path(sysconfig.get_path("purelib")) / "zhengfeng.pth", f"{ROOT}\n{GEN}\n".encode())


if __name__ == "__main__":
    sys.exit(main())

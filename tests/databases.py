"""Fresh databases for tests at the price of a copy: a service's migrations run once a session, each test gets a copy."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from chassis import process
from chassis.config import Config
from suite.members import EXTRA_DATABASES
from tests.servers import PostgreSQL

KINDS = ("sqlite", "postgresql")


@dataclass
class Databases:
    """Makes databases of one kind in one test session."""

    kind: str
    folder: Path
    server: Callable[[], PostgreSQL]
    _templates: dict[str, str] = field(default_factory=dict)
    _scenes: dict[str, dict[str, str]] = field(default_factory=dict)
    _made: list[str] = field(default_factory=list)

    def empty(self) -> str:
        """The address of a new empty database."""
        return self._new("template0")

    def migrated(self, service: str) -> dict[str, str]:
        """Addresses of a service's databases as its migrations leave them, by name; the main one has the service's name."""
        names = (service, *EXTRA_DATABASES.get(service, ()))
        if any(name not in self._templates for name in names):
            self._migrate(service, names)
        return {name: self._new(self._templates[name]) for name in names}

    def config(self, service: str, keys_dir: Path, scene: str = "") -> Config:
        """The configuration of a service on migrated databases of its own; with a scene, as that one was set once."""
        names = self._scenes[scene] if scene else {}
        urls = {name: self._new(template) for name, template in names.items()}
        return _config(service, urls or self.migrated(service), keys_dir)

    def set_scene(self, scene: str, service: str, keys_dir: Path, set_up: Callable[[Config], object]) -> None:
        """Keeps what `set_up` does to a service's databases under a name, if it was not done before in this session.

        For a scene that many tests begin with and none needs to see being set. `set_up` closes what it opens.
        """
        if scene in self._scenes:
            return
        urls = self.migrated(service)
        names = dict(zip(urls, self._made[-len(urls) :], strict=True))
        set_up(_config(service, urls, keys_dir))
        self._made = [name for name in self._made if name not in names.values()]
        self._scenes[scene] = names

    def apart(self) -> Databases:
        """The same templates for somebody who keeps databases beyond one test, and forgets them himself."""
        return Databases(self.kind, self.folder, self.server, self._templates, self._scenes)

    def forget(self) -> None:
        """Drop what was made since the last call; the templates stay."""
        made, self._made = self._made, []
        for name in made:
            if self.kind == "postgresql":
                self.server().drop_database(name)

    def _new(self, template: str) -> str:
        name = f"t{uuid.uuid4().hex}"
        self._made.append(name)
        if self.kind == "postgresql":
            return self.server().create_database(name, template)
        path = self.folder / f"{name}.db"
        if template != "template0":
            shutil.copyfile(self.folder / f"{template}.db", path)
        return f"sqlite:///{path}"

    def _migrate(self, service: str, names: tuple[str, ...]) -> None:
        urls = {}
        for name in names:
            urls[name] = self._new("template0")
            self._templates[name] = self._made.pop()
        process.migrate(_config(service, urls, self.folder / "migration keys"))


def _config(service: str, urls: dict[str, str], keys_dir: Path) -> Config:
    extra = {name: url for name, url in urls.items() if name != service}
    return Config(
        service=service,
        database_url=urls[service],
        extra_database_urls=extra,
        data_dir=keys_dir,
        keys_dir=keys_dir,
        create_keys=True,
    )

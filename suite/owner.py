"""What the owner of a PostgreSQL server does once: databases and roles, one of each for every database of every service.

A service runs under a role that may read and write its own tables and nothing else; the tables belong to the owner,
under whose role migrations run. The register of raters and the box of ballots are two databases with two roles.
"""

from __future__ import annotations

import secrets
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from suite.members import EXTRA_DATABASES, SERVICES

ROLE_PREFIX = "zhengfeng_"
ADDED_TO = ("audit", "audit_seals", "identity_log", "retention_log")
"""Tables a running role may add lines to and never change or take one from."""
PASSWORD_BYTES = 24


def database_names(service: str) -> tuple[str, ...]:
    """The databases of a service: its own, and any it keeps apart."""
    return (service, *EXTRA_DATABASES.get(service, ()))


def prepare(owner_url: str, folder: Path) -> dict[str, str]:
    """Creates what is missing on the server behind `owner_url`; the running roles' URLs by database name.

    Passwords are drawn once and kept in `folder`, mode 0600.
    """
    owner = make_url(owner_url)
    urls: dict[str, str] = {}
    with psycopg.connect(_plain(owner), autocommit=True) as connection:
        for name in (name for service in SERVICES for name in database_names(service)):
            role = ROLE_PREFIX + name
            password = _password(folder / f"{role}.password")
            _ensure_role(connection, role, password)
            _ensure_database(connection, role)
            urls[name] = owner.set(username=role, password=password, database=role).render_as_string(hide_password=False)
    return urls


def grant(owner_url: str) -> None:
    """Lets each running role use the tables of its database, after migrations made them. Logs can only be added to."""
    owner = make_url(owner_url)
    for name in (name for service in SERVICES for name in database_names(service)):
        role = sql.Identifier(ROLE_PREFIX + name)
        with psycopg.connect(_plain(owner.set(database=ROLE_PREFIX + name)), autocommit=True) as connection:
            for statement in (
                "GRANT USAGE ON SCHEMA public TO {role}",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
                "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            ):
                connection.execute(sql.SQL(statement).format(role=role))
            for table in ADDED_TO:
                if connection.execute("SELECT to_regclass(%s)", (table,)).fetchone() != (None,):
                    revoke = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
                    connection.execute(revoke.format(table=sql.Identifier(table), role=role))


def migration_url(owner_url: str, name: str) -> str:
    """The owner's URL of one database."""
    return make_url(owner_url).set(database=ROLE_PREFIX + name).render_as_string(hide_password=False)


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _password(path: Path) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(PASSWORD_BYTES))
    return path.read_text().strip()


def _ensure_role(connection: psycopg.Connection, role: str, password: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    verb = "ALTER" if known else "CREATE"
    statement = sql.SQL(verb + " ROLE {role} LOGIN PASSWORD {password}")
    connection.execute(statement.format(role=sql.Identifier(role), password=sql.Literal(password)))
    # A failing statement must not leave what people wrote in the server's log.
    setting = sql.SQL("ALTER ROLE {role} SET log_parameter_max_length_on_error = 0")
    connection.execute(setting.format(role=sql.Identifier(role)))


def _ensure_database(connection: psycopg.Connection, role: str) -> None:
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (role,)).fetchone() is None:
        name = sql.Identifier(role)
        connection.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'").format(name=name))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {name} FROM PUBLIC").format(name=name))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {name} TO {role}").format(name=name, role=name))

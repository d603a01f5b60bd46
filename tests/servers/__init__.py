"""Real servers for tests, faults and bench: a PostgreSQL and a RabbitMQ of one's own.

Each lives in a temporary folder on free ports, so that test sessions running side by side never meet, and is
started and stopped by process id. Nothing here knows a business word; nothing here is ever used in production.
"""

from tests.servers.postgresql import PostgreSQL
from tests.servers.rabbitmq import RabbitMQ

__all__ = ["PostgreSQL", "RabbitMQ"]

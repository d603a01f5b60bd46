"""The gRPC door of a service: what surrounds every call, and channels to call others with.

Mounted        a servicer and its descriptor
build_server   the server with the one interceptor chain, health and reflection
caller_of      who makes the call a servicer is answering
visitor_of     from which address and device, as far as that can be believed
channel        a channel that passes deadlines and traces on
"""

from chassis.rpc.chain import caller_of, visitor_of
from chassis.rpc.client import channel
from chassis.rpc.server import Listening, Mounted, build_server

__all__ = ["Listening", "Mounted", "build_server", "caller_of", "channel", "visitor_of"]

"""Between protobuf and domain: plans, campaigns, ballots, results, facts. No decisions."""

from services.evaluation.wire.facts import encode_fact

__all__ = ["encode_fact"]

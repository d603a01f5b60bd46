"""Supervision: who watches and inspects, what they find, and the ledger on which each finding is set right or referred."""

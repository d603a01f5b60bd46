"""Filled and damaged cards with their truth, for any reader to be measured on: seeded, drawn, never photographed."""

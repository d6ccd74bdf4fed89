"""Lookups: a client's call flows with their parameters, and its CLIs, as the partner has them."""

"""Freeze, deliver at most once, and tell what became of it."""

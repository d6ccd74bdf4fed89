"""Freeze a submitted campaign, deliver it at most once, and show the result."""

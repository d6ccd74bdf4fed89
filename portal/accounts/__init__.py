"""Signing in, and coming back after it to the page and the form that were open."""

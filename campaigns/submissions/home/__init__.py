"""The panels of submissions on the home page."""

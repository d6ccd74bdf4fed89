"""The frame of every page, the home page, /healthz, the error pages and the words of all forms."""

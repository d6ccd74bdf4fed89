"""The demo: two clients and what has happened to their campaigns."""

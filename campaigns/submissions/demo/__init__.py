"""The demo: two clients, and the history of their campaigns."""

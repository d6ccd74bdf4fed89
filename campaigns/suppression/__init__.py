"""Numbers that must not be called: for one client, or for all."""

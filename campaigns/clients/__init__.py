"""Who is called for, with which partner account and lookups, and who may do what."""

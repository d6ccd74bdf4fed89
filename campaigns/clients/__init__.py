"""Clients, their partner accounts and lookups, and the roles of people."""

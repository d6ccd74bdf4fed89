"""The sandbox's scripted TCP/TLS partner, under the name by which the tests know it."""

from campaigns.partner.sandbox.faults.server import Connection, FaultServer, Script

__all__ = ["Connection", "FaultServer", "Script"]

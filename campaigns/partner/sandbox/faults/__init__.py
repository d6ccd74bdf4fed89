"""A partner at its worst: every row of the outcome table over bare TCP and TLS, with the same ledger.

`python -m campaigns.partner.sandbox.faults --ledger ledger.sqlite3` serves each row at an address of
its own; a test may also script single connections itself (`server.FaultServer`).
"""

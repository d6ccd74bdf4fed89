"""A partner with every fault of the outcome table, over bare TCP and TLS, with the same ledger.

`python -m campaigns.partner.sandbox.faults --ledger ledger.sqlite3` serves each row of the table at an
address of its own. A test may also script single connections itself (`server.FaultServer`).
"""

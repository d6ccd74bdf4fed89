"""A stand-in for the partner: its create call over real HTTP, a ledger, and faults on request.

It runs as a process of its own (`manage.py partner_sandbox`, or `python -m campaigns.partner.sandbox`).
It shares nothing with the portal but `campaigns.partner.wire`, and it doesn't need Django.
"""

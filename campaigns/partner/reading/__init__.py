"""Reading back from the partner: call flows, CLIs, campaigns, and what came of each number's calls.

It only reads, so a request may be sent again. It knows nothing of Django and keeps nothing.
"""

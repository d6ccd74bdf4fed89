"""What the portal's speed and memory are, beside something to compare them with (docs/performance.md).

`make bench` prints; nothing here passes or fails. The numbers generated are of valid form, and never
leave this machine.
"""

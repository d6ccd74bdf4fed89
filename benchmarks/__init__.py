"""The portal's speed and memory, measured beside something to compare them with (docs/performance.md).

`make bench` prints the figures; nothing here passes or fails. The generated numbers have a valid form,
and never leave this machine.
"""

"""What makes the plugin fast, in counts that are the same on every machine.

How fast it is, is measured by ``make bench`` (tests/bench).
"""

"""A DGS-Pay of your own: its card API on this machine, for development and tests.

Run it with ``python -m dgspay_plugin.sandbox`` (extra ``[sandbox]``). It holds
everything in memory, moves no money and is not DGS-Pay: it is written from the
provider's published pages, and stricter than they are where a caller's mistake
could otherwise pass unseen.
"""

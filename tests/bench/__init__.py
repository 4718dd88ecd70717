"""How fast the plugin is: ``make bench``. The results are in RESULTS.md.

Goals are about ratios and added time, because machines differ. What must never
change for the worse on any machine is checked in tests/structure.
"""

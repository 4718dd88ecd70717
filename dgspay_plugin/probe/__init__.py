"""Find out how DGS-Pay's sandbox speaks, where its published pages leave it open.

``manage.py dgspay_probe`` plays the sandbox's documented scenarios with an example card
and compares what it hears with what this plugin takes for usual. It encrypts that card
itself (extra ``[sandbox]``); nothing in the way of a payment imports this package.
"""

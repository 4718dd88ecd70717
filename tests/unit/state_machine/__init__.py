"""Everything that can happen to payments, in any order, without HTTP.

A hypothesis state machine plays customers, staff, DGS-Pay and dying workers against the
stand-in's package in this process, and compares both sides' books after every step.
"""

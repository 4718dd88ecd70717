"""Hundreds of payments while everything breaks; then both sides' books are compared."""

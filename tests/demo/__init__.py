"""A card payment to watch, and a storefront to try: ``make demo``."""

"""The slice of Saleor's package that a payment plugin imports. This is NOT Saleor.

Modules, names, signatures, dataclass fields, model fields and values are those of
Saleor 3.23; each docstring says where this stand-in knows less. Modules whose name
starts with an underscore have no counterpart in Saleor.
"""

__version__ = "3.23"

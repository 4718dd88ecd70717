"""Take card and mobile money payments with DGS-Pay in a Saleor store."""

__version__ = "0.1.0"

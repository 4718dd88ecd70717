"""DGS-Pay's API v2, and nothing of Saleor."""

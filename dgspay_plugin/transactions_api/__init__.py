"""DGS-Pay in Saleor's Transactions API. Saleor loads it as a Django app of its own."""

"""What Saleor keeps of a charge, and how it is written."""

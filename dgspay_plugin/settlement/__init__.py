"""What Saleor's records must say once the outcome of a payment is known."""

"""The customer's press of Pay, by either of Saleor's APIs."""

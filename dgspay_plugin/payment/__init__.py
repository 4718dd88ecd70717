"""The rules of a payment: no input or output, nothing of Saleor or Django."""

"""The stores that the scenarios run against: the slice, and real Saleor."""

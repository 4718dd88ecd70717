"""The slice of Saleor's GraphQL API that a checkout and the dashboard's settings use.

Names, arguments, types, error codes and messages are Saleor's. Written with
graphene 2, as Saleor is.
"""

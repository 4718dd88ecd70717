class MarkAsPaidStrategy:
    """What stands for the money of an order that staff mark as paid."""

    TRANSACTION_FLOW = "transaction_flow"
    PAYMENT_FLOW = "payment_flow"
    CHOICES = [
        (TRANSACTION_FLOW, "Use transaction"),
        (PAYMENT_FLOW, "Use payment"),
    ]


class TransactionFlowStrategy:
    """What a transaction is to do with the money, unless an app asks otherwise."""

    AUTHORIZATION = "authorization"
    CHARGE = "charge"
    CHOICES = [(AUTHORIZATION, "Authorize"), (CHARGE, "Charge")]

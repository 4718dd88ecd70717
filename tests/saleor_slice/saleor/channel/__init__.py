class TransactionFlowStrategy:
    """What a transaction is to do with the money, unless an app asks otherwise."""

    AUTHORIZATION = "authorization"
    CHARGE = "charge"
    CHOICES = [(AUTHORIZATION, "Authorize"), (CHARGE, "Charge")]

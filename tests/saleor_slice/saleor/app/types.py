class AppType:
    LOCAL = "local"
    THIRDPARTY = "thirdparty"
    CHOICES = [(LOCAL, "local"), (THIRDPARTY, "thirdparty")]

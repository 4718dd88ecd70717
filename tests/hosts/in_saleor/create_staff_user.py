"""Create a staff user with every permission: EMAIL PASSWORD.

Saleor has no management command for it, and its GraphQL API needs such a user.
"""

import sys

import django

django.setup()

from saleor.account.models import User  # noqa: E402

email, password = sys.argv[1:]
user = User(email=email, is_staff=True, is_superuser=True, is_confirmed=True)
user.set_password(password)
user.save()

"""Create a staff user with every permission in every channel: EMAIL PASSWORD.

Saleor has no management command for it, and its GraphQL API needs such a user.
"""

import sys

import django

django.setup()

from saleor.account.models import Group, User  # noqa: E402
from saleor.permission.models import Permission  # noqa: E402

email, password = sys.argv[1:]
owner = User(email=email, is_staff=True, is_superuser=True, is_confirmed=True)
owner.set_password(password)
owner.save()
owners = Group.objects.create(name="Owners", restricted_access_to_channels=False)
owners.permissions.set(Permission.objects.all())
owner.groups.add(owners)

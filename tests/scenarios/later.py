"""Let time pass for a management command, without waiting for it."""

import subprocess

from tests.hosts.host import Host

RUN_LATER = """
from datetime import timedelta
from unittest.mock import patch
from django.core.management import call_command
from django.utils import timezone

now = timezone.now
with patch.object(timezone, "now", lambda: now() + timedelta(minutes={minutes})):
    call_command(*{arguments})
"""


def manage_later(
    host: Host, minutes: int, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run a command whose clock is so many minutes ahead of the server's."""
    return host.manage(
        "shell", "-c", RUN_LATER.format(minutes=minutes, arguments=arguments)
    )

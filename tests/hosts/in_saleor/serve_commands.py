"""Run each management command in a fork of this process, which has Saleor loaded.

Standard input is a socket. Each message on it is a command's arguments, in JSON, with
four open files: where its exit code goes to, and what shall be its standard input,
output and error. See tests/hosts/fork_server.py, which sends them.
"""

import gc
import json
import os
import signal
import socket
import sys
import threading

import django
from django.conf import settings
from django.core.management import execute_from_command_line
from django.urls import get_resolver

LONGEST_MESSAGE = 65536


def next_command() -> list[str]:
    """The arguments of a command, in a process that is there for it alone."""
    orders = socket.socket(fileno=0)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks
    while True:
        message, files, _, _ = socket.recv_fds(orders, LONGEST_MESSAGE, 4)
        if not message:
            # The tests have ended, and so does every command that still runs.
            os.killpg(0, signal.SIGKILL)
        if not os.fork():
            break
        close(files)
    orders.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    exit_code, *standard_files = files
    if command := os.fork():
        # Only a parent learns how a process has ended, and a killed one cannot tell.
        _, status = os.waitpid(command, 0)
        os.write(exit_code, str(os.waitstatus_to_exitcode(status)).encode())
        os._exit(0)
    for number, file in enumerate(standard_files):
        os.dup2(file, number)
    close(files)
    arguments: list[str] = json.loads(message)
    return arguments


def close(files: list[int]) -> None:
    for file in files:
        os.close(file)


django.setup()
assert get_resolver(settings.ROOT_URLCONF).url_patterns  # imports all the rest
# A fork has none of the other threads, but each lock that they held.
assert threading.active_count() == 1
gc.freeze()  # or each fork would take seconds to collect all of it as it ends
sys.argv = ["manage.py", *next_command()]
execute_from_command_line(sys.argv)

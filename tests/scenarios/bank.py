"""The bank's own page, where 3-D Secure sends the customer."""

from urllib.parse import parse_qs, urlsplit

import requests


def approve(bank_page: str) -> str:
    """Press the bank's button and return the URL it sends the customer back to."""
    return _press("approve", bank_page)


def decline(bank_page: str) -> str:
    return _press("decline", bank_page)


def query_of(url: str) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(url).query).items()}


def _press(button: str, bank_page: str) -> str:
    assert requests.get(bank_page, timeout=10).status_code == 200
    answer = requests.post(f"{bank_page}/{button}", allow_redirects=False, timeout=10)
    assert answer.status_code == 303
    return answer.headers["Location"]

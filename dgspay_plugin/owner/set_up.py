"""What keeps the plugin from its work: account, webhooks, configuration."""

from collections.abc import Iterable

from dgspay_plugin.owner import Sentence, tell
from dgspay_plugin.problems import Case
from dgspay_plugin.provider.errors import ProviderError, is_about_credentials


def tell_of_refused_credentials(account_number: str, reason: str) -> None:
    tell(
        Case.CREDENTIALS_REFUSED,
        account_number,
        "DGS-Pay refuses the credentials of account %s: %s Let dgspay_check say what "
        "to mend.",
        account_number,
        reason,
    )


def tell_of_refused_webhooks(channel_slug: str, number: int) -> None:
    tell(
        Case.WEBHOOK_REFUSED,
        channel_slug,
        "Channel %s has refused %s webhooks whose signature is not valid. Compare the "
        "Webhook secret with the DGS-Pay merchant portal's.",
        channel_slug,
        number,
    )


def tell_of_late_reconciliation() -> None:
    tell(
        Case.RECONCILIATION_LATE,
        "all channels",
        "The reconciliation has not come to its end for more than an hour. Let "
        "dgspay_check say what to mend.",
    )


def channel_left_out(channel_slug: str, wrong_fields: Iterable[str]) -> Sentence:
    return Sentence(
        Case.CONFIGURATION,
        channel_slug,
        "Channel %s was left out: its configuration is not valid (%s). dgspay_check "
        "says what to mend.",
        (channel_slug, ", ".join(sorted(wrong_fields))),
    )


def list_unreadable(account_number: str, error: ProviderError) -> Sentence:
    return Sentence(
        Case.CREDENTIALS_REFUSED
        if is_about_credentials(error)
        else Case.LIST_UNREADABLE,
        account_number,
        "Account %s: its list of transactions could not be read. %s",
        (account_number, error),
    )

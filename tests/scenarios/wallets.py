"""The sandbox's mobile money numbers by what they do (sandbox/wallets.py).

None is the number of an address, so that it can be told from that in the records.
"""

from dgspay_plugin.sandbox.wallets import PROMPT_LIVES_FOR as PROMPT_LIVES_FOR
from dgspay_plugin.sandbox.wallets import SECONDS_TO_DECIDE as SECONDS_TO_DECIDE

APPROVED = "788000001"
REJECTED = "788000002"
NOT_ENOUGH_MONEY = "788000003"
NO_ACCOUNT = "788000004"
EXPIRES = "788000005"
NEVER_DECIDED = "788000006"
WITHOUT_WEBHOOK = "788000007"
AFTER_SIX_MINUTES = "788000008"
LEADS_TO_A_PAGE = "788000009"
LIMIT_REACHED = "788000010"
APPROVED_TOO_LATE = "788000011"
DECIDED_ON_THE_HANDSET = "728555014"

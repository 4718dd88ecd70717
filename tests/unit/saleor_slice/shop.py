"""The stand-in's GraphQL API in this process, with the echoing gateway."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.test import Client
from saleor.app.models import App

from tests.hosts.host import STAFF_EMAIL, STAFF_PASSWORD
from tests.saleor_slice.catalogue import channel_slug, sku
from tests.saleor_slice.seed import seed

from .echoing_gateway import GATEWAY

TOTAL = 12000.0
TRANSACTION = """
  transaction {
    id token name pspReference actions
    chargedAmount { amount } chargePendingAmount { amount } authorizedAmount { amount }
    events { type message pspReference amount { amount } idempotencyKey }
  }
"""
SESSION = f"""
  {TRANSACTION}
  transactionEvent {{ type message pspReference amount {{ amount }} }}
  data
  errors {{ field message code }}
"""
CREATE_CHECKOUT = """
mutation($input: CheckoutCreateInput!) {
  checkoutCreate(input: $input) { checkout { id } }
}
"""
INITIALIZE = f"""
mutation(
  $id: ID!, $amount: PositiveDecimal, $key: String
  $gateway: PaymentGatewayToInitialize!
) {{
  transactionInitialize(
    id: $id, amount: $amount, idempotencyKey: $key, paymentGateway: $gateway
  ) {{ {SESSION} }}
}}
"""
PROCESS = f"""
mutation($id: ID, $data: JSON) {{
  transactionProcess(id: $id, data: $data) {{ {SESSION} }}
}}
"""
REQUEST_ACTION = f"""
mutation($id: ID, $action: TransactionActionEnum!, $amount: PositiveDecimal) {{
  transactionRequestAction(id: $id, actionType: $action, amount: $amount) {{
    {TRANSACTION} errors {{ field message code }}
  }}
}}
"""
COMPLETE = """
mutation($id: ID!) {
  checkoutComplete(id: $id) { order { id } errors { field message code } }
}
"""
UPDATE_CHANNEL = """
mutation($id: ID!, $input: ChannelUpdateInput!) {
  channelUpdate(id: $id, input: $input) {
    channel {
      checkoutSettings {
        automaticallyCompleteFullyPaidCheckouts automaticCompletionDelay
      }
      orderSettings { allowUnpaidOrders }
      paymentSettings { defaultTransactionFlowStrategy }
    }
    errors { field message code }
  }
}
"""
ORDER = """
query($id: ID!) {
  order(id: $id) {
    status chargeStatus authorizeStatus isPaid paymentStatus
    totalCharged { amount }
    transactions { id checkout { id } }
    events { type }
  }
}
"""
CHECKOUT = """
query($id: ID!) {
  checkout(id: $id) { chargeStatus authorizeStatus transactions { id } }
}
"""


@dataclass(frozen=True)
class Shop:
    """A shop in which a checkout costs RWF 12000."""

    client: Client = field(default_factory=Client)

    def open(self) -> None:
        seed()
        App.objects.create(identifier=GATEWAY, name="Echo")

    def ask(self, document: str, staff: bool = False, **variables: Any) -> Any:
        """Run a document with one root field; return what that field answered."""
        answer = self._post(document, variables, self._login() if staff else {})
        assert "errors" not in answer, answer["errors"]
        (result,) = answer["data"].values()
        return result

    def refusal(self, document: str, **variables: Any) -> str:
        """Run a document that may not be run; return why."""
        (error,) = self._post(document, variables, {})["errors"]
        return str(error["message"])

    def new_checkout(self) -> str:
        variant = self.ask(
            "query($sku: String) { productVariant(sku: $sku) { id } }", sku=sku("RWF")
        )
        address = {"streetAddress1": "KG 7", "city": "Kigali", "country": "RW"}
        created = self.ask(
            CREATE_CHECKOUT,
            input={
                "channel": channel_slug("RWF"),
                "email": "customer@example.com",
                "lines": [{"quantity": 1, "variantId": variant["id"]}],
                "billingAddress": address,
            },
        )
        return str(created["checkout"]["id"])

    def unpaid_order(self) -> str:
        self.change_channel(orderSettings={"allowUnpaidOrders": True})
        return str(self.complete(self.new_checkout())["order"]["id"])

    def initialize(
        self,
        paid_for: str,
        result: str,
        amount: float | None = None,
        key: str | None = None,
        gateway: str = GATEWAY,
        **answer: Any,
    ) -> Any:
        """Start a transaction whose gateway answers with ``result``."""
        answer = {"result": result, "pspReference": str(uuid4()), **answer}
        return self.ask(
            INITIALIZE,
            id=paid_for,
            amount=amount,
            key=key,
            gateway={"id": gateway, "data": answer},
        )

    def process(self, transaction: Any, result: str, **answer: Any) -> Any:
        answer = {"result": result, "pspReference": str(uuid4()), **answer}
        return self.ask(PROCESS, id=transaction["id"], data=answer)

    def request_action(self, transaction: Any, action: str, **arguments: Any) -> Any:
        return self.ask(
            REQUEST_ACTION,
            staff=True,
            id=transaction["id"],
            action=action,
            **arguments,
        )

    def complete(self, checkout: str) -> Any:
        return self.ask(COMPLETE, id=checkout)

    def order(self, order: str) -> Any:
        return self.ask(ORDER, staff=True, id=order)

    def checkout(self, checkout: str) -> Any:
        return self.ask(CHECKOUT, staff=True, id=checkout)

    def change_channel(self, **settings: Any) -> Any:
        channel = self.ask(
            "query($slug: String) { channel(slug: $slug) { id } }",
            slug=channel_slug("RWF"),
        )
        return self.ask(UPDATE_CHANNEL, staff=True, id=channel["id"], input=settings)

    def _login(self) -> dict[str, str]:
        login = self.ask(
            """
            mutation($email: String!, $password: String!) {
              tokenCreate(email: $email, password: $password) { token }
            }
            """,
            email=STAFF_EMAIL,
            password=STAFF_PASSWORD,
        )
        return {"Authorization": f"Bearer {login['token']}"}

    def _post(
        self, document: str, variables: dict[str, Any], headers: dict[str, str]
    ) -> Any:
        answer = self.client.post(
            "/graphql/",
            {"query": document, "variables": variables},
            content_type="application/json",
            headers=headers,
        )
        return answer.json()


def types_of(transaction: dict[str, Any]) -> list[str]:
    """The types of its events as they came; Saleor's API has the newest first."""
    return [event["type"] for event in reversed(transaction["events"])]

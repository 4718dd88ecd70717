"""What the documentation says of the dashboard's fields holds."""

from tests.docs.conftest import Send
from tests.docs.pages import table
from tests.hosts.host import STAFF_EMAIL, STAFF_PASSWORD
from tests.scenarios import staff_documents
from tests.scenarios.store import PLUGIN_ID

FIELDS = """
query Fields($id: ID!) {
  plugin(id: $id) {
    channelConfigurations { configuration { label helpText } }
  }
}
"""


def test_every_field_of_the_dashboard_is_listed(send: Send) -> None:
    login = {"email": STAFF_EMAIL, "password": STAFF_PASSWORD}
    token = send(staff_documents.LOGIN, login)["data"]["tokenCreate"]["token"]

    plugin = send(FIELDS, {"id": PLUGIN_ID}, token)["data"]["plugin"]

    for channel in plugin["channelConfigurations"]:
        fields = [(f["label"], f["helpText"]) for f in channel["configuration"]]
        assert table("Field") == fields

from django.urls import path, re_path
from saleor.plugins.views import (
    handle_global_plugin_webhook,
    handle_plugin_per_channel_webhook,
)

from .api.view import front_page, graphql

PLUGIN = r"(?P<plugin_id>[.0-9A-Za-z_\-]+)"
CHANNEL = r"(?P<channel_slug>[.0-9A-Za-z_\-]+)"

urlpatterns = [
    path("", front_page),
    path("graphql/", graphql, name="api"),
    re_path(
        rf"^plugins/channel/{CHANNEL}/{PLUGIN}/",
        handle_plugin_per_channel_webhook,
        name="plugins-per-channel",
    ),
    re_path(
        rf"^plugins/global/{PLUGIN}/",
        handle_global_plugin_webhook,
        name="plugins-global",
    ),
]

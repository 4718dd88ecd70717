"""The plugins, as the dashboard shows them."""

from typing import Any

import graphene
from saleor.plugins.base_plugin import BasePlugin, ConfigurationTypeField
from saleor.plugins.manager import PluginsManager

from .connection import connection_of
from .enums import ConfigurationTypeFieldEnum
from .types import Channel, list_of


class ConfigurationItem(graphene.ObjectType):
    name = graphene.String(required=True)
    value = graphene.String()
    type = ConfigurationTypeFieldEnum()
    help_text = graphene.String()
    label = graphene.String()


class PluginConfiguration(graphene.ObjectType):
    active = graphene.Boolean(required=True)
    channel = graphene.Field(Channel)
    configuration = list_of(ConfigurationItem, required=False)

    def resolve_configuration(root: BasePlugin, info: Any) -> list[dict[str, Any]]:
        return root.resolve_plugin_configuration(info.context)


class Plugin(graphene.ObjectType):
    id = graphene.ID(required=True)
    name = graphene.String(required=True)
    description = graphene.String(required=True)
    global_configuration = graphene.Field(PluginConfiguration)
    channel_configurations = list_of(PluginConfiguration)


PluginCountableConnection = connection_of(Plugin)


def visible_plugins(manager: PluginsManager) -> list[Plugin]:
    """Group the plugins that a dashboard lists, their secrets masked."""
    by_id: dict[str, list[BasePlugin]] = {}
    for plugin in manager.get_all_plugins():
        if not plugin.HIDDEN:
            _mask_secrets(plugin)
            by_id.setdefault(plugin.PLUGIN_ID, []).append(plugin)
    return [
        Plugin(
            id=plugin_id,
            name=plugins[0].PLUGIN_NAME,
            description=plugins[0].PLUGIN_DESCRIPTION,
            global_configuration=(
                None if plugins[0].CONFIGURATION_PER_CHANNEL else plugins[0]
            ),
            channel_configurations=(
                plugins if plugins[0].CONFIGURATION_PER_CHANNEL else []
            ),
        )
        for plugin_id, plugins in by_id.items()
    ]


def _mask_secrets(plugin: BasePlugin) -> None:
    """Leave of each secret what Saleor shows: its last four characters, or less."""
    for item in plugin.configuration:
        value = item["value"]
        if value is None:
            continue
        match item.get("type"):
            case ConfigurationTypeField.PASSWORD:
                item["value"] = "" if value else None
            case (
                ConfigurationTypeField.SECRET | ConfigurationTypeField.SECRET_MULTILINE
            ):
                shown = 4 if len(value) > 4 else 1
                item["value"] = value[-shown:] if value else None

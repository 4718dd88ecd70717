from typing import Any

import graphene
from django.core.exceptions import ValidationError
from saleor.channel import models as channel_models
from saleor.permission.enums import PluginsPermissions
from saleor.plugins.error_codes import PluginErrorCode
from saleor.plugins.manager import get_plugins_manager

from .errors import PluginError
from .mutation import BaseMutation, errors_of, get_node
from .plugin_types import Plugin, visible_plugins
from .types import list_of


class ConfigurationItemInput(graphene.InputObjectType):
    name = graphene.String(required=True)
    value = graphene.String()


class PluginUpdateInput(graphene.InputObjectType):
    active = graphene.Boolean()
    configuration = list_of(ConfigurationItemInput, required=False)


class PluginUpdate(BaseMutation):
    error_type = PluginError
    permission = PluginsPermissions.MANAGE_PLUGINS
    errors = errors_of(PluginError)
    plugin = graphene.Field(Plugin)

    class Arguments:
        id = graphene.ID(required=True)
        channel_id = graphene.ID()
        input = PluginUpdateInput(required=True)

    @classmethod
    def perform(
        cls,
        info: Any,
        id: str,
        input: dict[str, Any],
        channel_id: str | None = None,
    ) -> "PluginUpdate":
        channel = get_node(channel_id, channel_models.Channel) if channel_id else None
        channel_slug = channel.slug if channel else None
        manager = get_plugins_manager(allow_replica=False)
        plugin = manager.get_plugin(id, channel_slug)
        if not plugin or plugin.HIDDEN:
            raise _id_error("Plugin doesn't exist.", PluginErrorCode.NOT_FOUND)
        if plugin in manager.global_plugins and channel:
            raise _id_error(
                "Plugin doesn't support configuration per channel.",
                PluginErrorCode.INVALID,
            )
        manager.save_plugin_configuration(id, channel_slug, input)
        plugins = visible_plugins(get_plugins_manager(allow_replica=False))
        return cls(plugin=next(plugin for plugin in plugins if plugin.id == id))


def _id_error(message: str, code: PluginErrorCode) -> ValidationError:
    return ValidationError({"id": ValidationError(message, code=code.value)})

"""A plugin that is set up in every channel where DGS-Pay is, and does nothing."""

from saleor.plugins.base_plugin import BasePlugin

from dgspay_plugin.plugin import DgsPayPlugin


class IdlePlugin(BasePlugin):
    """What Saleor itself does for any plugin, it does for this one."""

    PLUGIN_ID = DgsPayPlugin.PLUGIN_ID
    PLUGIN_NAME = "Idle"
    CONFIG_STRUCTURE = DgsPayPlugin.CONFIG_STRUCTURE
    CONFIGURATION_PER_CHANNEL = True

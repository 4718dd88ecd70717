from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from ..channel.models import Channel


class PluginConfiguration(models.Model):
    """What the dashboard saved for a plugin in a channel, secrets included."""

    identifier = models.CharField(max_length=128)
    name = models.CharField(max_length=128)
    channel = models.ForeignKey(
        Channel, blank=True, null=True, on_delete=models.CASCADE
    )
    description = models.TextField(blank=True)
    active = models.BooleanField(default=False)
    configuration = models.JSONField(
        db_default={}, default=dict, encoder=DjangoJSONEncoder
    )

    class Meta:
        unique_together = ("identifier", "channel")

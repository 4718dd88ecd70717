from django.contrib.contenttypes.models import ContentType
from django.db import models


class Permission(models.Model):
    """A permission as a row, so that an app can be given it."""

    name = models.CharField(max_length=255)
    content_type = models.ForeignKey(
        ContentType, models.CASCADE, related_name="content_type"
    )
    codename = models.CharField(max_length=100)

    class Meta:
        unique_together = [["content_type", "codename"]]
        ordering = ["content_type__app_label", "content_type__model", "codename"]

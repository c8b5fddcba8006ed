"""The site's addresses, and two that fail."""

from django.core.exceptions import PermissionDenied
from django.urls import include, path


def fail(request):
    raise RuntimeError("The desk's own secret.")


def forbid(request):
    raise PermissionDenied


urlpatterns = [path("fails", fail), path("forbids", forbid), path("", include("commitments.urls"))]

"""The root addresses: the editors' desk, and everything the public reads."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("commitments.urls")),
]

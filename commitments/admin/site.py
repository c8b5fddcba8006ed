"""The desk's name."""

from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from . import history

admin.site.site_header = settings.SITE_NAME
admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("The editors' desk")
# The lists need the width; the way back is in the breadcrumbs.
admin.site.enable_nav_sidebar = False

# Stands beside the tables, so no table's own addresses can hold it.
_addresses = admin.site.get_urls
admin.site.get_urls = lambda: [*history.trail_urls(admin.site), *_addresses()]

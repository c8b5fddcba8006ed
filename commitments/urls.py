"""The public addresses. They are stable: the query string is the interface."""

from django.urls import path, register_converter

from commitments.citation import STYLES
from commitments.views import (
    between,
    changes,
    charts,
    cite,
    commitment_detail,
    commitments,
    comparison,
    crawlers,
    data,
    embed,
    feeds,
    health,
    home,
    ical,
    methodology,
    opensearch,
    parties,
    quality,
    scores,
    sources,
    summits,
    themes,
)


class KeyConverter:
    """A public key: letters, digits and hyphens."""

    regex = "[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class StyleConverter(KeyConverter):
    """One of the forms of a citation."""

    regex = "|".join(STYLES)


class AddressConverter(KeyConverter):
    """The address of one of our pages, without its first slash; that of the first page is empty."""

    regex = ".*"


class HashConverter(KeyConverter):
    """A SHA-256 in hexadecimal digits."""

    regex = "[0-9a-f]{64}"


register_converter(HashConverter, "sha256")
register_converter(KeyConverter, "key")
register_converter(StyleConverter, "style")
register_converter(AddressConverter, "address")

app_name = "commitments"
urlpatterns = [
    path("", home.home, name="home"),
    path("commitments/", commitments.commitment_list, name="commitment-list"),
    path("commitments.csv", commitments.commitment_csv, name="commitment-csv"),
    path("commitments/feed.atom", feeds.list_feed, name="commitment-list-feed"),
    path("commitments/<key:slug>/", commitment_detail.commitment_detail, name="commitment-detail"),
    path("commitments/<key:slug>/feed.atom", feeds.commitment_feed, name="commitment-feed"),
    path("summits/", summits.summit_list, name="summit-list"),
    path("summits/<key:key>/", summits.summit_detail, name="summit-detail"),
    path("summits/<key:key>/feed.atom", feeds.summit_feed, name="summit-feed"),
    path("parties/", parties.party_list, name="party-list"),
    path("parties/<key:code>/", parties.party_detail, name="party-detail"),
    path("scores/", scores.score_matrix, name="score-matrix"),
    path("scores.csv", scores.score_csv, name="score-csv"),
    path("compare/", comparison.comparison, name="comparison"),
    path("parties/<key:code>/feed.atom", feeds.party_feed, name="party-feed"),
    path("themes/", themes.theme_list, name="theme-list"),
    path("themes/<key:slug>/", themes.theme_detail, name="theme-detail"),
    path("themes/<key:slug>/feed.atom", feeds.theme_feed, name="theme-feed"),
    path("sources/", sources.source_list, name="source-list"),
    path("sources/<key:key>/", sources.source_detail, name="source-detail"),
    path("sources/<key:key>/captures/<sha256:sha256>", sources.capture, name="capture"),
    path("changes/", changes.change_list, name="change-list"),
    path("changes.csv", changes.change_csv, name="change-csv"),
    path("charts/", charts.chart_list, name="chart-list"),
    path("charts/<key:name>/", charts.chart_page, name="chart-page"),
    path("charts/<key:name>.svg", charts.chart_svg, name="chart-svg"),
    path("charts/<key:name>.png", charts.chart_png, name="chart-png"),
    path("between/", between.comparison, name="between"),
    path("between.csv", between.comparison_csv, name="between-csv"),
    path("cite/<style:style>/<address:path>", cite.cite, name="cite"),
    path("changes/feed.atom", feeds.change_feed, name="change-feed"),
    path("calendar.ics", ical.calendar, name="calendar"),
    path("embed/commitments/<key:slug>/", embed.card, name="embed"),
    path("oembed", embed.oembed, name="oembed"),
    path("methodology/", methodology.methodology, name="methodology"),
    path("opensearch.xml", opensearch.description, name="opensearch"),
    path("quality/", quality.quality, name="quality"),
    path("data/", data.data, name="data"),
    path("sitemap.xml", crawlers.sitemap_index, name="sitemap"),
    path("sitemap-<key:section>.xml", crawlers.sitemap_section, name="sitemap-section"),
    path("robots.txt", crawlers.robots_txt, name="robots"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

"""What is wrong with the head of a page: what search engines and link previews read there."""

from urllib.parse import urlsplit

PROPERTIES = (
    "og:site_name",
    "og:type",
    "og:locale",
    "og:title",
    "og:description",
    "og:url",
    "og:image",
    "og:image:alt",
)


def metas(page, key="name"):
    """{name: content} of the <meta> of a page; ``key`` is "name" or "property"."""
    return {one.get(key): one.get("content") for one in page.all("meta") if one.get(key)}


def canonical(page):
    """The canonical address of a page."""
    return page.one("head").one("link", rel="canonical").get("href")


def complaints(page):
    """Sentences on the head of a Page. A page that nobody should find has no address of its own and is left alone."""
    names, properties = metas(page), metas(page, "property")
    description = names.get("description") or ""
    if not 50 <= len(description) <= 160:
        yield f"its description has {len(description)} characters: {description}"
    if names.get("robots") == "noindex":
        return
    if names.get("robots") not in ("index,follow", "noindex,follow"):
        yield f"it tells crawlers {names.get('robots')}"
    addresses = [one.get("href") for one in page.all("link", rel="canonical")]
    if len(addresses) != 1 or not urlsplit(addresses[0]).netloc:
        yield f"its canonical addresses are {addresses}"
    for name in PROPERTIES:
        if not (properties.get(name) or "").strip():
            yield f"it has no {name}"
    if [properties.get("og:url")] != addresses:
        yield "it is shared by another address than its own"
    if not page.one("head").one("title").text.startswith(properties.get("og:title") or "?"):
        yield "it is shared by another title than its own"

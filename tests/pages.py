"""Reads pages back: a small tree of elements with their text, and what is wrong with the markup."""

import re
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Attributes whose values are ids of the same page.
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers")


class Element:
    """One element: its tag, attributes, children (elements and text) and the line it begins on."""

    def __init__(self, tag, attributes, line):
        self.tag, self.attributes, self.line, self.children = tag, attributes, line, []

    def __repr__(self):
        return f"<{self.tag} {self.attributes}> in line {self.line}"

    def __iter__(self):
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child

    @property
    def text(self):
        """All text inside, with single spaces."""
        return " ".join("".join(self._texts()).split())

    def _texts(self):
        for child in self.children:
            if isinstance(child, Element):
                # Words of neighbouring cells and list items are not one word.
                yield " " if child.tag in ("td", "th", "li", "dt", "dd", "p", "br", "div", "span", "tr") else ""
                yield from child._texts()
            else:
                yield child

    def get(self, name, default=None):
        return self.attributes.get(name, default)

    def all(self, tag=None, **attributes):
        """The elements inside with that tag and those attributes; ``class_`` names one of the classes."""
        wanted = attributes.pop("class_", None)
        return [
            element
            for element in self
            if (tag is None or element.tag == tag)
            and (wanted is None or wanted in (element.get("class") or "").split())
            and all(element.get(name.replace("_", "-")) == value for name, value in attributes.items())
        ]

    def one(self, tag=None, **attributes):
        """The only such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} of <{tag} {attributes}>: {found}"
        return found[0]

    @property
    def links(self):
        """[(text, address)] of every link inside."""
        return [(link.text, link.get("href")) for link in self.all("a")]

    @property
    def addresses(self):
        """The address of every link inside."""
        return [address for _text, address in self.links]


class Page(HTMLParser, Element):
    """A page as a tree. ``problems`` are sentences about markup that a browser would have to guess at."""

    def __init__(self, text):
        HTMLParser.__init__(self)
        Element.__init__(self, "#page", {}, 0)
        self.problems, self.open = [], [self]
        self.feed(text)
        self.close()
        self.problems += [f"{element} is never closed" for element in self.open[1:]]
        self.problems += list(self._reference_problems())

    def handle_starttag(self, tag, attrs):
        names = [name for name, _value in attrs]
        if len(names) != len(set(names)):
            self._complain(f"<{tag}> has an attribute twice")
        element = Element(tag, dict(attrs), self.getpos()[0])
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag == self.open[-1].tag:
            self.open.pop()
        else:
            self._complain(f"</{tag}> closes {self.open[-1]}")

    def handle_data(self, data):
        self.open[-1].children.append(data)

    def _complain(self, sentence):
        self.problems.append(f"line {self.getpos()[0]}: {sentence}")

    def _reference_problems(self):
        ids = [element.get("id") for element in self if "id" in element.attributes]
        yield from (f"the id “{one}” is there twice" for one in sorted({one for one in ids if ids.count(one) > 1}))
        for element in self:
            for name in REFERENCES:
                for one in (element.get(name) or "").split():
                    if one not in ids:
                        yield f"{element}: {name} names “{one}”, which is not on the page"
            address = element.get("href") or ""
            if element.tag == "a" and address.startswith("#") and address[1:] not in ids:
                yield f"{element} leads to “{address}”, which is not on the page"


def read(response):
    """The Page of an answer."""
    return Page(response.content.decode())


def page_at(client, address, status=200):
    """The Page at an address, which must answer with that status."""
    response = client.get(address)
    assert response.status_code == status, f"{address}: {response.status_code}"
    return read(response)


def main_of(client, address, status=200):
    """The main part of the page at an address, without header and footer."""
    return page_at(client, address, status).one("main")


def main_source(client, address, status=200):
    """The bytes of the main part of the page at an address: what a citation of it stands for."""
    response = client.get(address)
    assert response.status_code == status, f"{address}: {response.status_code}"
    (main,) = re.findall(rb"<main\b.*?</main>", response.content, re.DOTALL)
    return main

"""A real browser, before a live server or before the register of the test that drives it."""

import contextvars
import os
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import sync_playwright

from tests.browser import tools
from tests.factories import make_person
from tests.whole_site import body

# A host that only this process answers for.
SITE = "http://testserver"
# Headers that describe the transport, which the browser is not a part of here.
NOT_HANDED_ON = {"content-length", "content-encoding"}


@pytest.fixture(scope="session")
def needed():
    """Fail where something is missing, since a skipped half proves nothing."""
    try:
        tools.require()
    except tools.MissingTool as error:
        pytest.fail(str(error))


@pytest.fixture(scope="package")
def browser(needed):
    """Start the system's Chromium."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright runs an event loop in this thread, in which Django would refuse to reach the database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        # Chromium's sandbox does not work for root, nor in most containers; the pages are our own.
        chromium = playwright.chromium.launch(
            executable_path=tools.CHROMIUM, chromium_sandbox=os.geteuid() != 0, args=["--disable-dev-shm-usage"]
        )
        yield chromium
        chromium.close()


def is_complaint(message):
    """Say whether a console message is about the page; browsers ask for /favicon.ico of their own accord."""
    return message.type == "error" and not message.location["url"].endswith("/favicon.ico")


def is_failure(request):
    """Say whether a request failed; one that the browser dropped because the test had already left the page did not."""
    return request.failure != "net::ERR_ABORTED"


@pytest.fixture
def complaints():
    """Collect what the browser objects to: console errors, blocked content, uncaught exceptions, failed requests."""
    return []


def watch(opened, complaints):
    """Write down what the browser objects to on a page."""
    opened.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "requestfailed",
        lambda request: complaints.append(f"{request.url}: {request.failure}") if is_failure(request) else None,
    )


@pytest.fixture
def page(browser, complaints):
    """Open a page in a new, empty profile, and fail the test afterwards if the browser objected to anything."""
    context = browser.new_context(locale="en-GB", timezone_id="UTC")
    opened = context.new_page()
    watch(opened, complaints)
    yield opened
    context.close()
    assert complaints == []


def choose(page, select, text):
    """Choose from an autocomplete field as a person does: open it, read, type, read, take the first that is offered.

    Whoever types before the first answer has come makes the browser drop that request, which it reports as failed.
    """
    with page.expect_response(lambda answer: "/autocomplete/" in answer.url):
        page.locator(f"{select} + .select2 .select2-selection").click()
    with page.expect_response(lambda answer: "/autocomplete/" in answer.url):
        page.locator(".select2-container--open .select2-search__field").fill(text)
    page.locator(".select2-results__option", has_text=text).first.click()


class Reader:
    """A page of the browser whose requests this process answers, from the transaction of the test.

    So a whole register can be read without a server, and goes away with the test. ``asked`` has the address of every
    request; one to another site is written down and refused.
    """

    def __init__(self, browser, client):
        self.client, self.asked = client, []
        # Playwright calls back in another context, in which Django would open another connection and see no register.
        self.test = contextvars.copy_context()
        self.context = browser.new_context(locale="en-GB", timezone_id="UTC")
        self.context.route("**/*", self._answer)
        self.page = self.context.new_page()

    def open(self, address):
        """Go to an address of the site."""
        return self.page.goto(f"{SITE}{address}")

    def _answer(self, route):
        url = urlsplit(route.request.url)
        self.asked.append(route.request.url)
        if f"{url.scheme}://{url.netloc}" != SITE:
            route.abort("blockedbyclient")
        elif file := url.path.startswith("/static/") and finders.find(url.path.removeprefix("/static/")):
            route.fulfill(path=file)
        else:
            address = url.path + (f"?{url.query}" if url.query else "")
            answer = self.test.run(self.client.get, address)
            headers = {name: value for name, value in answer.items() if name.lower() not in NOT_HANDED_ON}
            route.fulfill(status=answer.status_code, headers=headers, body=body(answer))


PASSWORD = "four-green-apples"


@pytest.fixture
def people(transactional_db):
    """An editor and a publisher who can log in."""
    for name in ("editor", "publisher"):
        person = make_person(name, name.capitalize())
        person.set_password(PASSWORD)
        person.save()


@pytest.fixture
def enter(live_server, page, people, complaints):
    """Log somebody in, whoever was logged in before; what the browser says of other windows counts too."""
    page.context.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    page.context.on("weberror", lambda error: complaints.append(str(error.error)))

    def enter(name):
        # Leave the page before, whose scripts would otherwise ask for something without a login.
        page.goto("about:blank")
        page.context.clear_cookies()
        page.goto(f"{live_server.url}/admin/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(f"{live_server.url}/admin/")

    # What the server is still answering would meet the emptied database of the next test.
    pending = set()

    def begun(request):
        pending.add(request)

    def ended(request):
        pending.discard(request)

    page.on("request", begun)
    page.on("requestfinished", ended)
    page.on("requestfailed", ended)
    yield enter
    # Not for ever: a page that is left tells nothing of what it had asked for.
    for _ in range(40):
        if not pending or page.is_closed():
            break
        page.wait_for_timeout(50)


@pytest.fixture
def reader(browser, client):
    """A browser page that reads this test's register."""
    opened = Reader(browser, client)
    yield opened
    opened.context.close()

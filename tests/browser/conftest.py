"""A real browser before a live server."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="package")
def browser():
    """Start the system's Chromium; without it these tests fail, since a skipped half proves nothing."""
    if not CHROMIUM.exists():
        pytest.fail(f"The browser tests need {CHROMIUM}; install Debian's package chromium.")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright runs an event loop in this thread, in which Django would refuse to reach the database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        # Chromium's sandbox does not work for root, nor in most containers; the pages are our own.
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, chromium_sandbox=os.geteuid() != 0, args=["--disable-dev-shm-usage"]
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


@pytest.fixture
def page(browser, complaints):
    """Open a page in a new, empty profile, and fail the test afterwards if the browser objected to anything."""
    context = browser.new_context(locale="en-GB", timezone_id="UTC")
    opened = context.new_page()
    opened.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "requestfailed",
        lambda request: complaints.append(f"{request.url}: {request.failure}") if is_failure(request) else None,
    )
    yield opened
    context.close()
    assert complaints == []

"""The card on somebody else's page, in a real browser."""

import functools
import http.server
import threading

import pytest

from tests.factories import make_published

pytestmark = pytest.mark.django_db(transaction=True)

RATIONALE = (
    "State A declared the whole sum placed. Other reports of the same day say only that the key projects have been"
    " chosen, and name neither the projects nor the amounts; the list of that year has two of them."
)


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder without a line on standard error for each request."""

    def log_message(self, *arguments):
        """Say nothing."""


@pytest.fixture
def elsewhere(tmp_path):
    """Serve a page with this body from another origin: a function that returns its address."""
    handler = functools.partial(Quiet, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()

        def serve(body):
            (tmp_path / "page.html").write_text(
                f'<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,"><title>News</title>{body}'
            )
            return f"http://127.0.0.1:{server.server_port}/page.html"

        yield serve
        server.shutdown()
        thread.join()


@pytest.fixture
def promise(transactional_db):
    target = {"target_quantity": 900_000_000, "target_unit": "crowns", "target_measure": "Credit paid out"}
    judged = {"status": "partly_fulfilled", "progress": 500_000_000, "rationale": RATIONALE}
    return make_published(
        "promise", title="Buyer's credit of 900 million crowns to all neighbours", **target, assessments=[judged]
    )


def test_card_shows_on_a_page_of_another_origin(live_server, page, elsewhere, promise):
    page.goto(
        elsewhere(f'<iframe src="{live_server.url}/embed/commitments/promise/" width="600" height="400"></iframe>')
    )

    card = page.frame_locator("iframe")
    assert card.locator("h1").inner_text() == "Buyer's credit of 900 million crowns to all neighbours"
    assert card.locator(".status").is_visible()
    card.get_by_role("link", name="Buyer's credit").click()
    page.wait_for_url(f"{live_server.url}/commitments/promise/")


def test_page_of_the_commitment_cannot_be_framed(live_server, page, elsewhere, promise, complaints):
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(elsewhere(f'<iframe src="{live_server.url}/commitments/promise/" width="600" height="400"></iframe>'))

    assert "crowns" not in page.frame_locator("iframe").locator("html").inner_text()
    assert complaints
    complaints.clear()


@pytest.mark.parametrize("width", [300, 600])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_card_fits_the_frame_that_its_reply_gives(live_server, page, elsewhere, promise, width, scheme):
    page.emulate_media(color_scheme=scheme)
    address = f"{live_server.url}/oembed?url={live_server.url}/commitments/promise/&maxwidth={width}"
    reply = page.request.get(address).json()
    page.goto(elsewhere(reply["html"]))

    root = page.frame_locator("iframe").locator("html")
    size = root.evaluate("root => [root.scrollWidth, root.clientWidth, root.scrollHeight, root.clientHeight]")
    assert size[0] == size[1] == width
    assert size[2] <= size[3] == reply["height"]
    # Nor is the frame much higher than what it holds: the line at its foot stands not far below the reason.
    gap = root.evaluate(
        "root => root.querySelector('.foot').getBoundingClientRect().top"
        " - root.querySelector('.foot').previousElementSibling.getBoundingClientRect().bottom"
    )
    assert 0 <= gap < 100

"""The tracker opens in a real browser."""

import pytest


@pytest.mark.django_db(transaction=True)
def test_home_has_one_heading_and_the_browser_objects_to_nothing(live_server, page):
    response = page.goto(live_server.url)

    assert response.status == 200
    assert page.locator("h1").count() == 1
    assert page.locator("h1").inner_text().strip()


@pytest.mark.django_db(transaction=True)
def test_desk_asks_for_a_password_and_the_browser_objects_to_nothing(live_server, page):
    page.goto(f"{live_server.url}/admin/")

    assert page.url.startswith(f"{live_server.url}/admin/login/")
    assert page.get_by_label("Username").is_visible()


@pytest.mark.django_db(transaction=True)
def test_blocked_content_is_noticed(live_server, page, complaints):
    """An inline style would fail the two tests above."""
    page.goto(f"{live_server.url}/admin/login/")

    with page.expect_console_message(lambda message: "Content Security Policy" in message.text) as objection:
        page.evaluate(
            "document.body.append(Object.assign(document.createElement('style'), { textContent: 'p { color: red }' }))"
        )

    assert complaints == [objection.value.text]
    complaints.clear()

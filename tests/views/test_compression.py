"""Public answers are compressed where the browser takes that; the desk's never are."""

import gzip
import zlib

import pytest

from tests.factories import make_person, make_published
from tests.whole_site import body

pytestmark = pytest.mark.django_db
GZIP = {"accept-encoding": "gzip, deflate, br"}


@pytest.mark.parametrize("address", ["/", "/commitments/", "/commitments/?colour=red", "/commitments.csv"])
def test_public_answer_is_compressed_and_the_same(client, address):
    make_published("pledge-a", assessments=[{}])

    plain, packed = client.get(address), client.get(address, headers=GZIP)

    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert plain.status_code == packed.status_code
    assert "Accept-Encoding" in plain["Vary"]
    assert "Accept-Encoding" in packed["Vary"]
    assert gzip.decompress(body(packed)) == body(plain)


def test_page_gets_much_smaller(client):
    for number in range(20):
        make_published(f"pledge-{number}")

    plain, packed = client.get("/commitments/"), client.get("/commitments/", headers=GZIP)

    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content) / 5


def test_rows_are_compressed_as_they_are_sent(client):
    """The first piece can be read before the last exists, so a long file begins at once."""
    make_published("pledge-a")

    answer = client.get("/commitments.csv", headers=GZIP)
    first = next(answer.streaming_content)
    begun = zlib.decompressobj(wbits=31)
    read = begun.decompress(first) + begun.decompress(next(answer.streaming_content))
    answer.close()

    assert answer.streaming
    assert read.startswith(b"slug,")


@pytest.mark.parametrize("address", ["/commitments/", "/commitments.csv"])
def test_head_says_the_same_without_a_body(client, address):
    make_published("pledge-a")

    answer, asked = client.head(address, headers=GZIP), client.get(address, headers=GZIP)

    assert answer["Content-Encoding"] == asked["Content-Encoding"] == "gzip"
    assert answer["Vary"] == asked["Vary"]
    assert body(answer) == b""


def test_desk_is_not_compressed(client):
    person = make_person("editor", "Editor")
    login = client.get("/admin/login/", headers=GZIP)
    client.force_login(person)

    for answer in (login, client.get("/admin/", headers=GZIP)):
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer

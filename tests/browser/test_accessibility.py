"""Every page keeps the accessibility rules of axe-core, in a real browser, in every dress."""

import pytest
from django.db import connection
from django.utils import timezone

from tests.browser import tools
from tests.factories import make_assessment, make_person, make_published
from tests.whole_site import every_page

pytestmark = pytest.mark.django_db
FEWEST_PAGES = 30
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# (width, height, size of text in per cent, colour scheme). Large text changes no colour: it is judged in one scheme.
LOOKS = (
    (1280, 900, 100, "light"),
    (1280, 900, 200, "dark"),
    (390, 844, 100, "light"),
    (390, 844, 100, "dark"),
)
# Neither the policy of the site nor its pages change for this: the browser runs what a test hands to it by itself.
RUN = """
async ([rules, size, preload]) => {
  document.documentElement.style.fontSize = `${size}%`;
  // The one rule of WCAG 2.2 that axe leaves off by itself.
  const rulesOn = { "target-size": { enabled: true } };
  const options = { runOnly: rules, rules: rulesOn, preload, resultTypes: ["violations"] };
  const { violations } = await axe.run(document, options);
  return violations.flatMap(({ id, impact, nodes }) => nodes.map(({ target, failureSummary }) =>
    ({ id, impact, where: target.join(" "), what: failureSummary.replace(/\\s+/g, " ") })));
}
"""


def dresses():
    """Those LOOKS in which a page is judged.

    All of them on SQLite. PostgreSQL changes neither sheet nor template, only where the words come from: there every
    page is judged in the first look, by all rules.
    """
    return LOOKS if connection.vendor == "sqlite" else LOOKS[:1]


def judge(reader, address, looks):
    """What axe has to say of one page: sentences, each once, however many looks show it."""
    reader.open(address)
    found = {}
    for width, height, size, scheme in looks:
        reader.page.set_viewport_size({"width": width, "height": height})
        reader.page.emulate_media(color_scheme=scheme)
        for one in reader.page.evaluate(RUN, [RULES, size, True]):
            look = f"{width} px, {size} % text, {scheme}"
            found.setdefault(f"{address}: {one['id']} at {one['where']}: {one['what']}", look)
    return [f"{sentence} ({look})" for sentence, look in found.items()]


@pytest.fixture
def examiner(reader):
    """A reader in whose pages axe-core is there before anything else."""
    reader.context.add_init_script(path=tools.AXE)
    return reader


def test_axe_finds_nothing_on_any_page_in_any_dress(client, register, examiner, monkeypatch, figures):
    pages = every_page(client, monkeypatch)
    looks = dresses()

    found = {address: judge(examiner, address, looks) for address in pages}

    for address, sentences in found.items():
        figures.note(address, "axe", len(sentences))
    assert not any(found.values()), "\n".join(sentence for sentences in found.values() for sentence in sentences)
    assert len(found) >= FEWEST_PAGES


def test_axe_finds_what_is_planted(examiner, register):
    """Every rule set is on, in both colour schemes, and the pages arrive with their style sheet."""
    examiner.open("/methodology/")
    assert examiner.page.evaluate("getComputedStyle(document.querySelector('.skip')).position") == "absolute"
    examiner.page.emulate_media(color_scheme="dark")
    examiner.page.evaluate("""() => document.querySelector("main").insertAdjacentHTML("beforeend", `
        <img src="/static/commitments/favicon.svg"><h6>Deep</h6><input name="nameless"><b class="pale">Pale</b>`)""")
    examiner.page.evaluate("() => { document.querySelector('.pale').style.color = '#444' }")
    examiner.page.evaluate("""() => {
      for (const textContent of "ab") {
        const tiny = Object.assign(document.createElement("button"), { textContent });
        Object.assign(tiny.style, { display: "block", padding: 0, fontSize: "8px" });
        document.querySelector("main").append(tiny);
      }
    }""")

    found = {one["id"] for one in examiner.page.evaluate(RUN, [RULES, 100, True])}

    assert found == {"image-alt", "heading-order", "label", "color-contrast", "target-size"}


# The desk's own pages, each with one of those who work there.
DESK = {
    "publisher": ("", "commitments/edition/queue/", "commitments/edition/queue/review/?record=assessment-{draft}"),
    "editor": (
        "",
        "commitments/edition/how-we-judge/",
        "commitments/assessment/add/?commitment={commitment}",
        "commitments/assessment/{published}/change/",
        "commitments/assessment/{published}/retract/",
        "commitments/assessment/",
        "commitments/commitment/{commitment}/change/",
        "commitments/source/{source}/change/",
        "history/",
        "commitments/commitment/import/",
    ),
}


@pytest.mark.django_db(transaction=True)
def test_axe_finds_nothing_grave_on_the_pages_of_the_desk(live_server, page, enter):
    published = make_published("pledge-a", assessments=[{}]).assessments.get()
    draft = make_assessment(published.commitment, author=make_person(), submitted_at=timezone.now())
    records = {
        "draft": draft.pk,
        "published": published.pk,
        "commitment": published.commitment_id,
        "source": published.evidence.get().source_id,
    }
    page.context.add_init_script(path=tools.AXE)
    page.goto(f"{live_server.url}/admin/login/")
    graves = {"login": grave(page)}
    for name, addresses in DESK.items():
        enter(name)
        for address in addresses:
            answer = page.goto(f"{live_server.url}/admin/{address.format(**records)}")
            assert answer.status == 200, address
            graves[f"{name}: {address}"] = grave(page)
    # The last page that the editor opened asks for a file.
    page.get_by_label("File:").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": b"slug,note,due\npledge-a,Mine,soon\n"}
    )
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("cell", name="soon", exact=True).wait_for()
    graves["preview of an import"] = grave(page)

    assert {where: found for where, found in graves.items() if found} == {}


def grave(page):
    """What axe calls serious or critical on the page that is open."""
    # Without reading the sheets again: the admin's import others, and axe would set them inline, which is not allowed.
    found = page.evaluate(RUN, [RULES, 100, False])
    # The admin's own box for several choices wraps its search field so.
    found = [one for one in found if not (one["id"] == "list" and "select2" in one["where"])]
    return [one for one in found if one["impact"] in ("serious", "critical")]

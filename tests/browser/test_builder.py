"""The builder as hands use it: fast, with the keyboard, on two pages, and without JavaScript."""

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Literal
from urllib.parse import parse_qs, urlencode
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from campaigns.drafts.campaign import working_days
from campaigns.submissions.demo import story
from tests.browser.conftest import LONGEST_WAIT, opened, review, sign_in
from tests.running import RunningPortal

START = story.working_days(10, 1)[0]
LONDON = ZoneInfo("Europe/London")
# As another test's campaign had it, or by name.
FILLED_IN = re.compile(r"As in “.+”\.|Matched by name\.")
REDRAW = "**/campaigns/redraw/"
AUTOSAVE = "**/campaigns/autosave/"


@pytest.fixture
def draft(page: Page) -> str:
    """A saved draft of Northgate's with nothing wrong; returns its address, which is open.

    The first is filled in by hand. What that posted is posted again for every further one.
    """
    if POSTED:
        page.goto(post_again(page))
    else:
        POSTED.update(form_of(fill_in_a_new_one(page)))
    return page.url


POSTED: dict[str, list[str]] = {}
NEW = "/campaigns/new/"
CSRF = "csrfmiddlewaretoken"


def form_of(request: Request) -> dict[str, list[str]]:
    """Return the fields of a press of *Save draft*, without those that say which draft it was."""
    fields = parse_qs(request.post_data or "", keep_blank_values=True)
    return {name: values for name, values in fields.items() if name not in {"version", CSRF}}


def post_again(page: Page) -> str:
    """Save another draft with the same fields, and return its address."""
    page.request.get(NEW)
    [token] = [each["value"] for each in page.context.cookies() if each["name"] == "csrftoken"]
    fields = POSTED | {CSRF: [token], "form_token": [str(uuid.uuid4())]}
    answer = page.request.post(
        NEW,
        data=urlencode(fields, doseq=True),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.url.rstrip("/").rpartition("/")[2].isdigit(), answer.text()
    return answer.url


def fill_in_a_new_one(page: Page) -> Request:
    """Fill in a new campaign and save it, and return the request that saved it."""
    page.goto(NEW)
    page.get_by_label("Client", exact=True).select_option("Northgate Energy")
    page.get_by_label("Campaign name").fill("Quick hands")
    fill_in(page)
    with page.expect_request(is_a_press) as saving:
        page.get_by_role("button", name="Save draft", exact=True).last.click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    return saving.value


def is_a_press(request: Request) -> bool:
    return request.method == "POST" and request.is_navigation_request()


def fill_in(page: Page) -> None:
    page.get_by_label("Call flow", exact=True).select_option(label="Meter reading reminder (101)")
    page.get_by_label("CLI", exact=True).select_option(label="020 7946 0100, Customer service (11)")
    page.get_by_role("checkbox").first.check()
    for number in (1, 2):
        source = page.locator(f"#id_parameter-{number}-source")
        source.select_option("Fixed text")
        page.get_by_label(f"Fixed text {number}").fill(f"text {number}")
    page.get_by_label("Start date").fill(START.isoformat())
    page.get_by_label("Start time").fill("09:00")
    page.get_by_label("Finish time").fill("12:00")


def hold_back(page: Page, address: str | re.Pattern[str]) -> list[Route]:
    """Return what will have been asked for, held back as by a slow line until `continue_`d."""
    routes: list[Route] = []

    def hold(route: Route) -> None:
        routes.append(route)

    page.route(address, hold)
    return routes


def let_through(page: Page, address: str, held: list[Route]) -> None:
    for route in held:
        route.continue_()
    page.unroute(address)


@pytest.fixture
def held(page: Page) -> list[Route]:
    """The drawings that were asked for."""
    return hold_back(page, REDRAW)


def asked_for(page: Page, held: list[Route], count: int = 1) -> None:
    for _ in range(1200):
        if len(held) >= count:
            return
        page.wait_for_timeout(50)
    pytest.fail("No drawing was asked for.")


def test_saving_while_a_part_is_drawn_anew_drops_nothing(
    page: Page, draft: str, held: list[Route]
) -> None:
    page.get_by_label("Call flow", exact=True).select_option("")
    asked_for(page, held)
    page.get_by_role("button", name="Save draft", exact=True).last.click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    expect(page.get_by_label("CLI", exact=True)).not_to_have_value("")
    expect(page.get_by_role("checkbox").first).to_be_checked()
    assert page.locator("#id_parameter-1-text").input_value() == "text 1"


@pytest.mark.nightly
def test_what_is_typed_while_a_part_is_drawn_anew_stays(
    page: Page, draft: str, held: list[Route]
) -> None:
    page.get_by_label("Call flow", exact=True).select_option("")
    asked_for(page, held)
    page.get_by_label("Fixed text 2").fill("typed meanwhile")
    with page.expect_response(REDRAW):
        held[0].continue_()
    expect(page.get_by_label("Parameter 2: Due date")).to_have_count(0)
    expect(page.get_by_label("Fixed text 2")).to_have_value("typed meanwhile")
    expect(page.get_by_label("Fixed text 1")).to_have_value("text 1")


def test_typing_goes_on_while_a_part_is_drawn_anew(
    page: Page, draft: str, held: list[Route]
) -> None:
    page.get_by_label("Call flow", exact=True).select_option("")
    asked_for(page, held)
    page.locator("details", has_text="More parameters").locator("summary").click()
    page.locator("#id_parameter-3-source").select_option("Fixed text")
    page.get_by_label("Fixed text 3").press_sequentially("one wrd")
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    with page.expect_response(REDRAW):
        held[0].continue_()
    expect(page.get_by_label("Parameter 2: Due date")).to_have_count(0)
    page.keyboard.type("o")
    expect(page.get_by_label("Fixed text 3")).to_have_value("one word")


def test_a_choice_stays_the_same_element_while_it_is_drawn_anew(page: Page, draft: str) -> None:
    # Letters typed in a choice find what begins with all of them: in another element they begin anew, and
    # "F", "i", "r" would choose "Fixed text" instead of "First name".
    source = page.locator("#id_parameter-1-source")
    source.evaluate("choice => (choice.isTheOldOne = true)")
    source.focus()
    with page.expect_response(REDRAW):
        page.get_by_label("Call flow", exact=True).select_option("")
    with page.expect_response(REDRAW):
        page.get_by_label("Call flow", exact=True).select_option(
            label="Meter reading reminder (101)"
        )
    expect(page.locator("#parameter-1")).to_contain_text("First name")
    assert source.evaluate("choice => choice.isTheOldOne && choice === document.activeElement")
    expect(source).to_have_value("text")


def test_an_answer_to_a_button_that_is_gone_is_left_out(
    page: Page, draft: str, held: list[Route]
) -> None:
    steps = page.get_by_role("button", name="Next person")
    steps.click()
    asked_for(page, held)
    steps.evaluate("button => button.remove()")
    page.evaluate(
        "addEventListener('htmx:beforeSwap', () => setTimeout(() => (document.title = 'put in'), 100))"
    )
    let_through(page, REDRAW, held)
    expect(page).to_have_title("put in")
    assert page.locator("#preview").count() == 1


def test_a_choice_made_while_the_client_is_drawn_draws_what_follows_from_it(
    page: Page, draft: str, held: list[Route]
) -> None:
    client = page.get_by_label("Client", exact=True)
    client.dispatch_event("change")
    asked_for(page, held)
    page.get_by_label("Call flow", exact=True).select_option("")
    held[0].continue_()
    asked_for(page, held, 2)
    held[1].continue_()
    expect(page.get_by_label("Call flow", exact=True)).to_have_value("")
    expect(page.get_by_label("Parameter 2: Due date")).to_have_count(0)


@pytest.mark.nightly
def test_of_choices_made_in_quick_succession_each_draws_what_follows_from_it(
    page: Page, draft: str, held: list[Route]
) -> None:
    page.get_by_label("Purpose").select_option("Marketing")
    asked_for(page, held)
    page.get_by_label("Call flow", exact=True).select_option("")
    page.get_by_label("Purpose").select_option("Service")
    for number in range(3):
        asked_for(page, held, number + 1)
        held[number].continue_()
    expect(page.get_by_label("Parameter 2: Due date")).to_have_count(0)


@pytest.fixture
def ticked(page: Page) -> tuple[Page, list[Route]]:
    """A new campaign's page whose contact list has just been ticked, and the drawings it waits for."""
    page.goto("/campaigns/new/")
    page.get_by_label("Client", exact=True).select_option("Northgate Energy")
    page.get_by_label("Campaign name").fill("Ticked and pressed")
    page.get_by_label("Call flow", exact=True).select_option(label="Meter reading reminder (101)")
    expect(page.get_by_label("Parameter 2: Due date")).to_be_visible()
    expect(page.locator("#saved")).to_contain_text("Saved ")
    held = hold_back(page, REDRAW)
    page.get_by_role("checkbox", name="December readings").check()
    asked_for(page, held)
    return page, held


def press(name: str, role: Literal["button", "link"] = "button") -> Callable[[Page], None]:
    return lambda page: page.get_by_role(role, name=name, exact=True).last.click(no_wait_after=True)


def press_enter(page: Page) -> None:
    page.get_by_label("Campaign name").press("Enter", no_wait_after=True)


SAVING = [press("Check campaign"), press("Save draft"), press("Review and submit"), press_enter]
COPYING = press("Copy campaign", "link")


@pytest.mark.parametrize(
    "go",
    [
        pytest.param(SAVING[0], id="check"),
        *(
            pytest.param(press, id=name, marks=pytest.mark.nightly)
            for press, name in zip(SAVING[1:], ("save", "review", "enter"), strict=True)
        ),
        pytest.param(COPYING, id="copy"),
    ],
)
def test_what_is_pressed_right_after_a_list_is_ticked_takes_the_parameters_along(
    ticked: tuple[Page, list[Route]], go: Callable[[Page], None]
) -> None:
    page, held = ticked
    page.evaluate("document.body.id = 'pressed-here'")
    go(page)
    # Long enough for what is on the page to be saved, and for a press that doesn't wait.
    page.wait_for_timeout(1_000)
    let_through(page, REDRAW, held)
    expect(page.locator("#pressed-here")).to_have_count(0)
    expect(page.locator("#id_parameter-1-source")).to_have_value("column:First name")
    expect(page.locator("#id_parameter-2-source")).to_have_value("column:Due date")
    expect(page.get_by_role("link", name="The call flow needs")).to_have_count(0)
    if go is not COPYING:
        with page.expect_response(AUTOSAVE):
            page.get_by_label("Campaign name").fill("Changed after it")
        expect(page.locator("#saved")).to_contain_text("Saved ")


@pytest.mark.parametrize(
    "go",
    [SAVING[0], pytest.param(COPYING, marks=pytest.mark.nightly)],
    ids=["check", "copy"],
)
def test_a_press_waits_long_for_an_answer_but_not_for_ever(
    ticked: tuple[Page, list[Route]], go: Callable[[Page], None]
) -> None:
    page, held = ticked
    # The saving is answered before the clock is the test's own, which leaves it no time.
    expect(page.locator("#saved")).to_contain_text("Saved ")
    page.evaluate("document.body.id = 'pressed-here'")
    page.clock.install()
    go(page)
    page.clock.run_for(LONGEST_WAIT - 2_000)
    expect(page.locator("#pressed-here")).to_have_count(1)
    page.clock.run_for(2_000)
    expect(page.locator("#pressed-here")).to_have_count(0)
    expect(page.get_by_role("checkbox", name="December readings")).to_be_checked()
    let_through(page, REDRAW, held)


def test_a_press_waits_no_longer_where_neither_drawing_nor_saving_is_answered(
    ticked: tuple[Page, list[Route]],
) -> None:
    page, drawing = ticked
    expect(page.locator("#saved")).to_contain_text("Saved ")
    saving = hold_back(page, AUTOSAVE)
    page.get_by_label("Campaign name").fill("Typed and never saved")
    page.evaluate("document.body.id = 'pressed-here'")
    page.clock.install()
    COPYING(page)
    page.clock.run_for(LONGEST_WAIT - 2_000)
    expect(page.locator("#pressed-here")).to_have_count(1)
    page.clock.run_for(2_000)
    # The clock runs on: a second wait would be over in as long again.
    expect(page.locator("#pressed-here")).to_have_count(0, timeout=LONGEST_WAIT * 2 / 3)
    let_through(page, REDRAW, drawing)
    let_through(page, AUTOSAVE, saving)


def test_enter_in_a_text_field_saves_and_never_submits(
    page: Page, portal: RunningPortal, draft: str
) -> None:
    before = len(portal.ledger())
    page.get_by_label("Campaign name").fill("Saved by Enter")
    page.get_by_label("Campaign name").press("Enter")
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    expect(page.get_by_label("Campaign name")).to_have_value("Saved by Enter")
    page.get_by_role("button", name="Add call attempt").click()
    minutes = page.get_by_label("Minutes before the next attempt")
    expect(minutes).to_have_count(2)
    minutes.first.fill("20")
    minutes.first.press("Enter")
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    expect(minutes.first).to_have_value("20")
    expect(minutes).to_have_count(2)
    assert len(portal.ledger()) == before


def test_of_two_pages_with_one_draft_the_later_is_told_of_the_other(
    page: Page, draft: str, shoot: Callable[[str], None]
) -> None:
    other = page.context.new_page()
    other.goto(draft)
    other.get_by_label("Campaign name").fill("Saved first")
    other.get_by_role("button", name="Save draft", exact=True).last.click()
    expect(other.get_by_text("The draft is saved.")).to_be_visible()

    page.get_by_label("Campaign name").fill("Typed second")
    page.get_by_role("button", name="Review and submit").click()
    expect(page.get_by_role("alert")).to_contain_text("You saved this draft on another page at")
    expect(page.get_by_label("Campaign name")).to_have_value("Typed second")
    shoot("builder-newer")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open the saved version in a new tab").click()
    expect(opened.value.get_by_label("Campaign name")).to_have_value("Saved first")
    # Enter is no way to save over the other one.
    page.get_by_label("Campaign name").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("You saved this draft on another page at")
    page.get_by_role("button", name="Replace with my version").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    expect(page.get_by_label("Campaign name")).to_have_value("Typed second")


def test_the_dial_plan_follows_the_form(
    page: Page, draft: str, shoot: Callable[[str], None]
) -> None:
    plan = page.locator("#dial-plan")
    expect(plan).to_contain_text("Calling everyone once takes about")
    page.get_by_text("The dial plan as tables").click()
    page.get_by_label("Minutes before the next attempt").fill("600")
    page.get_by_role("button", name="Add call attempt").click()
    expect(plan).to_contain_text("Attempt 2 will not happen")
    shoot("builder-dial-plan")
    page.get_by_label("Finish time").fill("20:00")
    page.get_by_label("Campaign name").fill("Typed while it is drawn")
    expect(plan.get_by_role("row", name="Attempt 2")).to_contain_text("19:00")
    expect(plan).not_to_contain_text("will not happen")
    page.get_by_role("button", name="Remove call attempt 2").click()
    expect(plan.get_by_role("row", name="Attempt 2")).to_have_count(0)
    expect(plan.get_by_role("row", name="Attempt 1")).to_be_visible()
    page.get_by_role("checkbox").first.uncheck()
    expect(plan).to_contain_text("to see when each attempt happens")
    expect(page.get_by_label("Campaign name")).to_have_value("Typed while it is drawn")


def test_one_button_fills_in_the_next_working_days(
    page: Page, draft: str, shoot: Callable[[str], None]
) -> None:
    days = page.get_by_role("group", name=re.compile(r"^Run-over day \d"))
    expect(page.get_by_label("Start date")).to_have_value(START.isoformat())
    add = page.get_by_role("button", name="Add next 3 working days")
    add.press("Enter")
    expect(days).to_have_count(3)
    expect(add).to_be_focused()
    expected = [day.isoformat() for day in working_days.next_after(START, LONDON, 3)]
    for group, day in zip(days.all(), expected, strict=True):
        expect(group.get_by_label("Date")).to_have_value(day)
        expect(group.get_by_label("From")).to_have_value("09:00")
        expect(group.get_by_label("Until")).to_have_value("12:00")
    shoot("builder-working-days")
    page.get_by_label("Start date").fill("")
    add.click()
    expect(page.get_by_role("alert")).to_contain_text("Choose the start date first")
    expect(days).to_have_count(3)


@pytest.mark.nightly
def test_a_preset_fills_in_the_calls_and_the_dial_plan_follows(
    page: Page, draft: str, shoot: Callable[[str], None]
) -> None:
    minutes = page.get_by_label("Minutes before the next attempt")
    minutes.fill("45")
    preset = page.get_by_role("button", name="Three calls: after 30 minutes, then 3 hours")
    preset.press("Enter")
    expect(minutes).to_have_count(3)
    expect(preset).to_be_focused()
    assert [field.input_value() for field in minutes.all()] == ["30", "180", ""]
    plan = page.locator("#dial-plan")
    page.get_by_text("The dial plan as tables").click()
    expect(plan.get_by_role("row", name="Attempt 3")).to_be_visible()
    shoot("builder-presets")
    page.get_by_role("button", name="Once", exact=True).click()
    expect(minutes).to_have_count(1)
    expect(plan.get_by_role("row", name="Attempt 2")).to_have_count(0)


def test_parameters_are_filled_in_until_a_person_chooses(
    page: Page, shoot: Callable[[str], None]
) -> None:
    page.goto("/campaigns/new/")
    page.get_by_label("Client", exact=True).select_option("Northgate Energy")
    page.get_by_label("Call flow", exact=True).select_option(label="Meter reading reminder (101)")
    a_list = page.get_by_role("checkbox", name="December readings")
    a_list.check()
    first, second = (page.locator(f"#id_parameter-{number}-source") for number in (1, 2))
    expect(first).to_have_value("column:First name")
    expect(second).to_have_value("column:Due date")
    expect(first).to_have_accessible_description(FILLED_IN)
    expect(page.locator("#parameter-1-hint")).to_have_text(FILLED_IN)
    page.get_by_label("If empty 2").fill("soon")
    page.get_by_label("If empty 2").press("Tab")
    expect(page.locator("#parameter-2-hint")).to_be_empty()
    shoot("builder-filled-in")

    first.select_option("Not used")
    expect(page.locator("#parameter-1-hint")).to_be_empty()
    expect(page.get_by_label("If empty 1")).to_be_hidden()
    a_list.uncheck()
    expect(page.locator("#preview").get_by_role("status")).to_have_count(0)
    a_list.check()
    status = page.locator("#preview").get_by_role("status")
    expect(status).to_contain_text("Person 1 of")
    expect(first).to_have_value("unused")
    expect(page.get_by_label("If empty 2")).to_have_value("soon")
    page.get_by_role("button", name="Next with a problem").click()
    expect(status).to_contain_text("Person 2 of")
    expect(status).to_contain_text("Parameter 1 (First name) has nothing.")


@pytest.fixture
def plain(browser: Browser, portal: RunningPortal) -> Iterator[Page]:
    """A page of a browser with JavaScript switched off, signed in as the manager."""
    with opened(browser, portal, java_script_enabled=False) as page:
        sign_in(page, portal, "manager")
        yield page


def test_without_javascript_a_campaign_is_built_and_submitted(plain: Page) -> None:
    plain.goto("/campaigns/new/")
    plain.get_by_label("Client", exact=True).select_option("Northgate Energy")
    plain.get_by_role("button", name="Show this client’s options").click()
    plain.get_by_label("Campaign name").fill("By hand")
    plain.get_by_text("Parameters 1 to 9").click()
    fill_in(plain)
    minutes = plain.get_by_label("Minutes before the next attempt")
    minutes.first.fill("15")
    plain.get_by_role("button", name="Add call attempt").click()
    expect(minutes).to_have_count(2)
    expect(minutes.first).to_have_value("15")
    plain.get_by_role("button", name="Add next working day").click()
    (following,) = working_days.next_after(START, LONDON, 1)
    expect(plain.get_by_label("Date", exact=True)).to_have_value(following.isoformat())
    plain.get_by_role("button", name="Twice, 2 hours apart").click()
    expect(minutes.first).to_have_value("120")
    review(plain)
    plain.get_by_role("button", name="Submit campaign").click()
    expect(plain.get_by_role("heading", name="By hand")).to_be_visible()
    expect(plain).to_have_url(re.compile(r"/submissions/\d+/$"))

"""What a person does on the screens of Odoo's client: press, type, choose, find."""

import base64

from playwright.sync_api import Locator, Page, expect

from .browser import settle

# A photo: one white dot.
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC"
)


def _place(page: Page):
    """The dialog if one is open, else the page."""
    dialog = page.locator(".o_dialog")
    return dialog if dialog.count() else page


def press(page: Page, action: str) -> None:
    """Press the button of an action: in the dialog, in the header, or in the header's menu."""
    button = _place(page).locator(f"button[name={action}]:visible")
    menu = page.locator(".o_statusbar_buttons .dropdown-toggle:visible")
    expect(button.or_(menu).first).to_be_visible()
    if not button.count():
        menu.click()
        button = page.locator(f"button[name={action}]:visible")
    button.first.click()
    settle(page)


def send(page: Page) -> None:
    """Send the form of a public page, and wait for the page that answers."""
    with page.expect_navigation():
        page.click("button[type=submit]")


def field(page: Page, name: str) -> Locator:
    """The input of a field, in the dialog if one is open."""
    return _place(page).locator(f"[name={name}] input, [name={name}] textarea").first


def enter(page: Page, name: str, text: str) -> None:
    """Type into a field, and leave it."""
    field(page, name).fill(text)
    page.keyboard.press("Tab")
    settle(page)


def enter_date(page: Page, name: str, text: str) -> None:
    """Type another date or time over the one that a field shows."""
    _place(page).locator(f"[name={name}] input, [name={name}] button").first.focus()
    enter(page, name, text)


def choose(page: Page, place: Locator, text: str) -> None:
    """Type into a many-to-one field, whose input stands in `place`, and pick what it offers."""
    place.locator("input").first.fill(text)
    page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()
    settle(page)


def agree(page: Page) -> None:
    """Say yes to the question that a button asks first."""
    page.locator(".o_dialog .modal-footer .btn-primary").click()
    settle(page)


def attach(page: Page, name: str, file: dict) -> None:
    """Put a file, as Playwright describes it, into a field."""
    _place(page).locator(f"[name={name}] input[type=file]").set_input_files(file)
    settle(page)


def select_all(page: Page) -> None:
    """Tick every row of the list."""
    page.locator(".o_list_table thead .o_list_record_selector input").click()
    settle(page)


def open_menu(page: Page, section: str, entry: str) -> None:
    """Open an entry of the menu bar, by what it says."""
    page.locator(".o_menu_sections").get_by_text(section, exact=True).click()
    page.locator(".o-dropdown--menu").get_by_text(entry, exact=True).click()
    settle(page)


def expect_state(page: Page, name: str) -> None:
    """The status bar stands, or will soon stand, at this state."""
    current = page.locator(".o_statusbar_status [aria-checked=true]")
    expect(current).to_have_attribute("data-value", name)


def search_in(page: Page, field_name: str, text: str) -> None:
    """Search a list for a text in the field of that (Chinese) name."""
    page.fill(".o_searchview_input", text)
    page.locator(".o_searchview_autocomplete .dropdown-item", has_text=field_name).first.click()
    settle(page)


def search_for(page: Page, text: str) -> None:
    """Search a list by the first thing that its search offers."""
    search = page.locator(".o_searchview_input")
    search.fill(text)
    # Entered before they are offered, the suggestions would lie over the list afterwards.
    suggestions = page.locator(".o_searchview_autocomplete")
    expect(suggestions).to_be_visible()
    search.press("Enter")
    expect(suggestions).to_be_hidden()
    settle(page)


def find(page: Page, number: str) -> None:
    """Find a case by its number in the list of all applications, closed ones too, and open it."""
    page.goto("/odoo/shenpi-applications")
    settle(page)
    page.locator(".o_facet_remove").first.click()
    settle(page)
    search_for(page, number)
    page.locator(".o_data_row").first.locator("[name=applicant_name]").click()
    settle(page)
    expect(page.locator("[name=number]").first).to_contain_text(number)


def pass_every_line(page: Page) -> Locator:
    """Find every line of an inspection's checklist in order, with a photo where one is needed."""
    cards = page.locator(".o_shenpi_checklist .o_kanban_record:not(.o_kanban_ghost)")
    expect(cards.first).to_be_visible()
    for place in range(cards.count()):
        card = cards.nth(place)
        if card.locator(".fa-camera").count():
            card.locator("input[type=file]").set_input_files(
                {"name": f"第{place + 1}项.png", "mimeType": "image/png", "buffer": DOT}
            )
            expect(card.locator(".o_shenpi_files a")).to_be_visible()
            settle(page)
        card.locator("button[name=action_pass]").click()
        expect(card.locator("[name=result]")).to_be_visible()
        settle(page)
    return cards

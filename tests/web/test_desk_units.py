"""Units: the tree, the search by another name, and a change that somebody else's does not overwrite."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.site import Site, signed_in

COMMUNITY = "A7-QT-01"


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    with signed_in(browser, site, "leader", viewport={"width": 1366, "height": 768}) as context:
        yield context.new_page()


def test_the_tree_is_unfolded_to_my_street_and_a_unit_is_found_by_another_name(page: Page) -> None:
    page.goto("/app/desk/units")
    page.get_by_role("navigation", name="单位树").get_by_role("link", name="泉塘社区", exact=True).click()
    expect(page).to_have_url(f"/app/desk/units/{COMMUNITY}")
    expect(page.locator("article h1")).to_have_text("泉塘社区")
    expect(page.locator(".shape")).not_to_have_count(0)
    page.get_by_role("searchbox").fill("泉塘村")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("grid")).to_contain_text(COMMUNITY)


def test_an_alias_is_added_and_the_rest_stays_as_it_was(page: Page, site: Site) -> None:
    before = site.get(f"/registry/units/{COMMUNITY}", "leader")
    page.goto(f"/app/desk/units/{COMMUNITY}")
    page.get_by_role("button", name="修改别名").click()
    page.get_by_label("别名（每行一个）").fill("\n".join([*before["aliases"], "泉塘老村部"]))
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存")).to_be_visible()
    after = site.get(f"/registry/units/{COMMUNITY}", "leader")
    changes = {"version": before["version"] + 1, "aliases": [*before["aliases"], "泉塘老村部"]}
    assert after == {**before, **changes, "effective_from": after["effective_from"]}


def test_a_boundary_is_drawn_by_hand_and_taken_from_a_file(page: Page, site: Site) -> None:
    before = site.get(f"/registry/units/{COMMUNITY}", "leader")
    page.goto(f"/app/desk/units/{COMMUNITY}")
    page.get_by_role("button", name="修改边界").click()
    page.get_by_role("button", name="清除").click()
    drawing = page.locator(".drawing .map").first
    expect(page.locator(".drawing .shape.quiet")).not_to_have_count(0)
    # Not in the corner, where the map has its buttons.
    for count, (x, y) in enumerate(((80, 60), (240, 60), (160, 200)), 1):
        drawing.click(position={"x": x, "y": y})
        expect(page.get_by_text(f"已有 {count} 个拐点")).to_be_visible()
    corrected = before["boundary"]
    corrected["coordinates"][0][1][0] += 0.00001
    told = json.dumps({"type": "Feature", "geometry": corrected}).encode()
    page.locator("#boundary-file").set_input_files({"name": "a.geojson", "mimeType": "text/plain", "buffer": told})
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已保存")).to_be_visible()
    after = site.get(f"/registry/units/{COMMUNITY}", "leader")
    assert (after["boundary"], after["version"]) == (corrected, before["version"] + 1)


def test_a_refused_table_comes_back_as_a_download(page: Page) -> None:
    refusal = {
        "status": 422,
        "content_type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "headers": {"content-disposition": "attachment; filename*=UTF-8''refused.xlsx"},
        "body": b"PK",
    }
    page.route("**/registry/units/import", lambda route: route.fulfill(**refusal))
    page.goto("/app/desk/units")
    table = {"name": "units.xlsx", "mimeType": "application/octet-stream", "buffer": b"PK"}
    page.locator("input[type=file]").set_input_files(table)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载结果").click()
    assert download.value.suggested_filename == "refused.xlsx"

"""People on the desk: a post is given by name and ended, and who was told a first password chooses their own before all else."""

from uuid import uuid4

from playwright.sync_api import Browser, expect

from tests.support.site import Site, signed_in

WIDE = {"width": 1366, "height": 768}


def test_a_post_is_given_by_name_and_ended(browser: Browser, site: Site) -> None:
    person = f"p{uuid4().hex[:8]}"
    name = f"新人{person}"
    site.post("/registry/accounts", {"person": person, "user": person, "name": name, "unit": "A7-QT"}, "admin")
    with signed_in(browser, site, "leader", viewport=WIDE) as context:
        page = context.new_page()
        page.goto("/app/desk/people?tab=posts&area=A7-QT-01&role=grid_worker")
        page.get_by_role("button", name="任命").click()
        who = page.get_by_label("人员", exact=True)
        who.fill(name)
        expect(who).to_have_attribute("aria-invalid", "false")
        unit = page.get_by_label("单位", exact=True)
        unit.fill("A7-QT-01-005")
        expect(unit).to_have_attribute("aria-invalid", "false")
        page.get_by_role("button", name="保存").click()
        row = page.get_by_role("row", name=name)
        expect(row).to_contain_text("泉塘社区第5网格")
        row.click()
        row.press("Enter")
        page.get_by_label("结束日期").fill("2031-01-01")
        page.get_by_role("button", name="结束任职").click()
        expect(page.get_by_text("不超过一年以后")).to_be_visible()
    (held,) = site.get("/registry/posts", "leader", person=person)["items"]
    assert (held["unit"], held["valid_to"]) == ("A7-QT-01-005", None)


def test_who_was_told_a_first_password_chooses_their_own_before_all_else(browser: Browser, site: Site) -> None:
    user = f"u{uuid4().hex[:10]}"
    account = site.post(
        "/registry/accounts", {"person": user, "user": user, "name": "新同事", "unit": "A7-QT"}, "admin"
    )
    post = {"person": user, "role": "dispatcher", "unit": "A7-QT"}
    site.post("/registry/posts", post, "admin")
    site.post(
        f"/registry/accounts/{account['id']}/reset", {"password": "told at the desk"}, "admin",
        **{"if-match": f'"{account["version"]}"'},
    )  # fmt: skip
    with signed_in(browser, site, None, viewport=WIDE) as context:
        page = context.new_page()
        page.goto("/app/desk/assign")
        page.get_by_label("用户名或手机号").fill(user)
        page.get_by_label("密码", exact=True).fill("told at the desk")
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_text("请先设置您自己的密码")).to_be_visible()
        page.get_by_label("新密码").fill("my own words 1")
        page.get_by_label("再输入一次").fill("my own words 1")
        page.get_by_role("button", name="设置密码并继续").click()
        expect(page.get_by_role("heading", name="派单")).to_be_visible()
        expect(page).to_have_url("/app/desk/assign")

"""The page in a real browser: what a person does, and what they then see."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from browser import Browser, Keys, axe_source
from program import DEMO, ELANUS, SOURCE, environment_in
from served import ServedTest, form, start_server

BUILD = pathlib.Path(os.environ.get("ELANUS_BUILD", SOURCE / "build/dev"))
SHOTS = BUILD / "screenshots"


class Page(ServedTest):
    @classmethod
    def setUpClass(cls):
        SHOTS.mkdir(parents=True, exist_ok=True)
        cls.profile = tempfile.mkdtemp(prefix="elanus-browser-")
        cls.browser = Browser(cls.profile)
        cls.one_home = pathlib.Path(tempfile.mkdtemp(prefix="elanus-e2e-"))
        environment = environment_in(cls.one_home)
        subprocess.run([ELANUS, "index", DEMO], env=environment, check=True, capture_output=True)
        cls.one_server = start_server(["--index-root", cls.one_home], environment)

    @classmethod
    def tearDownClass(cls):
        cls.browser.quit()
        cls.one_server[0].terminate()
        said = cls.one_server[0].communicate(timeout=60)[1].decode(errors="replace")
        shutil.rmtree(cls.profile, ignore_errors=True)
        shutil.rmtree(cls.one_home, ignore_errors=True)
        # A thread sanitizer tells at the end what it saw.
        assert cls.one_server[0].returncode == 0, said

    def setUp(self):
        super().setUp()
        self.use(*self.one_server)
        self.b = self.browser
        self.known_paths = {}
        self.b.window()
        self.b.open("about:blank")
        self.b.said()
        self.b.asked()

    def tearDown(self):
        strangers = [u for u in self.b.asked() if not u.startswith((self.url, "blob:", "data:", "about:", "chrome"))]
        self.assertEqual(strangers, [], "no request to another host")
        self.assertEqual(self.b.said(), [], "nothing in the console")

    def open(self, query=""):
        self.b.open(f"{self.url}/{query}")
        self.b.until("pictures or their absence", lambda: (self.b.all(".tile") or self.b.one("#empty").is_displayed()) and not self.busy())

    def busy(self):
        return self.b.js("return document.getElementById('grid').ariaBusy === 'true'")

    def path_of(self, identifier):
        if identifier not in self.known_paths:
            self.known_paths[identifier] = self.get(f"/v1/images/{identifier}").json["path"]
        return self.known_paths[identifier]

    def paths(self):
        """Of the pictures in the grid."""
        return [self.path_of(i) for i in self.b.js("return [...document.querySelectorAll('.tile')].map(t => t.dataset.id)")]

    def expected(self, **parameters):
        return [h["path"] for h in self.search(k=60, **parameters)["hits"]]

    def until_shown(self, paths):
        self.b.until(f"{paths[:2]}…", lambda: self.paths()[:len(paths)] == paths)

    def type(self, words):
        box = self.b.one("#q")
        box.clear()
        box.send_keys(words)

    def test_typing_finds_the_right_picture_first(self):
        self.open()
        self.type("a red car on a beach")
        self.until_shown(self.expected(q="a red car on a beach"))
        self.assertTrue(self.paths()[0].endswith("beach/001.jpg"), "the red car on the beach, at sunset")
        self.assertIn("q=a+red+car+on+a+beach", self.b.driver.current_url)
        self.assertIn("a red car", self.b.driver.title)
        self.assertRegex(self.b.one("#status").text, r"Best \d+ · [0-9.]+ ms")
        self.b.screenshot(SHOTS / "search.png")
        self.b.window(dark=True)
        self.b.screenshot(SHOTS / "dark.png")
        self.b.window(2560, 1300)
        self.b.screenshot(SHOTS / "wide.png")

    def test_nothing_moves_when_the_pictures_arrive(self):
        self.b.cdp("Page.enable")
        self.b.cdp("Page.addScriptToEvaluateOnNewDocument", source="window.shift = 0; new PerformanceObserver(l => l.getEntries()"
                   ".forEach(e => { if (!e.hadRecentInput) window.shift += e.value; })).observe({type: 'layout-shift', buffered: true})")
        self.open("?q=a+tree")
        self.b.settled()
        self.assertLess(self.b.js("return window.shift"), 0.02)
        ratio = self.b.js("const t = document.querySelector('.tile'), r = t.getBoundingClientRect(), i = t.querySelector('img');"
                          "return (r.width / r.height) / (i.naturalWidth / i.naturalHeight)")
        self.assertAlmostEqual(ratio, 1, delta=0.02)

    def test_an_opened_address_is_not_asked_for_again_and_small_pictures_fit_the_screen(self):
        for scale, small in ((1, True), (2, False)):
            self.b.window(scale=scale)
            self.open("?q=a+lighthouse&type=jpg&view=1")
            self.b.settled()
            asked = self.b.js("return performance.getEntriesByType('resource').map(e => e.name)")
            self.assertEqual([a for a in asked if "/v1/search?" in a and "cursor=" not in a], [], "the answer came with the page")
            self.assertFalse([a for a in asked if a.endswith((".js", ".css"))], "the page is one document")
            grid = [a for a in asked if "/thumbs?" in a or ("/thumb?" in a and "size=window" not in a)]
            self.assertTrue(grid and all(("size=small" in a) == small for a in grid), grid)

    def test_what_the_window_shows_comes_first_and_in_few_requests(self):
        self.open("?q=a+house")
        self.b.settled()
        asked = self.b.js("return performance.getEntriesByType('resource').map(e => [e.name, e.startTime])")
        begun = {kind: [time for name, time in asked if kind in name] for kind in ("/thumbs?", "/thumb?", "/v1/search?")}
        self.assertLessEqual(len(begun["/thumbs?"]), 6, asked)
        self.assertLess(max(begun["/thumbs?"]), min(begun["/thumb?"] + begun["/v1/search?"]), "the rest waits")
        self.type("a house near")
        self.b.until("the answer", lambda: self.paths()[:60] == self.expected(q="a house near"))
        again = self.b.js("return performance.getEntriesByType('resource').map(e => e.name)")[len(asked):]
        small = [name for name in again if "/thumbs?" in name]
        self.assertLess(sum(name.count("-") for name in small), 30, "what was seen is not asked for again")

    def test_an_older_search_is_given_up_for_a_newer_one(self):
        self.open()
        self.b.cdp("Network.emulateNetworkConditions", offline=False, latency=400, downloadThroughput=-1, uploadThroughput=-1)
        self.addCleanup(self.b.offline, False)
        self.b.js("window.given = []; const ask = fetch; window.fetch = (a, o) => ask(a, o).catch(e => { given.push([a, e.name]); throw e; })")
        self.type("a red")
        self.b.until("asked", lambda: "q=a+red" in self.b.driver.current_url)
        self.b.one("#q").send_keys(" boat")
        self.until_shown(self.expected(q="a red boat"))
        self.assertIn(["v1/search?q=a+red&k=60", "AbortError"], self.b.js("return window.given"))

    def test_searching_is_said_until_the_answer_is_there_and_no_longer(self):
        self.b.cdp("Network.enable")
        self.b.cdp("Network.emulateNetworkConditions", offline=False, latency=700, downloadThroughput=-1, uploadThroughput=-1)
        self.addCleanup(self.b.offline, False)
        self.open("?q=a+boat&type=png")
        found = self.b.one("#status").text
        self.assertRegex(found, r"^\d+ pictures · ", "small pictures that come late change nothing")
        self.b.js("window.told = []; new MutationObserver(() => told.push(document.getElementById('status').textContent))"
                  ".observe(document.getElementById('status'), {childList: true})")
        self.type("a castle")
        self.until_shown(self.expected(q="a castle", type="png"))
        self.b.until("shown", lambda: not self.busy())
        told = self.b.js("return told")
        self.assertEqual(told[0], "Searching…")
        self.assertRegex(told[-1], r"^\d+ pictures · ")
        self.b.js("window.fetch = () => new Promise((_, refuse) => setTimeout(() => refuse(new TypeError('away')), 700))")
        self.type("a house")
        self.b.until("told", lambda: "does not answer" in self.b.one("#notice").text)
        self.assertEqual(self.b.one("#status").text, told[-1], "what is still shown")

    def test_scrolling_brings_all(self):
        self.open("?q=a+boat")
        def scrolled():
            self.b.js("scrollTo(0, document.body.scrollHeight)")
            return len(self.b.all(".tile")) == 300
        self.b.until("all 300", scrolled)
        self.assertEqual(len(set(self.paths())), 300)

    def test_open_step_and_close(self):
        self.open("?q=a+boat+at+night")
        paths = self.paths()
        names = [pathlib.Path(p).name for p in paths]
        self.b.all(".tile a")[2].click()
        self.b.until("the third", lambda: self.b.one("#view-name").text == names[2])
        self.assertIn(paths[2], self.b.one("#view-facts").text)
        self.b.until("its picture", lambda: self.b.js("return document.getElementById('view-picture').naturalWidth > 0"))
        self.b.driver.save_screenshot(str(SHOTS / "view.png"))
        self.b.keys(Keys.ARROW_RIGHT)
        self.b.until("the fourth", lambda: self.b.one("#view-name").text == names[3])
        self.b.one("#view-previous").click()
        self.b.keys(Keys.ARROW_LEFT)
        self.b.until("the second", lambda: self.b.one("#view-name").text == names[1])
        self.b.keys(Keys.ESCAPE)
        self.b.until("closed", lambda: not self.b.one("#view").is_displayed())
        self.assertGreaterEqual(len(self.b.all(".tile")), 60, "the pictures are still there")

    def test_paths_are_copied(self):
        self.b.cdp("Browser.grantPermissions", origin=self.url, permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        self.open("?q=a+boat+at+night&type=png")
        copied = "const done = arguments[0]; navigator.clipboard.readText().then(done, e => done(String(e)))"
        self.b.one("#copy-all").click()
        self.b.until("told", lambda: "paths copied" in self.b.one("#toast").text)
        self.assertEqual(self.b.driver.execute_async_script(copied).split("\n"), self.paths())
        self.b.all(".tile a")[1].click()
        self.b.until("open", lambda: self.b.one("#view").is_displayed())
        self.b.one("#view-copy").click()
        self.b.until("told", lambda: self.b.js("return document.querySelector('#toast').textContent") == "Path copied")
        self.assertEqual(self.b.driver.execute_async_script(copied), self.paths()[1])

    def test_more_like_this_and_back(self):
        self.open("?q=a+red+car")
        before = self.paths()
        tile = self.b.all(".tile")[1]
        identifier = tile.get_attribute("data-id")
        self.b.js("arguments[0].querySelector('.like').focus()", tile)
        self.b.keys(Keys.ENTER)
        self.until_shown(self.expected(like=identifier))
        self.assertIn(f"like={identifier}", self.b.driver.current_url)
        self.assertTrue(self.b.one("#query-picture").is_displayed())
        self.b.screenshot(SHOTS / "like.png")
        self.b.driver.back()
        self.until_shown(before)
        self.assertEqual(self.b.one("#q").get_attribute("value"), "a red car")
        self.assertFalse(self.b.one("#query-picture").is_displayed())

    def drop(self, file, event="drop"):
        """A file from outside the browser, as far as the page can tell."""
        data = list(file.read_bytes())
        self.b.js("const data = new DataTransfer(); data.items.add(new File([new Uint8Array(arguments[0])], 'x.jpg',"
                  "{type: 'image/jpeg'})); document.dispatchEvent(arguments[1] === 'drop' ? new DragEvent('drop',"
                  "{dataTransfer: data, bubbles: true}) : new ClipboardEvent('paste', {clipboardData: data, bubbles: true}))",
                  data, event)

    def test_a_picture_dropped_pasted_or_chosen_is_the_query(self):
        picture = DEMO / "sea/003.jpg"
        self.open()
        for how in ("drop", "paste"):
            self.drop(picture, how)
            self.b.until("itself first", lambda: self.paths()[0] == str(picture))
            self.assertIn("picture=", self.b.driver.current_url)
            if how == "drop":
                self.type("at night")
                name = self.b.js("return new URLSearchParams(location.search).get('picture')")
                self.until_shown(self.expected(q="at night", picture=name))
                self.b.screenshot(SHOTS / "words-and-picture.png")
                self.b.driver.refresh()
                self.until_shown(self.expected(q="at night", picture=name))
            self.b.one("#home").click()
            self.b.until("all", lambda: "300 pictures" in self.b.one("#status").text)
        self.b.one("#upload").send_keys(str(DEMO / "farm/001.jpg"))
        self.b.until("itself first", lambda: self.paths()[0] == str(DEMO / "farm/001.jpg"))
        self.b.js("const d = new DataTransfer(); d.items.add(new File(['x'], 'x.txt', {type: 'text/plain'}));"
                  "document.dispatchEvent(new DragEvent('drop', {dataTransfer: d, bubbles: true}))")
        # Its words stay when it fades, which a slow machine may see first.
        self.b.until("told", lambda: "not a picture" in self.b.js("return document.querySelector('#toast').textContent"))

    def test_filters_are_in_the_address_and_survive_a_reload(self):
        self.open("?q=a+boat")
        self.b.one("#filter-button").click()
        self.b.until("types", lambda: len(self.b.all("select[name=type] option")) > 3)
        self.b.js("const s = document.querySelector('select[name=type]'); s.value = 'png'; s.dispatchEvent(new Event('change', {bubbles: true}))")
        self.until_shown(self.expected(q="a boat", type="png"))
        folder = self.b.one("input[name=path]")
        folder.send_keys(str(DEMO / "sea"), Keys.ENTER)
        self.until_shown(self.expected(q="a boat", type="png", path=DEMO / "sea"))
        self.assertTrue(all("/sea/" in p and p.endswith(".png") for p in self.paths()))
        self.assertEqual(self.b.one("#filter-count").text, "2")
        self.b.one("#show-cosine").click()
        self.assertRegex(self.b.one(".tile .cosine").text, r"0\.\d{3}")
        self.b.screenshot(SHOTS / "filters.png")
        shown = self.paths()
        self.b.driver.refresh()
        self.until_shown(shown)
        self.assertTrue(self.b.one("#filters").is_displayed())
        self.b.one("#clear-filters").click()
        self.until_shown(self.expected(q="a boat"))
        self.b.one("#show-cosine").click()
        self.b.driver.back()
        self.until_shown(shown)

    def test_dates_a_label_and_the_order(self):
        body, kind = form([("label", "mine")], [("picture", "a.png", next((DEMO / "sea").glob("*.png")).read_bytes() + b"other")])
        sent = self.ask("POST", "/v1/images", body, {"Content-Type": kind}).json["images"][0]
        self.addCleanup(self.ask, "DELETE", f"/v1/images/{sent['id']}")
        self.open("?q=a+boat")
        self.b.one("#filter-button").click()
        def choose(name, value):
            self.b.js("const f = document.getElementById('filters').elements[arguments[0]]; f.value = arguments[1];"
                      "f.dispatchEvent(new Event('change', {bubbles: true}))", name, value)
        choose("sort", "name")
        self.until_shown(self.expected(q="a boat", sort="name"))
        self.assertEqual(self.paths(), sorted(self.paths()))
        self.assertIn("of the best 500", self.b.one("#status").text)
        choose("sort", "date")
        self.until_shown(self.expected(q="a boat", sort="date"))
        choose("label", "mine")
        self.until_shown([sent["path"]])
        self.assertEqual(len(self.paths()), 1)
        choose("before", "1990-01-01")
        self.b.until("nothing", lambda: self.b.one("#empty").is_displayed())
        choose("before", "")
        choose("after", "1990-01-01")
        self.until_shown([sent["path"]])
        for part in ("sort=date", "label=mine", "after=1990-01-01"):
            self.assertIn(part, self.b.driver.current_url)

    def test_nothing_fits(self):
        self.open("?q=a+boat&path=/nowhere")
        self.assertIn("Nothing fits", self.b.one("#empty").text)
        self.b.driver.save_screenshot(str(SHOTS / "nothing.png"))

    def test_the_server_is_away_and_comes_back(self):
        self.open("?q=a+boat")
        self.addCleanup(self.b.offline, False)
        self.b.offline(True)
        self.type("a castle")
        self.b.until("told", lambda: "does not answer" in self.b.one("#notice").text)
        self.assertGreaterEqual(len(self.b.all(".tile")), 60, "what was found stays")
        self.b.driver.save_screenshot(str(SHOTS / "offline.png"))
        self.b.offline(False)
        self.until_shown(self.expected(q="a castle"))
        self.assertFalse(self.b.one("#notice").is_displayed())
        self.assertTrue(all("INTERNET_DISCONNECTED" in e for e in self.b.said()), "the browser's own note")

    def test_on_a_phone(self):
        self.b.window(390, 844, scale=2, touch=True)
        self.open("?q=a+castle")
        self.b.screenshot(SHOTS / "phone.png")
        self.assertLessEqual(self.b.js("return document.documentElement.scrollWidth"), 390)
        self.b.one("#filter-button").click()
        self.b.window(320, 640, scale=2, touch=True)
        self.assertLessEqual(self.b.js("return document.documentElement.scrollWidth"), 320, "the narrowest that WCAG asks for")
        self.b.one("#filter-button").click()
        self.b.window(390, 844, scale=2, touch=True)
        for selector in ("#filter-button", "#q", "#upload-label", ".tile .like"):
            size = self.b.js("const r = document.querySelector(arguments[0]).getBoundingClientRect(); return Math.min(r.width, r.height)", selector)
            self.assertGreaterEqual(size, 24, selector)
        self.b.all(".tile a")[0].click()
        self.b.until("its picture", lambda: self.b.js("return document.getElementById('view-picture').naturalWidth > 0"))
        self.b.driver.save_screenshot(str(SHOTS / "phone-view.png"))

    def test_with_the_keyboard_alone(self):
        self.open()
        self.b.until("the box has the focus", lambda: self.b.js("return document.activeElement.id") == "q")
        self.b.keys("a boat at night")
        self.until_shown(self.expected(q="a boat at night"))
        order = []
        for _ in range(9):
            self.b.keys(Keys.TAB)
            order.append(self.b.js("const a = document.activeElement; return a.id || a.parentElement.className"))
            if order[-1].startswith("tile"):
                break
        self.assertEqual(order[:4], ["upload", "filter-button", "index-button", "copy-all"])
        self.assertIn("tile", order[-1])
        focused = "return document.activeElement.closest('.tile')?.dataset.id"
        ids = [t.get_attribute("data-id") for t in self.b.all(".tile")]
        self.assertEqual(self.b.js(focused), ids[0])
        self.b.keys(Keys.ARROW_RIGHT)
        self.assertEqual(self.b.js(focused), ids[1])
        self.b.keys(Keys.ARROW_DOWN)
        below = ids.index(self.b.js(focused))
        self.assertGreater(below, 3)
        self.b.keys(Keys.ARROW_UP)
        self.assertEqual(self.b.js(focused), ids[1])
        self.b.screenshot(SHOTS / "keyboard.png")
        self.b.keys(Keys.ENTER)
        self.b.until("open", lambda: self.b.one("#view").is_displayed())
        self.b.keys(Keys.ARROW_RIGHT, Keys.ESCAPE)
        self.b.until("the focus is where the eye was", lambda: self.b.js(focused) == ids[2])
        self.b.keys("/")
        self.assertEqual(self.b.js("return document.activeElement.id"), "q")

    def forget(self, folder):
        for image in self.get("/v1/images", k=500).json["images"]:
            if image["path"].startswith(str(folder)):
                self.assertEqual(self.ask("DELETE", f"/v1/images/{image['id']}").status, 204)

    def test_indexing_from_the_page(self):
        more = self.one_home / "more"
        more.mkdir()
        for number in range(2, 14):
            # Other bytes, so that nothing is known already.
            (more / f"{number}.jpg").write_bytes((DEMO / f"sky/{number:03}.jpg").read_bytes() + b"%d" % number)
        self.addCleanup(self.forget, more)
        self.open()
        self.b.one("#index-button").click()
        self.b.driver.save_screenshot(str(SHOTS / "index.png"))
        folder = self.b.one("#index-folder")
        folder.send_keys("/etc", Keys.ENTER)
        self.b.until("refused", lambda: "does not index /etc" in self.b.one("#index-problem").text)
        folder.clear()
        self.b.js("window.told = []; new MutationObserver(() => { const j = document.getElementById('job');"
                  "if (!j.hidden) told.push(document.getElementById('job-text').textContent); })"
                  ".observe(document.getElementById('job'), {subtree: true, childList: true, attributes: true})")
        folder.send_keys(str(more), Keys.ENTER)
        self.b.until("done", lambda: "12 new" in self.b.js("return document.querySelector('#toast').textContent"))
        self.b.until("counted", lambda: "312 pictures" in self.b.one("#status").text)
        self.assertTrue(self.b.js("return told.some(text => /Indexing|Looking|Waiting/.test(text))"), "it said how far it is")
        self.assertTrue(all("403" in e for e in self.b.said()), "only the refusal")

    def test_the_key_is_asked_for(self):
        key = self.home / "key"
        key.write_text("a-key-of-some-length")
        self.environment["XDG_DATA_HOME"] = str(self.one_home / "data")
        self.serve("--api-key-file", key)
        self.b.open(self.url)
        self.b.until("asked", lambda: self.b.one("#key-dialog").is_displayed())
        self.b.driver.save_screenshot(str(SHOTS / "key.png"))
        self.b.one("#key").send_keys("not-the-key", Keys.ENTER)
        self.b.until("refused", lambda: self.b.one("#key-problem").text)
        self.b.one("#key").clear()
        self.b.one("#key").send_keys("a-key-of-some-length", Keys.ENTER)
        self.b.until("let in", lambda: len(self.b.all(".tile.here")) > 5)
        self.assertTrue(all("401" in e for e in self.b.said()), "only the refusals")

    def test_what_a_screen_reader_is_told(self):
        self.open("?q=a+boat+at+night&type=png")
        nodes = self.b.cdp("Accessibility.getFullAXTree")["nodes"]
        told = [(n["role"]["value"], n.get("name", {}).get("value", "")) for n in nodes if not n["ignored"]]
        for role, name in (("searchbox", "Describe a picture"), ("search", ""), ("main", ""), ("heading", "Elanus"), ("list", "Pictures"),
                           ("link", "Skip to the pictures"), ("button", "Filters, 1 on"), ("button", "Copy paths")):
            self.assertIn((role, name), told)
        count = len(self.b.all(".tile"))
        links = [n for n in nodes if n["role"]["value"] == "link" and not n["ignored"]]
        self.assertGreaterEqual(len(links), count + 2)
        self.assertEqual([n["nodeId"] for n in links if not n["name"]["value"]], [], "each picture has a name")
        self.assertEqual(len([1 for role, name in told if role == "button" and name.startswith("More like ")]), count)
        status = self.b.one("#status")
        self.assertEqual((status.get_attribute("role"), "pictures" in status.text), ("status", True))

    def test_english_is_in_one_place(self):
        page = (SOURCE / "src/server/page/index.html").read_text()
        words = {text.strip() for text in re.sub(r"<[^>]*>", "\n", page).split("\n")} - {""}
        self.assertEqual(words, {"Elanus", "This page needs JavaScript. The REST API at /openapi.json does not."})
        self.assertEqual(re.findall(r" (?:aria-label|title|placeholder|alt)=\"[^\"]+\"", page), [])

    def test_axe_finds_nothing(self):
        axe = axe_source(BUILD)
        reports = {}
        # Its time grows with the page: a few pictures say as much as many.
        few = f"path={DEMO / 'sea'}&type=png"
        one = self.search(q="a boat", path=DEMO / "sea", type="png", k=1)["hits"][0]["id"]
        for name, query, dark, presses in (("home", "", False, []), ("search", f"?q=a+boat&{few}", True, []),
                                           ("view", f"?q=a+boat&{few}&view={one}", False, []), ("empty", "?q=a&path=/no", False, []),
                                           ("index", f"?q=a+boat&{few}", True, ["#index-button"]),
                                           ("similarity", f"?q=a+boat&{few}", False, ["#show-cosine"]),
                                           ("like", f"?like={one}&{few}", True, []), ("phone", f"?q=a+boat&{few}", True, [])):
            self.b.window(*((390, 844) if name == "phone" else ()), dark=dark)
            self.open(query)
            self.b.settled()
            for press in presses:
                self.b.one(press).click()
            if name == "view":
                self.b.until("open", lambda: self.b.one("#view").is_displayed())
            self.b.js(axe)
            report = self.b.driver.execute_async_script(
                "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(arguments[0])")
            reports[name] = {"passes": len(report["passes"]), "violations": [
                {"id": v["id"], "help": v["help"], "nodes": [n["html"] for n in v["nodes"]]} for v in report["violations"]]}
            if name == "similarity":
                self.b.one("#show-cosine").click()
        (BUILD / "axe/report.json").write_text(json.dumps(reports, indent=1))
        self.assertEqual({name: r["violations"] for name, r in reports.items() if r["violations"]}, {})
        self.assertGreater(min(r["passes"] for r in reports.values()), 15)


if __name__ == "__main__":
    unittest.main()

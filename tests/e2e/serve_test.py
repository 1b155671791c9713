"""The REST API, as programs use it."""
import base64
import concurrent.futures
import json
import pathlib
import re
import shutil
import subprocess
import unittest

from program import DEMO, DONE, ELANUS, FAILED, WRONG_CALL
from served import ServedTest, form


COUNT = 36  # among them a PNG


class Rest(ServedTest):
    def setUp(self):
        super().setUp()
        self.folder = self.pictures(COUNT)
        self.run_program("index", self.folder)
        self.serve("--index-root", self.home)

    def test_search_answers_as_the_command_does(self):
        served, said = self.search(q="a red car", k=5), self.json("search", "a red car", "-k", "5")
        self.assertEqual([h["id"] for h in served["hits"]], [h["id"] for h in said["hits"]])
        for ours, theirs in zip(served["hits"], said["hits"]):
            self.assertLessEqual(theirs.items(), ours.items())
        self.assertEqual(served["query"], "a red car")
        self.assertGreaterEqual(served["took_ms"], served["stages_ms"]["embed"])

    def test_pages_put_together_are_the_whole(self):
        for sort in ("relevance", "date", "name"):
            whole = [h["id"] for h in self.search(q="a boat", k=COUNT, sort=sort)["hits"]]
            self.assertEqual(len(set(whole)), COUNT)
            paged, cursor = [], ""
            while cursor is not None:
                page = self.search(q="a boat", k=7, sort=sort, cursor=cursor)
                paged += [h["id"] for h in page["hits"]]
                cursor = page["next"]
            self.assertEqual(paged, whole, sort)

    def test_a_page_goes_on_where_the_last_ended_though_pictures_come_and_go(self):
        first = self.search(q="a boat", k=10)
        self.assertEqual(self.ask("DELETE", f"/v1/images/{first['hits'][3]['id']}").status, 204)
        rest = self.search(q="a boat", k=COUNT, cursor=first["next"])
        ids = [h["id"] for h in first["hits"] + rest["hits"]]
        self.assertEqual(len(set(ids)), len(ids))
        self.assertEqual(len(ids), COUNT)

    def test_filters_sort_and_cut(self):
        suffixes = {pathlib.Path(h["path"]).suffix for h in self.search(q="a", k=COUNT, type="png")["hits"]}
        self.assertEqual(suffixes, {".png"})
        self.assertEqual(self.search(q="a", path=self.home / "elsewhere")["hits"], [])
        self.assertEqual(len(self.search(q="a", k=COUNT, path=self.folder)["hits"]), COUNT)
        self.assertEqual(self.search(q="a", before="1990")["hits"], [])
        names = [h["path"] for h in self.search(q="a", k=COUNT, sort="name")["hits"]]
        self.assertEqual(names, sorted(names))
        hits = self.search(q="a red car", k=COUNT)["hits"]
        cut = hits[4]["cosine"] - 1e-6
        self.assertEqual(len(self.search(q="a red car", k=COUNT, min=cut)["hits"]), 5)

    def test_more_like_this_and_a_picture_as_the_query(self):
        one = self.get("/v1/images").json["images"][4]
        like = self.search(like=one["id"], k=3)["hits"]
        self.assertNotIn(one["id"], [h["id"] for h in like])
        body, kind = form([("k", "4")], [("picture", "x.jpg", pathlib.Path(one["path"]).read_bytes())])
        by_bytes = self.ask("POST", "/v1/search", body, {"Content-Type": kind}).json
        self.assertEqual([h["id"] for h in by_bytes["hits"]], [one["id"]] + [h["id"] for h in like])
        self.assertGreater(by_bytes["hits"][0]["cosine"], 0.999)
        by_name = self.search(picture=by_bytes["picture"], k=4)
        self.assertEqual([h["id"] for h in by_name["hits"]], [h["id"] for h in by_bytes["hits"]])
        both = self.search(picture=by_bytes["picture"], q="at night", k=4)
        self.assertNotEqual([h["cosine"] for h in both["hits"]], [h["cosine"] for h in by_name["hits"]])
        self.problem(self.ask("GET", "/v1/search?picture=unknown"), 404, "send it again")

    def test_many_searches_at_once(self):
        body = {"queries": [{"q": "a red car", "k": 2}, {"q": " "}, {"like": 1, "k": 1}]}
        answers = self.ask("POST", "/v1/search", json.dumps(body), {"Content-Type": "application/json"}).json["answers"]
        self.assertEqual([len(a.get("hits", [])) for a in answers], [2, 0, 1])
        self.assertEqual(answers[1]["status"], 400)
        self.assertEqual(answers[0]["hits"], self.search(q="a red car", k=2)["hits"])

    def test_an_empty_question_and_an_unknown_parameter(self):
        self.problem(self.ask("GET", "/v1/search"), 400, "nothing to search for")
        self.problem(self.ask("GET", "/v1/search?q=a&limit=3"), 400, "unknown parameter 'limit'")
        self.problem(self.ask("POST", "/v1/search", "{", {"Content-Type": "application/json"}), 422)
        self.problem(self.ask("POST", "/v1/search", "a", {"Content-Type": "text/plain"}), 415, "application/json")

    def test_thumbnails_and_files(self):
        hit = self.search(q="a tree", k=1)["hits"][0]
        thumb = self.get(hit["thumb"])
        self.assertEqual(thumb.headers["Content-Type"], "image/jpeg")
        self.assertIn("immutable", thumb.headers["Cache-Control"])
        self.assertTrue(thumb.body.startswith(b"\xff\xd8"))
        again = self.ask("GET", hit["thumb"], headers={"If-None-Match": thumb.headers["ETag"]})
        self.assertEqual((again.status, again.body), (304, b""))
        self.assertNotIn("immutable", self.get(hit["thumb"].split("?")[0]).headers["Cache-Control"])
        self.assertEqual(self.get(hit["file"]).body, pathlib.Path(hit["path"]).read_bytes())
        head = self.ask("HEAD", hit["file"])
        self.assertEqual((head.status, head.body), (200, b""))
        self.assertEqual(int(head.headers["Content-Length"]), hit["bytes"])
        kept = list((self.home / "cache/elanus/thumbnails").rglob("*.jpg"))
        self.assertEqual(len(kept), 1)

    def test_many_thumbnails_in_one_answer(self):
        hits = self.search(q="a tree", k=3)["hits"]
        of = [hit["thumb"].replace("/v1/images/", "").replace("/thumb?v=", "-") for hit in hits]
        answer = self.get("/v1/thumbs", size="small", of=",".join(of))
        self.assertIn("immutable", answer.headers["Cache-Control"])
        for hit, data in zip(hits, answer.json["thumbs"], strict=True):
            self.assertEqual(base64.b64decode(data.removeprefix("data:image/jpeg;base64,")), self.get(hit["thumb"] + "&size=small").body)
        for other in (f"{of[0]},99999-0", f"{hits[0]['id']}-0"):
            answer = self.get("/v1/thumbs", of=other)
            self.assertEqual(answer.headers["Cache-Control"], "private, no-cache")
            self.assertEqual([bool(data) for data in answer.json["thumbs"]], [True, False][:len(answer.json["thumbs"])])
        self.problem(self.ask("GET", f"/v1/thumbs?size=window&of={of[0]}"), 400, "one by one")
        for wrong in ("", "7", "x-1", ",", of[0] + ",", ",".join(of * 30)):
            self.problem(self.ask("GET", f"/v1/thumbs?of={wrong}"), 400, "ID-VERSION")

    def test_the_answer_comes_with_the_page(self):
        def brought(query):
            page = self.get("/" + query)
            self.assertRegex(page.headers["Content-Security-Policy"], "script-src 'sha256-[^']+'; style-src 'sha256-")
            found = re.findall(r'<script type="application/json" id="answer">(.*?)</script>', page.body.decode())
            return [json.loads(text) for text in found]
        there, asked = brought("?q=a+boat&type=jpg&view=3"), self.search(q="a boat", type="jpg", k=60)
        self.assertEqual([h["id"] for h in there[0]["hits"]], [h["id"] for h in asked["hits"]])
        self.assertEqual(brought("?q=</script><script>alert(1)//%ff")[0]["query"], "</script><script>alert(1)//\ufffd")
        self.assertEqual(len(brought("?q=a&k=2&cursor=2.1056964608.1&utm_source=x&type=jpg&type=png")[0]["hits"]),
                         len(self.search(q="a", type="jpg", k=60)["hits"]), "what the page does not know changes nothing")
        for nothing in ("", "?q=", "?type=jpg", "?q=a&min=x", "?like=99999"):
            self.assertEqual(brought(nothing), [], nothing)
        tag = self.get("/").headers["ETag"]
        self.assertEqual(self.ask("GET", "/", headers={"If-None-Match": tag}).status, 304)
        self.assertIsNone(self.get("/?q=a").headers["ETag"])

    def test_sent_pictures_are_found_and_deleted(self):
        new = sorted(DEMO.rglob("*.webp"))[0]
        body, kind = form([("label", "mine")], [("picture", "../../a b.webp", new.read_bytes()), ("picture", "t.jpg", b"text")])
        answer = self.ask("POST", "/v1/images", body, {"Content-Type": kind})
        self.assertEqual(answer.status, 201, answer.body)
        added, refused = answer.json["images"]
        self.assertEqual(added["label"], "mine")
        self.assertEqual(added["attributes"]["name"], "a b.webp")
        self.assertEqual(refused["name"], "t.jpg")
        self.assertEqual(refused["problem"]["status"], 415)
        kept = pathlib.Path(added["path"])
        self.assertEqual(kept.read_bytes(), new.read_bytes())
        self.assertEqual(self.get("/count").json, {"count": COUNT + 1})
        self.assertEqual(self.search(label="mine", q="a")["hits"][0]["id"], added["id"])
        again = self.ask("POST", "/insert", new.read_bytes())
        self.assertEqual(again.json["images"][0]["id"], added["id"], "the same bytes are the same picture")
        self.assertEqual(self.ask("DELETE", f"/v1/images/{added['id']}").status, 204)
        self.assertFalse(kept.exists())
        self.problem(self.ask("GET", f"/v1/images/{added['id']}"), 404)
        own = self.get("/v1/images").json["images"][0]
        self.assertEqual(self.ask("DELETE", f"/v1/images/{own['id']}").status, 204)
        self.assertTrue(pathlib.Path(own["path"]).exists(), "the user's files are never touched")

    def test_the_seeds_calls(self):
        self.assertEqual(self.ask("POST", "/count").json, {"count": COUNT})
        answer = self.ask("POST", "/search", "a red car", {"Content-Type": "application/x-www-form-urlencoded"}).json
        self.assertEqual([h["id"] for h in answer["hits"]], [h["id"] for h in self.search(q="a red car", k=5)["hits"]])
        self.problem(self.ask("POST", "/insert", b"no picture"), 415)

    def test_an_index_run_with_events(self):
        more = self.home / "more"
        shutil.copytree(DEMO / "sea", more)
        answer = self.ask("POST", "/v1/index", json.dumps({"folder": str(more)}))
        self.assertEqual(answer.status, 202, answer.body)
        events = self.get(answer.headers["Location"] + "/events").body.decode().split("\n\n")
        states = [json.loads(e.split("data: ")[1]) for e in events if e]
        self.assertTrue(all(e.startswith("event: job\n") for e in events if e))
        done = [s["done"] for s in states]
        self.assertEqual(done, sorted(done))
        self.assertEqual((states[-1]["state"], states[-1]["report"]["added"]), ("done", 18))
        self.assertEqual(self.get("/v1/stats").json["pictures"], COUNT + 18, "what was added is found at once")
        self.assertEqual(self.get("/v1/jobs").json["jobs"], [self.get(answer.headers["Location"]).json])

    def test_what_may_be_indexed(self):
        self.problem(self.ask("POST", "/v1/index", json.dumps({"folder": "/etc"})), 403, "--index-root")
        self.problem(self.ask("POST", "/v1/index", json.dumps({"folder": f"{self.home}/../../etc"})), 403)
        (self.home / "out").symlink_to("/usr")
        self.problem(self.ask("POST", "/v1/index", json.dumps({"folder": str(self.home / "out")})), 403)
        self.problem(self.ask("POST", "/v1/index", json.dumps({"folder": str(self.home / "none")})), 404)
        self.problem(self.ask("POST", "/v1/index", json.dumps({"folder": "relative"})), 400)
        self.problem(self.ask("POST", "/v1/index", json.dumps({"url": "http://127.0.0.1/"})), 400)

    def test_the_command_indexes_beside_the_server(self):
        shutil.copy(sorted((DEMO / "farm").iterdir())[0], self.folder / "late.jpg")
        self.run_program("index", self.folder)
        self.assertEqual(self.get("/count").json, {"count": COUNT + 1})

    def test_facets_stats_metrics_health(self):
        facets = self.get("/v1/facets").json
        self.assertEqual(facets["folders"][0], {"value": str(self.folder), "count": COUNT})
        self.assertEqual(sum(t["count"] for t in facets["types"]), COUNT)
        stats = self.get("/v1/stats").json
        self.assertEqual((stats["pictures"], stats["model"]["name"]), (COUNT, "elanus-demo"))
        for _ in range(3):
            self.search(q="a red car")
        metrics = self.get("/metrics").body.decode()
        for line in ('elanus_http_requests_total{route="/v1/search",status="200"} 3',
                     'elanus_events_total{event="query_cache_hit"} 2', 'elanus_now{what="pictures"} 36',
                     'elanus_stage_seconds_count{stage="embed_text"} 1', 'elanus_stage_seconds_bucket{stage="search",le="+Inf"} 3'):
            self.assertIn(line, metrics)
        self.assertEqual(self.get("/healthz").json, {"status": "ok"})
        self.assertEqual(self.get("/readyz").json, {"status": "ready"})

    def test_many_at_once_get_their_own_answers(self):
        words = [f"{n} {c} {t}" for n in ("a", "two") for c in ("red", "blue", "green") for t in ("car", "boat", "tree", "dog")]
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            together = list(pool.map(lambda q: self.search(q=q, k=3), words))
        for query, answer in zip(words, together):
            alone = self.json("search", query, "-k", "3") if query == words[0] else self.search(q=query, k=3)
            self.assertEqual([h["id"] for h in answer["hits"]], [h["id"] for h in alone["hits"]], query)

    def test_it_drains_when_told_to_stop(self):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            asked = [pool.submit(self.ask, "GET", f"/v1/search?q=word{i}&k={COUNT}") for i in range(40)]
            concurrent.futures.wait(asked[:4])
            code, said = self.stop()
            answered = [f.result() for f in asked if not f.exception()]
        self.assertEqual(code, DONE, said)
        self.assertGreaterEqual(len(answered), 4)
        for answer in answered:
            self.assertEqual(answer.status, 200, answer.body)
            self.assertEqual(len(answer.json["hits"]), COUNT, "nothing is answered by half")


class Start(ServedTest):
    def test_it_begins_with_nothing_and_is_filled_from_outside(self):
        self.serve("--index-root", self.pictures(5))
        self.assertEqual(self.get("/v1/images").json, {"images": [], "next": None})
        self.assertEqual(self.search(q="a boat")["hits"], [])
        job = self.ask("POST", "/v1/index", json.dumps({"folder": str(self.pictures(5))})).json
        self.get(f"/v1/jobs/{job['id']}/events")
        self.assertEqual(len(self.get("/v1/images").json["images"]), 5)

    def test_a_key(self):
        key = self.home / "key"
        key.write_text("0123456789abcdef0123\n")
        self.run_program("index", self.pictures(3))
        self.serve("--host", "0.0.0.0", "--api-key-file", key)
        self.problem(self.ask("GET", "/v1/search?q=a"), 401, "Bearer")
        self.assertEqual(self.ask("GET", "/v1/search?q=a", headers={"Authorization": "Bearer 0123456789abcdef0123"}).status, 200)
        self.problem(self.ask("GET", "/v1/images/1/file", headers={"Authorization": "Bearer 0123456789abcdef012"}), 401)
        for path in ("/", "/?q=a", "/icon.svg", "/healthz", "/readyz", "/openapi.json"):
            self.get(path)
        self.assertNotIn(b'id="answer"', self.get("/?q=a").body, "the page is for all, what is found is not")
        self.problem(self.ask("POST", "/v1/session", "wrong"), 401)
        session = self.ask("POST", "/v1/session", key.read_text().strip())
        self.assertEqual(session.status, 204)
        cookie = session.headers["Set-Cookie"].split(";")[0]
        self.assertEqual(self.ask("GET", "/v1/search?q=a", headers={"Cookie": cookie}).status, 200)
        self.assertIn(b'id="answer"', self.ask("GET", "/?q=a", headers={"Cookie": cookie}).body)
        self.problem(self.ask("POST", "/v1/index", '{"folder": "/tmp"}', {"Cookie": cookie}), 403, "--index-root")

    def test_a_site_that_is_named_may_ask_from_its_pages(self):
        self.run_program("index", self.pictures(3))
        self.serve("--allow-origin", "https://Site.example")
        site = {"Origin": "https://site.example", "Sec-Fetch-Site": "cross-site"}
        asked = self.ask("OPTIONS", "/v1/images/1", headers={**site, "Access-Control-Request-Method": "DELETE"})
        self.assertEqual((asked.status, asked.headers["Access-Control-Allow-Origin"]), (204, "https://site.example"))
        self.assertIn("DELETE", asked.headers["Access-Control-Allow-Methods"])
        for answer in (self.ask("GET", "/v1/search?q=a", headers=site), self.ask("GET", "/v1/search", headers=site)):
            self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "https://site.example", "errors too")
            self.assertIsNone(answer.headers["Access-Control-Allow-Credentials"])
        self.assertEqual(self.ask("DELETE", "/v1/images/1", headers=site).status, 204)
        other = {"Origin": "https://other.example"}
        self.assertIsNone(self.ask("GET", "/v1/search?q=a", headers=other).headers["Access-Control-Allow-Origin"])
        self.problem(self.ask("DELETE", "/v1/images/2", headers=other), 403)
        self.assertIn("--allow-origin", self.error("serve", "--allow-origin", "https://site.example/path", code=WRONG_CALL))

    def test_read_only(self):
        self.run_program("index", self.pictures(3))
        self.serve("--read-only")
        self.problem(self.ask("POST", "/insert", b"x"), 403, "--read-only")
        self.problem(self.ask("DELETE", "/v1/images/1"), 403)
        self.problem(self.ask("POST", "/v1/index", '{"folder": "/tmp"}'), 403)
        self.assertEqual(self.search(q="a")["hits"][0].keys() & {"id"}, {"id"})

    def test_what_does_not_start(self):
        self.assertIn("a key is needed", self.error("serve", "--host", "0.0.0.0", "--port", "0", code=WRONG_CALL))
        short = self.home / "short"
        short.write_text("abc")
        self.assertIn("16 to 512", self.error("serve", "--api-key-file", short, code=WRONG_CALL))
        self.serve()
        self.assertIn("taken by another program", self.error("serve", "--port", self.port, code=FAILED))
        self.assertIn("127.0.0.1:7700", subprocess.run([ELANUS, "serve", "--help"], capture_output=True, check=True).stdout.decode())


if __name__ == "__main__":
    unittest.main()

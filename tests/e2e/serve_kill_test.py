"""kill -9 of a server under load: what was acknowledged is there, what was not is there whole or not at all, and nothing is damaged."""
import collections
import http.client
import json
import pathlib
import random
import shutil
import signal
import threading
import time
import unittest

from program import DEMO, demo_pictures
from served import ServedTest, form

ROUNDS = 5
SENT = [path.read_bytes() for path in demo_pictures()[40:60]]


class Kill(ServedTest):
    def setUp(self):
        super().setUp()
        self.run_program("index", self.pictures(10))
        shutil.copytree(DEMO / "sea", self.home / "more")
        self.added, self.deleted, self.searches = {}, set(), 0  # what the server has acknowledged
        self.lock = threading.Lock()
        self.number = 0
        self.refused = collections.Counter()

    def new_picture(self):
        with self.lock:
            self.number += 1
            return SENT[self.number % len(SENT)] + b"%d" % self.number

    def send_one(self):
        answer = self.ask("POST", "/insert", self.new_picture(), timeout=10)
        if answer.status == 201:
            image = answer.json["images"][0]
            with self.lock:
                self.added[image["id"]] = image["path"]
        else:
            self.refused[answer.status] += 1

    def send_three(self):
        body, kind = form([("label", "three")], [("picture", "x.jpg", self.new_picture()) for _ in range(3)])
        answer = self.ask("POST", "/v1/images", body, {"Content-Type": kind}, timeout=10)
        if answer.status == 201:
            with self.lock:
                self.added.update((image["id"], image["path"]) for image in answer.json["images"])
        else:
            self.refused[answer.status] += 1

    def delete_one(self):
        with self.lock:
            identifier = random.choice(list(self.added)) if len(self.added) > 5 else None
            path = self.added.pop(identifier, None)
        if identifier is None:
            time.sleep(0.01)
        elif self.ask("DELETE", f"/v1/images/{identifier}", timeout=10).status == 204:
            self.deleted.add((identifier, path))
            self.assertFalse(pathlib.Path(path).exists())

    def search_one(self):
        answer = self.ask("GET", f"/v1/search?q=number+{random.randrange(10**6)}&k=20", timeout=10)
        self.assertEqual((answer.status, len(answer.json["hits"]) >= 10), (200, True))
        self.searches += 1

    def index_again(self):
        self.ask("POST", "/v1/index", json.dumps({"folder": str(self.home / "more")}), timeout=10)
        time.sleep(0.3)

    def until_killed(self, action, gone):
        """Again and again, until there is no server."""
        while not gone.is_set():
            try:
                action()
            except (OSError, http.client.HTTPException):
                return  # cut off; whether it was the kill, one_life() knows
            except AssertionError as failure:
                self.failures.append(failure)
                return

    def one_life(self, pictures, seconds):
        """Until so many pictures were acknowledged, and a moment longer."""
        self.serve("--index-root", self.home)
        gone = threading.Event()
        self.failures = []
        actions = [self.send_one] * 2 + [self.send_three, self.delete_one, self.index_again] + [self.search_one] * 2
        threads = [threading.Thread(target=self.until_killed, args=(action, gone)) for action in actions]
        for thread in threads:
            thread.start()
        enough = len(self.added) + len(self.deleted) + pictures
        end = time.monotonic() + 60
        while len(self.added) + len(self.deleted) < enough and time.monotonic() < end:
            time.sleep(0.005)
        time.sleep(seconds)
        self.assertIsNone(self.server.poll(), "it lives until it is killed")
        self.assertTrue(all(thread.is_alive() for thread in threads), "and answers everybody")
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()
        gone.set()
        for thread in threads:
            thread.join()
        self.stop()
        self.assertEqual(self.failures, [])

    def test_nothing_acknowledged_is_lost_and_nothing_is_damaged(self):
        moments = random.Random(9)
        for _ in range(ROUNDS):
            self.one_life(moments.randrange(2, 9), moments.uniform(0, 0.1))
            self.run_program("doctor")
        self.assertGreater(len(self.added), ROUNDS, f"some must have been acknowledged; refused: {self.refused}")
        self.assertGreater(self.searches, ROUNDS)
        self.serve()
        there = {}
        after = None
        while True:
            page = self.get("/v1/images", k=500, **({"after": after} if after else {})).json
            there.update((image["id"], image) for image in page["images"])
            after = page["next"]
            if after is None:
                break
        for identifier, path in self.added.items():
            self.assertEqual(there[identifier]["path"], path)
        for identifier, path in self.deleted:
            self.assertNotIn(identifier, there, "what was deleted stays away, and its id is nobody else's")
            self.assertFalse(pathlib.Path(path).exists())
        for image in there.values():
            self.assertEqual(self.get(image["file"]).body, pathlib.Path(image["path"]).read_bytes())
        newest = there[max(self.added)]
        body, kind = form([], [("picture", "x.jpg", pathlib.Path(newest["path"]).read_bytes())])
        hits = self.ask("POST", "/v1/search", body, {"Content-Type": kind}).json["hits"]
        self.assertGreater(hits[0]["cosine"], 0.999, "its vector is its own")


if __name__ == "__main__":
    unittest.main()

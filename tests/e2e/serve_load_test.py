"""Sixty-four clients at once, searching, looking and sending: everybody gets an answer, and the memory stays what it was."""
import collections
import http.client
import random
import threading
import unittest

from program import demo_pictures
from served import ServedTest, form

CLIENTS, EACH, TYPED = 64, 15, "a red car near the sea at night".split()


class Load(ServedTest):
    def client(self, number):
        chance = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            for step in range(EACH):
                kind = chance.random()
                if kind < 0.6:
                    words = "+".join(chance.choices(TYPED, k=5)) + f"+{number}+{step}"
                    connection.request("GET", f"/v1/search?k=20&q={words}")
                elif kind < 0.9:
                    connection.request("GET", f"/v1/images/{chance.randint(1, 30)}/thumb")
                elif kind < 0.97 or number % 8:
                    connection.request("GET", chance.choice(["/", "/icon.svg", "/v1/stats", "/v1/facets", "/metrics", "/v1/images?k=20"]))
                else:
                    body, content = form([], [("picture", "x.jpg", self.sent + b"%d,%d" % (number, step))])
                    connection.request("POST", "/v1/images", body, {"Content-Type": content})
                answer = connection.getresponse()
                answer.read()
                self.answers[answer.status] += 1
        finally:
            connection.close()

    def wave(self):
        self.answers = collections.Counter()
        clients = [threading.Thread(target=self.client, args=(number,)) for number in range(CLIENTS)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        # 503: it said when to come again. Nothing else may happen, and no answer may be missing.
        self.assertEqual(sum(self.answers.values()), CLIENTS * EACH, self.answers)
        self.assertLessEqual(self.answers.keys(), {200, 201, 503}, self.answers)
        self.assertGreater(self.answers[200], CLIENTS * EACH / 2)

    def test_everybody_is_answered_and_memory_is_flat(self):
        self.run_program("index", self.pictures(30))
        self.sent = demo_pictures()[40].read_bytes()
        self.serve()
        self.wave()
        before = self.resident_kib()
        self.wave()
        self.memory_below(before / 1024 + 32)
        load = self.get("/v1/stats").json["load"]
        self.assertEqual((load["queued"], load["answering"]), (0, 1))
        self.assertEqual(self.stop()[0], 0)


if __name__ == "__main__":
    unittest.main()

"""reembed: killed in between, searched meanwhile, and the same in the end as if the new model had made the collection."""
import shutil
import struct
import subprocess
import unittest

from program import ELANUS, FAILED, INCOMPLETE, SOURCE, demo_pictures
from served import ServedTest


class Reembed(ServedTest):
    def setUp(self):
        super().setUp()
        # The demo model with the sign of every thousandth weight turned, by another name: another model.
        self.other = self.home / "other"
        shutil.copytree(SOURCE / "models/elanus-demo", self.other, ignore=shutil.ignore_patterns("*packed*"))
        weights = bytearray((self.other / "model.safetensors").read_bytes())
        (header,) = struct.unpack("<Q", weights[:8])
        for at in range(8 + header + 1, len(weights), 2000):
            weights[at] ^= 0x80
        (self.other / "model.safetensors").write_bytes(weights)
        self.folder = self.home / "pictures"
        self.folder.mkdir()
        for number, source in enumerate(demo_pictures()[:60] * 4):
            (self.folder / f"{number}{source.suffix}").write_bytes(source.read_bytes() + bytes(str(number), "ascii"))

    def answers(self, *where):
        return [(h["path"], round(h["cosine"], 4)) for h in self.json("search", "a red car", "-k", "50", *where)["hits"]]

    def test_killed_searched_and_the_same_in_the_end(self):
        self.run_program("index", self.folder)
        old = self.answers()
        expected = self.home / "expected"
        self.run_program("index", self.folder, "--store", expected, "--model", self.other)
        arguments = ("reembed", "--model", self.other, "--batch", "2")
        for embedded in (1, 40, 80, 120):
            running = subprocess.Popen([ELANUS, *map(str, arguments)], env=self.environment, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            while self.json("status").get("next_model", {"embedded": 0})["embedded"] < embedded:
                self.assertIsNone(running.poll(), "it must be killed in the middle")
            running.kill()
            running.wait()
            self.assertEqual(self.answers(), old, "the old model serves")
        self.serve()
        self.assertEqual(len(self.search(q="a red car", k=3)["hits"]), 3)
        report = self.json("reembed", "--model", self.other)
        self.assertTrue(report["switched"])
        self.assertEqual(report["embedded"], 240)
        words = "a server that serves it is started again"
        self.problem(self.ask("GET", "/v1/search?q=a+red+car"), 409, words)
        self.problem(self.ask("GET", "/readyz"), 503, words)
        self.assertEqual(self.answers("--model", self.other), self.answers("--store", expected, "--model", self.other))
        self.assertNotEqual(self.answers("--model", self.other), old)
        self.assertTrue(self.json("doctor")["sound"])

    def test_a_picture_that_is_gone(self):
        self.run_program("index", self.folder)
        (self.folder / "7.jpg").unlink(missing_ok=True)
        (self.folder / "7.png").unlink(missing_ok=True)
        report = self.json("reembed", "--model", self.other, code=INCOMPLETE)
        self.assertEqual((report["switched"], report["left"], report["unreadable"]), (False, 1, 1))
        self.assertEqual(self.json("status")["model"]["name"], "elanus-demo")
        self.assertEqual(self.json("status")["next_model"]["embedded"], 239)
        self.assertIn("239 of 240 pictures embedded", self.run_program("status").stdout.decode())
        report = self.json("reembed", "--model", self.other, "--drop-unreadable", code=INCOMPLETE)
        self.assertTrue(report["switched"])
        self.assertEqual(self.json("status")["pictures"], 239)
        self.assertIn("already", self.error("reembed", "--model", self.other, code=FAILED))


if __name__ == "__main__":
    unittest.main()

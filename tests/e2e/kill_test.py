"""kill -9 at random moments of an index run, then run it again: the end is the same as if nothing had happened."""
import json
import random
import subprocess
import time
import unittest

from program import DONE, ELANUS, ProgramTest, demo_pictures


class Kill(ProgramTest):
    def records(self, store):
        out, vectors = self.home / f"{store.name}.csv", self.home / f"{store.name}.npy"
        self.run_program("export", "--store", store, "--csv", out, "--vectors", vectors)
        return out.read_text(), vectors.read_bytes()

    def count(self, store):
        done = subprocess.run([ELANUS, "status", "--store", store, "--json"], env=self.environment, capture_output=True)
        if done.returncode != DONE:
            self.assertIn(b"no collection", done.stderr)
            return 0
        return json.loads(done.stdout)["pictures"]

    def test_twenty_kills_lose_nothing(self):
        folder = self.home / "pictures"
        folder.mkdir()
        for number, source in enumerate(demo_pictures()[:200] * 3):
            (folder / f"{number}{source.suffix}").write_bytes(source.read_bytes() + bytes(str(number), "ascii"))
        undisturbed, killed = self.home / "undisturbed", self.home / "killed"
        begin = time.monotonic()
        self.run_program("index", folder, "--store", undisturbed, "--batch", "8")
        whole = time.monotonic() - begin
        moments = random.Random(20)
        in_the_middle = held = 0
        for _ in range(20):
            running = subprocess.Popen([ELANUS, "index", folder, "--store", killed, "--batch", "8"],
                                       env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(moments.uniform(0, whole / 12))
            in_the_middle += running.poll() is None
            running.kill()
            running.wait()
            now = self.count(killed)
            self.assertGreaterEqual(now, held, "what was stored before the kill is still there")
            held = now
        self.assertGreaterEqual(in_the_middle, 15, "most runs must have been killed in the middle")
        self.assertGreater(held, 0, "some batches must have been acknowledged between the kills")
        self.run_program("index", folder, "--store", killed, "--batch", "8")
        self.assertEqual(self.records(killed), self.records(undisturbed))


if __name__ == "__main__":
    unittest.main()

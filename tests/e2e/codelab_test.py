"""The codelab of examples/codelab, chapter by chapter over 1,000 pictures, against a file and against a Milvus."""
import csv
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request

from program import SOURCE

sys.path.insert(0, str(SOURCE / "tests/support"))
from milvus import Server  # noqa: E402

CHAPTERS = pathlib.Path(os.environ.get("ELANUS_BUILD", SOURCE / "build/dev")) / "codelab"


class Codelab(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = pathlib.Path(tempfile.mkdtemp(prefix="elanus-codelab-"))
        cls.addClassCleanup(shutil.rmtree, cls.home, ignore_errors=True)
        subprocess.run([sys.executable, SOURCE / "examples/codelab/make_data.py", "--out", cls.home], check=True,
                       capture_output=True)
        with open(cls.home / "reverse_image_search.csv", newline="") as file:
            cls.rows = list(csv.DictReader(file))

    def chapter(self, name, store):
        done = subprocess.run([CHAPTERS / name, "--store", store], cwd=self.home, capture_output=True, text=True, timeout=600)
        self.assertEqual(done.returncode, 0, f"{name}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def showcase(self, store):
        """The ids that the page's own search finds for "A white dog"."""
        served = subprocess.Popen([CHAPTERS / "6_showcase", "--store", store, "--port", "0"], cwd=self.home,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(served.kill)
        url = re.match(r"http://\S+", served.stdout.readline())
        self.assertTrue(url, "it does not start")

        def get(path):
            with urllib.request.urlopen(url[0] + path, timeout=60) as answer:
                return answer.read()

        self.assertIn(b"<title>", get(""))
        hits = json.loads(get("v1/search?q=A+white+dog&k=5"))["hits"]
        picture = self.home / self.rows[hits[0]["id"]]["path"]
        self.assertEqual(get(f"v1/images/{hits[0]['id']}/file"), picture.read_bytes())
        served.send_signal(signal.SIGTERM)
        self.assertEqual((*served.communicate(timeout=60), served.returncode), ("", "", 0))
        return [hit["id"] for hit in hits]

    def chapters(self, store):
        """All of them; the ids found for "A white dog", best first."""
        head = self.chapter("1_prepare_data", store)
        self.assertIn(self.rows[0]["path"][:30], head)
        self.assertIn("1000 rows in", head)
        self.assertRegex(self.chapter("2_create_collection", store), r"model elanus-demo, dim 256, metric l2, num_entities 0\n")
        embedded = self.chapter("3_embed", store)
        self.assertIn("shape=(256,)", embedded)
        self.assertRegex(embedded, r"cosine -?0\.\d+")
        loaded = self.chapter("4_load", store)
        self.assertIn("num_entities 1000\n", loaded)
        self.assertIn("map_batch img -> vec", loaded)
        found = self.chapter("5_query", store)
        self.assertIn("A black dog", found)
        self.assertIn("▀", found, "the pictures are drawn")
        hits = re.findall(r"^A white dog: (\d+) ([\d.]+) (.*)$", found, re.M)
        self.assertEqual(len(hits), 5)
        cosines = [float(cosine) for _, cosine, _ in hits]
        self.assertEqual(cosines, sorted(cosines, reverse=True))
        self.assertIn("white_dog", [self.rows[int(i)]["label"] for i, _, _ in hits])
        self.assertEqual(self.showcase(store), [int(i) for i, _, _ in hits])
        for i, _, path in hits:
            self.assertTrue((self.home / path).samefile(self.home / self.rows[int(i)]["path"]), "the id and the path belong together")
        return [int(i) for i, _, _ in hits]

    def test_a_file_then_a_milvus_with_the_same_hits(self):
        hits = self.chapters("file:text_image_search")
        self.assertIn("num_entities 1000\n", self.chapter("4_load", "file:text_image_search"), "a second load doubles nothing")
        with self.subTest("Milvus"):
            server = Server()
            self.addCleanup(server.close)
            self.assertEqual(self.chapters(server.uri("text_image_search", "index=flat")), hits)


if __name__ == "__main__":
    unittest.main()

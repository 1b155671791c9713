"""A collection large enough to be searched by codes: every effort, and what `status` says of it."""
import unittest

import numpy

from program import WRONG_CALL, ProgramTest

ROWS = 5000


class Effort(ProgramTest):
    def setUp(self):
        super().setUp()
        random = numpy.random.default_rng(1)
        # A hundred clusters around one mean: ready vectors need a shape that a search can make use of.
        self.vectors = (random.normal(size=(100, 128))[random.integers(0, 100, ROWS)] + 2 +
                        0.7 * random.normal(size=(ROWS, 128))).astype(numpy.float32)
        numpy.save(self.home / "v.npy", self.vectors)
        (self.home / "n.txt").write_text("".join(f"p{i}.jpg\n" for i in range(ROWS)))
        self.run_program("import", "--vectors", self.home / "v.npy", "--names", self.home / "n.txt")

    def ids(self, row, *arguments):
        return [hit["id"] for hit in self.json("search", "--vector", f"{self.home}/v.npy:{row}", *arguments)["hits"]]

    def test_efforts_agree(self):
        status = self.json("status")
        self.assertGreaterEqual(status["coded_rows"], 4096)
        self.assertIn("by codes of 128 bits", self.run_program("status").stdout.decode())
        unit = self.vectors / numpy.linalg.norm(self.vectors, axis=1, keepdims=True)
        found = {effort: 0 for effort in ("fast", "balanced")}
        for row in range(0, ROWS, 500):
            exact = self.ids(row, "--effort", "exact")
            truth = numpy.argsort(-(unit @ unit[row]))[:10]
            self.assertEqual(exact[0], row + 1)
            self.assertGreaterEqual(len(set(exact) & set(truth + 1)), 9)  # half floats may swap near ones
            for effort in found:
                found[effort] += len(set(self.ids(row, "--effort", effort)) & set(exact)) / 100
            self.assertEqual(self.ids(row), self.ids(row, "--effort", "balanced"))
        self.assertGreaterEqual(found["fast"], 0.95)
        self.assertGreaterEqual(found["balanced"], 0.99)

    def test_lists_and_ivf_flat(self):
        exact = {row: self.ids(row, "--effort", "exact") for row in range(0, ROWS, 500)}
        again = ("import", "--vectors", self.home / "v.npy", "--names", self.home / "n.txt", "--index")
        for index, words, least in (("lists", "in the promising ones of 256 lists", 0.99), ("flat", "compares every vector", 1),
                                    ("ivf_flat,nlist=16,nprobe=16", "compares the vectors of 16 of 16 lists", 1),
                                    ("ivf_flat,nlist=16,nprobe=1", "compares the vectors of 1 of 16 lists", 0.3)):
            self.run_program(*again, index)
            self.assertIn(words, self.run_program("status").stdout.decode())
            self.assertEqual(self.json("status")["index"], index)
            found = sum(len(set(self.ids(row)) & set(right)) for row, right in exact.items()) / 100
            self.assertGreaterEqual(found, least, index)
        self.assertIn("ivf_flat,nlist=N", self.error(*again, "hnsw", code=WRONG_CALL))

    def test_an_unknown_effort_is_refused(self):
        self.assertIn("fast,balanced,exact", self.error("search", "x", "--effort", "some", code=WRONG_CALL))


if __name__ == "__main__":
    unittest.main()

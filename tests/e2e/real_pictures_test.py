"""Real photographs and hostile files, through a full-size ViT-B/32 with random weights."""
import gzip
import json
import pathlib
import resource
import subprocess
import unittest

import numpy

import random_checkpoint
from program import ELANUS, INCOMPLETE, ProgramTest, shared

MEMORY_BOUND_KIB = 1_500 * 1024


class RealPictures(ProgramTest):
    def test_hostile_and_real_pictures_together(self):
        edge, imagenet = shared("edge"), shared("imagenet-200")
        with gzip.open(shared("clip-bpe") / "bpe_simple_vocab_16e6.txt.gz", "rt", encoding="utf-8") as lines:
            merges = lines.read().split("\n")[1:49152 - 256 - 2 + 1]
        model = self.home / "vit-b-32-random"
        random_checkpoint.write(model, merges)
        report = json.loads(self.run_program("index", edge, imagenet, "--model", model, "--json", code=INCOMPLETE,
                                             timeout=1200).stdout)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.assertLessEqual(peak, MEMORY_BOUND_KIB, f"peak memory {peak / 1024:.0f} MiB")
        self.assertEqual(report["found"], report["added"] + report["copied"] + report["failed"])
        self.assertEqual(len(report["failures"]), report["failed"])
        self.assertTrue(all(f["reason"] for f in report["failures"]))
        self.assertFalse([f["path"] for f in report["failures"] if f["path"].startswith(str(imagenet))])

        names, vectors = self.home / "n.txt", self.home / "v.npy"
        self.run_program("export", "--names", names, "--vectors", vectors)
        paths = names.read_text().splitlines()
        stored = numpy.load(vectors)
        self.assertGreaterEqual(len(paths), 200 + 500)
        # One in five is enough to see whether any two are mixed up, and a full-size model takes its time.
        paths, stored = paths[::5], stored[::5]
        alone = self.home / "alone.npy"
        arguments = [argument for path in paths for argument in ("--image", path)]
        self.run_program("embed", "--model", model, *arguments, "-o", alone, timeout=1200)
        # Stored values are rounded to half floats: off by at most half a unit of their last place, 2^-11 of the value.
        # Random weights make all pictures alike, so this, and not a cosine, says that no two are mixed up.
        expected = numpy.load(alone)
        excess = numpy.abs(expected - stored) - (2.0 ** -11 * numpy.abs(expected) + 1e-6)
        worst = int(excess.max(axis=1).argmax())
        self.assertLess(excess.max(), 0, paths[worst])
        others = numpy.abs(expected[1:] - expected[:-1]).max(axis=1)
        self.assertGreater(numpy.median(others), 1e-2, "different pictures differ far more than rounding")


class RealVectors(ProgramTest):
    def test_flickr8k_is_found_as_brute_force_finds_it(self):
        data = shared("flickr8k-clip")
        self.run_program("import", "--vectors", data / "image_vectors.npy", "--names", data / "image_names.txt")
        result = self.json("eval", "--csv", data / "captions.csv", "--queries", data / "text_vectors.npy")
        self.assertEqual((result["queries"], result["pictures"]), (500, 1077))
        self.assertAlmostEqual(result["recall@1"], 0.568, delta=0.001)
        self.assertAlmostEqual(result["recall@5"], 0.866, delta=0.001)
        self.assertAlmostEqual(result["recall@10"], 0.928, delta=0.001)
        images = numpy.load(data / "image_vectors.npy").astype("float16").astype("float32")
        images /= numpy.linalg.norm(images, axis=1, keepdims=True)
        cosines = numpy.load(data / "text_vectors.npy") @ images.T
        names = (data / "image_names.txt").read_text().split()
        self.run_program("export", "--names", self.home / "names.txt")
        exported = [pathlib.Path(p).name for p in (self.home / "names.txt").read_text().splitlines()]
        self.assertEqual(exported, names)
        for query, top in enumerate(result["top_ids"]):
            best = cosines[query].max()
            # The stored halves round to about 2^-12; only a tie within that may fall either way.
            self.assertGreater(cosines[query, top - 1], best - 1e-5, f"caption {query}")


if __name__ == "__main__":
    unittest.main()

"""The photo model's quality on photographs that it has never seen, bounded from both sides."""
import unittest

from program import ProgramTest, shared

# As measured when it was trained, see models/elanus-photo/README.md; chance is .001 and .009. Above the upper bounds something is
# wrong too: captions in file names, say, or pictures that it was trained on.
RECALL_AT_1, RECALL_AT_10 = (0.066, 0.086), (0.306, 0.346)
PHOTOGRAPHS, CAPTIONS = 1077, 5385


class PhotoModel(ProgramTest):
    def test_photographs_that_it_has_not_seen(self):
        folder = shared("flickr8k-clip")
        self.run_program("index", folder / "images", "--model", "elanus-photo")
        result = self.json("eval", "--csv", folder / "captions.csv", "--effort", "exact")
        print({key: value for key, value in result.items() if key not in ("ranks", "top_ids")})
        self.assertEqual((result["queries"], result["pictures"]), (CAPTIONS, PHOTOGRAPHS))
        self.assertTrue(RECALL_AT_1[0] <= result["recall@1"] <= RECALL_AT_1[1], result["recall@1"])
        self.assertTrue(RECALL_AT_10[0] <= result["recall@10"] <= RECALL_AT_10[1], result["recall@10"])


if __name__ == "__main__":
    unittest.main()

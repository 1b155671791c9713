"""Searching, and the small commands around a collection."""
import pathlib
import shutil
import struct
import unittest

import numpy

from program import DONE, FAILED, INCOMPLETE, SOURCE, WRONG_CALL, ProgramTest, demo_pictures


class Search(ProgramTest):
    def setUp(self):
        super().setUp()
        self.folder = self.pictures(20)
        self.run_program("index", self.folder)

    def test_json_has_what_scripts_need(self):
        answer = self.json("search", "a red car", "-k", "3")
        self.assertEqual(answer["query"], "a red car")
        self.assertGreater(answer["took_ms"], 0)
        self.assertEqual(len(answer["hits"]), 3)
        for hit in answer["hits"]:
            self.assertLessEqual({"id", "path", "cosine"}, set(hit))
            self.assertTrue(pathlib.Path(hit["path"]).is_file())
        cosines = [hit["cosine"] for hit in answer["hits"]]
        self.assertEqual(cosines, sorted(cosines, reverse=True))

    def test_paths_only(self):
        lines = self.run_program("search", "a", "tree", "-f", "-k", "4").stdout.decode().splitlines()
        self.assertEqual(len(lines), 4)
        nul = self.run_program("search", "a tree", "-0", "-k", "4").stdout.decode().split("\0")
        self.assertEqual(nul, lines + [""])

    def test_by_picture_and_by_vector(self):
        picture = sorted(self.folder.iterdir())[3]
        hit = self.json("search", "--image", picture, "-k", "1")["hits"][0]
        self.assertEqual(hit["path"], str(picture))
        self.assertGreater(hit["cosine"], 0.999)
        vectors = self.home / "v.npy"
        self.run_program("embed", "--text", "a boat", "--image", picture, "-o", vectors)
        self.assertEqual(self.json("search", "--vector", f"{vectors}:1", "-k", "1")["hits"][0]["path"], str(picture))
        by_words = [h["id"] for h in self.json("search", "a boat", "-k", "5")["hits"]]
        self.assertEqual([h["id"] for h in self.json("search", "--vector", vectors, "-k", "5")["hits"]], by_words)
        self.assertIn("no row 2", self.error("search", "--vector", f"{vectors}:2", code=WRONG_CALL))

    def test_every_precision_answers_from_the_same_collection(self):
        hits = {p: self.json("search", "a red car", "-k", "1", "--precision", p)["hits"][0] for p in ("exact", "fast", "turbo")}
        self.assertEqual(len({hit["path"] for hit in hits.values()}), 1)
        self.assertAlmostEqual(hits["exact"]["cosine"], hits["fast"]["cosine"], delta=0.01)
        self.assertNotEqual(hits["exact"]["cosine"], hits["turbo"]["cosine"])
        self.run_program("index", self.pictures(22), "--precision", "fast")
        self.assertIn("{exact,fast,turbo}", self.error("embed", "--text", "x", "--precision", "int8", code=WRONG_CALL))

    def test_the_terminal_pictures_are_drawn(self):
        drawn = self.run_program("search", "a tree", "-k", "2", "--preview").stdout.decode()
        self.assertIn("\x1b[38;2;", drawn)
        self.assertGreater(drawn.count("▀"), 200)

    def test_the_terminal_pictures_as_the_user_wants_them(self):
        for graphics, begin in (("kitty", "\x1b_Ga=T,f=100"), ("iterm2", "\x1b]1337;File=inline=1"), ("sixel", "\x1bP0;1;0q")):
            self.environment["ELANUS_PREVIEW"] = graphics
            drawn = self.run_program("search", "a tree", "-k", "2", "--preview").stdout.decode()
            self.assertEqual(drawn.count(begin), 2, graphics)
        self.environment["ELANUS_PREVIEW"] = "postcard"
        self.assertIn("expected blocks, kitty, iterm2 or sixel", self.error("search", "x", "--preview", code=WRONG_CALL))

    def test_a_contact_sheet_is_a_picture_of_the_hits(self):
        sheet = self.home / "sheet.png"
        self.run_program("search", "a tree", "-k", "6", "--sheet", sheet)
        width, height = struct.unpack(">II", sheet.read_bytes()[16:24])
        self.assertEqual((width, height), (4 * 248 + 8, 2 * 248 + 8))
        self.run_program("index", sheet, "--store", self.home / "s")

    def test_more_hits_asked_than_there_are(self):
        self.assertEqual(len(self.json("search", "a tree", "-k", "500")["hits"]), 20)

    def test_a_long_query_is_cut_with_a_notice(self):
        said = self.run_program("search", *["castle"] * 500).stderr.decode()
        self.assertIn("longer than the model reads", said)

    def test_queries_that_make_no_sense(self):
        self.assertIn("exactly one way", self.error("search", code=WRONG_CALL))
        self.assertIn("exactly one way", self.error("search", "x", "--image", "y", code=WRONG_CALL))
        self.assertIn("no words", self.error("search", "  ", code=WRONG_CALL))
        self.assertIn("No such file", self.error("search", "--image", self.home / "none.jpg", code=FAILED))

    def test_an_empty_collection_says_so(self):
        empty = self.home / "empty"
        empty.mkdir()
        self.run_program("index", empty, "--store", self.home / "s")
        self.assertIn("empty", self.error("search", "x", "--store", self.home / "s", code=INCOMPLETE))

    def test_another_models_vectors_are_refused(self):
        vectors = numpy.random.default_rng(1).normal(size=(3, 96)).astype("float32")
        numpy.save(self.home / "v.npy", vectors)
        (self.home / "n.txt").write_text("a\nb\nc\n")
        store = self.home / "other"
        self.run_program("import", "--vectors", self.home / "v.npy", "--names", self.home / "n.txt", "--store", store)
        said = self.error("search", "x", "--store", store, "--model", "elanus-demo", code=FAILED)
        self.assertIn("96", said)
        self.assertIn("elanus-demo", said)
        self.assertIn("imported", self.error("search", "x", "--store", store, code=FAILED))

    def test_status_export_import_drop(self):
        status = self.json("status")
        self.assertEqual((status["pictures"], status["model"]["name"]), (20, "elanus-demo"))
        out, names = self.home / "v.npy", self.home / "n.txt"
        self.run_program("export", "--vectors", out, "--names", names)
        vectors = numpy.load(out)
        self.assertEqual(vectors.shape, (20, status["dim"]))
        numpy.testing.assert_allclose(numpy.linalg.norm(vectors, axis=1), 1, atol=2e-3)
        copy = self.home / "copy"
        self.run_program("import", "--vectors", out, "--names", names, "--store", copy, "--model", "elanus-demo")
        for query in ("a red car", "two boats at night"):
            self.assertEqual([h["path"] for h in self.json("search", query)["hits"]],
                             [h["path"] for h in self.json("search", query, "--store", copy)["hits"]])
        self.assertIn("--yes", self.error("drop", "--store", copy, code=WRONG_CALL))
        self.run_program("drop", "--store", copy, "--yes")
        self.assertFalse((copy / "library.db").exists())
        self.assertEqual(len(list(self.folder.iterdir())), 20, "the pictures stay")
        self.assertIn("no collection", self.error("status", "--store", copy, code=FAILED))

    def test_drop_refuses_a_folder_that_is_no_collection(self):
        self.error("drop", "--store", self.folder, "--yes", code=FAILED)
        self.assertEqual(len(list(self.folder.iterdir())), 20)

    def test_import_checks_both_sides(self):
        numpy.save(self.home / "v.npy", numpy.ones((3, 8), "float32"))
        (self.home / "n.txt").write_text("a\nb\n")
        said = self.error("import", "--vectors", self.home / "v.npy", "--names", self.home / "n.txt", "--store",
                          self.home / "s", code=WRONG_CALL)
        self.assertIn("3 rows", said)
        self.assertIn("2 names", said)

    def test_embed_prints_rows_in_order(self):
        picture = sorted(self.folder.iterdir())[0]
        rows = self.json("embed", "--image", picture, "--text", "a", "--text", "b")["embeddings"]
        self.assertEqual([r.get("text", "picture") for r in rows], ["picture", "a", "b"])
        self.assertAlmostEqual(sum(x * x for x in rows[1]["vector"]), 1, places=4)

    def test_models_list_info_import_rm(self):
        self.assertEqual([m["name"] for m in self.json("model", "list")["models"]], ["elanus-demo", "elanus-photo"])
        info = self.json("model", "info", "elanus-demo")
        self.assertGreater(info["parameters"], 1_000_000)
        self.run_program("model", "import", info["folder"], "--name", "mine")
        self.assertEqual([m["name"] for m in self.json("model", "list")["models"]], ["elanus-demo", "elanus-photo", "mine"])
        self.assertEqual(self.json("search", "a boat", "--model", "mine")["hits"],
                         self.json("search", "a boat")["hits"], "the same weights under another name")
        self.assertIn("already", self.error("model", "import", info["folder"], "--name", "mine", code=FAILED))
        self.assertIn("comes with the program", self.error("model", "rm", "elanus-demo", code=WRONG_CALL))
        self.run_program("model", "rm", "mine")
        self.error("model", "info", "mine", code=FAILED)

    def small_model(self):
        """A copy, because packed files are written beside a model."""
        return shutil.copytree(SOURCE / "tests/inputs/clip/gelu-f32", self.home / "small")

    def test_bench_compares_with_the_machine(self):
        report = self.json("bench", "--seconds", "0.01", "--model", self.small_model())
        self.assertGreater(report["machine"]["gflops"], 0.1)
        self.assertGreater(report["machine"]["turbo_gops"], 0.1)
        self.assertEqual([(r["precision"], r["batch"]) for r in report["results"]],
                         [(p, b) for p in ("exact", "fast", "turbo") for b in (1, 1, 8, 32)])
        self.assertEqual([c["precision"] for c in report["classes"]], ["exact", "fast", "turbo"])
        for result in report["results"]:
            self.assertGreater(result["per_second"], 0)
            self.assertGreater(result["of_floor"], 0)

    def test_the_environment_names_another_default_model(self):
        self.environment["ELANUS_MODEL"] = str(self.small_model())
        self.assertEqual(self.json("embed", "--text", "a dog")["dim"], 24)
        self.environment["ELANUS_MODEL"] = "nonsense"
        self.assertIn("there is no model 'nonsense'", self.error("embed", "--text", "a dog", code=FAILED))

    def test_eval_needs_its_pictures(self):
        table = self.home / "c.csv"
        table.write_text("image,caption\nnot_there.jpg,words\n")
        self.assertIn("not_there.jpg is not in the collection", self.error("eval", "--csv", table, code=FAILED))


if __name__ == "__main__":
    unittest.main()

"""compact, backup, merge and doctor, as a person uses them."""
import os
import pathlib
import shutil
import signal
import subprocess
import time
import unittest

import numpy

from program import DONE, ELANUS, FAILED, INCOMPLETE, WRONG_CALL, ProgramTest, demo_pictures


class Maintain(ProgramTest):
    def setUp(self):
        super().setUp()
        self.folder = self.pictures(20)
        self.json("index", self.folder)
        self.library = self.home / "data/elanus/library"

    def found(self, *where):
        return [(h["id"], h["path"], round(h["cosine"], 5)) for h in
                self.json("search", "a red car", "-k", "100", *where)["hits"]]

    def test_compact_frees_what_was_deleted_and_changes_no_answer(self):
        for number, picture in enumerate(sorted(self.folder.iterdir())):
            if number % 2:
                picture.unlink()
        self.json("index", self.folder)
        before = self.found()
        report = self.json("compact")
        self.assertEqual((report["pictures"], report["freed_slots"]), (10, 10))
        self.assertEqual(self.found(), before)
        self.assertEqual(self.json("status")["dead_slots"], 0)
        self.assertEqual(self.json("compact")["freed_slots"], 0)

    def test_backup_is_a_collection(self):
        copy = self.home / "copy"
        self.assertEqual(self.json("backup", copy)["pictures"], 20)
        self.assertEqual(self.found("--store", copy), self.found())
        self.assertIn("already", self.error("backup", copy, code=FAILED))
        self.run_program("drop", "--yes")
        self.json("backup", self.library, "--store", copy)
        self.assertEqual(len(self.found()), 20, "put back where it was")

    def test_backup_while_a_program_writes(self):
        more = self.home / "more"
        more.mkdir()
        for number, source in enumerate(demo_pictures() * 2):
            (more / f"{number}{source.suffix}").write_bytes(source.read_bytes() + bytes(str(number), "ascii"))
        writing = subprocess.Popen([ELANUS, "index", more, "--batch", "1"], env=self.environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(writing.kill)
        time.sleep(0.3)
        copies = [self.json("backup", self.home / f"copy{n}")["pictures"] for n in range(4)]
        said = self.error("compact", code=FAILED)
        self.assertIn(f"is being written by process {writing.pid} on ", said)
        self.assertIn("elanus index", said)
        writing.send_signal(signal.SIGINT)
        writing.wait(60)
        self.assertEqual(copies, sorted(copies))
        self.assertGreaterEqual(copies[0], 20)
        for n, pictures in enumerate(copies):
            self.assertEqual(self.json("doctor", "--store", self.home / f"copy{n}")["pictures"], pictures)

    def test_merge_adds_what_is_new_and_can_be_repeated(self):
        other = self.home / "other"
        other.mkdir()
        for number, source in enumerate(demo_pictures()[30:36]):
            shutil.copy(source, other / f"{number}{source.suffix}")
        store = self.home / "second"
        self.json("index", other, "--store", store)
        report = self.json("merge", store)
        self.assertEqual((report["added"], report["replaced"], report["kept"], report["pictures"]), (6, 0, 0, 26))
        self.assertEqual(self.json("merge", store)["kept"], 6)
        self.assertEqual({(p, c) for _, p, c in self.found("--store", store)} - {(p, c) for _, p, c in self.found()}, set())

    def test_a_model_that_differs_is_not_merged(self):
        (self.home / "names.txt").write_text("x\n")
        numpy.save(self.home / "v.npy", numpy.ones((1, 7), "float32"))
        self.run_program("import", "--vectors", self.home / "v.npy", "--names", self.home / "names.txt", "--store",
                         self.home / "strange")
        self.assertIn("values", self.error("merge", self.home / "strange", code=FAILED))
        self.assertEqual(self.json("status")["pictures"], 20)

    def test_a_portable_collection_moves_with_its_folder(self):
        self.json("index", self.folder, "--portable")
        self.assertTrue((self.folder / ".elanus/library.db").is_file())
        before = self.found("--store", self.folder)
        moved = self.home / "stick/photos"
        moved.parent.mkdir()
        os.rename(self.folder, moved)
        after = self.found("--store", moved)
        self.assertEqual([p.replace(str(moved), str(self.folder)) for _, p, _ in after], [p for _, p, _ in before])
        for _, path, _ in after:
            self.assertTrue(os.path.isfile(path), path)
        self.assertEqual(self.json("index", moved, "--portable")["unchanged"], 20)
        self.assertEqual(len(self.found("--store", moved, "--path", moved)), 20)
        self.assertIn("one folder", self.error("index", moved, self.home, "--portable", code=WRONG_CALL))

    def test_doctor_finds_nothing_wrong(self):
        report = self.json("doctor")
        self.assertTrue(report["sound"])
        self.assertEqual(report["pictures"], 20)
        self.assertEqual({f["state"] for f in report["findings"]}, {"sound"})

    def test_doctor_saves_what_can_be_read(self):
        database = self.library / "library.db"
        whole = bytearray(database.read_bytes())
        page = 16384
        at = len(whole) // page // 2 * page
        whole[at:at + page] = os.urandom(page)
        database.write_bytes(whole)
        report = self.json("doctor", code=INCOMPLETE)
        self.assertFalse(report["sound"])
        bad = [f for f in report["findings"] if f["file"] == "library.db"]
        self.assertTrue(bad and bad[0]["state"] in ("repairable", "damaged") and bad[0]["what"], report)
        self.json("doctor", "--repair", code=INCOMPLETE)
        after = self.json("doctor")
        self.assertTrue(after["sound"])
        self.json("index", self.folder)
        self.assertEqual(len(self.found()), 20, "indexing brings back what was lost")

    def test_doctor_of_what_is_no_collection(self):
        self.assertIn("no collection", self.error("doctor", "--store", self.home, code=FAILED))


if __name__ == "__main__":
    unittest.main()

"""Indexing as a person does it: again and again, with files that change, move, vanish and break."""
import os
import pathlib
import shutil
import signal
import subprocess
import time
import unittest

from program import DONE, ELANUS, FAILED, INCOMPLETE, INTERRUPTED, WRONG_CALL, ProgramTest, demo_pictures


class Index(ProgramTest):
    def hits(self, *query, code=DONE):
        return self.json("search", *query, "-k", "1000", code=code)["hits"]

    def paths(self):
        return {pathlib.Path(h["path"]).name: h["id"] for h in self.hits("anything")}

    def test_a_second_run_touches_nothing(self):
        folder = self.pictures(6)
        first = self.json("index", folder)
        self.assertEqual((first["found"], first["added"], first["failed"]), (6, 6, 0))
        again = self.json("index", folder)
        self.assertEqual((again["found"], again["unchanged"], again["added"]), (6, 6, 0))
        self.assertEqual(again["pictures"], 6)

    def test_ids_follow_the_natural_order_of_names(self):
        folder = self.pictures(12)
        self.json("index", folder)
        by_id = sorted(self.paths().items(), key=lambda item: item[1])
        self.assertEqual([int(name[1:].split(".")[0]) for name, _ in by_id], list(range(1, 13)))

    def test_changed_moved_copied_touched_and_removed_files(self):
        folder = self.pictures(6)
        self.json("index", folder)
        before = self.paths()
        files = {int(p.stem[1:]): p for p in folder.iterdir()}
        other = demo_pictures()[50]
        shutil.copy(other, folder / f"p1{files[1].suffix}")           # changed
        os.utime(folder / f"p1{files[1].suffix}", (1, 1))
        (folder / "sub").mkdir()
        moved = folder / "sub" / ("renamed" + files[2].suffix)
        os.rename(files[2], moved)                                     # moved
        shutil.copy(files[3], folder / ("copy" + files[3].suffix))     # copied
        os.utime(files[4], (2, 2))                                     # touched
        os.remove(files[5])                                            # removed
        report = self.json("index", folder)
        told = {key: report[key] for key in ("changed", "moved", "copied", "updated", "removed", "unchanged", "added")}
        self.assertEqual(told, dict(changed=1, moved=1, copied=1, updated=1, removed=1, unchanged=2, added=0))
        after = self.paths()
        self.assertEqual(after[moved.name], before[files[2].name], "a moved picture keeps its id")
        self.assertEqual(after[files[1].name], before[files[1].name], "a changed picture keeps its id")
        self.assertNotIn(files[5].name, after)
        top = self.hits("--image", other)[0]
        self.assertEqual(top["id"], before[files[1].name])
        self.assertGreater(top["cosine"], 0.999)

    def test_a_bad_picture_is_named_and_shifts_nothing(self):
        folder = self.pictures(8)
        good = {p.name for p in folder.iterdir()}
        (folder / "p2a.jpg").write_bytes(b"\xff\xd8\xff\xe0 this is no picture")
        (folder / "p3a.png").write_bytes(b"")
        (folder / "p4a.gif").write_bytes(demo_pictures()[0].read_bytes()[:500])
        report = self.json("index", folder, code=INCOMPLETE)
        self.assertEqual({pathlib.Path(f["path"]).name for f in report["failures"]}, {"p2a.jpg", "p3a.png", "p4a.gif"})
        for failure in report["failures"]:
            self.assertTrue(failure["reason"])
        self.assertEqual(set(self.paths()), good)
        for picture in sorted(folder.iterdir()):
            if picture.name in good:
                self.assertEqual(pathlib.Path(self.hits("--image", picture)[0]["path"]).name, picture.name)

    def test_an_unplugged_drive_loses_nothing(self):
        folder = self.pictures(4)
        self.json("index", folder)
        aside = self.home / "aside"
        os.rename(folder, aside)
        report = self.json("index", folder, code=INCOMPLETE)
        self.assertEqual((report["removed"], report["pictures"]), (0, 4))
        self.assertIn("kept", report["notices"][0])
        folder.mkdir()                                                 # an empty mount point
        report = self.json("index", folder)
        self.assertEqual((report["removed"], report["pictures"]), (0, 4))
        self.assertIn("unplugged", report["notices"][0])
        folder.rmdir()
        os.rename(aside, folder)
        report = self.json("index", folder)
        self.assertEqual((report["unchanged"], report["added"], report["copied"]), (4, 0, 0))

    def test_names_with_any_bytes(self):
        folder = os.fsencode(self.pictures(1))
        source = os.listdir(folder)[0]
        odd = [b"new\nline.jpg", b"quo\"te'.jpg", b"not utf8 \xff\xfe.jpg", "日本 ü.jpg".encode()]
        for name in odd:
            shutil.copy(os.path.join(folder, source), os.path.join(folder, name))
        self.json("index", os.fsdecode(folder))
        found = self.run_program("search", "anything", "-0", "-k", "100").stdout.split(b"\0")
        self.assertEqual({os.path.basename(p) for p in found if p}, {source, *odd})

    def test_csv_with_ids_labels_and_other_columns(self):
        folder = self.pictures(3)
        names = sorted(p.name for p in folder.iterdir())
        table = self.home / "table.csv"
        table.write_text("id,path,label,place\n"
                         f"70,pictures/{names[0]},\"a, b\",north\n"
                         f"5,./pictures/{names[1]},c,south\n"
                         "6,pictures/missing.jpg,d,west\n"
                         f"x7,pictures/{names[2]},e,east\n"
                         f"70,pictures/{names[2]},e,east\n")
        report = self.json("index", "--csv", table, code=INCOMPLETE)
        self.assertEqual((report["added"], report["failed"]), (2, 3))
        self.assertEqual(self.paths(), {names[0]: 70, names[1]: 5})
        self.assertEqual({h["id"]: h.get("label") for h in self.hits("anything")}, {70: "a, b", 5: "c"})
        exported = self.home / "out.csv"
        self.run_program("export", "--csv", exported)
        self.assertIn('"{""place"":""north""}"', exported.read_text())
        table.write_text(f"id,path,label,place\n70,pictures/{names[0]},new,north\n5,pictures/{names[1]},c,south\n")
        report = self.json("index", "--csv", table)
        self.assertEqual((report["updated"], report["unchanged"]), (1, 1))
        self.assertEqual({h["id"]: h.get("label") for h in self.hits("anything")}, {70: "new", 5: "c"})

    def test_a_row_that_is_gone_from_the_csv_takes_its_record_along(self):
        folder = self.pictures(3)
        names = sorted(p.name for p in folder.iterdir())
        table = self.home / "table.csv"
        table.write_text("path\n" + "".join(f"pictures/{name}\n" for name in names))
        self.json("index", "--csv", table)
        table.write_text(f"path\npictures/{names[0]}\npictures/{names[2]}\n")
        self.assertEqual(self.json("index", "--csv", table, "--keep-missing")["removed"], 0)
        self.assertEqual(self.json("index", "--csv", table)["removed"], 1)
        self.assertEqual(set(self.paths()), {names[0], names[2]})
        table.write_text("path\n")
        report = self.json("index", "--csv", table)
        self.assertEqual((report["removed"], report["pictures"]), (0, 2))
        self.assertIn("names no pictures", report["notices"][0])

    def test_a_picture_replaced_by_a_broken_file_is_found_no_more(self):
        folder = self.pictures(3)
        self.json("index", folder)
        picture = sorted(folder.iterdir())[1]
        whole = picture.read_bytes()
        picture.write_bytes(b"\xff\xd8\xff\xe0 this is no picture")
        self.assertEqual(self.json("index", folder, "--keep-missing", code=INCOMPLETE)["pictures"], 3)
        report = self.json("index", folder, code=INCOMPLETE)
        self.assertEqual((report["removed"], report["pictures"]), (1, 2))
        self.assertIn("was removed", report["failures"][0]["reason"])
        self.assertNotIn(picture.name, self.paths())
        picture.write_bytes(whole)
        self.assertEqual(self.json("index", folder)["added"], 1)

    def test_ctrl_c_stops_cleanly_and_the_next_run_goes_on(self):
        folder = self.home / "many"
        folder.mkdir()
        for number, source in enumerate(demo_pictures() * 2):
            (folder / f"{number}{source.suffix}").write_bytes(source.read_bytes() + bytes(str(number), "ascii"))
        running = subprocess.Popen([ELANUS, "index", folder, "--json", "--batch", "4"], env=self.environment,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(0.4)
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=30)
        self.assertIn(running.returncode, (INTERRUPTED, DONE, INCOMPLETE))
        total = len(demo_pictures()) * 2
        report = self.json("index", folder)
        self.assertEqual(report["pictures"], total)
        self.assertEqual(report["unchanged"] + report["added"] + report["copied"], total)

    def test_wrong_calls_and_wrong_places(self):
        self.assertIn("name a folder", self.error("index", code=WRONG_CALL))
        self.assertIn("nowhere", self.json("index", self.home / "nowhere", code=INCOMPLETE)["failures"][0]["path"])
        self.assertIn("no collection", self.error("search", "x", "--store", self.home / "none", code=FAILED))
        self.assertIn("there is no model", self.error("index", self.pictures(1), "--model", "nonsense", code=FAILED))
        (self.home / "bad.csv").write_text("name,label\na,b\n")
        self.assertIn("'path'", self.error("index", "--csv", self.home / "bad.csv", code=WRONG_CALL))


if __name__ == "__main__":
    unittest.main()

"""Searching among some of the pictures only: by path, label, type, date, camera and anything a CSV said."""
import os
import pathlib
import struct
import unittest

from program import DONE, INCOMPLETE, WRONG_CALL, ProgramTest, demo_pictures

JUNE_2023 = 1686832496


def photograph(source, camera, taken):
    """A JPEG with the EXIF data that a camera writes."""
    maker, model = camera
    texts = [maker.encode() + b"\0", model.encode() + b"\0", taken.encode() + b"\0"]
    first, second = 8, 8 + 2 + 3 * 12 + 4
    at = [second + 2 + 12 + 4]
    for text in texts:
        at.append(at[-1] + len(text))
    entry = lambda tag, kind, count, value: struct.pack(">HHII", tag, kind, count, value)
    tiff = (b"MM\0*" + struct.pack(">IH", first, 3) + entry(0x10F, 2, len(texts[0]), at[0]) +
            entry(0x110, 2, len(texts[1]), at[1]) + entry(0x8769, 4, 1, second) + struct.pack(">I", 0) +
            struct.pack(">H", 1) + entry(0x9003, 2, 20, at[2]) + struct.pack(">I", 0) + b"".join(texts))
    payload = b"Exif\0\0" + tiff
    jpeg = source.read_bytes()
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(payload) + 2) + payload + jpeg[2:]


class Filter(ProgramTest):
    def setUp(self):
        super().setUp()
        folder = self.home / "photos"
        jpegs = [p for p in demo_pictures() if p.suffix == ".jpg"]
        for year in ("2023", "2024"):
            (folder / year).mkdir(parents=True)
        (folder / "2023/a.jpg").write_bytes(photograph(jpegs[0], ("Canon", "Canon EOS 5D"), "2023:06:15 12:34:56"))
        (folder / "2023/b.JPEG").write_bytes(photograph(jpegs[1], ("SONY", "DSC-W1"), "2023:11:01 08:00:00"))
        (folder / "2024/c.jpg").write_bytes(jpegs[2].read_bytes())
        (folder / "2024/d.jpg").write_bytes(jpegs[3].read_bytes())
        os.utime(folder / "2024/d.jpg", (JUNE_2023, JUNE_2023))
        table = self.home / "table.csv"
        table.write_text("path,label,stars\nphotos/2023/a.jpg,dog,5\nphotos/2023/b.JPEG,cat,3\n"
                         "photos/2024/c.jpg,dog,007\nphotos/2024/d.jpg,,4\n")
        self.json("index", "--csv", table)
        self.folder = folder

    def found(self, *flags, code=DONE, **options):
        done = self.run_program("search", "anything", "-f", *flags, code=code, **options)
        return "".join(sorted(pathlib.Path(line).stem for line in done.stdout.decode().splitlines()))

    def test_flags(self):
        self.assertEqual(self.found(), "abcd")
        self.assertEqual(self.found("--path", self.folder / "2023"), "ab")
        self.assertEqual(self.found("--path", "photos/2024", cwd=self.home), "cd")
        self.assertEqual(self.found("--path", "2023/*.jpg", "--path", "d.jpg"), "ad")
        self.assertEqual(self.found("--label", "dog"), "ac")
        self.assertEqual(self.found("--label", "dog", "--label", "cat", "--path", "2023"), "ab")
        self.assertEqual(self.found("--type", "jpg"), "abcd")
        self.assertEqual(self.found("--type", "png", code=INCOMPLETE), "")
        self.assertEqual(self.found("--after", "2023", "--before", "2024"), "abd")
        self.assertEqual(self.found("--after", "2023-06-15", "--before", "2023-06-16"), "ad")

    def test_where(self):
        self.assertEqual(self.found("--where", "label = dog and captured >= 2023"), "a")
        self.assertEqual(self.found("--where", "camera startswith Canon or camera = 'SONY DSC-W1'"), "ab")
        self.assertEqual(self.found("--where", "attributes.stars >= 4"), "ad")
        self.assertEqual(self.found("--where", "attributes.stars = '007'"), "c")
        self.assertEqual(self.found("--where", "width > 10 and not label in (dog, cat)"), "d")
        self.assertEqual(self.found("--where", "label = \"\" or id in (1)"), "ad")
        hit = self.json("search", "anything", "--where", "captured = 2023-06")["hits"][0]
        self.assertEqual((hit["camera"], hit["label"]), ("Canon EOS 5D", "dog"))

    def test_a_filter_that_cannot_be_read_is_a_wrong_call(self):
        said = self.error("search", "dog", "--where", "lable = dog", code=WRONG_CALL)
        self.assertIn("expected path, label", said)
        self.assertIn("lable", said)
        self.assertIn("expected a date", self.error("search", "dog", "--after", "yesterday", code=WRONG_CALL))

    def test_nothing_that_passes_is_said_in_words(self):
        self.assertIn("of the 4 pictures none passes", self.error("search", "dog", "--label", "horse", code=INCOMPLETE))
        self.assertEqual(self.json("search", "dog", "--label", "horse", code=INCOMPLETE)["hits"], [])


if __name__ == "__main__":
    unittest.main()

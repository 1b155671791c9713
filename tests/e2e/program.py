"""How the end-to-end tests drive the built program, each in a home of its own."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ.get("ELANUS_SOURCE", pathlib.Path(__file__).parents[2]))
ELANUS = os.environ.get("ELANUS", str(SOURCE / "build/release/elanus"))
DEMO = SOURCE / "demo/pictures"
SHARED = SOURCE.parent / "shared/data"

DONE, INCOMPLETE, WRONG_CALL, FAILED, INTERRUPTED = 0, 1, 2, 3, 130


class ProgramTest(unittest.TestCase):
    """A fresh folder, used as the user's data folder, for each test."""

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="elanus-e2e-"))
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        self.environment = environment_in(self.home)

    def run_program(self, *arguments, code=DONE, **options):
        done = subprocess.run([ELANUS, *map(str, arguments)], env=self.environment, capture_output=True,
                              timeout=options.pop("timeout", 300), **options)
        self.assertEqual(done.returncode, code, msg=f"{arguments}\n{done.stdout!r}\n{done.stderr.decode(errors='replace')}")
        return done

    def json(self, *arguments, code=DONE):
        return json.loads(self.run_program(*arguments, "--json", code=code).stdout)

    def error(self, *arguments, code):
        """What the program says when it refuses."""
        return self.run_program(*arguments, code=code).stderr.decode(errors="replace")

    def pictures(self, count=6):
        """A folder with a few demo pictures, named p1.ext, p2.ext, ..."""
        folder = self.home / "pictures"
        folder.mkdir(exist_ok=True)
        for number, source in enumerate(demo_pictures()[:count], 1):
            shutil.copy(source, folder / f"p{number}{source.suffix}")
        return folder


def environment_in(home):
    """Of a user who lives there, and whose pictures are the drawn ones."""
    return {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XDG_CACHE_HOME": str(home / "cache"),
            "ELANUS_MODEL": "elanus-demo"}


def demo_pictures():
    found = sorted(p for p in DEMO.rglob("*") if p.suffix in (".jpg", ".png"))
    assert len(found) >= 100, f"expected the demo pictures in {DEMO}"
    return found


def shared(name):
    """A folder of the shared test data; skips the test, in words, where it is absent."""
    folder = SHARED / name
    if not folder.is_dir():
        raise unittest.SkipTest(f"{folder} is not here; this test needs its pictures")
    return folder

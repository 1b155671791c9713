"""The installed library serves a project of its own: headers, find_package(elanus), and the same answers."""
import os
import subprocess
import unittest

from program import SOURCE, ProgramTest


class Consumer(ProgramTest):
    def sh(self, *arguments):
        done = subprocess.run([*map(str, arguments)], capture_output=True, text=True, timeout=600)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_install_find_package_build_run(self):
        prefix, build = self.home / "prefix", self.home / "build"
        self.sh("cmake", "--install", os.environ["ELANUS_BUILD"], "--prefix", prefix)
        self.sh("cmake", "-S", SOURCE / "tests/consumer", "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}")
        self.sh("cmake", "--build", build)
        store = self.home / "store"
        self.run_program("index", self.pictures(20), "--store", store)
        hit = self.json("search", "a tree", "--store", store)["hits"][0]
        model = prefix / "share/elanus/models/elanus-demo"
        self.assertEqual(self.sh(build / "consumer", model, store, "a tree").strip(), hit["path"])
        listed = self.sh(prefix / "bin/elanus", "model", "list")
        self.assertIn("elanus-demo", listed)


if __name__ == "__main__":
    unittest.main()

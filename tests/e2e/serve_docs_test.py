"""The snippets of docs/api.md, run as they stand but for the port."""
import contextlib
import io
import re
import shutil
import subprocess
import tempfile
import unittest

from browser import Browser
from program import DEMO, SOURCE
from served import ServedTest

SNIPPETS = re.findall(r"```(\w+)\n(.*?)```", (SOURCE / "docs/api.md").read_text(), re.S)


class Docs(ServedTest):
    def setUp(self):
        super().setUp()
        self.run_program("index", DEMO)
        self.folder = self.pictures(3)
        self.serve("--index-root", self.home)

    def snippets(self, language):
        found = [text.replace("http://127.0.0.1:7700", self.url) for kind, text in SNIPPETS if kind == language]
        self.assertTrue(found)
        return found

    def test_shell(self):
        for text in self.snippets("sh"):
            script = text.replace("curl ", "curl --silent --show-error --fail-with-body ").replace("@demo/", f"@{SOURCE}/demo/")
            done = subprocess.run(["bash", "-eu", "-c", script], cwd=self.home, capture_output=True, timeout=60)
            self.assertEqual(done.returncode, 0, f"{script}\n{done.stdout[-500:]}\n{done.stderr}")
        self.assertTrue((self.home / "small.jpg").read_bytes().startswith(b"\xff\xd8"))

    def test_python(self):
        for text in self.snippets("python"):
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                exec(compile(text.replace("FOLDER", str(self.folder)), "docs/api.md", "exec"), {})
            self.assertTrue(said.getvalue().strip(), text)

    def test_javascript(self):
        profile = tempfile.mkdtemp(prefix="elanus-browser-")
        browser = Browser(profile)
        try:
            browser.open(self.url)
            for text in self.snippets("js"):
                problem = browser.driver.execute_async_script(f"const done = arguments[0]; (async () => {{ {text} }})().then(() => done(''), e => done(String(e)))")
                self.assertEqual(problem, "")
        finally:
            browser.quit()
            shutil.rmtree(profile, ignore_errors=True)


if __name__ == "__main__":
    unittest.main()

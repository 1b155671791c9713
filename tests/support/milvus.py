"""A real Milvus for the end-to-end tests: Milvus Lite on a free port of 127.0.0.1, its data in a temporary folder.

scripts/milvus_lite.sh installs it; MILVUS_LITE names another program. Where there is none the tests say SKIPPED and why,
unless MILVUS_REQUIRED is set.
"""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

SOURCE = pathlib.Path(__file__).parents[2]
PROGRAM = pathlib.Path(os.environ.get("MILVUS_LITE", SOURCE / "build/milvus_lite/bin/milvus-lite"))
PYTHON = PROGRAM.parent / "python"  # has pymilvus


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    def __init__(self):
        if "ELANUS_WITHOUT_MILVUS" in os.environ:
            raise unittest.SkipTest("SKIPPED: this build is without Milvus (ELANUS_MILVUS=OFF)")
        if not PROGRAM.exists():
            why = f"SKIPPED: no Milvus to test with ({PROGRAM}); scripts/milvus_lite.sh installs one"
            if "MILVUS_REQUIRED" in os.environ:
                raise AssertionError(why)
            raise unittest.SkipTest(why)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="elanus-milvus-"))
        self.port = free_port()
        self.process = None
        self.start()

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "server", "--data-dir", self.folder / "data", "--host", "127.0.0.1", "--port", str(self.port)],
                stdout=log, stderr=log, start_new_session=True)
        for _ in range(1200):
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError("Milvus Lite does not start:\n" + (self.folder / "log").read_text())

    def kill(self):
        """As a crash: nothing is written any more."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def close(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def uri(self, collection, options="", port=None):
        return f"milvus://127.0.0.1:{port or self.port}/{collection}" + (f"?{options}" if options else "")

    def pymilvus(self, script):
        """Runs a script that finds a MilvusClient as `client`; what it prints."""
        head = f"from pymilvus import MilvusClient, DataType\nclient = MilvusClient('http://127.0.0.1:{self.port}')\n"
        done = subprocess.run([PYTHON, "-c", head + script], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

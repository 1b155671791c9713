"""A running `elanus serve`, and HTTP to it with nothing between: http.client and plain sockets."""
import http.client
import json
import pathlib
import signal
import socket
import subprocess
import urllib.parse

from program import ELANUS, ProgramTest


class Answer:
    def __init__(self, response):
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    @property
    def json(self):
        return json.loads(self.body)


def form(fields=(), files=()):
    """A multipart body and its Content-Type. fields: (name, text); files: (name, filename, bytes)."""
    boundary = "elanus-test-boundary"
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields]
    parts += [f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"; filename="{f}"\r\n\r\n'.encode() + b + b"\r\n"
              for n, f, b in files]
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def start_server(arguments, environment):
    """The process, and its port once it answers."""
    server = subprocess.Popen([ELANUS, "serve", "--port", "0", "--json", *map(str, arguments)], env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    text = b""
    while not text.endswith(b"}\n"):
        line = server.stdout.readline()
        if not line:
            raise AssertionError(f"it does not start: {server.stderr.read().decode()}")
        text += line
    return server, json.loads(text)["port"]


class ServedTest(ProgramTest):
    """Tests of one server; `serve()` starts it and stops it at the end."""

    def serve(self, *arguments):
        self.use(*start_server(arguments, self.environment))
        self.addCleanup(self.stop)

    def use(self, server, port):
        self.server, self.port = server, port
        self.url = f"http://127.0.0.1:{port}"

    def stop(self, how=signal.SIGTERM):
        """The exit code, and what it said."""
        if self.server.poll() is None:
            self.server.send_signal(how)
        try:
            said = self.server.communicate(timeout=60)[1].decode(errors="replace")
        except ValueError:  # stopped before
            said = ""
        return self.server.returncode, said

    def ask(self, method, path, body=None, headers=None, timeout=60):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, link, status=200, **parameters):
        if parameters:
            link += "?" + urllib.parse.urlencode(parameters)
        answer = self.ask("GET", link)
        self.assertEqual(answer.status, status, answer.body)
        return answer

    def search(self, **parameters):
        return self.get("/v1/search", **parameters).json

    def problem(self, answer, status, words=""):
        self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        said = answer.json
        self.assertEqual(said["status"], status)
        self.assertIn(words, said["detail"])
        return said

    def send_raw(self, data, wait=20):
        """Bytes as they are; what came back until the server closed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as connection:
            connection.sendall(data)
            received = b""
            try:
                while chunk := connection.recv(65536):
                    received += chunk
            except (socket.timeout, ConnectionResetError):
                pass
            return received

    def memory_below(self, mebibytes):
        """Of the server; a sanitizer's own memory says nothing."""
        if pathlib.Path(ELANUS).parent.name not in ("asan", "tsan"):
            self.assertLess(self.resident_kib() / 1024, mebibytes)

    def resident_kib(self):
        with open(f"/proc/{self.server.pid}/status") as status:
            return int(next(line for line in status if line.startswith("VmRSS")).split()[1])

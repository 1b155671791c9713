"""The examples of docs/deploy.md, by the programs that they are for."""
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import time
import unittest

from program import DEMO, ELANUS, SOURCE
from served import ServedTest, form

EXAMPLES = re.findall(r"```(\w*)\n(.*?)```", (SOURCE / "docs/deploy.md").read_text(), re.S)
NAME = "pictures.example.org"


def example(kind, words):
    return next(text for k, text in EXAMPLES if k == kind and words in text)


def needs(program):
    return unittest.skipUnless(shutil.which(program), f"{program} is not here")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as chosen:
        return chosen.getsockname()[1]


class Deploy(ServedTest):
    def tool(self, *command):
        done = subprocess.run(list(map(str, command)), capture_output=True, timeout=60, env={**self.environment, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout.decode()}\n{done.stderr.decode()}")
        return done.stdout.decode() + done.stderr.decode()

    def proxy(self):
        """nginx as on the page, but for its files, its ports and ours."""
        self.tool("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.home / "tls.key", "-out", self.home / "tls.crt",
                  "-days", "2", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}")
        self.tls_port = free_port()
        block = example("nginx", "proxy_pass")
        for here, there in ((f"/etc/letsencrypt/live/{NAME}/fullchain.pem", self.home / "tls.crt"), (f"/etc/letsencrypt/live/{NAME}/privkey.pem", self.home / "tls.key"),
                            ("listen 443", f"listen 127.0.0.1:{self.tls_port}"), ("listen 80", f"listen 127.0.0.1:{free_port()}"),
                            ("127.0.0.1:7700", f"127.0.0.1:{self.port}")):
            self.assertIn(here, block)
            block = block.replace(here, str(there))
        places = "".join(f"{kind}_temp_path {self.home}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        config = self.home / "nginx.conf"
        user = "user root; " if os.geteuid() == 0 else ""  # the folder above is ours alone
        config.write_text(f"{user}daemon off; pid {self.home}/nginx.pid; error_log stderr; events {{}} http {{ access_log off; {places} {block} }}")
        return config

    @needs("nginx")
    def test_nginx_hands_on_requests_pictures_and_events(self):
        key = self.home / "key"
        key.write_text("0123456789abcdef0123")
        self.run_program("index", self.pictures(5))
        more = self.home / "more"
        more.mkdir()
        for number, picture in enumerate(sorted(DEMO.rglob("*.jpg"))[:100]):
            (more / f"{number}.jpg").write_bytes(picture.read_bytes() + b"x")
        self.serve("--api-key-file", key, "--allow-host", NAME, "--index-root", self.home)
        config = self.proxy()
        self.assertIn("successful", self.tool("nginx", "-t", "-c", config))
        proxy = subprocess.Popen(["/usr/sbin/nginx", "-c", str(config)], stderr=subprocess.PIPE)
        self.addCleanup(proxy.communicate)
        self.addCleanup(proxy.terminate)
        trusted = ssl.create_default_context(cafile=self.home / "tls.crt")

        def through(method, path, body=None, headers=None):
            connection = http.client.HTTPSConnection(NAME, timeout=30, context=trusted)
            self.addCleanup(connection.close)
            connection.sock = trusted.wrap_socket(socket.create_connection(("127.0.0.1", self.tls_port), timeout=30), server_hostname=NAME)
            connection.request(method, path, body, headers or {})
            return connection.getresponse()

        for _ in range(200):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", self.tls_port)) == 0:
                    break
            time.sleep(0.02)
        self.assertEqual(through("GET", "/v1/search?q=a").status, 401)
        session = through("POST", "/v1/session", key.read_text())
        self.assertIn("; Secure", session.headers["Set-Cookie"])
        cookie = {"Cookie": session.headers["Set-Cookie"].split(";")[0]}
        hits = json.loads(through("GET", "/v1/search?q=a+boat", headers=cookie).read())["hits"]
        self.assertEqual(len(hits), 5)
        self.assertEqual(through("GET", hits[0]["thumb"], headers=cookie).read(2), b"\xff\xd8")
        self.assertEqual(through("GET", "/", headers={**cookie, "Accept-Encoding": "gzip"}).status, 200)
        body, kind = form([], [("picture", "x.jpg", (DEMO / "sea/003.jpg").read_bytes())])
        self.assertEqual(through("POST", "/v1/images", body, {**cookie, "Content-Type": kind, "Origin": f"https://{NAME}"}).status, 201)
        # With the page's own origin, as a browser sends it, and events that come while the run goes on.
        job = json.loads(through("POST", "/v1/index", json.dumps({"folder": str(more)}), {**cookie, "Origin": f"https://{NAME}"}).read())
        events = through("GET", f"/v1/jobs/{job['id']}/events", headers=cookie)
        self.assertEqual(events.headers["Content-Type"], "text/event-stream")
        first = b""
        while not first.endswith(b"\n\n"):
            first += events.read(1)
        now = self.ask("GET", f"/v1/jobs/{job['id']}", headers={"Authorization": f"Bearer {key.read_text()}"}).json
        self.assertIn(now["state"], ("waiting", "running"), "the first event came before the end")
        self.assertIn(b'"state":"done"', events.read().split(b"event: job")[-1])

    @needs("caddy")
    def test_caddy_accepts_its_example(self):
        config = self.home / "Caddyfile"
        config.write_text(example("", "reverse_proxy"))
        self.assertIn("Valid configuration", self.tool("caddy", "validate", "--config", config, "--adapter", "caddyfile"))

    @needs("systemd-analyze")
    def test_systemd_accepts_its_example(self):
        unit = self.home / "elanus.service"
        text = example("ini", "ExecStart")
        self.assertIn("/usr/local/bin/elanus", text)
        unit.write_text(text.replace("/usr/local/bin/elanus", ELANUS))
        self.assertEqual(self.tool("systemd-analyze", "verify", unit), "")

    def test_the_container_has_every_library(self):
        text = example("dockerfile", "FROM").split("FROM ")[2]
        there = set(re.findall(r"[\w.+-]+", text)) | {"libc6", "libgcc-s1", "libstdc++6"}
        needed = re.findall(r"Shared library: \[(.*?)\]", self.tool("readelf", "-d", ELANUS))
        self.assertIn("libsqlite3.so.0", needed)
        loaded = self.tool("ldd", ELANUS)
        here = [n for n in needed if f"{n} => /" in loaded and not n.startswith(("libasan", "libubsan", "libtsan"))]
        owners = {library: set() for library in here}
        for listing in pathlib.Path("/var/lib/dpkg/info").glob("*.list"):
            for library in owners.keys() & {line.rsplit("/", 1)[-1] for line in listing.read_text().splitlines()}:
                owners[library].add(listing.name.removesuffix(".list").split(":")[0])
        self.assertEqual({library: packages for library, packages in owners.items() if not packages & there}, {})


if __name__ == "__main__":
    unittest.main()

"""What a hostile client may send, and what it gets. Each test ends with the server answering as before."""
import gzip
import json
import os
import pathlib
import re
import socket
import struct
import threading
import time
import unittest
import zlib

from program import SOURCE
from served import ServedTest, form


class Attack(ServedTest):
    def setUp(self):
        super().setUp()
        self.run_program("index", self.pictures(6))
        self.serve("--index-root", self.home)
        self.addCleanup(self.still_well)

    def still_well(self):
        if self.server.poll() is None:
            self.assertEqual(len(self.search(q="a boat", k=3)["hits"]), 3)
        else:
            self.assertEqual(self.server.returncode, 0, "the server died")

    def first_line(self, request):
        return self.send_raw(request).split(b"\r\n")[0].decode(errors="replace")

    def head(self, path="/v1/search?q=a", method="GET", headers=""):
        return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n".encode()

    def test_the_list_in_the_documents_is_whole(self):
        listed = re.findall(r"\| `(\w+)` \|$", (SOURCE / "docs/attacks.md").read_text(), re.M)
        here = {name.removeprefix("test_") for name in dir(self) if name.startswith("test_")}
        self.assertEqual(set(listed), here - {"the_list_in_the_documents_is_whole"})

    def test_paths_that_lead_out(self):
        for path in ("/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/page/../../etc/passwd", "/v1/images/../../etc/passwd",
                     "/v1/images/1/../../../etc/passwd", "/v1/images/%2e%2e%2f/file", "/etc/passwd", "//etc/passwd",
                     "/v1/images/1%00/file/x", "/app.js/../../x"):
            self.assertIn(" 404 ", self.first_line(self.head(path)), path)

    def test_only_pictures_of_the_collection_are_served(self):
        secret = self.home / "secret.txt"
        secret.write_text("secret")
        hit = self.search(q="a", k=1)["hits"][0]
        picture = pathlib.Path(hit["path"])
        picture.unlink()
        picture.symlink_to(secret)
        for link in (hit["file"], f"/v1/images/{hit['id']}/thumb?size=window"):
            answer = self.ask("GET", link)
            self.assertIn(answer.status, (404, 415), answer.body)
            self.assertNotIn(b"secret\n", answer.body + b"\n")
        picture.unlink()
        os.mkfifo(picture)
        self.problem(self.ask("GET", hit["file"], timeout=5), 404)

    def test_another_name_for_our_address(self):
        self.assertIn(" 421 ", self.first_line(b"GET / HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n"))
        self.assertIn(" 400 ", self.first_line(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"))
        self.problem(self.ask("DELETE", "/v1/images/1", headers={"Origin": "https://evil.example"}), 403)
        answer = self.ask("OPTIONS", "/v1/search", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
        self.assertNotIn("Access-Control-Allow-Origin", answer.headers)

    def test_a_script_in_the_address_is_text(self):
        evil = "</script><script src=//evil.example></script><!--"
        page = self.get("/", q=evil)
        self.assertNotIn(b"<script src", page.body)
        self.assertEqual(page.body.count(b"<script"), 2, "the page's own, and its answer")
        answer = re.search(rb'<script type="application/json" id="answer">(.*?)</script>', page.body)[1]
        self.assertEqual(json.loads(answer)["query"], evil)
        policy = page.headers["Content-Security-Policy"]
        self.assertIn("default-src 'none'; script-src 'sha256-", policy)
        self.assertNotIn("unsafe", policy)

    def test_no_address_is_ever_fetched(self):
        with socket.create_server(("127.0.0.1", 0)) as bait:
            bait.settimeout(0.5)
            url = f"http://127.0.0.1:{bait.getsockname()[1]}/x.jpg"
            self.problem(self.ask("GET", f"/v1/search?url={url}"), 400, "unknown parameter")
            self.ask("GET", f"/v1/search?q={url}&picture={url}")
            body, kind = form([("url", url)])
            self.problem(self.ask("POST", "/v1/images", body, {"Content-Type": kind}), 400, "unknown field")
            self.ask("POST", "/v1/index", json.dumps({"folder": url}))
            with self.assertRaises(socket.timeout):
                bait.accept()

    def test_header_injection(self):
        evil = "x\r\nSet-Cookie: a=b\r\n\r\n<script>"
        picture = (self.home / "pictures/p1.jpg").read_bytes()
        body, kind = form([("label", evil)], [("picture", evil.replace("\r\n", "%0d%0a") + '".jpg', picture)])
        added = self.ask("POST", "/v1/images", body, {"Content-Type": kind})
        self.assertEqual(added.status, 201, added.body)
        named = self.home / "pictures" / "a\r\nSet-Cookie: evil=1\r\n.jpg"
        named.write_bytes(picture + b"different")
        self.run_program("index", self.home / "pictures")
        odd = next(i for i in self.get("/v1/images").json["images"] if "evil=1" in i["path"])
        answer = self.get(odd["file"])
        self.assertNotIn("Set-Cookie", answer.headers)
        self.assertIn("%0D%0A", answer.headers["Content-Disposition"])
        self.assertIsNone(self.get("/v1/search?q=%0d%0aSet-Cookie:%20x=y").headers["Set-Cookie"])

    def test_where_one_request_ends_is_never_in_doubt(self):
        inner = b"GET /v1/stats HTTP/1.1\r\nHost: localhost\r\n\r\n"
        for headers in ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 5\r\nContent-Length: 60\r\n",
                        "Transfer-Encoding: identity\r\n", "Transfer-Encoding: chunked, identity\r\n",
                        "Content-Length: -1\r\n", "Content-Length: 99999999999999999999\r\n", "Content-Length: 5, 5\r\n"):
            request = f"POST /count HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n0\r\n\r\n".encode() + inner
            answer = self.send_raw(request, wait=3)
            self.assertNotIn(b"uptime_seconds", answer, headers)
            self.assertRegex(answer[:12].decode(), "HTTP/1.1 (400|413|501)", headers)

    def test_a_compressed_body_is_not_unpacked(self):
        bomb = gzip.compress(bytes(50 << 20))
        self.problem(self.ask("POST", "/insert", bomb, {"Content-Encoding": "gzip"}), 415, "compressed")

    def test_pictures_that_lie_about_their_size(self):
        def chunk(kind, data):
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        pixels = zlib.compress(bytes(30 << 20), 9)
        for side in (60_000, 20_000):
            png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
            body, kind = form([], [("picture", "bomb.png", png)])
            for path in ("/v1/search", "/v1/images"):
                self.problem(self.ask("POST", path, body, {"Content-Type": kind}), 413, "pixels")
        self.memory_below(400)
        self.assertEqual(list((self.home / "data").rglob("uploads/*")), [], "what is refused is not kept")

    def test_bodies_that_are_too_large(self):
        answer = self.send_raw(self.head("/insert", "POST", "Content-Length: 400000000\r\n"))
        self.assertIn(b" 413 ", answer.split(b"\r\n")[0])
        endless = b"10000\r\n" + bytes(0x10000) + b"\r\n"
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(self.head("/insert", "POST", "Transfer-Encoding: chunked\r\n"))
            sent = 0
            try:
                while sent < 700 << 20:
                    connection.sendall(endless)
                    sent += len(endless)
                    if sent > 300 << 20:
                        break
                connection.sendall(b"0\r\n\r\n")
                self.assertIn(b" 413 ", connection.recv(4096).split(b"\r\n")[0])
            except (BrokenPipeError, ConnectionResetError):
                pass
        self.memory_below(900)

    def test_heads_that_are_too_large(self):
        self.assertRegex(self.first_line(self.head("/v1/search?q=" + "a" * 100_000)), " (414|431) ")
        self.assertRegex(self.first_line(self.head(headers="".join(f"X-{i}: y\r\n" for i in range(20_000)))), " (413|431) ")
        self.assertIn(" 200 ", self.first_line(self.head(headers="Range: bytes=" + ",".join("0-1" for _ in range(4000)) + "\r\n")))

    def test_not_http_at_all(self):
        for request in (b"\0" * 1000, b"\r\n" * 2000, b"GET\r\n\r\n", b"G E T / HTTP/1.1\r\n\r\n", os.urandom(5000),
                        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(300), b"GET / HTTP/9.9\r\n\r\n",
                        b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"):
            self.send_raw(request, wait=0.3)

    def test_multipart_that_is_broken(self):
        for body, kind in ((b"--X\r\n", "multipart/form-data; boundary=X"), (b"", "multipart/form-data"),
                           (b"--X\r\n\r\n\r\n--X--", "multipart/form-data; boundary=X"),
                           (b"--X\r\nContent-Disposition: form-data; name=\"" + b"n" * 1_000_000, "multipart/form-data; boundary=X")):
            self.problem(self.ask("POST", "/v1/search", body, {"Content-Type": kind}), 400, "multipart")

    def test_deep_json(self):
        for body in ("[" * 100_000, '{"queries":' * 5_000, '{"q": 1e999999}', '{"queries": []}', json.dumps({"queries": [{}] * 101})):
            answer = self.ask("POST", "/v1/search", body, {"Content-Type": "application/json"})
            self.assertIn(answer.status, (400, 413, 422), answer.body)

    def test_slow_clients_hold_nobody_up(self):
        slow = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(200)]
        self.addCleanup(lambda: [s.close() for s in slow])
        for number, connection in enumerate(slow):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: loc" if number % 2 else self.head("/insert", "POST", "Content-Length: 1000\r\n") + b"x")
        begin = time.monotonic()
        self.search(q="quick")
        self.assertLess(time.monotonic() - begin, 5)
        alive = threading.Event()

        def drip():
            while not alive.wait(0.5):
                try:
                    slow[0].sendall(b"a")
                    slow[1].sendall(b"a")
                except OSError:
                    return
        dripping = threading.Thread(target=drip)
        dripping.start()
        self.addCleanup(dripping.join)
        self.addCleanup(alive.set)
        for connection in slow[:2]:
            connection.settimeout(25)
            try:
                while connection.recv(4096):
                    pass
            except ConnectionResetError:
                pass
        self.assertLess(time.monotonic() - begin, 24, "a byte now and then keeps no place for ever")

    def test_more_connections_than_there_is_room_for(self):
        many = []
        self.addCleanup(lambda: [s.close() for s in many])
        for _ in range(1100):
            connection = socket.socket()
            connection.setblocking(False)
            connection.connect_ex(("127.0.0.1", self.port))
            many.append(connection)
        for connection in many:
            connection.close()
        many.clear()


if __name__ == "__main__":
    unittest.main()

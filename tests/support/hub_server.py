"""A model hub on this machine, and the host that it redirects large files to. Both misbehave when told to."""
import hashlib
import http.server
import threading

LARGE = 100_000


def git_blob_id(content):
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.requests.append((self.path, dict(self.headers)))
        self.server.answer(self)

    def reply(self, status, headers=(), body=b""):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests = []
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def handle_error(self, *_):
        """A client that goes away is part of the tests."""


class Storage(Server):
    """Has the large files by their SHA-256. Knows ranges, and If-Range by its own ETags."""

    def __init__(self):
        super().__init__()
        self.files = {}
        self.version = 1             # part of the ETags
        self.ranges = True           # else a Range is ignored
        self.cuts = []               # after how many bytes each of the next answers breaks off
        self.spoil = lambda body: body
        self.wait = None             # an event that the rest of a cut answer waits for, instead of breaking off

    def answer(self, request):
        name = request.path.rsplit("/", 1)[-1]
        body = self.spoil(self.files[name])
        etag = f'"{name[:8]}-{self.version}"'
        first = 0
        asked = request.headers.get("Range", "")
        if self.ranges and asked and request.headers.get("If-Range") == etag:
            first = int(asked.removeprefix("bytes=").removesuffix("-"))
        if first >= len(body) and first > 0:
            return request.reply(416)
        request.send_response(206 if first else 200)
        if first:
            request.send_header("Content-Range", f"bytes {first}-{len(body) - 1}/{len(body)}")
        request.send_header("ETag", etag)
        request.send_header("Content-Length", str(len(body) - first))
        request.end_headers()
        cut = self.cuts.pop(0) if self.cuts else None
        request.wfile.write(body[first:] if cut is None else body[first:first + cut])
        if cut is not None:
            request.wfile.flush()
            if self.wait:
                self.wait.wait(30)
            request.close_connection = True
            request.connection.close()


class Hub(Server):
    """/OWNER/NAME/resolve/REVISION/FILE, as the hub answers: small files itself, large ones from the storage."""

    COMMIT = "0123456789abcdef0123456789abcdef01234567"

    def __init__(self, storage):
        super().__init__()
        self.storage = storage
        self.repositories = {}       # "owner/name": {file: content}
        self.token = None            # that must come with each request
        self.status = {}             # file: the status to answer with

    def add(self, repository, files):
        self.repositories[repository] = files
        for content in files.values():
            self.storage.files[hashlib.sha256(content).hexdigest()] = content

    def answer(self, request):
        path = request.path.removeprefix("http://hub.invalid")  # as a proxy gets it
        _, owner, name, _, revision, file = path.split("/")
        content = self.repositories.get(f"{owner}/{name}", {}).get(file)
        if self.token and request.headers.get("Authorization") != f"Bearer {self.token}":
            return request.reply(401, body=b"an error page that is no model")
        if file in self.status:
            return request.reply(self.status[file], body=b"another error page")
        if content is None or revision not in ("main", self.COMMIT):
            return request.reply(404, body=b"Entry not found")
        commit = ("X-Repo-Commit", self.COMMIT)
        if len(content) < LARGE:
            return request.reply(200, [commit, ("ETag", f'"{git_blob_id(content)}"')], content)
        digest = hashlib.sha256(content).hexdigest()
        request.reply(302, [commit, ("X-Linked-ETag", f'"{digest}"'), ("X-Linked-Size", str(len(content))),
                            ("Location", f"{self.storage.url}/{digest}")], b"Found. Redirecting.")

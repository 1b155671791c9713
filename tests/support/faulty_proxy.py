"""A TCP proxy between a client and a server that does what networks do: stalls, cuts connections, and loses answers."""
import select
import socket
import threading


class FaultyProxy:
    """Forwards 127.0.0.1:port to 127.0.0.1:server_port.

    cut()           ends every connection at once, in the middle of whatever is under way
    stalled = True  takes bytes and passes none on
    cut_after       a number of bytes from the client after which its connection ends, once
    lose_answers    a number: that many times a connection ends when the server begins to answer, which the client never sees
    """

    def __init__(self, server_port):
        self.server_port = server_port
        self.stalled = False
        self.cut_after = None
        self.lose_answers = 0
        self.connections = 0
        self._open = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()
        self.cut()

    def cut(self):
        with self._lock:
            sockets, self._open = self._open, set()
        for s in sockets:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        try:
            server = socket.create_connection(("127.0.0.1", self.server_port))
        except OSError:
            client.close()
            return
        with self._lock:
            self._open |= {client, server}
        sent = 0
        try:
            while True:
                ready, _, _ = select.select([client, server], [], [], 0.05)
                if self.stalled:
                    continue
                for end in ready:
                    data = end.recv(1 << 16)
                    if not data:
                        return
                    if end is client:
                        sent += len(data)
                        if self.cut_after is not None and sent > self.cut_after:
                            self.cut_after = None
                            return
                        server.sendall(data)
                    elif self.lose_answers > 0 and sent > 4096:
                        self.lose_answers -= 1
                        return
                    else:
                        client.sendall(data)
        except OSError:
            return
        finally:
            with self._lock:
                self._open -= {client, server}
            client.close()
            server.close()

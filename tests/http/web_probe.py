"""Starts tests/programs/web_probe.c and talks to it, byte by byte where that matters. Shared by the web_*.py suites."""
import os
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

BINARY = os.environ.get("PARTERRE_BINARY", os.path.abspath("build/asan/parterre"))
PROBE = os.path.join(os.path.dirname(BINARY), "tests", "web_probe")
PATIENCE = 20  # seconds for what should take milliseconds; sanitizers on a busy machine are slow


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def all(self, name):
        return [v for n, v in self.headers if n.lower() == name.lower()]

    def one(self, name):
        values = self.all(name)
        return values[0] if len(values) == 1 else None

    def text(self):
        return self.body.decode("utf-8")

    def value(self, name):
        """The value of a line `name=value` of the probe's answer."""
        for line in self.text().split("\n"):
            if line.startswith(name + "="):
                return line[len(name) + 1:]
        return None


class Connection:
    """One TCP (or TLS) connection."""

    def __init__(self, address, tls=None, source=None, is_narrow=False):
        """IS_NARROW: little is taken that nobody has read yet."""
        if is_narrow:
            self.socket = socket.socket()
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            self.socket.settimeout(PATIENCE)
            self.socket.connect(address)
        else:
            self.socket = socket.create_connection(address, timeout=PATIENCE, source_address=source)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname="localhost")
        self.left = b""

    def send(self, data):
        self.socket.sendall(data)

    def more(self):
        got = self.socket.recv(65536)
        self.left += got
        return bool(got)

    def until(self, mark):
        while mark not in self.left:
            if not self.more():
                raise EOFError(f"closed after {self.left!r}")
        before, self.left = self.left.split(mark, 1)
        return before

    def answer(self, is_head=False):
        head = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        status = int(head[0].split(" ")[1])
        headers = [tuple(line.split(": ", 1)) for line in head[1:]]
        if status == 100:
            return Answer(status, headers, b"")
        length = int(dict((n.lower(), v) for n, v in headers).get("content-length", "0"))
        if is_head or status in (204, 304):
            length = 0
        while len(self.left) < length:
            if not self.more():
                raise EOFError(f"closed after {len(self.left)} of {length} bytes")
        body, self.left = self.left[:length], self.left[length:]
        return Answer(status, headers, body)

    def is_closed(self, seconds=PATIENCE):
        """Whether the other side closes within SECONDS."""
        self.socket.settimeout(seconds)
        try:
            while self.socket.recv(65536):
                pass
            return True
        except ConnectionError:
            return True
        except socket.timeout:
            return False

    def close(self):
        self.socket.close()


class Probe:
    def __init__(self, *options, env=None):
        self.log_file = tempfile.TemporaryFile()
        self.process = subprocess.Popen([PROBE, *options], stdout=subprocess.PIPE, stderr=self.log_file, text=True, env=env)
        self.urls, self.metrics = [], ""
        for line in self.process.stdout:
            if line.startswith("listening on "):
                self.urls.append(line.split()[2])
            if line.startswith("metrics on "):
                self.metrics = line[len("metrics on "):].strip()
            if line == "ready\n":
                break
        else:
            raise RuntimeError("the probe did not start: " + self.log())
        self.address = self.address_of(self.urls[0])
        self.host = f"127.0.0.1:{self.address[1]}"

    @staticmethod
    def address_of(url):
        host, port = url.split("//")[1].rsplit(":", 1)
        return host.strip("[]"), int(port)

    def connect(self, **kinds):
        return Connection(self.address, **kinds)

    def request(self, method, path, headers=(), body=None, host=None, version="HTTP/1.1", form=None, connection=None):
        """One request, on a connection of its own unless one is given."""
        headers = list(headers)
        if form is not None:
            body = form if isinstance(form, bytes) else form.encode()
            headers.append(("Content-Type", "application/x-www-form-urlencoded"))
        head = f"{method} {path} {version}\r\nHost: {host or self.host}\r\n"
        if body is not None:
            headers.append(("Content-Length", str(len(body))))
        head += "".join(f"{n}: {v}\r\n" for n, v in headers) + "\r\n"
        c = connection or self.connect()
        try:
            c.send(head.encode("utf-8") + (body or b""))
            return c.answer(is_head=method == "HEAD")
        finally:
            if not connection:
                c.close()

    def get(self, path, headers=(), **more):
        return self.request("GET", path, headers, **more)

    def raw(self, data):
        """Sends bytes as they are; the first answer, and whether the connection ends after it."""
        c = self.connect()
        try:
            c.send(data)
            answer = c.answer()
            return answer, c.is_closed(1)
        finally:
            c.close()

    def log(self):
        if self.log_file.closed:
            return self.last_log
        self.log_file.seek(0)
        return self.log_file.read().decode("utf-8", "replace")

    def log_line(self, request_id):
        """The access line of a request; it is written when the answer has been taken."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for line in self.log().splitlines():
                if f"access {request_id} " in line:
                    return line
            time.sleep(0.01)
        return None

    def stop(self):
        """SIGTERM; the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE)
        self.process.stdout.close()
        self.last_log = self.log()
        self.log_file.close()
        return status


class ProbeTest(unittest.TestCase):
    """One probe for all tests of a class; it must end cleanly, which is also what the sanitizers ask."""
    options = ()

    @classmethod
    def setUpClass(cls):
        cls.probe = Probe(*cls.options)

    @classmethod
    def tearDownClass(cls):
        status = cls.probe.stop()
        if status != 0:
            raise AssertionError(f"the probe ended with {status}:\n{cls.probe.log()[-8000:]}")


def tls_context():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context

# engines: none
"""What clients can do to the server by being slow, large or many; and what the others notice."""
import os
import resource
import socket
import tempfile
import threading
import time
import unittest

from web_probe import PATIENCE, Probe, ProbeTest


def chunked(pieces):
    return b"".join(f"{len(p):x}\r\n".encode() + p + b"\r\n" for p in pieces) + b"0\r\n\r\n"


class Bodies(ProbeTest):
    FORM = "Content-Type: application/x-www-form-urlencoded\r\n"

    def head(self, more):
        return f"POST /open HTTP/1.1\r\nHost: {self.probe.host}\r\n{self.FORM}{more}\r\n".encode()

    def test_a_chunked_form_is_read(self):
        c = self.probe.connect()
        for _ in range(2):
            c.send(self.head("Transfer-Encoding: chunked\r\n") + chunked([b"na", b"me=", b"x" * 30]))
            self.assertEqual(c.answer().value("name"), "x" * 30)
        c.close()

    def test_expect_is_answered_first(self):
        c = self.probe.connect()
        c.send(self.head("Content-Length: 6\r\nExpect: 100-continue\r\n"))
        self.assertEqual(c.answer().status, 100)
        c.send(b"name=x")
        self.assertEqual(c.answer().status, 200)
        c.close()

    def test_a_body_over_the_limit_is_refused_before_it_is_read(self):
        c = self.probe.connect()
        c.send(self.head("Content-Length: 65537\r\nExpect: 100-continue\r\n"))
        self.assertEqual(c.answer().status, 413, "no 100: nothing was asked for")
        self.assertTrue(c.is_closed())
        c.close()

    def test_who_sends_it_all_the_same_still_reads_the_answer(self):
        for size in (70_000, 3_000_000, 20_000_000):
            c = self.probe.connect()
            c.send(self.head(f"Content-Length: {size}\r\n") + b"x" * size)
            self.assertEqual(c.answer().status, 413, size)
            c.close()

    def test_a_chunked_body_over_the_limit_is_not_kept(self):
        c = self.probe.connect()
        c.send(self.head("Transfer-Encoding: chunked\r\n") + chunked([b"x" * 60_000] * 3))
        self.assertEqual(c.answer().status, 413)
        c.close()

    def test_an_endless_chunked_body_is_cut(self):
        c = self.probe.connect()
        c.send(self.head("Transfer-Encoding: chunked\r\n"))
        with self.assertRaises(OSError):
            for _ in range(2000):
                c.send(b"10000\r\n" + b"x" * 65536 + b"\r\n")
        c.close()

    def test_broken_chunks_are_400(self):
        for bad in (b"zz\r\nab\r\n", b"-1\r\n", b"2\r\nabXY", b"fffffffffffffffff\r\n"):
            answer, is_closed = self.probe.raw(self.head("Transfer-Encoding: chunked\r\n") + bad)
            self.assertIn(answer.status, (400, 413), bad)
            self.assertTrue(is_closed)

    def test_a_hundred_thousand_fields(self):
        answer = self.probe.request("POST", "/open", form="a=1&" * 16_000)
        self.assertEqual(answer.status, 413)
        self.assertEqual(self.probe.request("POST", "/open", form="a=1&" * 100_000).status, 413)

    def test_large_bodies_leave_nothing_in_the_temporary_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            probe = Probe(env={**os.environ, "TMPDIR": folder})
            body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + b"y" * 4_000_000 + b"\r\n--x--\r\n"
            answer = probe.request("POST", "/upload", [("Content-Type", "multipart/form-data; boundary=x")], body)
            self.assertEqual((answer.value("bytes"), os.listdir(folder)), ("4000000", []))
            self.assertEqual(probe.stop(), 0)

    def test_without_a_temporary_folder_large_bodies_are_503(self):
        probe = Probe(env={**os.environ, "TMPDIR": "/nowhere"})
        body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + b"y" * 400_000 + b"\r\n--x--\r\n"
        kind = [("Content-Type", "multipart/form-data; boundary=x")]
        self.assertEqual(probe.request("POST", "/upload", kind, body).status, 503)
        self.assertEqual(probe.request("POST", "/open", form="name=x").status, 200)
        self.assertEqual(probe.stop(), 0)


class Slow(ProbeTest):
    options = ("--head-seconds", "2", "--body-seconds", "2")

    def drip(self, start, byte, least):
        """Sends START and then a byte every 0.2 s; how long the server listened."""
        c = self.probe.connect()
        begun = time.monotonic()
        c.send(start)
        try:
            while time.monotonic() - begun < PATIENCE:
                c.send(byte)
                c.socket.settimeout(0.2)
                try:
                    if not c.socket.recv(1000):
                        break
                except socket.timeout:
                    pass
        except OSError:
            pass
        c.close()
        took = time.monotonic() - begun
        self.assertTrue(least <= took < 8, took)

    def test_a_head_that_drips_is_cut(self):
        self.drip(b"GET /echo HTTP/1.1\r\nX-Slow: ", b"a", 1.5)

    def test_a_body_that_drips_is_cut(self):
        self.drip(f"POST /open HTTP/1.1\r\nHost: {self.probe.host}\r\n{Bodies.FORM}Content-Length: 5000\r\n\r\n".encode(), b"a", 1.5)

    def test_a_silent_connection_is_cut(self):
        self.drip(b"", b"", 1.5)

    def test_an_idle_connection_is_cut_after_its_answer(self):
        c = self.probe.connect()
        self.probe.get("/echo", connection=c)
        begun = time.monotonic()
        self.assertTrue(c.is_closed())
        self.assertTrue(1 < time.monotonic() - begun < 8)
        c.close()

    def test_who_goes_away_while_the_answer_is_sent_harms_nobody(self):
        c = self.probe.connect()
        c.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        c.send(f"GET /?size=16000000 HTTP/1.1\r\nHost: {self.probe.host}\r\n\r\n".encode())
        c.until(b"X-Request-Id: ")
        request_id = c.until(b"\r\n").decode()
        c.close()
        self.assertTrue(self.probe.log_line(request_id).endswith(" aborted"))

    def test_who_goes_away_while_we_work_harms_nobody(self):
        c = self.probe.connect()
        c.send(f"GET /slow?ms=300 HTTP/1.1\r\nHost: {self.probe.host}\r\n\r\n".encode())
        c.close()
        self.assertEqual(self.probe.get("/slow?ms=600").status, 200)

    def test_work_that_takes_long_is_waited_for(self):
        self.assertEqual(self.probe.get("/slow?ms=3500").status, 200)


class Many(ProbeTest):
    """10,000 idle connections, from some addresses: others are served, the server's files and memory stay bounded."""

    def test_ten_thousand_idle_connections(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        many = min(10_000, hard - 500)
        idle = []
        try:
            for i in range(many):
                s = socket.socket()
                s.bind((f"127.0.1.{1 + i % 12}", 0))
                s.settimeout(PATIENCE)
                s.connect(self.probe.address)
                if i % 3 == 0:
                    s.send(b"GET /echo HTTP/1.1\r\nX: ")
                idle.append(s)
            for _ in range(20):
                begun = time.monotonic()
                self.assertEqual(self.probe.get("/echo").status, 200)
                self.assertLess(time.monotonic() - begun, 5)
            with open(f"/proc/{self.probe.process.pid}/statm") as f:
                resident = int(f.read().split()[1]) * 4096
            print(f"{many} idle connections, {resident >> 20} MiB resident")
            self.assertLess(resident, 1 << 30, "sanitized; the release build needs a fifth")
        finally:
            for s in idle:
                s.close()
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    def test_one_client_cannot_take_all_places(self):
        """The 1,001st connection of a client closes its own oldest idle one."""
        mine = []
        source = "127.0.2.1"
        for _ in range(1010):
            s = socket.socket()
            s.bind((source, 0))
            s.settimeout(PATIENCE)
            s.connect(self.probe.address)
            mine.append(s)
        closed = 0
        mine[0].settimeout(5)
        self.assertEqual(mine[0].recv(1), b"")
        deadline = time.monotonic() + 5
        while closed < 10 and time.monotonic() < deadline:
            closed = 0
            for s in mine[:40]:
                s.setblocking(False)
                try:
                    closed += s.recv(1, socket.MSG_PEEK) == b""
                except BlockingIOError:
                    pass
        self.assertEqual(closed, 10)
        self.assertEqual(self.probe.get("/echo").status, 200)
        for s in mine:
            s.close()


class Overload(ProbeTest):
    options = ("--workers", "2", "--queue", "3")

    def test_who_would_wait_too_long_is_told_at_once(self):
        statuses, lock = [], threading.Lock()

        def one():
            answer = self.probe.get("/slow?ms=1500")
            with lock:
                statuses.append((answer.status, answer.one("Retry-After")))

        threads = [threading.Thread(target=one) for _ in range(12)]
        begun = time.monotonic()
        for t in threads:
            t.start()
        time.sleep(0.5)
        for path in ("/echo", "/healthz", "/assets/logo.11.svg"):
            self.assertEqual(self.probe.get(path).status, 200, "reads go on")
        self.assertLess(time.monotonic() - begun, 1.4)
        with lock:
            refused = list(statuses)
        for t in threads:
            t.join()
        self.assertEqual(len(refused), 7)
        self.assertTrue(all(s == 503 and int(again) > 0 for s, again in refused))
        self.assertEqual(sorted(s for s, _ in statuses), [200] * 5 + [503] * 7)


class Proxy(ProbeTest):
    options = ("--trusted-proxy", "127.0.0.0/8", "--trusted-proxy", "10.0.0.0/8", "--trusted-proxy", "2001:db8:ffff::/48")

    def client(self, *forwarded):
        return self.probe.get("/echo", [("X-Forwarded-For", f) for f in forwarded]).value("client")

    def test_the_right_hop_counts(self):
        self.assertEqual(self.client(), "127.0.0.1")
        self.assertEqual(self.client("203.0.113.9"), "203.0.113.9")
        self.assertEqual(self.client("198.51.100.1, 203.0.113.9"), "203.0.113.9", "what the client itself claims does not")
        self.assertEqual(self.client("198.51.100.1, 203.0.113.9, 10.1.2.3"), "203.0.113.9", "proxies behind proxies")
        self.assertEqual(self.client("198.51.100.1", "203.0.113.9"), "203.0.113.9", "two headers")
        self.assertEqual(self.client("203.0.113.9:4711"), "203.0.113.9")

    def test_ipv6_counts_by_its_64(self):
        self.assertEqual(self.client("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64")
        self.assertEqual(self.client("[2001:db8:1:2::7]:443"), "2001:db8:1:2::/64")
        self.assertEqual(self.client("2001:db8:1:2::1, 2001:db8:ffff::5"), "2001:db8:1:2::/64")
        self.assertEqual(self.client("::ffff:203.0.113.9"), "203.0.113.9")

    def test_nonsense_ends_at_the_proxy(self):
        for bad in ("", "unknown", "evil, ", "203.0.113.9, evil", "203.0.113.9, , ", "999.1.1.1", "1.2.3"):
            self.assertEqual(self.client(bad), "127.0.0.1", bad)
        self.assertEqual(self.client("evil, 203.0.113.9"), "203.0.113.9")

    def test_the_log_names_the_client(self):
        answer = self.probe.get("/echo", [("X-Forwarded-For", "203.0.113.9")])
        self.assertIn(" 203.0.113.9 GET /echo ", self.probe.log_line(answer.one("X-Request-Id")))


if __name__ == "__main__":
    unittest.main()

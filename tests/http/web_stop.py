# engines: none
"""A stop finishes what is in flight, and a start says what is wrong."""
import signal
import socket
import subprocess
import threading
import time
import unittest

from web_probe import PROBE, PATIENCE, Probe


class Stop(unittest.TestCase):
    def setUp(self):
        self.probe = Probe()
        self.connections = []

    def tearDown(self):
        for c in self.connections:
            c.close()
        self.probe.stop()

    def connect(self):
        c = self.probe.connect()
        self.connections.append(c)
        return c

    def start_request(self, path, method="GET", headers="", body=b""):
        c = self.connect()
        c.send(f"{method} {path} HTTP/1.1\r\nHost: {self.probe.host}\r\n{headers}\r\n".encode() + body)
        time.sleep(0.2)
        return c

    def terminate(self):
        self.probe.process.send_signal(signal.SIGTERM)
        return time.monotonic()

    def test_an_idle_server_stops_at_once(self):
        for _ in range(50):
            self.connect()
        begun = self.terminate()
        self.assertEqual(self.probe.process.wait(PATIENCE), 0)
        self.assertLess(time.monotonic() - begun, 2)

    def test_requests_in_flight_are_answered(self):
        waiting = [self.start_request("/slow?ms=1500") for _ in range(5)]
        posting = self.start_request("/slow?ms=1500", "POST", "Content-Length: 0\r\n")
        begun = self.terminate()
        for c in [*waiting, posting]:
            answer = c.answer()
            self.assertEqual((answer.status, answer.one("Connection")), (200, "close"))
        self.assertEqual(self.probe.process.wait(PATIENCE), 0)
        self.assertTrue(1 < time.monotonic() - begun < 5)

    def test_a_body_under_way_is_still_taken(self):
        c = self.start_request("/open", "POST", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n", b"name=")
        self.terminate()
        time.sleep(0.5)
        c.send(b"late")
        self.assertEqual(c.answer().value("name"), "late")
        self.assertEqual(self.probe.process.wait(PATIENCE), 0)

    def test_nobody_new_is_let_in(self):
        self.start_request("/slow?ms=1500")
        self.terminate()
        time.sleep(0.3)
        with self.assertRaises((ConnectionError, EOFError)):  # reset, or closed without a word
            c = self.connect()
            c.send(b"GET /echo HTTP/1.1\r\nHost: x\r\n\r\n")
            c.answer()
        self.assertEqual(self.probe.process.wait(PATIENCE), 0)

    def test_what_takes_too_long_does_not_hold_the_end(self):
        self.start_request("/slow?ms=15000")
        begun = self.terminate()
        self.assertEqual(self.probe.process.wait(PATIENCE), 0)
        self.assertLess(time.monotonic() - begun, 10)

    def test_a_client_that_dawdles_does_not_hold_the_end(self):
        self.start_request("/open", "POST", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n", b"name=")
        begun = self.terminate()
        self.assertEqual(self.probe.process.wait(PATIENCE), 0)
        self.assertLess(time.monotonic() - begun, 10)

    def test_a_stop_under_load(self):
        def hammer():
            try:
                while True:
                    self.probe.get("/slow?ms=5")
                    self.probe.get("/echo")
            except (OSError, EOFError):
                pass

        threads = [threading.Thread(target=hammer) for _ in range(16)]
        for t in threads:
            t.start()
        time.sleep(0.5)
        self.terminate()
        self.assertEqual(self.probe.process.wait(PATIENCE), 0)
        for t in threads:
            t.join()


class Start(unittest.TestCase):
    def said(self, *options):
        done = subprocess.run([PROBE, *options], capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, 1)
        return done.stderr

    def test_addresses_that_are_none(self):
        for bad in ("", "127.0.0.1", "127.0.0.1:", "::1:8080", "127.0.0.1:x", "127.0.0.1:99999", "no such host:80"):
            self.assertIn("no address to listen at", self.said("--listen", bad), bad)

    def test_an_address_that_is_taken(self):
        taken = socket.create_server(("127.0.0.1", 0))
        self.assertIn("Address already in use", self.said("--listen", f"127.0.0.1:{taken.getsockname()[1]}"))
        taken.close()

    def test_several_addresses_and_ipv6(self):
        probe = Probe("--listen", "127.0.0.1:0", "--listen", "[::1]:0", "--listen", "localhost:0")
        self.assertRegex(probe.urls[1], r"^http://\[::1\]:\d+$")
        for url in probe.urls:
            probe.address = probe.address_of(url)
            self.assertEqual(probe.get("/echo").status, 200)
        probe.address = probe.address_of(probe.urls[1])
        self.assertEqual(probe.get("/echo").value("client"), "::/64")
        self.assertEqual(probe.stop(), 0)


if __name__ == "__main__":
    unittest.main()

# engines: none
"""TLS of our own: certificates are reloaded while connections stay."""
import os
import shutil
import signal
import subprocess
import tempfile
import unittest

from web_probe import Connection, Probe, tls_context


def make_certificate(folder, name, kind=("rsa:2048",)):
    """A self-signed certificate; its subject is NAME."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", *kind, "-nodes", "-subj", f"/CN={name}", "-days", "2",
                    "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.pem"], check=True, capture_output=True)


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        for name, kind in (("first", ("rsa:2048",)), ("second", ("ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"))):
            make_certificate(cls.folder, name, kind)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def setUp(self):
        self.use("first")
        self.probe = Probe("--tls-cert", f"{self.folder}/cert.pem", "--tls-key", f"{self.folder}/key.pem", "--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0")
        self.open = []

    def tearDown(self):
        for c in self.open:
            c.close()
        self.assertEqual(self.probe.stop(), 0)

    def use(self, cert, key=None):
        shutil.copy(f"{self.folder}/{cert}.pem", f"{self.folder}/cert.pem")
        shutil.copy(f"{self.folder}/{key or cert}.key", f"{self.folder}/key.pem")

    def reload(self):
        self.probe.process.send_signal(signal.SIGHUP)
        self.assertEqual(self.probe.process.stdout.readline(), "reloaded\n")

    def connect(self, index=0):
        c = Connection(self.probe.address_of(self.probe.urls[index]), tls=tls_context())
        self.open.append(c)
        return c

    def name(self, c):
        der = c.socket.getpeercert(binary_form=True)
        said = subprocess.run(["openssl", "x509", "-inform", "DER", "-noout", "-subject"], input=der, capture_output=True, check=True)
        return said.stdout.decode().strip().split("= ")[-1].split("=")[-1]

    def test_all_addresses_speak_tls(self):
        for i, url in enumerate(self.probe.urls):
            self.assertTrue(url.startswith("https://"))
            answer = self.probe.get("/echo", connection=self.connect(i))
            self.assertEqual(answer.status, 200)
            self.assertIsNotNone(answer.one("Strict-Transport-Security"))

    def test_old_versions_are_refused(self):
        for version, status in (("-tls1", 1), ("-tls1_1", 1), ("-tls1_2", 0), ("-tls1_3", 0)):
            done = subprocess.run(["openssl", "s_client", "-connect", self.probe.host, version, "-cipher", "ALL:@SECLEVEL=0"], stdin=subprocess.DEVNULL, capture_output=True)
            self.assertEqual(done.returncode, status, version)

    def test_plain_http_gets_no_page(self):
        c = self.probe.connect()
        self.open.append(c)
        c.send(f"GET /echo HTTP/1.1\r\nHost: {self.probe.host}\r\n\r\n".encode())
        self.assertTrue(c.is_closed())

    def test_a_reload_gives_new_connections_the_new_certificate_and_drops_none(self):
        stays = self.connect()
        self.assertEqual(self.name(stays), "first")
        self.assertEqual(self.probe.get("/echo?q=1", connection=stays).value("q"), "1")
        self.use("second")
        self.assertEqual(self.name(self.connect()), "first", "not before the reload")
        stays.send(f"GET /slow?ms=400 HTTP/1.1\r\nHost: {self.probe.host}\r\n\r\n".encode())
        self.reload()
        self.assertEqual(self.name(self.connect()), "second")
        self.assertEqual(stays.answer().status, 200)
        self.assertEqual(self.probe.get("/echo?q=2", connection=stays).value("q"), "2")
        for _ in range(3):
            self.reload()
        self.assertEqual(self.probe.get("/echo?q=3", connection=stays).value("q"), "3")

    def test_what_cannot_be_used_leaves_the_old_one(self):
        cases = [lambda: self.use("second", key="first"), lambda: shutil.copy(__file__, f"{self.folder}/cert.pem"), lambda: os.remove(f"{self.folder}/key.pem")]
        for break_it in cases:
            self.use("second")
            break_it()
            self.reload()
            c = self.connect()
            self.assertEqual(self.name(c), "first")
            self.assertEqual(self.probe.get("/echo", connection=c).status, 200)
        self.assertEqual(self.probe.log().count("can’t be used"), 3)

    def test_a_start_without_certificate_is_refused_with_words(self):
        for cert, key in (("/nowhere.pem", f"{self.folder}/first.key"), (f"{self.folder}/first.pem", f"{self.folder}/second.key")):
            said = subprocess.run([self.probe.process.args[0], "--tls-cert", cert, "--tls-key", key], capture_output=True, text=True)
            self.assertEqual(said.returncode, 1)
            self.assertIn("can’t be used", said.stderr)


if __name__ == "__main__":
    unittest.main()

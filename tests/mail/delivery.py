#!/usr/bin/env python3
"""Delivery as operators meet it (recovery-cases 45): a real Exim that takes, defers and refuses, and players of what a real server does not do on request."""
import contextlib
import email
import json
import os
import pathlib
import re
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
SENDER = pathlib.Path(os.environ.get("PARTERRE_BINARY", "build/asan/parterre")).resolve().parent / "tests" / "mail_send"
SERVER = HERE.parent / "smtp" / "server"
LINK = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_" * 3 + "A"


def mail(to="jeanne@example.org", subject="Hello", body="Hello Jeanne\r\n", **more):
    return {"id": 7, "from": "house@example.org", "to": to, "bytes": f"Subject: {subject}\r\nTo: {to}\r\n\r\n{body}"} | more


CHECK = {}


class Mailer:
    """The mailer of the program under test, kept open from mail to mail."""

    def __init__(self, url, **environment):
        self.process = subprocess.Popen([SENDER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                        env=os.environ | environment)
        self.where = self.process.stdout.readline().rstrip("\n")

    def send(self, one):
        self.process.stdin.write(json.dumps(one) + "\n")
        self.process.stdin.flush()
        outcome, _, answer = self.process.stdout.readline().rstrip("\n").partition(" ")
        return outcome, answer

    def close(self):
        out, err = self.process.communicate()
        return self.process.returncode, out, err


def send(url, *mails, **environment):
    m = Mailer(url, **environment)
    results = [m.send(one) for one in mails]
    status, _, err = m.close()
    assert status == 0 and err == "", err
    return results[0] if len(results) == 1 else results


class WithExim(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.server = os.path.join(cls.folder, "smtp")
        cls.addClassCleanup(lambda: (subprocess.run([SERVER, "stop", cls.server], check=True), os.rmdir(cls.folder)))
        out = subprocess.run([SERVER, "start", cls.server], check=True, stdout=subprocess.PIPE, text=True).stdout
        cls.at = dict(line.split(" ", 1) for line in out.splitlines())

    def url(self, port="starttls", scheme="smtp", password=None, ca=None, host=None, **options):
        user = urllib.parse.quote(self.at["user"], safe="")
        password = urllib.parse.quote(password or self.at["password"], safe="")
        options = {"ca": ca or self.at["ca"]} | options
        where = self.at[port].replace("localhost", host or "localhost")
        return f"{scheme}://{user}:{password}@{where}?" + urllib.parse.urlencode(options)

    def log(self):
        return pathlib.Path(self.at["log"]).read_text(encoding="utf-8")

    def arrived(self, to):
        """The one mail for TO, once Exim has filed it."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            for path in pathlib.Path(self.at["mail"]).glob("new/*"):
                raw = path.read_bytes()
                if f"Envelope-to: {to}\n".encode() in raw:
                    return raw
            time.sleep(0.05)
        self.fail(f"nothing arrived for {to}")

    def test_a_mail_arrives_encrypted_and_signed_in(self):
        self.assertEqual(send(self.url(), mail("one@example.org", body="Hello\r\n")), ("sent", ""))
        raw = self.arrived("one@example.org")
        self.assertIn(b"Return-path: <house@example.org>\n", raw)
        self.assertIn(b"esmtpsa", raw)
        self.assertEqual(email.message_from_bytes(raw).get_payload(), "Hello\n")

    def test_tls_from_the_first_byte(self):
        self.assertEqual(send(self.url("smtps", "smtps"), mail("smtps@example.org")), ("sent", ""))
        self.assertIn(b"esmtpsa", self.arrived("smtps@example.org"))

    def test_every_line_arrives_as_it_was(self):
        body = ".\r\n..\r\n.x\r\n\r\n" + "x" * 900 + "\r\n" + "".join(f"line {i}\r\n" for i in range(20000)) + ".\r\n"
        self.assertEqual(send(self.url(), mail("dots@example.org", body=body)), ("sent", ""))
        self.assertEqual(self.arrived("dots@example.org").partition(b"\n\n")[2], body.replace("\r\n", "\n").encode())

    def test_one_connection_carries_many_mails(self):
        results = send(self.url(), mail("reuse1@example.org"), mail("reuse2@example.org"), CHECK, mail("reuse3@example.org"))
        self.assertEqual([r[0] for r in results], ["sent"] * 4)
        ports = {re.search(rb"Received: from [^;]*?(?:port=|\]:)(\d+)", self.arrived(f"reuse{n}@example.org")).group(1) for n in (1, 2, 3)}
        self.assertEqual(len(ports), 1)

    def test_the_server_is_told_good_bye(self):
        before = self.log().count("closed by QUIT")
        send(self.url(), mail("bye@example.org"))
        until = time.monotonic() + 20
        while self.log().count("closed by QUIT") == before and time.monotonic() < until:
            time.sleep(0.05)
        self.assertGreater(self.log().count("closed by QUIT"), before)

    def test_a_4xx_is_tried_later_and_a_5xx_is_for_good_with_the_servers_words(self):
        for one, outcome, words in (
            (mail("tempfail@example.org"), "later", "451 4.2.1 this mailbox is being moved"),
            (mail("refuse@example.org"), "refused", "550 5.1.1 nobody of that name lives here"),
            (mail(subject="tempfail content"), "later", "451 4.3.0 no room for this one just now"),
            (mail(subject="refuse content"), "refused", "550 5.7.1 this one we do not like"),
        ):
            self.assertEqual(send(self.url(), one), (outcome, words))

    def test_a_failure_harms_no_other_mail(self):
        outcomes = send(self.url(), mail("tempfail@example.org"), mail("after1@example.org"), mail(subject="refuse content"), mail("after2@example.org"))
        self.assertEqual([o for o, _ in outcomes], ["later", "sent", "refused", "sent"])
        self.arrived("after1@example.org")
        self.arrived("after2@example.org")

    def test_a_wrong_password_is_ours_to_mend(self):
        outcome, answer = send(self.url(password="wrong"), mail())
        self.assertEqual(outcome, "later")
        self.assertRegex(answer, "^535 ")
        self.assertEqual(send(self.url(password="wrong"), CHECK)[0], "later")

    def test_starttls_required_refuses_a_server_without_it(self):
        before = self.log().count("A=plain")
        outcome, answer = send(self.url("plain"), mail("plain@example.org"))
        self.assertEqual(outcome, "later")
        self.assertRegex(answer, "TLS|SSL")
        self.assertEqual(self.log().count("A=plain"), before)
        for mode in ("optional", "no"):
            self.assertEqual(send(self.url("plain", starttls=mode), mail(f"{mode}@example.org"))[0], "sent")
            self.assertIn(b"esmtpa", self.arrived(f"{mode}@example.org"))
        self.assertEqual(send(self.url(starttls="optional"), mail("opt-tls@example.org"))[0], "sent")
        self.assertIn(b"esmtpsa", self.arrived("opt-tls@example.org"))

    def test_a_certificate_of_another_authority_or_name_is_refused(self):
        stranger = os.path.join(self.folder, "stranger.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", os.devnull,
                        "-out", stranger, "-subj", "/CN=localhost"], check=True, stderr=subprocess.DEVNULL)
        self.addCleanup(os.remove, stranger)
        for port, scheme in (("starttls", "smtp"), ("smtps", "smtps")):
            for changes in ({"ca": stranger}, {"host": "127.0.0.1"}):
                outcome, answer = send(self.url(port, scheme, **changes), mail("nobody@example.org"))
                self.assertEqual(outcome, "later")
                self.assertRegex(answer, "(?i)certificate|SSL")
        # Not even where encryption may be left out is a wrong certificate taken.
        self.assertEqual(send(self.url(host="127.0.0.1", starttls="optional"), mail("nobody@example.org"))[0], "later")
        self.assertNotIn("nobody@example.org", self.log())

    def test_checking_signs_in_and_sends_nothing(self):
        before = self.log().count("<= ")
        self.assertEqual(send(self.url(), CHECK), ("sent", ""))
        self.assertEqual(send(self.url(), CHECK, mail("checked@example.org"), CHECK)[1][0], "sent")
        self.arrived("checked@example.org")
        self.assertEqual(self.log().count("<= "), before + 1)

    def test_an_idn_domain_travels_as_ascii(self):
        self.assertEqual(send(self.url("plain", starttls="no"), mail("idn@zürich.example")), ("sent", ""))
        self.arrived("idn@xn--zrich-kva.example")

    def test_a_local_part_beyond_ascii_needs_a_server_that_offers_it(self):
        self.assertEqual(send(self.url(), mail("jürg@example.org")), ("sent", ""))
        self.arrived("jürg@example.org")
        results = send(self.url("plain", starttls="no"), mail("jürg2@example.org"), mail("after-utf8@example.org"))
        self.assertEqual([r[0] for r in results], ["refused", "sent"])
        self.arrived("after-utf8@example.org")

    def test_the_password_is_told_to_nobody(self):
        for url in (self.url(), self.url(password="secret-wrong"), self.url("plain"), self.url(host="127.0.0.1")):
            m = Mailer(url)
            words = [m.where, *m.send(mail()), *m.send(CHECK), *map(str, m.close())]
            self.assertNotIn(self.at["password"], " ".join(words))
            self.assertNotIn(urllib.parse.quote(self.at["password"], safe=""), " ".join(words))
            self.assertNotIn("secret-wrong", " ".join(words))
            self.assertNotIn(self.at["user"], m.where)

    def test_a_proxy_of_the_environment_is_not_asked(self):
        self.assertEqual(send(self.url(), mail("proxy@example.org"), all_proxy="http://127.0.0.1:1", ALL_PROXY="socks5://127.0.0.1:1")[0], "sent")


class Player:
    """A server that plays a script: a list of lines it says, and functions that get the connection; it waits for a line from us after each it says."""

    def __init__(self, *script):
        self.script = script
        self.heard = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.play, daemon=True)
        self.thread.start()

    def play(self):
        with contextlib.suppress(OSError):
            connection, _ = self.socket.accept()
            with connection, connection.makefile("rb") as lines:
                for step in self.script:
                    if callable(step):
                        step(connection, lines)
                        continue
                    connection.sendall(step.encode() + b"\r\n")
                    self.heard.append(lines.readline())

    def close(self):
        self.socket.close()
        self.thread.join(20)


GREETING, EHLO, OK = "220 player", "250 player", "250 ok"


class WithPlayer(unittest.TestCase):
    def played(self, *script, one=None, options="starttls=no&timeout=20"):
        player = Player(*script)
        try:
            return send(f"smtp://127.0.0.1:{player.port}?{options}", mail() if one is None else one)
        finally:
            player.close()

    def cut_after(self, lines_of_data):
        def step(connection, lines):
            for _ in range(lines_of_data):
                lines.readline()
            connection.shutdown(socket.SHUT_RDWR)
        return step

    def whole_data(self, answer):
        def step(connection, lines):
            while lines.readline() not in (b".\r\n", b""):
                pass
            connection.sendall(answer.encode() + b"\r\n")
            lines.readline()
        return step

    def test_a_player_that_says_yes_gets_the_mail(self):
        self.assertEqual(self.played(GREETING, EHLO, OK, OK, "354 go", one=None)[0], "later")  # and one that hangs up does not
        player = Player(GREETING, EHLO, OK, OK, lambda c, l: c.sendall(b"354 go\r\n"), self.whole_data("250 taken"))
        self.assertEqual(send(f"smtp://127.0.0.1:{player.port}?starttls=no", mail()), ("sent", ""))
        player.close()
        self.assertEqual([h[:5] for h in player.heard], [b"EHLO ", b"MAIL ", b"RCPT ", b"DATA\r"])

    def test_a_server_that_takes_any_bytes_gets_no_mail_that_it_might_spoil(self):
        data = []
        player = Player(GREETING, EHLO, OK, OK, lambda c, l: c.sendall(b"354 go\r\n"), lambda c, l: data.append(l.read()))
        outcome, answer = send(f"smtp://127.0.0.1:{player.port}?starttls=no", mail("jürg@example.org"))
        player.close()
        self.assertEqual(outcome, "refused")
        self.assertIn("SMTPUTF8", answer)
        self.assertEqual(data, [b""])

    def test_nobody_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as s:
            port = s.getsockname()[1]
        outcome, answer = send(f"smtp://127.0.0.1:{port}", mail())
        self.assertEqual(outcome, "later")
        self.assertIn("connect", answer)
        self.assertEqual(send("smtp://nowhere.invalid", mail())[0], "later")

    def test_cut_at_every_step(self):
        steps = [GREETING, EHLO, OK, OK]
        for n in range(len(steps) + 1):
            self.assertEqual(self.played(*steps[:n], lambda c, l: c.close())[0], "later", n)
        go = lambda c, l: c.sendall(b"354 go\r\n")
        big = mail(body="line\r\n" * 50000)
        for after in (0, 1, 1000, 50003):
            self.assertEqual(self.played(*steps, go, self.cut_after(after), one=big)[0], "later", after)

    def test_an_answer_after_the_data_decides(self):
        go = lambda c, l: c.sendall(b"354 go\r\n")
        for answer, outcome in (("250 ok", "sent"), ("451 later", "later"), ("552 too large", "refused"), ("421 going down", "later")):
            self.assertEqual(self.played(GREETING, EHLO, OK, OK, go, self.whole_data(answer))[0], outcome, answer)

    def test_refusals_that_are_about_us_are_tried_later(self):
        for script in ((("554 no service"),), (GREETING, "502 no", "502 no"), (GREETING, EHLO, "550 we do not know that sender"),
                       (GREETING, EHLO, "530 sign in first"), (GREETING, EHLO, OK, "530 sign in first"), (GREETING, EHLO, OK, "421 busy")):
            outcome, answer = self.played(*script)
            self.assertEqual(outcome, "later", script)
            self.assertEqual(answer, script[-1])
        self.assertEqual(self.played(GREETING, EHLO, "552 too large")[0], "refused")

    def test_a_greeting_that_is_none(self):
        for garbage in ("HTTP/1.1 400 Bad Request", "\0\xff\x1b[31m", "999 hello", "x" * 100000):
            self.assertEqual(self.played(garbage, "", "", options="starttls=no&timeout=2")[0], "later")

    def test_a_slow_server_is_left_after_the_time_out(self):
        begun = time.monotonic()
        outcome, answer = self.played(GREETING, lambda c, l: l.readline(), options="starttls=no&timeout=1")
        self.assertEqual(outcome, "later")
        self.assertRegex(answer, "(?i)time")
        self.assertLess(time.monotonic() - begun, 20)
        drip = lambda c, l: [(c.sendall(b"2"), time.sleep(0.2)) for _ in range(20)]
        self.assertEqual(self.played(drip, options="starttls=no&timeout=1")[0], "later")

    def test_an_answer_is_one_bounded_line_without_secrets(self):
        outcome, answer = self.played(GREETING, EHLO, OK, f"550-your link https://x.example/?token={LINK}\r\n550-is\t\x1b[31mlisted\r\n550 \xe9" + "no " * 500)
        self.assertEqual(outcome, "refused")
        self.assertTrue(answer.startswith("550-your link https://x.example/?token=... -is [31mlisted"), answer)
        self.assertNotIn(LINK[:32], answer)
        self.assertLessEqual(len(answer), 300)
        self.assertTrue(answer.isascii() and answer.isprintable())

    def test_starttls_stripped_on_the_way_sends_nothing(self):
        player = Player(GREETING, "250-player\r\n250 AUTH PLAIN", OK, OK)
        outcome, _ = send(f"smtp://u:p@127.0.0.1:{player.port}", mail())
        player.close()
        self.assertEqual(outcome, "later")
        self.assertFalse([h for h in player.heard if h.startswith((b"AUTH", b"MAIL"))], player.heard)

    def test_a_tls_server_that_speaks_no_tls(self):
        player = Player(GREETING, "250-player\r\n250 STARTTLS", "220 go", "not tls")
        self.assertEqual(send(f"smtp://127.0.0.1:{player.port}?timeout=5", mail())[0], "later")
        player.close()

    def test_two_recipients_in_one_are_none(self):
        for to in ("a@x.org,b@x.org", "a@x.org>\r\nRCPT TO:<b@x.org", "a@x.org\r\nDATA", ""):
            player = Player(GREETING)
            self.assertEqual(send(f"smtp://127.0.0.1:{player.port}?starttls=no", mail(to))[0], "refused")
            self.assertEqual(player.heard, [])
            socket.create_connection(("127.0.0.1", player.port)).close()
            player.close()


class Url(unittest.TestCase):
    def test_what_is_taken(self):
        for url, where in {
            "smtp://mail.example.org": "smtp://mail.example.org:587", "smtps://mail.example.org": "smtps://mail.example.org:465",
            "smtp://mail.example.org:25/": "smtp://mail.example.org:25", "smtp://u:p@mail.example.org:25?starttls=no": "smtp://mail.example.org:25",
            "smtp://u%40x.org:p%2F%3A%40@h": "smtp://h:587", "smtp://u@x.org:p:q@h": "smtp://h:587", "smtp://[::1]:2525": "smtp://[::1]:2525",
            "smtp://[::1]": "smtp://[::1]:587", "smtps://h?ca=/etc/ca%20file.pem&timeout=100": "smtps://h:465", "dir:/tmp/mail": "dir:/tmp/mail",
            "dir:mail": "dir:mail",
        }.items():
            m = Mailer(url)
            self.assertEqual((m.where, m.close()[0]), (where, 0), url)

    def test_what_is_refused(self):
        for url, why in {
            "": "url", "mail.example.org": "url", "http://x": "url", "smtp://": "url", "smtp://:25": "url", "smtp://u@h": "url", "smtp://u:@h": "url",
            "smtp://:p@h": "url", "smtp://h:0": "url", "smtp://h:65536": "url", "smtp://h:x": "url", "smtp://h:": "url", "smtp://h/path": "url",
            "smtp://a b": "url", "smtp://h,i": "url", "smtp://[::1": "url", "smtp://u:p%00q@h": "url", "smtp://u:p%0d%0aq@h": "url", "dir:": "url",
            "smtp://h\n": "url", "smtp://h?starttls=maybe": "option", "smtp://h?": "option", "smtp://h?x=1": "option", "smtps://h?starttls=no": "option",
            "smtp://h?timeout=0": "option", "smtp://h?timeout=101": "option", "smtp://h?ca=": "option", "smtp://h?ca=a&ca=b": "option",
        }.items():
            m = Mailer(url)
            self.assertEqual((m.where, m.close()[0]), (why, 1), url)


class Folder(unittest.TestCase):
    def setUp(self):
        self.top = tempfile.TemporaryDirectory()
        self.addCleanup(self.top.cleanup)
        self.path = os.path.join(self.top.name, "mail")

    def test_a_mail_is_one_complete_file_that_its_owner_reads(self):
        outcome, answer = send(f"dir:{self.path}", mail() | {"id": 42})
        self.assertEqual(outcome, "sent")
        (name,) = os.listdir(self.path)
        self.assertRegex(name, r"^\d{8}T\d{6}\.\d{6}Z-42\.eml$")
        self.assertIn(name, answer)
        with open(os.path.join(self.path, name), "rb") as f:
            self.assertEqual(f.read().decode(), mail()["bytes"])
        self.assertEqual(os.stat(os.path.join(self.path, name)).st_mode & 0o777, 0o600)
        self.assertEqual(os.stat(self.path).st_mode & 0o777, 0o700)

    def test_names_sort_by_time(self):
        send(f"dir:{self.path}", *[mail() | {"id": 99 - i} for i in range(5)])
        self.assertEqual([int(n.rpartition("-")[2][:-4]) for n in sorted(os.listdir(self.path))], [99, 98, 97, 96, 95])

    def test_whoever_looks_sees_whole_mails_only(self):
        big = mail(body="line\r\n" * 100000)
        sizes, stop = set(), threading.Event()

        def look():
            while not stop.is_set():
                with contextlib.suppress(FileNotFoundError):
                    sizes.update(os.stat(os.path.join(self.path, n)).st_size for n in os.listdir(self.path) if not n.startswith("."))

        thread = threading.Thread(target=look)
        thread.start()
        send(f"dir:{self.path}", *[big] * 20)
        stop.set()
        thread.join()
        sizes.update(os.stat(os.path.join(self.path, n)).st_size for n in os.listdir(self.path))
        self.assertEqual(sizes, {len(big["bytes"])})

    def test_what_cannot_be_written_is_tried_later_and_leaves_nothing(self):
        self.assertEqual(send(f"dir:{self.path}/no/such", mail())[0], "later")
        with open(self.path, "w", encoding="utf-8"):
            pass
        outcome, answer = send(f"dir:{self.path}", mail())
        self.assertEqual(outcome, "later")
        self.assertIn("Not a directory", answer)

    def test_a_full_disk_leaves_nothing(self):
        os.mkdir(self.path)
        done = subprocess.run(["bash", "-c", f"ulimit -f 4; trap '' XFSZ; exec '{SENDER}' 'dir:{self.path}'"],
                              input=json.dumps(mail(body="x\r\n" * 10000)) + "\n", stdout=subprocess.PIPE, text=True)
        self.assertRegex(done.stdout.splitlines()[1], "^later .*File too large")
        self.assertEqual(os.listdir(self.path), [])

    def test_checking_writes_nothing(self):
        self.assertEqual(send(f"dir:{self.path}", CHECK), ("sent", ""))
        self.assertEqual(os.listdir(self.path), [])
        self.assertEqual(send(f"dir:{self.path}/no/such", CHECK)[0], "later")


if __name__ == "__main__":
    unittest.main()

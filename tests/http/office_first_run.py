"""The first run in a browser: from an empty database to a shop that can recover passwords, without a command but `serve`."""
import os
import shutil
import socket
import tempfile
import threading
import unittest

from desk import Desk
from house import PASSWORD, Browser, Data, Mailbox, Serving, at_once, until

BEGUN = {"institution": "Théâtre Neuf", "language": "en", "name": "Anna Keller", "email": "anna@example.org", "password": PASSWORD, "password_again": PASSWORD}


class Refusing:
    """A mail server that lets nobody in, in words of its own."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                one, _ = self.socket.accept()
            except OSError:
                return
            with one:
                one.sendall(b"554 5.7.1 nobody from your network, please\r\n")
                one.recv(1000)

    def close(self):
        self.socket.close()


class Talking(Refusing):
    """Whatever else may listen at a port: says WORDS to who comes, and hangs up."""

    def __init__(self, words):
        self.words = words
        super().__init__()

    def run(self):
        while True:
            try:
                one, _ = self.socket.accept()
            except OSError:
                return
            with one:
                one.sendall(self.words)


class Accepting(Refusing):
    """One that says yes to everything."""

    def run(self):
        while True:
            try:
                one, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(one,), daemon=True).start()

    def talk(self, one):
        with one, one.makefile("rb") as lines:
            one.sendall(b"220 ready\r\n")
            in_data = False
            for line in lines:
                if in_data:
                    if line == b".\r\n":
                        in_data = False
                        self.mails.append(b"".join(self.parts))
                        one.sendall(b"250 taken\r\n")
                    else:
                        self.parts.append(line)
                    continue
                if line.upper().startswith(b"DATA"):
                    in_data, self.parts = True, []
                one.sendall(b"354 go on\r\n" if in_data else b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 ok\r\n")

    mails = []


class FirstRun(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.data, self.keys, self.serving = Data(self.folder), os.path.join(self.folder, "keys"), None
        self.mail_folder, self.hash = os.path.join(self.folder, "mail"), None
        self.mailbox = Mailbox(self.mail_folder)
        self.start()
        self.addCleanup(self.stop)

    def start(self, *more):
        words = ["serve", "--database", self.data.url, "--listen", "127.0.0.1:0", "--secret-dir", self.keys, *more]
        self.serving = Serving(words, os.path.join(self.folder, "log"))
        self.address = self.serving.address
        self.url = "http://%s:%d" % self.address

    def stop(self):
        if self.serving:
            self.serving, serving = None, self.serving
            serving.stop()

    def code(self):
        return self.serving.said("set-up code ")

    def browser(self):
        return Browser(self, url=self.url)

    def set_up(self, browser=None, **other):
        browser = browser or self.browser()
        browser.get("/office/setup")
        return browser, browser.send("/office/setup", **{**BEGUN, "code": self.code(), **other})

    def test_an_empty_installation_is_set_up_by_who_has_the_code_and_once(self):
        self.assertEqual(self.serving.said("set-up "), self.url + "/office/setup")
        stranger = self.browser()
        self.assertEqual(stranger.get("/office/signin").location, "/office/setup")
        _, answer = self.set_up(stranger, code="AAAA-BBBB-CCCC")
        self.assertEqual((answer.status, set(answer.errors)), (422, {"code"}), "without the code nothing more is said")
        self.assertEqual(self.data.count("SELECT count(*) FROM institution"), 0)
        anna, answer = self.set_up(code=self.code().lower().replace("-", " "))
        self.assertEqual(answer.status, 303)
        anna.follow(answer)
        self.assertEqual(self.data.one("SELECT name FROM institution"), BEGUN["institution"])
        self.assertEqual(self.data.rows("SELECT o.email, p.profile FROM operator o JOIN operator_profile p ON p.operator = o.id"), [(BEGUN["email"], "administrator")])
        self.assertGreater(self.data.count("SELECT count(*) FROM document_type WHERE is_active"), 5)
        # the code is worth nothing any more, in this process and the next
        self.assertEqual(self.browser().get("/office/setup").location, "/office/signin")
        self.stop()
        self.start()
        self.assertFalse(any(line.startswith("set-up") for line in self.serving.lines))

    def test_the_office_can_be_given_an_address_of_its_own_from_the_start(self):
        _, answer = self.set_up(office_url="desk.example.org")
        self.assertEqual((answer.status, set(answer.errors)), (422, {"office_url"}))
        anna, answer = self.set_up(office_url="https://desk.example.org/")
        self.assertEqual(anna.follow(answer).status, 200, "whoever sets up goes on where he is")
        self.assertEqual(self.data.one("SELECT office_url FROM institution"), "https://desk.example.org")
        self.assertEqual(Browser(self, url="https://desk.example.org").get("/office/signin").status, 200)

    def test_country_and_currency_are_asked_and_no_bill_could_be_in_another(self):
        _, answer = self.set_up(currency="USD", country="XX", zone="Europe/Vaduz")
        self.assertEqual((answer.status, set(answer.errors)), (422, {"currency", "country"}))
        _, answer = self.set_up(currency="EUR", country="LI", zone="Europe/Vaduz")
        self.assertEqual(answer.status, 303)
        self.assertEqual(self.data.rows("SELECT currency, country, zone FROM institution"), [("EUR", "LI", "Europe/Vaduz")])

    def test_the_code_is_the_same_after_a_restart_and_differs_between_installations(self):
        code = self.code()
        self.assertRegex(code, r"^[A-HJ-NP-Z2-9]{4}(-[A-HJ-NP-Z2-9]{4}){2}$")
        self.stop()
        self.start()
        self.assertEqual(self.code(), code)
        self.stop()
        shutil.rmtree(self.keys)
        self.data.rows("DELETE FROM signing_key")
        self.start()
        self.assertNotEqual(self.code(), code, "another key folder, another code")

    def test_two_who_set_up_at_once_make_one_house(self):
        browsers = [self.browser() for _ in range(4)]
        for b in browsers:
            b.get("/office/setup")
        ready = [b.fill("/office/setup", **{**BEGUN, "code": self.code(), "email": f"anna{n}@example.org"}) for n, b in enumerate(browsers)]
        answers = at_once(lambda n: browsers[n].post(*ready[n]), range(4))
        self.assertEqual([a.status for a in answers], [303] * 4)
        self.assertEqual((self.data.count("SELECT count(*) FROM institution"), self.data.count("SELECT count(*) FROM operator")), (1, 1))

    def test_what_is_wrong_is_said_at_each_field(self):
        _, answer = self.set_up(institution="", zone="Moon", email="nobody", password="short", password_again="other")
        self.assertEqual(answer.status, 422)
        self.assertTrue({"email", "password"} <= set(answer.errors), answer.errors)
        _, answer = self.set_up(institution="", zone="Moon")
        self.assertEqual((answer.status, set(answer.errors)), (422, {"institution", "zone"}))
        self.assertEqual(answer.form("/office/setup")["fields"]["password"], "")
        self.assertEqual(self.data.count("SELECT count(*) FROM institution"), 0)

    def test_the_start_page_leads_on_until_mails_leave_and_a_shop_is_open(self):
        self.set_up()
        desk = Desk(self, "administrator", url=self.url)
        page = desk.get("/")
        self.assertIn("Set up the mail server", page.words)
        self.assertIn("Set up an internet point of sale", page.words)
        # the mail server, which says no first
        refusing, accepting = Refusing(), Accepting()
        self.addCleanup(refusing.close)
        self.addCleanup(accepting.close)
        desk.get("/institution/settings")
        answer = desk.send("/institution/settings/mail", host="127.0.0.1", port=str(refusing.port), security="plain")
        self.assertEqual(answer.status, 422)
        self.assertIn("nobody from your network, please", answer.alert, "the server's own words")
        self.assertEqual(self.data.count("SELECT count(*) FROM mail_server"), 0)
        answer = desk.send("/institution/settings/mail", host="127.0.0.1", port=str(accepting.port), security="plain", user="", mail_password="")
        self.assertEqual(desk.follow(answer).done, "The mail server answered and is in use.")
        self.assertIn(f"smtp://127.0.0.1:{accepting.port}", desk.page.words)
        # the shop
        channel, organisation = self.data.one("SELECT id FROM sales_channel WHERE kind = 'internet-b2c'"), self.data.one("SELECT id FROM organisation")
        page = desk.get("/organisation/points-of-sale/new")
        self.assertEqual(page.form("/office/organisation/points-of-sale/new")["fields"]["name"], BEGUN["institution"])
        made = desk.follow(desk.send("/organisation/points-of-sale/new", **{"channel": channel, "organisation": organisation, "public-url": self.url,
                                                                            "sender_address": "tickets@example.org"}))
        path = made.path.split("?")[0]
        desk.send(path + "/state", to="active")
        page = desk.get("/")
        self.assertIn("Nothing waits for you", page.words)
        # and a mail leaves by the stored server
        self.assertEqual(self.browser().get("/").status, 200)
        self.browser().register("jeanne@example.org")
        until(lambda: accepting.mails, "a mail by the stored server")

    def test_the_servers_host_is_a_host_and_nothing_more(self):
        self.set_up()
        desk = Desk(self, "administrator", url=self.url)
        for wrong in ("mail.example.org:25", "a@127.0.0.1", "127.0.0.1/x", "[a:1?ca=/etc/passwd]", "127.1", "0x7f000001", "2130706433", "a b"):
            desk.get("/institution/settings")
            answer = desk.send("/institution/settings/mail", host=wrong, security="plain")
            self.assertEqual((answer.status, set(answer.errors)), (422, {"host"}), wrong)
        desk.get("/institution/settings")
        answer = desk.send("/institution/settings/mail", host="a/b", port="65536", security="plain", user="x")
        self.assertEqual((answer.status, set(answer.errors)), (422, {"host", "port", "mail_password"}))
        self.assertEqual(self.data.count("SELECT count(*) FROM audit_entry WHERE verb = 'mail-server-tried'"), 0)

    def test_what_is_no_mail_server_is_not_told_apart_and_each_try_is_noted(self):
        self.set_up()
        desk = Desk(self, "administrator", url=self.url)
        closed, web, refusing = socket.create_server(("127.0.0.1", 0)), Talking(b"HTTP/1.1 400 Bad Request\r\nServer: inner\r\n\r\n"), Talking(b"554 " + b"no " * 200 + b"\r\n")
        self.addCleanup(web.close)
        self.addCleanup(refusing.close)
        ports = {"closed": closed.getsockname()[1], "web": web.port, "refusing": refusing.port}
        closed.close()
        said = {}
        for what, port in ports.items():
            desk.get("/institution/settings")
            answer = desk.send("/institution/settings/mail", host="127.0.0.1", port=str(port), security="plain")
            self.assertEqual(answer.status, 422)
            said[what] = answer.errors["host"].replace(str(port), "PORT")
        self.assertEqual(said["closed"], said["web"], "whether somebody is there, and who")
        self.assertIn("No mail server answers at 127.0.0.1, port PORT", said["web"])
        self.assertIn("did not let us in: 554 no no", said["refusing"])
        self.assertLess(len(said["refusing"]), 250)
        desk.get("/institution/settings")
        answer = desk.send("/institution/settings/mail", host="169.254.169.254", port="80", security="plain")
        self.assertIn("No mail server answers", answer.errors["host"])
        tries = [row[0] for row in self.data.rows("SELECT after_values FROM audit_entry WHERE verb = 'mail-server-tried' ORDER BY id")]
        self.assertEqual(len(tries), 4)
        self.assertIn('"outcome":"refused"', tries[2])
        self.assertIn("smtp://169.254.169.254:80", tries[3])

    def test_nobody_scans_with_it(self):
        self.set_up()
        desk = Desk(self, "administrator", url=self.url)
        answers = []
        for port in range(1, 13):
            desk.get("/institution/settings")
            answers.append(desk.send("/institution/settings/mail", host="127.0.0.1", port=str(port), security="plain").status)
        self.assertEqual(answers, [422] * 10 + [429] * 2)

    def test_the_stored_password_is_sealed(self):
        self.set_up()
        desk = Desk(self, "administrator", url=self.url)
        desk.get("/institution/settings")
        answer = desk.send("/institution/settings/mail", host="127.0.0.1", port="9", security="plain", user="tickets", mail_password="Winter-Sonata-1827")
        self.assertEqual(answer.status, 422)
        self.assertNotIn("Winter-Sonata", answer.text)
        where, pairs = desk.fill("/institution/settings/mail", host="127.0.0.1", port="9", security="plain", user="tickets", mail_password="Winter-Sonata-1827")
        self.assertEqual(desk.post(where, [*pairs, ("anyway", "yes")] if "anyway" not in dict(pairs) else pairs).status, 303)
        sealed = bytes.fromhex(self.data.one("SELECT sealed FROM mail_server"))
        self.assertNotIn(b"Winter", sealed)
        self.assertNotIn("Winter", desk.get("/institution/settings").text)
        self.assertNotIn("Winter", str(self.data.rows("SELECT before_values, after_values FROM audit_entry")))

    def first_hash(self):
        return self.data.one("SELECT password_hash FROM operator WHERE password_hash IS NOT NULL")


if __name__ == "__main__":
    unittest.main()

"""What breaks in between: many at once on one link, processes that are killed, mail servers that are away; and what a database holds: recovery-cases 13, 17, 33, 45, 46, 78."""
import base64
import glob
import http.client
import os
import random
import re
import shutil
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

from house import HOUR, IS_SQLITE, NAME, OTHER_PASSWORD, PASSWORD, House, Mailbox, at_once, link_bytes, link_id, until

RACERS = 64


class Racing(unittest.TestCase):
    """Many redemptions of one link at the same moment, over one process, and over three where they share a database."""

    @classmethod
    def setUpClass(cls):
        cls.house = House()
        cls.addClassCleanup(cls.house.close)
        cls.house.start()
        cls.others = [] if IS_SQLITE else [cls.house.another(), cls.house.another()]

    @classmethod
    def tearDownClass(cls):
        for other in cls.others:
            other.stop()

    def test_one_wins_and_all_others_are_told_that_it_is_used(self):
        address, _ = self.house.person()
        mail = self.house.link(address)
        addresses = [self.house.address] + [o.address for o in self.others]
        racers = [self.house.browser(address=addresses[n % len(addresses)]) for n in range(RACERS)]
        for racer in racers:
            self.assertEqual(racer.open(mail.link).status, 200)
        begin = threading.Barrier(RACERS)

        def race(n):
            where, pairs = racers[n].fill("/reset-password", password=f"{OTHER_PASSWORD} {n}", password_again=f"{OTHER_PASSWORD} {n}")
            begin.wait()
            while (page := racers[n].post(where, pairs)).status == 503:  # the hashing pool is full; nothing was changed
                self.assertTrue(page.header("Retry-After").isdigit())
                time.sleep(0.1)
            return page

        pages = at_once(race, range(RACERS))
        winners = [n for n, page in enumerate(pages) if page.status == 303]
        self.assertEqual(len(winners), 1)
        for n, page in enumerate(pages):
            if n not in winners:
                self.assertEqual(page.status, 410)
                self.assertIn("This link has already been used.", page.alert)
        self.assertEqual([n for n, racer in enumerate(racers) if racer.is_signed_in()], winners)
        self.assertEqual(self.house.browser().sign_in(address, f"{OTHER_PASSWORD} {winners[0]}").status, 303)
        self.house.settle()
        self.assertEqual(len([m for m in self.house.mailbox.to(address) if not m.link]), 1, "one mail tells of one change")

    def test_success_on_one_process_ends_sessions_on_all(self):
        address, _ = self.house.person()
        everywhere = [self.house.browser(address=a) for a in [self.house.address] + [o.address for o in self.others]]
        for browser in everywhere:
            browser.sign_in(address)
        buyer = self.house.browser()
        buyer.open(self.house.link(address).link)
        self.assertEqual(buyer.set_password(OTHER_PASSWORD).status, 303)
        self.assertEqual([b.is_signed_in() for b in everywhere], [False] * len(everywhere))

    def test_every_mail_goes_out_once_whoever_sends_it(self):
        people = [self.house.person() for _ in range(20)]
        at_once(lambda n: self.house.browser(address=([self.house.address] + [o.address for o in self.others])[n % (1 + len(self.others))]).forgot(people[n][0]), range(20))
        self.house.settle()
        self.assertEqual([len(self.house.mailbox.to(address)) for address, _ in people], [1] * 20)
        ids = [m.id for m in self.house.mailbox.all()]
        self.assertEqual(len(ids), len(set(ids)))


class Killed(unittest.TestCase):
    """SIGKILL at random moments, the same ones at each run as far as a busy machine lets them be."""

    def setUp(self):
        self.house = House()
        self.addCleanup(self.house.close)
        self.house.start()
        self.random = random.Random(17)

    def killed_within(self, work, seconds):
        """Runs WORK in a thread and kills the process SECONDS after it began; what WORK gave, None when it was cut off."""
        given = []

        def run():
            try:
                given.append(work())
            except (OSError, http.client.HTTPException):
                given.append(None)

        thread = threading.Thread(target=run)
        thread.start()
        time.sleep(seconds)
        self.house.serving.kill()
        thread.join()
        # What was being sent is due again when its lease ends; here its time has come.
        self.house.data.rows("UPDATE outbox_message SET due_at = 1 WHERE state = 'sending'")
        self.house.start()
        return given[0]

    def test_in_the_middle_of_a_redemption_either_the_old_holds_and_the_link_lives_or_the_new_and_it_is_used(self):
        for n in range(8):
            address, buyer = self.house.person()
            mail = self.house.link(address)
            buyer.open(mail.link)
            answer = self.killed_within(lambda: buyer.set_password(OTHER_PASSWORD), self.random.uniform(0, 0.12))
            old = self.house.browser().sign_in(address, PASSWORD).status == 303
            new = self.house.browser().sign_in(address, OTHER_PASSWORD).status == 303
            state = self.house.link_state(mail.token)
            self.assertIn((old, new, state), {(True, False, "live"), (False, True, "used")}, f"round {n}")
            if answer:
                self.assertEqual((answer.status, new), (303, True), "what was answered holds")
            if old:
                again = self.house.browser()
                again.open(mail.link)
                self.assertEqual(again.set_password(OTHER_PASSWORD).status, 303)
            self.house.settle()
            self.assertGreaterEqual(len([m for m in self.house.mailbox.to(address) if not m.link]), 1, "the mail that tells of it was committed with it")

    def test_the_mail_of_every_answered_request_arrives_and_at_most_the_one_in_flight_twice(self):
        people = [self.house.person() for _ in range(30)]
        answered = []
        for n in range(3):
            batch = people[n * 10:n * 10 + 10]

            def ask():
                for address, browser in batch:
                    browser.forgot(address)
                    answered.append(address)

            self.killed_within(ask, self.random.uniform(0.02, 0.3))
        until(lambda: self.house.data.count("SELECT (SELECT count(*) FROM recovery_request) + (SELECT count(*) FROM outbox_message WHERE state <> 'sent')") == 0, "all sent")
        self.assertTrue(answered)
        for address in answered:
            mails = self.house.mailbox.to(address)
            self.assertIn(len(mails), (1, 2), address)
            self.assertEqual(len({m.id for m in mails}), 1, "the same Message-ID")
        twice = [address for address, _ in people if len(self.house.mailbox.to(address)) > 1]
        self.assertLessEqual(len(twice), 3, "one in flight a kill")


class MailServerDown(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.gone = os.path.join(folder, "gone", "mail")  # what cannot be made: its parent is missing
        self.house = House(mail=f"dir:{self.gone}")
        self.addCleanup(self.house.close)
        self.house.start()
        self.mailbox = Mailbox(self.gone)

    def state(self, address):
        rows = self.house.data.rows("SELECT state, attempts FROM outbox_message WHERE recipient = {}", address)
        return rows[-1] if rows else None

    def opens(self):
        os.makedirs(self.gone, mode=0o700)

    def test_the_web_answers_as_always_and_the_mail_leaves_later_with_its_full_life(self):
        self.house.first_hash = self.hash_without_mail
        address, buyer = self.house.person()
        page = buyer.forgot(address)
        self.assertEqual(page.status, 200)
        self.assertTrue(page.done.startswith("Your request has been registered."))
        until(lambda: self.state(address) == ("waiting", "1"), lambda: f"tried: {self.state(address)}")
        out, _ = self.house.run("mail", "list")
        line = next(line for line in out.splitlines() if address in line)
        self.assertIn("waiting", line)
        self.assertIn("No such file or directory", line, "what was said last")
        self.house.data.rows("UPDATE recovery_link SET deadline = 5")
        self.opens()
        self.house.data.rows("UPDATE outbox_message SET due_at = 1 WHERE state = 'waiting'")
        mail = until(lambda: self.mailbox.to(address), "sent")[0]
        deadline = int(self.house.data.one("SELECT deadline FROM recovery_link WHERE link_id = {}", link_id(mail.token)))
        self.assertGreater(deadline, (time.time() - 60) * 1e6 + 48 * HOUR)
        buyer.open(mail.link)
        self.assertEqual(buyer.set_password(OTHER_PASSWORD).status, 303)

    def hash_without_mail(self):
        self.house.browser().register("first@example.org")
        return until(lambda: self.house.data.rows("SELECT password_hash FROM internet_account WHERE email = 'first@example.org'"), "registered")[0][0]

    def test_a_failed_mail_is_shown_and_sent_again_by_hand_unless_its_link_ended(self):
        self.house.first_hash = self.hash_without_mail
        mails = {}
        for kind in ("live", "ended"):
            address, _ = self.house.person()
            self.house.browser().forgot(address)
            until(lambda: self.state(address) == ("waiting", "1"), "tried")
            mails[kind] = address
        self.house.data.rows("UPDATE outbox_message SET state = 'failed', answer = '550 nobody of that name lives here' WHERE recipient IN ({}, {})", *mails.values())
        self.house.data.rows("UPDATE recovery_link SET state = 'superseded', ended_at = made_at WHERE account = (SELECT id FROM internet_account WHERE email = {})", mails["ended"])
        out, _ = self.house.run("doctor", "--secret-dir", self.house.keys, "--mail", self.house.mail, status=1)
        self.assertRegex(out, r"to do  outbox     2 mails failed")
        self.opens()
        for address in mails.values():
            number = self.house.data.one("SELECT id FROM outbox_message WHERE recipient = {}", address)
            self.assertIn("550 nobody of that name lives here", self.house.run("mail", "list")[0])
            self.assertIn("waits to be sent again", self.house.run("mail", "retry", number)[0])
        until(lambda: self.state(mails["live"])[0] == "sent", "sent")
        until(lambda: self.state(mails["ended"])[0] == "dropped", "dropped: no mail holds a dead link")
        self.assertEqual((len(self.mailbox.to(mails["live"])), len(self.mailbox.to(mails["ended"]))), (1, 0))


class Secrets(unittest.TestCase):
    def test_no_table_no_file_of_the_database_and_no_backup_ever_holds_a_mailed_token(self):
        house = House()
        self.addCleanup(house.close)
        house.start()
        people = [house.person() for _ in range(10)]
        mails = [house.link(address) for address, _ in people]
        new, registering = "new@example.org", house.browser()
        registering.register(new)
        mails.append(house.mailbox.next(new))
        searched = self.everything(house)
        for (address, buyer), mail in list(zip(people, mails))[:5]:
            buyer.open(mail.link)
            buyer.set_password(OTHER_PASSWORD)
        house.settle()
        searched += self.everything(house)
        for secret in [s for m in mails for s in (m.token, m.token[30:])]:
            self.assertNotIn(secret.encode(), searched)
        for mail in mails:
            signature = link_bytes(mail.token)[22:]
            for spelling in (signature, signature.hex().encode(), base64.b64encode(signature)[4:-4]):
                self.assertNotIn(spelling, searched)
        for browser in [b for _, b in people[:5]]:
            self.assertNotIn(browser.cookie("session").encode(), searched)
        self.assertIn(link_id(mails[0].token) if IS_SQLITE else link_id(mails[0].token).hex().encode(), searched, "the search finds what is there")

    @staticmethod
    def everything(house):
        if IS_SQLITE:
            copy = os.path.join(house.folder, f"copy{time.monotonic_ns()}.db")
            house.run("backup", copy)
            found = b""
            for name in glob.glob(house.data.path + "*") + [copy]:
                with open(name, "rb") as f:
                    found += f.read()
            return found
        return subprocess.run(["pg_dump", "--inserts", "-d", house.data.url], check=True, capture_output=True).stdout


class EximMailbox(Mailbox):
    """Exim's maildir: the lines it put on top and its own line ends taken off again."""

    def __init__(self, folder):
        super().__init__(os.path.join(folder, "new"), "*")

    @staticmethod
    def unwrap(data):
        lines = data.split(b"\n")
        while re.match(rb"(Return-path|Envelope-to|Delivery-date|Received):", lines[0]):
            del lines[0]
            while lines[0][:1] in (b" ", b"\t"):
                del lines[0]
        return b"\r\n".join(lines)


class ThroughExim(unittest.TestCase):
    """A real mail server, with STARTTLS and a sign-in."""

    @classmethod
    def setUpClass(cls):
        cls.folder = os.path.join(tempfile.mkdtemp(), "exim")
        started = subprocess.run(["tests/smtp/server", "start", cls.folder], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if started.returncode:
            raise RuntimeError(started.stderr)
        cls.addClassCleanup(subprocess.run, ["tests/smtp/server", "stop", cls.folder], stdin=subprocess.DEVNULL)
        cls.server = dict(line.split(" ", 1) for line in started.stdout.splitlines())
        quoted = urllib.parse.quote(cls.server["password"], safe="")
        cls.url = f"smtp://{cls.server['user']}:{quoted}@{cls.server['starttls']}?ca={cls.server['ca']}"
        cls.house = House(mail=cls.url)
        cls.addClassCleanup(cls.house.close)
        cls.house.mailbox = EximMailbox(cls.server["mail"])
        cls.house.start()

    def test_the_walk_through_a_real_mail_server(self):
        buyer, address = self.house.browser(language="fr"), "jeanne@example.org"
        buyer.register(address, first="Zoé")
        mail = self.house.mailbox.next(address)
        self.assertEqual((mail.language, mail.to_name, mail.sender.display_name), ("fr", "Zoé Rochat", NAME))
        buyer.open(mail.link)
        self.assertEqual(buyer.send("/confirm-email").status, 303)
        self.house.pass_time(address)
        buyer = self.house.browser()
        buyer.forgot(address)
        buyer.open(self.house.mailbox.next(address).link)
        self.assertEqual(buyer.set_password(OTHER_PASSWORD).status, 303)
        self.assertIsNone(self.house.mailbox.next(address).link)
        with open(self.server["log"], encoding="utf-8") as f:
            log = f.read()
        self.assertRegex(log, r"<= tickets@example\.org .* P=esmtpsa X=TLS1\.3.* A=(plain|login):parterre")
        self.assertNotIn(self.server["password"], self.house.log())

    def test_what_the_server_refuses_or_puts_off_is_failed_or_waits_and_the_web_says_nothing_of_it(self):
        for address, state in (("tempfail@example.org", "waiting"), ("refuse@example.org", "failed")):
            self.house.account(address)
            self.assertTrue(self.house.browser().forgot(address).done.startswith("Your request has been registered."))
            until(lambda: self.house.data.rows("SELECT 1 FROM outbox_message WHERE recipient = {} AND state = {} AND attempts = 1", address, state), state)
        out, _ = self.house.run("mail", "list")
        self.assertIn("being moved", out)
        self.assertIn("nobody of that name lives here", out)
        self.assertIn("ok     mail", self.house.run("doctor", "--secret-dir", self.house.keys, "--mail", self.url, status=1)[0])


if __name__ == "__main__":
    unittest.main()

"""The commands around the shop: init, serve, demo, migrate, mail, backup, doctor, help; what they refuse, with which words, and how a process ends."""
import glob
import http.client
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import unittest

from house import BINARY, IS_SQLITE, NAME, OTHER_PASSWORD, PATIENCE, Browser, Data, House, Mailbox, Serving, until

COMMANDS = ("serve", "demo", "init", "migrate", "mail list", "mail retry", "operator add", "operator reset-factor", "backup", "doctor", "audit")


def run(*arguments, status=0, environment=None, cwd=None):
    """stdout and stderr of a command that ends by itself with STATUS."""
    done = subprocess.run([BINARY, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, cwd=cwd, env={**os.environ, **(environment or {})})
    assert done.returncode == status, f"parterre {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}"
    assert "Sanitizer" not in done.stderr and "runtime error" not in done.stderr, done.stderr
    return done.stdout, done.stderr


class CommandTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = os.environ["TMPDIR"] + f"/{self.id().rsplit('.', 1)[1]}"
        os.mkdir(self.folder)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.data = Data(self.folder)
        self.keys = self.folder + "/keys"
        self.serving = []

    def tearDown(self):
        for serving in self.serving:
            if serving.process.poll() is None:
                serving.stop()

    def init(self, url="https://tickets.example.org/", *more, status=0):
        return run("init", "--database", self.data.url, "--institution", NAME, "--public-url", url, *more, status=status)

    def words(self, *more, mail=None):
        return ["serve", "--database", self.data.url, "--listen", "127.0.0.1:0", "--mail", mail or f"dir:{self.folder}/mail", "--secret-dir", self.keys, *more]

    def serve(self, *more, environment=None, **kinds):
        serving = Serving(self.words(*more, **kinds), self.folder + "/log", environment)
        self.serving.append(serving)
        return serving

    def refused(self, *arguments, status=1):
        """What is said on stderr; nothing on stdout, every line begins with the program's name."""
        out, err = run(*arguments, status=status)
        self.assertEqual(out, "")
        lines = [line for line in err.splitlines() if not re.match(r"\d{4}-\d\d-\d\dT", line)]
        self.assertTrue(lines, err)
        for line in lines:
            self.assertTrue(line.startswith("parterre: "), err)
        return " ".join(lines)

    @staticmethod
    def get(address, path, host="tickets.example.org", method="GET"):
        c = http.client.HTTPConnection(*address, timeout=PATIENCE)
        try:
            c.request(method, path, headers={"Host": host})
            answer = c.getresponse()
            return answer.status, answer.read().decode()
        finally:
            c.close()


class Usage(unittest.TestCase):
    def test_help_tells_of_each_command_and_its_options(self):
        out, _ = run("help")
        for command in COMMANDS:
            self.assertRegex(out, rf"(?m)^  {command} ")
            said, _ = run("help", *command.split())
            self.assertTrue(said.startswith(f"parterre {command} "), said)
            self.assertIn("--database", said)
            self.assertEqual(run(*command.split(), "--help")[0], said)
            for name in re.findall(r"--([a-z-]+)", said):
                self.assertIn(name, ("database", "listen", "mail", "secret-dir", "trusted-proxy", "tls-cert", "tls-key", "metrics", "migrate", "allow-http", "log-level", "institution",
                                     "public-url", "languages", "sender", "zone", "currency", "config", "help", "option", "office-url", "contacts", "email", "name", "profile", "language",
                                     "password-stdin", "file", "out", "batch", "send-mails", "json", "unsold"))
        self.assertRegex(run("--version")[0], r"^parterre \d+\.\d+")

    def test_wrong_usage_ends_with_two_and_says_what_is_right(self):
        for arguments in ((), ("nonsense",), ("mail",), ("serve", "extra"), ("serve", "--nonsense", "x"), ("serve", "--database"), ("mail", "retry"), ("mail", "retry", "1", "2"), ("mail", "retry", "x"),
                          ("backup",), ("help", "nonsense"), ("init", "--database", "sqlite:/nowhere/x.db"), ("init", "--institution", "X", "--languages", "en,xx", "--public-url", "https://x.example"),
                          ("demo", "--migrate"), ("migrate", "--listen", "127.0.0.1:0"), ("--nonsense",)):
            out, err = run(*arguments, status=2)
            self.assertTrue(out or err.startswith("parterre: "), arguments)

    def test_options_come_from_the_command_line_before_the_environment_before_a_file(self):
        folder = os.environ["TMPDIR"] + "/options"
        os.mkdir(folder)
        with open(folder + "/parterre.conf", "w", encoding="utf-8") as f:
            f.write("# of this test\ndatabase = sqlite:from-file.db\n")
        said = lambda *more, environment=None: run("backup", "x", *more, status=1, environment=environment, cwd=folder)[1]
        run("migrate", "--config", "parterre.conf", cwd=folder)
        run("migrate", "--config", "parterre.conf", cwd=folder, environment={"PARTERRE_DATABASE": "sqlite:from-environment.db"})
        run("migrate", "--config", "parterre.conf", "--database", "sqlite:from-line.db", cwd=folder, environment={"PARTERRE_DATABASE": "sqlite:from-environment.db"})
        self.assertEqual(sorted(os.path.basename(f) for f in glob.glob(folder + "/*.db")), ["from-environment.db", "from-file.db", "from-line.db"])
        with open(folder + "/wrong.conf", "w", encoding="utf-8") as f:
            f.write("databose = sqlite:x.db\n")
        _, err = run("migrate", "--config", "wrong.conf", status=2, cwd=folder)
        self.assertIn("databose", err)
        self.assertTrue(said("--database", "sqlite:none.db"))


class SettingUp(CommandTest):
    def test_init_makes_the_house_once(self):
        out, _ = self.init()
        self.assertIn(NAME, out)
        self.assertIn("parterre serve", out)
        self.assertEqual(self.data.rows("SELECT name FROM institution"), [(NAME,)])
        self.assertEqual(self.data.rows("SELECT public_url, state, languages, sender_address FROM point_of_sale"),
                         [("https://tickets.example.org", "active", "en,fr,de,it", "no-reply@tickets.example.org")])
        said = self.refused("init", "--database", self.data.url, "--institution", "Another", "--public-url", "https://other.example/")
        self.assertIn("one already in this database", said)
        self.assertEqual(self.data.rows("SELECT name FROM institution"), [(NAME,)])

    def test_init_refuses_what_cannot_be_a_shop_and_makes_nothing(self):
        for url, words in (("http://tickets.example.org/", "https://"), ("ftp://x.example/", "https://"), ("https://", "host"), ("https://user@x.example/", "user name"), ("tickets.example.org", "https://"),
                           ("https://x.example/?a=b", "?"), ("https://x.example//a", "single slashes")):
            _, err = self.init(url, status=1)
            self.assertIn(words, err, url)
        _, err = self.init("https://x.example/", "--sender", "nobody", status=1)
        self.assertEqual(len(err.splitlines()), 1, err)
        self.assertIn("The sender is not", err)
        self.assertEqual(self.data.count("SELECT count(*) FROM institution"), 0)
        self.init("http://tickets.example.org/", "--allow-http")

    def test_init_keeps_an_address_of_the_offices_own(self):
        _, err = self.init("https://tickets.example.org", "--office-url", "https://office.example.org/else", status=2)
        self.assertIn("office", err)
        self.init("https://tickets.example.org", "--office-url", "https://office.example.org/office")
        self.assertEqual(self.data.one("SELECT office_url FROM institution"), "https://office.example.org")

    def test_a_public_url_of_this_machine_may_be_plain_http(self):
        for n, url in enumerate(("http://127.0.0.1:8080/", "http://localhost:8080/", "http://[::1]:8080/")):
            os.mkdir(f"{self.folder}/{n}")
            data = Data(f"{self.folder}/{n}")
            run("init", "--database", data.url, "--institution", NAME, "--public-url", url)
            self.assertEqual(data.rows("SELECT sender_address FROM point_of_sale"), [("no-reply@localhost",)])

    def test_languages_are_those_chosen_and_the_first_is_the_houses(self):
        self.init("https://tickets.example.org/", "--languages", "de,it")
        address = self.serve().address
        self.assertIn('<html lang="de">', self.get(address, "/signin")[1])
        self.assertIn('<html lang="de">', self.get(address, "/signin?lang=en")[1])
        self.assertIn('<html lang="it">', self.get(address, "/signin?lang=it")[1])

    def test_migrate_makes_the_schema_and_is_idempotent(self):
        for _ in range(2):
            self.assertIn("this version's schema", run("migrate", "--database", self.data.url)[0])
        self.assertEqual(self.data.count("SELECT count(*) FROM institution"), 0)


    def test_a_house_made_before_a_class_of_documents_was_known_gets_it_at_the_next_start(self):
        self.init()
        types = self.data.count("SELECT count(*) FROM document_type")
        for begin in (lambda: run("migrate", "--database", self.data.url), lambda: self.serve().said("listening on ")):
            self.data.rows("DELETE FROM document_template WHERE document_type IN (SELECT id FROM document_type WHERE class = 'follow-shipment')")
            self.data.rows("DELETE FROM document_type WHERE class = 'follow-shipment'")
            begin()
            self.assertEqual(self.data.count("SELECT count(*) FROM document_type"), types)


class TheProcess(CommandTest):
    def test_says_where_it_listens_what_it_sells_at_and_when_it_is_ready(self):
        self.init()
        serving = self.serve()
        self.assertEqual([re.sub("[A-Z0-9]{4}(-[A-Z0-9]{4}){2}", "…", line) for line in serving.lines[1:]],
                         ["shop https://tickets.example.org/", "set-up https://tickets.example.org/office/setup", "set-up code …",
                          "office https://tickets.example.org/office", "ready"])
        self.assertRegex(serving.lines[0], r"^listening on http://127\.0\.0\.1:\d+$")
        for path in ("/healthz", "/readyz"):
            self.assertEqual(self.get(serving.address, path)[0], 200)
        self.assertEqual(self.get(serving.address, "/metrics")[0], 404, "on its own address only")
        self.assertEqual(self.get(serving.address, "/mailbox")[0], 404, "never in serve")

    def test_with_a_mail_server_that_is_none_it_does_not_start(self):
        self.init()
        for url in ("gopher://x", "smtp://", "smtp://h:1?starttls=maybe", "dir:"):
            self.assertIn("mail", self.refused(*self.words(mail=url)), url)

    def test_without_a_house_it_says_so_and_still_answers_whether_it_lives(self):
        serving = self.serve()
        self.assertEqual([re.sub(r"http\S+|[A-Z0-9]{4}(-[A-Z0-9]{4}){2}", "…", line) for line in serving.lines[1:]],
                         ["set-up …", "set-up code …", "office …", "ready"])
        self.assertIn("there is no active internet point of sale, so no shop answers", serving.log())
        self.assertEqual(self.get(serving.address, "/healthz")[0], 200)
        self.assertEqual(self.get(serving.address, "/readyz")[0], 200)
        for path in ("/", "/signin"):
            self.assertIn(self.get(serving.address, path)[0], (404, 421))

    def test_a_suspended_shop_says_so_and_a_closed_one_does_not_answer(self):
        self.init()
        self.data.rows("UPDATE point_of_sale SET state = 'suspended'")
        serving = self.serve()
        status, body = self.get(serving.address, "/signin")
        self.assertEqual(status, 503)
        self.assertIn("closed for the moment", body)
        serving.stop()
        self.data.rows("UPDATE point_of_sale SET state = 'closed'")
        self.assertIn(self.get(self.serve().address, "/signin")[0], (404, 421))

    def test_a_shop_made_while_it_runs_answers_soon(self):
        serving = self.serve()
        self.init()
        until(lambda: self.get(serving.address, "/signin")[0] == 200, "served")

    def test_a_public_url_without_tls_beyond_this_machine_is_refused_unless_allowed_by_name(self):
        self.init("http://tickets.example.org/", "--allow-http")
        self.assertIn("https://", self.refused(*self.words()))
        serving = self.serve("--allow-http")
        self.assertEqual(self.get(serving.address, "/signin")[0], 200)

    @unittest.skipUnless(IS_SQLITE, "one process a file is SQLite's rule")
    def test_a_second_serve_on_one_file_is_refused_with_words(self):
        self.init()
        first = self.serve()
        self.assertIn("Another process serves", self.refused(*self.words()))
        self.assertEqual(self.get(first.address, "/signin")[0], 200)
        first.stop()
        self.serve()

    @unittest.skipIf(IS_SQLITE, "several processes share a PostgreSQL")
    def test_several_processes_serve_one_database(self):
        self.init()
        for serving in (self.serve(), self.serve()):
            self.assertEqual(self.get(serving.address, "/signin")[0], 200)

    def test_a_newer_schema_is_refused_and_left_as_it_is(self):
        self.init()
        self.data.rows("INSERT INTO schema_step SELECT 999, name, checksum, applied_at FROM schema_step WHERE number = 1")
        after = self.data.rows("SELECT * FROM schema_step ORDER BY 1")
        self.assertIn("newer version", self.refused(*self.words()))
        self.assertIn("newer version", self.refused(*self.words("--migrate")))
        self.assertIn("newer version", self.refused("migrate", "--database", self.data.url))
        self.assertEqual(self.data.rows("SELECT * FROM schema_step ORDER BY 1"), after)

    @unittest.skipUnless(IS_SQLITE, "needs no PostgreSQL of its own")
    def test_foreign_tables_and_what_is_no_database_are_refused(self):
        with sqlite3.connect(self.data.path) as db:
            db.execute("CREATE TABLE wordpress_posts (id INTEGER)")
        self.assertIn("not Parterre’s", self.refused(*self.words()))
        with open(self.folder + "/text.db", "w", encoding="utf-8") as f:
            f.write("This is a letter to a friend. " * 100)
        self.refused("migrate", "--database", f"sqlite:{self.folder}/text.db")
        self.assertIn("sqlite:PATH", self.refused("migrate", "--database", "mysql://x"))
        self.refused("migrate", "--database", "sqlite:/nowhere/at/all.db")

    def test_an_address_that_is_taken_is_named(self):
        self.init()
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            words = self.words()
            words[words.index("127.0.0.1:0")] = f"127.0.0.1:{port}"
            self.assertIn(str(port), self.refused(*words))


class Keys(CommandTest):
    def test_are_made_at_the_first_start_for_their_owner_only(self):
        self.init()
        self.serve().stop()
        self.assertEqual(os.stat(self.keys).st_mode & 0o777, 0o700)
        files = sorted(os.listdir(self.keys))
        self.assertEqual(files, ["link-0001.key", "secret.key"])
        for name in files:
            self.assertEqual(os.stat(f"{self.keys}/{name}").st_mode & 0o777, 0o600)
        before = self.key()
        self.serve().stop()
        self.assertEqual(self.key(), before)

    def key(self):
        with open(f"{self.keys}/link-0001.key", encoding="ascii") as f:
            return f.read()

    def test_a_folder_that_lacks_a_key_in_use_is_refused(self):
        self.init()
        self.serve().stop()
        os.rename(self.keys, self.keys + ".first")
        said = self.refused(*self.words())
        self.assertIn("links are being signed with key", said)
        shutil.rmtree(self.keys, ignore_errors=True)
        os.rename(self.keys + ".first", self.keys)
        self.serve()

    def test_keys_that_others_can_read_or_that_are_none_are_refused(self):
        self.init()
        self.serve().stop()
        key = f"{self.keys}/link-0001.key"
        os.chmod(key, 0o644)
        self.assertIn("chmod 600", self.refused(*self.words()))
        os.chmod(key, 0o600)
        os.chmod(self.keys, 0o755)
        self.assertIn("chmod 700", self.refused(*self.words()))
        os.chmod(self.keys, 0o700)
        shutil.copy(key, self.folder + "/kept")
        with open(key, "w", encoding="ascii") as f:
            f.write("nothing\n")
        self.assertIn("is not a key", self.refused(*self.words()))
        shutil.copy(self.folder + "/kept", key)
        self.serve()

    @unittest.skipIf(IS_SQLITE, "beside the SQLite file unless given")
    def test_with_postgresql_their_folder_has_to_be_given(self):
        self.init()
        said = self.refused("serve", "--database", self.data.url, "--mail", f"dir:{self.folder}/mail", "--listen", "127.0.0.1:0")
        self.assertIn("secret-dir", said)

    @unittest.skipUnless(IS_SQLITE, "has to be given with PostgreSQL")
    def test_with_sqlite_they_lie_beside_the_file(self):
        self.init()
        words = ["serve", "--database", self.data.url, "--mail", f"dir:{self.folder}/mail", "--listen", "127.0.0.1:0"]
        self.serving.append(Serving(words, self.folder + "/log"))
        self.assertTrue(os.path.exists(f"{self.folder}/keys/link-0001.key"))


class Ending(CommandTest):
    def test_sigterm_finishes_what_is_in_flight_and_ends_with_zero_within_ten_seconds(self):
        self.init()
        for number in (signal.SIGTERM, signal.SIGINT):
            serving = self.serve()
            with socket.create_connection(serving.address, timeout=PATIENCE) as idle, socket.create_connection(serving.address, timeout=PATIENCE) as busy:
                body = b"email=a%40example.org&csrf=x"
                busy.sendall(b"POST /forgot-password HTTP/1.1\r\nHost: tickets.example.org\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n" % len(body))
                busy.sendall(body)
                self.assertTrue(busy.recv(100).startswith(b"HTTP/1.1 403"))
                begun = time.monotonic()
                serving.process.send_signal(number)
                self.assertEqual(serving.process.wait(PATIENCE), 0)
                self.assertLess(time.monotonic() - begun, 10)
                self.assertEqual(idle.recv(1), b"")
            serving.process.stdout.close()
            with self.assertRaises(OSError):
                socket.create_connection(serving.address, timeout=1)

    def test_sighup_keeps_it_serving(self):
        self.init()
        serving = self.serve()
        serving.process.send_signal(signal.SIGHUP)
        self.assertEqual(self.get(serving.address, "/signin")[0], 200)
        self.assertIsNone(serving.process.poll())


class LookingAfter(CommandTest):
    def house(self):
        house = House()
        self.addCleanup(house.close)
        return house.start()

    def test_mail_list_shows_the_outbox_and_no_link(self):
        house = self.house()
        self.assertEqual(house.run("mail", "list")[0], "the outbox is empty\n")
        address, _ = house.person()
        token = house.link(address).token
        house.settle()
        out, _ = house.run("mail", "list")
        first = next(line for line in out.splitlines() if address in line)
        self.assertRegex(first, rf"^ *\d+  sent      reset-password    \d{{4}}-\d\d-\d\d \d\d:\d\d  {re.escape(address)}")
        self.assertNotIn(token, out)
        self.assertNotIn("token=", out)

    def test_mail_retry_takes_failed_mails_only(self):
        house = self.house()
        address, _ = house.person()
        house.link(address)
        house.settle()
        (number,) = house.data.rows("SELECT id FROM outbox_message WHERE recipient = {}", address)[0]
        self.assertIn("Only a mail that has failed", house.run("mail", "retry", number, status=1)[1])
        self.assertIn("there is no mail 999999;", house.run("mail", "retry", "999999", status=1)[1])

    @unittest.skipUnless(IS_SQLITE, "of an SQLite file")
    def test_a_backup_made_while_serving_is_a_whole_house(self):
        house = self.house()
        address, buyer = house.person()
        copy = self.folder + "/copy.db"
        out, _ = house.run("backup", copy)
        self.assertIn("copy of the database", out)
        self.assertIn("does not exist yet", house.run("backup", copy, status=1)[1])
        with sqlite3.connect(copy) as db:
            self.assertEqual(db.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        house.stop()
        serving = Serving(["serve", "--database", f"sqlite:{copy}", "--listen", "127.0.0.1:0", "--mail", house.mail, "--secret-dir", house.keys], self.folder + "/copy.log")
        self.serving.append(serving)
        buyer.address = serving.address
        self.assertEqual(buyer.sign_in(address).status, 303)

    @unittest.skipIf(IS_SQLITE, "PostgreSQL copies itself")
    def test_a_backup_of_postgresql_says_how(self):
        self.init()
        self.assertIn("pg_dump", self.refused("backup", self.folder + "/copy", "--database", self.data.url))

    def test_doctor_says_ok_or_what_to_do_a_line_each(self):
        house = self.house()
        examine = lambda *more, status: house.run("doctor", "--secret-dir", house.keys, *more, status=status)[0].splitlines()
        self.assertEqual([line for line in examine("--mail", house.mail, status=1) if line.startswith("to do")],
                         ["to do  set-up     there is no administrator: parterre serve prints where to make the first, and the code for it"])
        house.data.rows("INSERT INTO operator (institution, name, email, email_key, language, state, made_at, mailed_at, version, factor_is_on, factor_step)"
                        " VALUES ((SELECT min(id) FROM institution), 'Anna', 'anna@example.org', 'anna@example.org', 'en', 'active', 1, 0, 1, FALSE, 0)")
        house.data.rows("INSERT INTO operator_profile (operator, profile) VALUES ((SELECT min(id) FROM operator), 'administrator')")
        lines = examine("--mail", house.mail, status=0)
        self.assertEqual([line.split()[1] for line in lines], ["database", *([] if IS_SQLITE else ["pool"]), "clock", "shop", "address", "set-up", "outbox", "keys", "audit", "mail"])
        self.assertEqual({line.split()[0] for line in lines if " address " not in line}, {"ok"})
        self.assertTrue(any(line.startswith("look   address    https://tickets.example.org: ") for line in lines), "an address that leads elsewhere is no fault")
        own = f"{house.serving.address[0]}:{house.serving.address[1]}"
        house.data.rows("UPDATE point_of_sale SET public_url = {}, host = {}", f"http://{own}", own)
        self.assertTrue(any(line.startswith("ok     address ") and line.endswith("It leads to this office.") for line in examine("--mail", house.mail, status=0)))
        lines = examine(status=1)
        self.assertEqual([line for line in lines if line.startswith("to do")], ["to do  mail       say where mails go: in the office's settings, or --mail smtp://USER:PASS@HOST:PORT"])
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        (line,) = [line for line in examine("--mail", f"smtp://127.0.0.1:{port}?timeout=2", status=1) if line.startswith("to do")]
        self.assertTrue(line.startswith("to do  mail "), line)
        house.data.rows("UPDATE point_of_sale SET state = 'closed'")
        self.assertTrue(any(line.startswith("to do  shop ") and "parterre init" in line for line in examine("--mail", house.mail, status=1)))

    def test_audit_recounts_a_line_each(self):
        out, _ = self.house().run("audit")
        words = [line.split()[:2] for line in out.splitlines()]
        self.assertIn(["ok", "places"], words)
        self.assertIn(["ok", "money"], words)
        self.assertEqual({line[0] for line in words}, {"ok"})

    def test_doctor_on_nothing_changes_nothing(self):
        out, _ = run("doctor", "--database", self.data.url, "--secret-dir", self.keys, "--mail", f"dir:{self.folder}", status=1)
        self.assertRegex(out, r"(?m)^to do  database ")
        self.assertRegex(out, r"(?m)^to do  keys ")
        self.assertFalse(os.path.exists(self.keys))


class Demonstration(CommandTest):
    def demo(self):
        serving = Serving(["demo", "--unsold", "--database", self.data.url, "--listen", "127.0.0.1:0", "--secret-dir", self.keys], self.folder + "/log")
        self.serving.append(serving)
        return serving

    def test_prints_what_one_needs_and_one_signs_in_with_it(self):
        serving = self.demo()
        url = serving.said("listening on ")
        self.assertEqual(serving.said("shop "), url + "/")
        self.assertEqual(serving.said("mailbox "), url + "/mailbox")
        email, password = serving.said("sign-in shop ").split(" ", 1)
        self.assertEqual(serving.lines[-1], "ready")
        buyer = self.browser(serving)
        self.assertEqual(buyer.follow(buyer.sign_in(email, password)).status, 200)
        buyer = self.browser(serving)
        buyer.forgot(email)
        mail = Mailbox(self.folder + "/mail").next(email)
        self.assertTrue(mail.link.startswith(url + "/reset-password?token="))
        until(lambda: mail.subject in buyer.get("/mailbox").words, "in the mailbox")
        buyer.open(mail.link)
        self.assertEqual(buyer.set_password(OTHER_PASSWORD).status, 303)

    def test_serves_what_is_there_at_the_next_start_at_its_new_address(self):
        first = self.demo()
        email, _ = first.said("sign-in shop ").split(" ", 1)
        buyer = self.browser(first)
        buyer.forgot(email)
        mailbox = Mailbox(self.folder + "/mail")
        buyer.open(mailbox.next(email).link)
        self.assertEqual(buyer.set_password(OTHER_PASSWORD).status, 303)
        first.stop()
        second = self.demo()
        self.assertNotEqual(second.address, first.address)
        buyer = self.browser(second)
        self.assertEqual(buyer.sign_in(email, OTHER_PASSWORD).status, 303)
        self.assertEqual(self.data.count("SELECT count(*) FROM institution"), 1)

    @staticmethod
    def browser(serving):
        class Demo:
            address, url = serving.address, serving.said("listening on ")
        return Browser(Demo, network="127.0.0.1")


if __name__ == "__main__":
    unittest.main()

"""A house to test from outside: the program on a database and a folder of its own, browsers that come to it, its mails. Shared by the shop_*.py suites.

The shop's public URL is https://tickets.example.org, as behind a proxy: browsers here speak plain HTTP to the program and send that Host. Each browser comes from
a network of its own (127.0.0.0/8 has many), so that limits are met only where a test means to.
"""
import base64
import concurrent.futures
import contextlib
import email
import email.errors
import email.header
import email.policy
import email.utils
import glob
import html
import html.parser
import http.client
import itertools
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest
import urllib.parse

BINARY = os.environ.get("PARTERRE_BINARY", os.path.abspath("build/asan/parterre"))
DATABASE = os.environ.get("PARTERRE_TEST_DATABASE", "sqlite")
IS_SQLITE = DATABASE == "sqlite"
URL = "https://tickets.example.org"
NAME = "Théâtre du Lac"
PATIENCE = 20  # seconds for what should take milliseconds; sanitizers on a busy machine are slow
GLANCE = 0.02  # between two looks at something that is about to change
MICROSECONDS = 1_000_000
HOUR = 3600 * MICROSECONDS
PASSWORD = "copper meadow 17 umbrella"
OTHER_PASSWORD = "violet harbour 92 trombone"
THIRD_PASSWORD = "seven quiet lamps & a boat"

numbers = itertools.count(1)


def until(is_so, what, seconds=PATIENCE):
    """Looks until IS_SO() gives something true, which is the result."""
    end = time.monotonic() + seconds
    while not (found := is_so()):
        if time.monotonic() > end:
            raise AssertionError(f"within {seconds} s not {what() if callable(what) else what}")
        time.sleep(GLANCE)
    return found


# ---- pages ----

class Reader(html.parser.HTMLParser):
    """Forms, links, messages and the text of a page, as a browser without CSS and scripts knows them."""

    VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.forms, self.links, self.said, self.titles, self.headings = [], [], {"status": [], "alert": []}, [], []
        self.texts, self.errors, self.elements, self.open, self.form, self.select = [], {}, [], [], None, None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        self.elements.append((tag, a))
        if tag == "form":
            self.form = {"action": a.get("action", ""), "method": a.get("method", "get"), "fields": {}, "inputs": {}}
            self.forms.append(self.form)
        if tag == "a" and "href" in a:
            self.links.append(a["href"])
        if tag in ("input", "select") and self.form is not None and "name" in a:
            self.form["fields"][a["name"]] = a.get("value") or ""
            self.form["inputs"][a["name"]] = a
            self.select = a["name"] if tag == "select" else None
        if tag == "option" and self.select and "selected" in a:
            self.form["fields"][self.select] = a.get("value") or ""
        if tag not in self.VOID:
            self.open.append((tag, a, []))

    def handle_data(self, data):
        self.texts.append(data)
        for _, _, inside in self.open:
            inside.append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        while self.open:
            name, a, inside = self.open.pop()
            text = " ".join("".join(inside).split())
            if a.get("role") in self.said and text:
                self.said[a["role"]].append(text)
            if name == "title":
                self.titles.append(text)
            if name == "h1":
                self.headings.append(text)
            if (a.get("id") or "").endswith("-error"):
                self.errors[a["id"][:-len("-error")]] = text
            if name == tag:
                return


class Page:
    """An answer, and what a browser makes of it."""

    def __init__(self, url, status, headers, body):
        self.url, self.status, self.headers, self.body = url, status, headers, body
        self.text = "" if (self.header("Content-Type") or "").startswith(("image/", "application/vnd.", "application/pdf")) else body.decode("utf-8")
        self.reader = Reader(self.text) if "html" in (self.header("Content-Type") or "") else None

    def header(self, name):
        values = self.all(name)
        return values[0] if len(values) == 1 else None

    def all(self, name):
        return [v for n, v in self.headers if n.lower() == name.lower()]

    @property
    def path(self):
        parts = urllib.parse.urlsplit(self.url)
        return parts.path + ("?" + parts.query if parts.query else "")

    @property
    def location(self):
        return self.header("Location")

    @property
    def done(self):
        return " ".join(self.reader.said["status"])

    @property
    def alert(self):
        return " ".join(self.reader.said["alert"])

    @property
    def words(self):
        """All text of the page, blanks made single."""
        return " ".join(" ".join(self.reader.texts).split())

    @property
    def title(self):
        return self.reader.titles[0]

    @property
    def heading(self):
        return self.reader.headings[0] if self.reader.headings else ""

    @property
    def errors(self):
        """Field → message."""
        return self.reader.errors

    def form(self, action):
        for f in self.reader.forms:
            if f["action"].split("?")[0] == action:
                return f
        raise AssertionError(f"{self.url} ({self.status}) has no form to {action}: {self.words[:600]}")

    def has_form(self, action):
        return any(f["action"].split("?")[0] == action for f in self.reader.forms)

    def bare(self):
        """Status, headers and body without what is random by design: tokens, ids, the date, values of cookies."""
        cookie = lambda v: re.sub(r"^([^=]+)=([^;]*)", lambda m: f"{m[1]}={len(m[2])} characters", v)
        headers = sorted((n.lower(), cookie(v) if n.lower() == "set-cookie" else v) for n, v in self.headers if n.lower() not in ("date", "x-request-id"))
        body = re.sub(r'name="(csrf|link)" value="[^"]{22,}"', r'name="\1" value="…"', self.text)
        request_id = self.header("X-Request-Id")
        return self.status, headers, body.replace(request_id, "…") if request_id else body


class Browser:
    """Cookies by host and path, one network, forms as a person fills them in."""

    def __init__(self, house, language=None, agent="Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", network=None, address=None, url=None):
        n = next(numbers)
        self.house, self.language, self.agent = house, language, agent
        self.address = address  # of another process of the same shop; None: the house's own
        self.url = url or house.url
        self.host = urllib.parse.urlsplit(self.url).netloc
        self.network = network or f"127.{1 + n // 62500}.{n // 250 % 250}.{1 + n % 250}"
        self.jar = {}
        self.page = None

    def cookies(self, path="/"):
        return {name: value for (name, at), value in self.jar.items() if path == at or path.startswith(at.rstrip("/") + "/") or at == "/"}

    def cookie(self, part):
        """The value of the one cookie with PART in its name, or None."""
        found = [v for (name, _), v in self.jar.items() if part in name]
        assert len(found) < 2, found
        return found[0] if found else None

    def forget(self, part):
        self.jar = {k: v for k, v in self.jar.items() if part not in k[0]}

    def keep(self, page):
        for line in page.all("Set-Cookie"):
            first, *rest = line.split("; ")
            name, value = first.split("=", 1)
            attributes = dict((a.split("=", 1) + [""])[:2] for a in rest)
            key = (name, attributes.get("Path", "/"))
            if attributes.get("Max-Age") == "0":
                self.jar.pop(key, None)
            else:
                self.jar[key] = value

    def request(self, method, path, body=None, headers=(), host=None, is_kept=True):
        """One request as it is; cookies go along, and come back into the jar unless IS_KEPT is false."""
        connection = http.client.HTTPConnection(*(self.address or self.house.address), timeout=60, source_address=(self.network, 0))
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", self.host if host is None else host)
            connection.putheader("User-Agent", self.agent)
            if self.language:
                connection.putheader("Accept-Language", self.language)
            cookies = self.cookies(urllib.parse.urlsplit(path).path)
            if cookies:
                connection.putheader("Cookie", "; ".join(f"{n}={v}" for n, v in cookies.items()))
            for name, value in headers:
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            page = Page(self.url + path, answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()
        if is_kept:
            self.keep(page)
            self.page = page
        return page

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, fields, origin=True, headers=(), **more):
        """FIELDS: a dict, pairs, or bytes as they are."""
        body = fields if isinstance(fields, bytes) else urllib.parse.urlencode(fields).encode()
        headers = [("Content-Type", "application/x-www-form-urlencoded"), *headers]
        if origin is True:
            origin = self.url
        if origin:
            headers.append(("Origin", origin))
        return self.request("POST", path, body, headers, **more)

    def open(self, url):
        """What is typed or clicked: a whole address of this shop, or a path; follows to where it leads."""
        if url.startswith("http"):
            assert url.startswith(self.url + "/"), f"{url} is not of {self.url}"
            url = url[len(self.url):]
        return self.follow(self.get(url))

    def follow(self, page):
        for _ in range(5):
            if page.status != 303:
                return page
            to = page.location
            assert to.startswith("/") or to.startswith(self.url + "/"), f"leads away: {to}"
            page = self.get(to.removeprefix(self.url))
        raise AssertionError("goes in circles: " + page.location)

    def fill(self, action, page=None, **fields):
        """The fields of the page's form to ACTION, filled in: a list of pairs and where they go."""
        form = (page or self.page).form(action)
        for name in fields:
            assert name in form["fields"], f"the form has no field {name}: {sorted(form['fields'])}"
        return form["action"], list({**form["fields"], **fields}.items())

    def send(self, action, page=None, **fields):
        """Fills in the present page's form to ACTION and sends it; the answer itself, not where it leads."""
        where, pairs = self.fill(action, page, **fields)
        return self.post(where, pairs)

    # what people do here

    def register(self, address, password=PASSWORD, first="Jeanne", last="Rochat", query=""):
        self.open("/register" + query)
        return self.follow(self.send("/register", first_name=first, last_name=last, email=address, password=password, password_again=password))

    def sign_in(self, address, password=PASSWORD, query=""):
        """The answer itself: 303 when it worked."""
        self.get("/signin" + query)
        return self.send("/signin", email=address, password=password)

    def forgot(self, address, query=""):
        self.open("/forgot-password" + query)
        return self.follow(self.send("/forgot-password", email=address))

    def set_password(self, password, again=None):
        return self.send("/reset-password", password=password, password_again=password if again is None else again)

    def is_signed_in(self):
        return self.get("/account", is_kept=False).status == 200


# ---- mails ----

class Mail:
    """A mail as another program's parser reads it. Making one checks what holds for every mail of the house."""

    def __init__(self, data):
        self.data = data
        self.message = m = self.parsed(data)
        check = unittest.TestCase()
        check.maxDiff = None
        check.assertNotRegex(data, rb"\r(?!\n)|(?<!\r)\n|\0", "lines end in CRLF")
        check.assertLessEqual(max(len(line) for line in data.split(b"\r\n")), 998)
        for part in m.walk():
            check.assertEqual(part.defects, [])
            for name, value in part.items():
                defects = [d for d in value.defects if not isinstance(d, email.errors.NonASCIILocalPartDefect)]  # RFC 6532 allows it
                check.assertEqual(defects, [], f"{name}: {value}")
        for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Language"):
            check.assertEqual(len(m.get_all(name, [])), 1, name)
        for name in ("Cc", "Bcc", "Reply-To"):
            check.assertLessEqual(len(m.get_all(name, [])), 1 if name == "Reply-To" else 0, name)
        check.assertEqual(len(m["To"].addresses), 1)
        check.assertEqual(m["Auto-Submitted"], "auto-generated")
        check.assertEqual(m["X-Auto-Response-Suppress"], "All")
        check.assertIn(m["Content-Language"], ("en", "fr", "de", "it"))
        check.assertRegex(m["Message-ID"], r"^<[^<>@\s]+@[^<>@\s]+>$")
        check.assertTrue(m["Subject"].strip())
        self.to = str(m["To"].addresses[0].addr_spec)
        self.to_name = self.name_in(data) if data.split(b"\r\n\r\n", 1)[0].isascii() else m["To"].addresses[0].display_name
        self.sender = m["From"].addresses[0]
        self.subject, self.language, self.id = str(m["Subject"]), m["Content-Language"], m["Message-ID"]
        self.text = m.get_body(("plain",)).get_content()
        self.html = m.get_body(("html",)).get_content()
        self.words = " ".join(" ".join(Reader(self.html).texts).split())
        in_text = re.findall(r"https?://\S+\?token=\S*", self.text)
        in_html = [a for a in Reader(self.html).links if "?token=" in a]
        check.assertEqual(set(in_text), set(in_html), "text and HTML hold the same link")
        check.assertLessEqual(len(set(in_text)), 1)
        for tag, a in Reader(self.html).elements:
            check.assertNotIn(tag, ("script", "link", "iframe", "object", "embed", "form", "base"))
            for name in ("src", "background", "srcset", "poster"):
                check.assertRegex(a.get(name) or "cid:", "^(cid|data):", f"{tag} {name}: nothing is fetched from elsewhere")
            check.assertNotIn("url(", a.get("style") or "")
        check.assertNotIn("@import", self.html)
        self.link = in_text[0] if in_text else None
        if self.link:
            check.assertRegex(self.text, rf"(?m)^{re.escape(self.link)}\s*$", "alone on its line")
            check.assertLess(len(self.link), 200)
            check.assertRegex(self.link[-1], "[A-Za-z0-9]")
            check.assertNotIn(self.token, str(m["Subject"]))

    @staticmethod
    def parsed(data):
        head = data.split(b"\r\n\r\n", 1)[0]
        if head.isascii():
            return email.message_from_bytes(data, policy=email.policy.default)
        return email.message_from_string(data.decode("utf-8"), policy=email.policy.SMTPUTF8)  # RFC 6532: addresses of other scripts

    @staticmethod
    def name_in(data):
        """The recipient's name, by the older parser: the newer one puts blanks between the parts of a long name (python/cpython#79728)."""
        name, _ = email.utils.parseaddr(email.message_from_bytes(data)["To"])
        return str(email.header.make_header(email.header.decode_header(name)))

    @property
    def token(self):
        return self.link.split("?token=", 1)[1]


class Mailbox:
    def __init__(self, folder, pattern="*.eml"):
        self.folder, self.pattern, self.read, self.taken = folder, pattern, {}, set()

    def all(self):
        for name in sorted(glob.glob(os.path.join(self.folder, self.pattern))):
            if name not in self.read:
                with open(name, "rb") as f:
                    data = f.read()
                self.read[name] = (os.stat(name).st_mtime_ns, name, Mail(self.unwrap(data)))
        return [mail for _, _, mail in sorted(self.read.values(), key=lambda r: r[:2])]

    @staticmethod
    def unwrap(data):
        return data

    def to(self, address):
        return [m for m in self.all() if m.to == address]

    def next(self, address):
        """The next mail to ADDRESS that was not taken yet; waits for it."""
        mail = until(lambda: next((m for m in self.to(address) if id(m) not in self.taken), None), f"a mail to {address}")
        self.taken.add(id(mail))
        return mail


# ---- links ----

def link_id(token):
    """version (1) · key id (4) · purpose (1) · link id (16) · signature (64)"""
    return link_bytes(token)[6:22]


def link_bytes(token):
    return base64.urlsafe_b64decode(token + "=")


def link_text(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


# ---- data ----

class Data:
    """The house's database, looked at and changed past the program."""

    def __init__(self, folder):
        if IS_SQLITE:
            self.path = os.path.join(folder, "house.db")
            self.url = f"sqlite:{self.path}"
        else:
            parts = urllib.parse.urlsplit(DATABASE)
            name = f"{parts.path[1:]}_{os.getpid()}_{next(numbers)}"
            psql(DATABASE, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
            self.url = urllib.parse.urlunsplit(parts._replace(path="/" + name))

    @staticmethod
    def quoted(value):
        if value is None:
            return "NULL"
        if isinstance(value, bytes):
            return f"X'{value.hex()}'" if IS_SQLITE else f"'\\x{value.hex()}'::bytea"
        if isinstance(value, int):
            return str(value)
        return "'" + value.replace("'", "''") + "'"

    def rows(self, sql, *values):
        """Rows of text (bytes in hexadecimal, None for NULL); {} in SQL stands for a value."""
        sql = sql.format(*map(self.quoted, values))
        if not IS_SQLITE:
            return psql(self.url, sql)
        with contextlib.closing(sqlite3.connect(self.path, timeout=PATIENCE, isolation_level=None)) as db:
            shown = lambda v: None if v is None else v.hex() if isinstance(v, bytes) else str(v)
            return [tuple(map(shown, row)) for row in db.execute(sql).fetchall()]

    def one(self, sql, *values):
        (value,), = self.rows(sql, *values)
        return value

    def count(self, sql, *values):
        return int(self.one(sql, *values))


def psql(url, sql):
    got = subprocess.run(["psql", "-qXAt", "-F", "\x1f", "-R", "\x1e", "-P", "null=\x1d", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql],
                         stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if got.returncode:
        raise RuntimeError(f"{sql}: {got.stderr}")
    text = got.stdout.removesuffix("\n")
    shown = lambda v: None if v == "\x1d" else v[2:] if v.startswith("\\x") else v
    return [tuple(map(shown, row.split("\x1f"))) for row in text.split("\x1e")] if text else []


# ---- the house ----

class Serving:
    """A running process. Stopping it checks that it ends well and that no sanitizer spoke."""

    def __init__(self, arguments, log, environment=None):
        self.log_name = log
        with open(log, "ab") as f:
            self.process = subprocess.Popen([BINARY, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=f, text=True,
                                            env={**os.environ, **(environment or {})})
        self.lines = []
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if line == "ready\n":
                break
        else:
            self.process.wait()
            self.process.stdout.close()
            raise AssertionError(f"parterre {' '.join(arguments)} did not start: {self.log()}")
        self.address = self.address_of(self.said("listening on "))

    @staticmethod
    def address_of(url):
        host, port = url.split("//")[1].rsplit(":", 1)
        return host, int(port)

    def said(self, begin):
        return next(line[len(begin):] for line in self.lines if line.startswith(begin))

    def log(self):
        with open(self.log_name, encoding="utf-8", errors="replace") as f:
            return f.read()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = "did not end"
        self.process.stdout.close()
        log = self.log()
        for mark in ("Sanitizer", "runtime error:"):
            assert mark not in log, log[-20000:]
        assert status == 0, f"exit status {status}: {log[-5000:]}"

    def kill(self):
        """As a cut of the power does."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class House:
    def __init__(self, mail=None, options=(), url=URL, languages="en,fr,de,it"):
        self.folder = tempfile.mkdtemp()
        self.data = Data(self.folder)
        self.url, self.host = url, urllib.parse.urlsplit(url).netloc
        self.mail_folder = os.path.join(self.folder, "mail")
        self.mail = mail or f"dir:{self.mail_folder}"
        self.mailbox = Mailbox(self.mail_folder)
        self.keys = os.path.join(self.folder, "keys")
        self.options = list(options)
        self.log_name = os.path.join(self.folder, "log")
        self.hash = None
        self.serving = None
        self.run("init", "--institution", NAME, "--public-url", url + "/", "--languages", languages, "--sender", "tickets@example.org")

    def run(self, *arguments, status=0, environment=None, has_database=True):
        """Another command on this database: stdout, stderr."""
        words = [*arguments, *(["--database", self.data.url] if has_database else [])]
        done = subprocess.run([BINARY, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                              env={**os.environ, **(environment or {})})
        assert done.returncode == status, f"parterre {' '.join(words)}: {done.returncode}, {done.stdout}{done.stderr}"
        return done.stdout, done.stderr

    def serve_words(self):
        return ["serve", "--database", self.data.url, "--listen", "127.0.0.1:0", "--mail", self.mail, "--secret-dir", self.keys, *self.options]

    def start(self):
        self.serving = Serving(self.serve_words(), self.log_name)
        return self

    def another(self):
        """Another process on the same data and keys."""
        return Serving(self.serve_words(), self.log_name + str(next(numbers)))

    @property
    def address(self):
        return self.serving.address

    def log(self):
        return self.serving.log()

    def stop(self):
        if self.serving:
            serving, self.serving = self.serving, None
            serving.stop()

    def close(self):
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def browser(self, **more):
        return Browser(self, **more)

    # states that take days, or an office, to come about

    def account(self, address, state="active", language="en", first="Jeanne", last="Rochat", key=None):
        """An internet account with PASSWORD (none when invited); its id."""
        if not self.hash:
            self.hash = self.first_hash()
        shop = "(SELECT min(id) FROM institution)"
        n = 10_000_000 + next(numbers)
        contact = self.data.one(
            f"INSERT INTO contact (institution, number, kind, salutation, first_name, last_name, name_key, language, phone, street, house_number, postcode, town,"
            f" country, made_at) VALUES ({shop}, {{}}, 'individual', '', {{}}, {{}}, {{}}, {{}}, '', '', '', '', '', 'CH', 1) RETURNING id",
            n, first, last, f"{last} {first}".lower(), language)
        return int(self.data.one(
            f"INSERT INTO internet_account (institution, contact, email, email_key, state, state_reason, password_hash, language, made_at, recovery_at)"
            f" VALUES ({shop}, {contact}, {{}}, {{}}, {{}}, '', {{}}, {{}}, {{}}, 0) RETURNING id",
            address, key or address.lower(), state, None if state == "invited" else self.hash, language, int(time.time() * MICROSECONDS)))

    def first_hash(self):
        """The stored hash of PASSWORD, made by the program itself."""
        address = f"first{next(numbers)}@example.org"
        self.browser().register(address)
        self.mailbox.next(address)
        return self.data.one("SELECT password_hash FROM internet_account WHERE email = {}", address)

    def person(self, **more):
        """An active account and a browser of its owner's."""
        address = f"person{next(numbers):05}@example.org"
        self.account(address, **more)
        return address, self.browser()

    def link(self, address, browser=None):
        """Asks for a recovery mail and takes it."""
        (browser or self.browser()).forgot(address)
        return self.mailbox.next(address)

    def pass_time(self, address, microseconds=61 * MICROSECONDS):
        """For the limits of ADDRESS so much time passes."""
        account = self.data.one("SELECT id FROM internet_account WHERE email = {} AND state <> 'closed'", address)
        self.data.rows("UPDATE internet_account SET recovery_at = recovery_at - {} WHERE id = {}", microseconds, int(account))
        self.data.rows("UPDATE account_event SET at = at - {} WHERE account = {}", microseconds, int(account))

    def settle(self):
        """Waits until everything asked for is decided, and every mail that can leave has left."""
        until(lambda: self.data.count("SELECT (SELECT count(*) FROM recovery_request) + (SELECT count(*) FROM registration_request)"
                                      " + (SELECT count(*) FROM outbox_message WHERE state IN ('waiting', 'sending'))") == 0, "at rest")

    def link_state(self, token):
        return self.data.one("SELECT state FROM recovery_link WHERE link_id = {}", link_id(token))


class HouseTest(unittest.TestCase):
    """A suite's house, served for all its tests; each test has addresses of its own."""

    maxDiff = None
    options = ()

    @classmethod
    def setUpClass(cls):
        cls.house = House(options=cls.options)
        cls.addClassCleanup(cls.house.close)
        cls.prepare()
        cls.house.start()

    @classmethod
    def prepare(cls):
        """What has to be there before the house opens."""

    def browser(self, **more):
        return self.house.browser(**more)

    def new_address(self, begin="buyer"):
        return f"{begin}{next(numbers):05}@example.org"  # all of one length: pages that show them are compared

    def assert_signs_in(self, address, password):
        self.assertEqual(self.browser().sign_in(address, password).status, 303, f"{address} signs in with this password")

    def assert_not_signs_in(self, address, password):
        self.assertEqual(self.browser().sign_in(address, password).status, 422, f"{address} does not sign in with this password")


def at_once(work, items):
    """WORK(item) for all at the same time; their results in order."""
    with concurrent.futures.ThreadPoolExecutor(max_workers=len(items)) as pool:
        return list(pool.map(work, items))

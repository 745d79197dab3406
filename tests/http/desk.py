"""An operator's browser, and Word templates as somebody changes them in Word: shared by the office_*.py suites."""
import base64
import hmac
import io
import os
import re
import struct
import time
import urllib.parse
import zipfile

from house import PASSWORD, Browser, numbers

BOUNDARY = "----desk"
TEMPLATES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "templates", "documents")


def add_operator(house, profile, organisation=None, language="en", name="Olivier Favre"):
    """An active operator with PASSWORD; the address."""
    house.hash = house.hash or house.first_hash()
    address = f"operator{next(numbers):05}@example.org"
    person = house.data.one(
        "INSERT INTO operator (institution, name, email, email_key, language, state, password_hash, made_at, mailed_at, version, factor_is_on, factor_step)"
        " VALUES ((SELECT min(id) FROM institution), {}, {}, {}, {}, 'active', {}, 1, 0, 1, FALSE, 0) RETURNING id", name, address, address, language, house.hash)
    house.data.rows("INSERT INTO operator_profile (operator, profile, organisation) VALUES ({}, {}, {})", int(person), profile, organisation)
    return address


def totp(secret, steps=0):
    """The code of RFC 6238 for now, or some steps of 30 seconds away."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30 + steps), "sha1").digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 1_000_000:06}"


class Desk(Browser):
    """Signed in to the office with PROFILE. Paths are the office's own: "/contacts" is /office/contacts."""

    def __init__(self, house, profile="manager", organisation=None, language="en", password=PASSWORD, **more):
        super().__init__(house, **more)
        self.email = add_operator(house, profile, organisation, language)
        self.get("/signin")
        answer = self.send("/signin", email=self.email, password=password)
        assert answer.status == 303, (answer.status, answer.words)
        if profile == "administrator" and not organisation:
            self.secret, self.codes = self.set_up_factor()

    def set_up_factor(self):
        """As the house demands of administrators; the secret, and the recovery codes."""
        self.get("/me/second-factor")
        self.follow(self.send("/me/second-factor/begin"))
        secret = re.search(r"<code>([A-Z2-7 ]+)</code>", self.page.text)[1].replace(" ", "")
        answer = self.send("/me/second-factor", code=totp(secret))
        assert answer.status == 200, (answer.status, answer.words)
        return secret, re.findall(r"<code>([A-Z2-7 ]+)</code>", answer.text)

    @staticmethod
    def whole(path):
        return path if path.startswith("/office") else "/office" + path

    def request(self, method, path, *rest, **more):
        return super().request(method, self.whole(path), *rest, **more)

    def fill(self, action, page=None, **fields):
        return super().fill(self.whole(action), page, **fields)

    def send_file(self, action, field, name, data, page=None, to=None, **fields):
        """Fills in the page's form to ACTION, with a file; TO: and sends it elsewhere."""
        where, pairs = self.fill(action, page, **fields)
        body = io.BytesIO()
        for key, value in pairs:
            if key != field:
                body.write(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode())
        body.write(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode())
        body.write(data + f"\r\n--{BOUNDARY}--\r\n".encode())
        return self.request("POST", urllib.parse.urlsplit(to or where).path, body.getvalue(),
                            [("Content-Type", f"multipart/form-data; boundary={BOUNDARY}"), ("Origin", self.url)])


def shipped(name):
    with open(os.path.join(TEMPLATES, name), "rb") as f:
        return f.read()


def rewritten(data, *changes):
    """A .docx whose text is changed: each of CHANGES is (what stood there, what stands there now)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            if part == "word/document.xml":
                text = content.decode()
                for before, after in changes:
                    assert before in text, f"{before} is not in the template"
                    text = text.replace(before, after)
                content = text.encode()
            new.writestr(part, content)
    return out.getvalue()

#!/usr/bin/env python3
"""Our mails as another MIME parser reads them: Python's email package. tests/programs/mime_sample.c makes them."""
import email
import email.header
import email.policy
import email.utils
import json
import os
import pathlib
import subprocess
import unittest

SAMPLE = pathlib.Path(os.environ.get("PARTERRE_BINARY", "build/asan/parterre")).resolve().parent / "tests" / "mime_sample"

LINK = "https://tickets.example.org/reset-password?token=" + "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_" * 3 + "A"
PNG = bytes(range(256)) * 40

USUAL = {
    "from_name": "Théâtre du Lac", "from": "tickets@example.org", "to_name": "Jeanne Müller", "to": "jeanne@example.org",
    "subject": "Réinitialisez votre mot de passe", "language": "fr", "message_id": "0123456789abcdef@example.org",
    "date": 1795507200_000000,  # 24 November 2026, 08:00 UTC
    "text": f"Bonjour Jeanne,\n\n{LINK}\n\nà bientôt  \n.\nFrom here on\n",
    "html": f'<p>Bonjour Jeanne,</p><p><a href="{LINK}">Nouveau mot de passe</a> = ‹é›</p>\n',
}


def run(**changes):
    done = subprocess.run([SAMPLE], input=json.dumps(USUAL | changes).encode(), stdout=subprocess.PIPE)
    return done.returncode, done.stdout


def message(**changes):
    status, raw = run(**changes)
    assert status == 0, raw
    return raw, email.message_from_bytes(raw, policy=email.policy.SMTP)


def content(part):
    """Bytes as they arrive, without the parser's own idea of line ends."""
    return part.get_payload(decode=True).decode().replace("\r\n", "\n")


def display_name(raw, header):
    """By Python's older parser: the newer one, in 3.11, puts a blank between the encoded words of a long name."""
    ((name, _),) = email.utils.getaddresses([email.message_from_bytes(raw)[header]])
    return str(email.header.make_header(email.header.decode_header(name)))


class Mime(unittest.TestCase):
    def assertWellFormed(self, raw, parsed):
        for part in parsed.walk():
            self.assertEqual(part.defects, [])
            for name, value in part.items():
                self.assertEqual(list(value.defects), [], f"{name}: {value!r}")
        for line in raw.split(b"\r\n"):
            self.assertNotIn(b"\n", line)
            self.assertNotIn(b"\r", line)
            self.assertLessEqual(len(line), 998)
            self.assertTrue(line.isascii())

    def test_headers_are_those_of_a_mail_from_a_machine(self):
        raw, m = message()
        self.assertWellFormed(raw, m)
        self.assertEqual(m["From"].addresses[0].display_name, "Théâtre du Lac")
        self.assertEqual(m["From"].addresses[0].addr_spec, "tickets@example.org")
        self.assertEqual([(a.display_name, a.addr_spec) for a in m["To"].addresses], [("Jeanne Müller", "jeanne@example.org")])
        self.assertEqual(m["Subject"], "Réinitialisez votre mot de passe")
        self.assertEqual(m["Message-ID"], "<0123456789abcdef@example.org>")
        self.assertEqual(m["Date"], "Tue, 24 Nov 2026 08:00:00 +0000")
        self.assertEqual(m["Content-Language"], "fr")
        self.assertEqual(m["Auto-Submitted"], "auto-generated")
        self.assertEqual(m["X-Auto-Response-Suppress"], "All")
        self.assertEqual(m["MIME-Version"], "1.0")
        for absent in ("References", "In-Reply-To", "Sender", "Reply-To", "Cc", "Bcc"):
            self.assertIsNone(m[absent])
        for name in m.keys():
            self.assertEqual(len(m.get_all(name)), 1, name)

    def test_text_and_html_hold_the_same_link_and_the_same_bytes_as_given(self):
        raw, m = message()
        self.assertEqual(m.get_content_type(), "multipart/alternative")
        text, html = m.get_payload()
        self.assertEqual((text.get_content_type(), html.get_content_type()), ("text/plain", "text/html"))
        for part in (text, html):
            self.assertEqual(part.get_content_charset(), "utf-8")
            self.assertEqual(part["Content-Transfer-Encoding"], "quoted-printable")
        self.assertEqual(content(text), USUAL["text"])
        self.assertEqual(content(html), USUAL["html"])
        self.assertIn(LINK, content(text).split("\n"))
        self.assertIn(f'href="{LINK}"', content(html))

    def test_pictures_stand_beside_the_html_that_shows_them(self):
        raw, m = message(images=[{"cid": "logo@parterre", "type": "image/png", "hex": PNG.hex()}])
        self.assertWellFormed(raw, m)
        text, related = m.get_payload()
        self.assertEqual(related.get_content_type(), "multipart/related")
        self.assertEqual(related.get_param("type"), "text/html")
        html, image = related.get_payload()
        self.assertEqual(html.get_content_type(), "text/html")
        self.assertEqual(image["Content-ID"], "<logo@parterre>")
        self.assertEqual(image.get_content_disposition(), "inline")
        self.assertEqual(image.get_content_type(), "image/png")
        self.assertEqual(image.get_payload(decode=True), PNG)

    def test_a_mail_of_text_alone_is_one_part(self):
        raw, m = message(html="")
        self.assertWellFormed(raw, m)
        self.assertEqual(m.get_content_type(), "text/plain")
        self.assertEqual(content(m), USUAL["text"])

    def test_the_same_mail_is_the_same_bytes(self):
        picture = [{"cid": "a", "type": "image/png", "hex": PNG.hex()}]
        self.assertEqual(run(images=picture), run(images=picture))
        self.assertNotEqual(run(), run(message_id="other@example.org"))

    def test_a_text_cannot_end_its_part(self):
        boundary = message()[1].get_boundary()
        hostile = f"before\n--{boundary}\nContent-Type: text/html\n\n<b>x</b>\n--{boundary}--\nafter\n"
        raw, m = message(text=hostile)
        self.assertWellFormed(raw, m)
        self.assertEqual(len(m.get_payload()), 2)
        self.assertEqual(content(m.get_payload()[0]), hostile)

    def test_any_line_length_and_line_end_arrives(self):
        for text in ("x" * 5000 + "\n", "é" * 3000 + "\n", "a\n" * 500, " \n\t\n", "=\n==\n", "end  "):
            raw, m = message(text=text)
            self.assertWellFormed(raw, m)
            self.assertEqual(content(m.get_payload()[0]), text if text.endswith("\n") else text + "\n")
        _, m = message(text="a\r\nb\rc\nd")
        self.assertEqual(content(m.get_payload()[0]), "a\nb\nc\nd\n")

    def test_hostile_names_stay_in_their_place(self):
        for typed, shown in {
            "a\r\nBcc: all@x.org": "a  Bcc: all@x.org",
            "a\nb\rc\td\0e\x85f\u2028g": "a b c d e f g",
            "=?utf-8?Q?boss?=": "=?utf-8?Q?boss?=",
            "=?utf-8?B?Ym9zcw==?= =?utf-8?Q?x?=": "=?utf-8?B?Ym9zcw==?= =?utf-8?Q?x?=",
            'Jean "Le Roi" \\ <boss@x.org>, b@x.org': 'Jean "Le Roi" \\ <boss@x.org>, b@x.org',
            "<boss@x.org>": "<boss@x.org>",
            "(comment) ; : @": "(comment) ; : @",
            "\u202egro.x@ssob\u202c \u200fx\u2066y\u2069": "gro.x@ssob xy",
            "🎭 Zoë 👩‍👩‍👧 שלום": "🎭 Zoë 👩‍👩‍👧 שלום",
            "x" * 200: "x" * 200,
            "é" * 200: "é" * 200,
            "🎭" * 256: "🎭" * 256,
            "y" * 300: "y" * 256,
            "word " * 40: ("word " * 40).strip(),
            "a\0b": "a b",
            "": "",
        }.items():
            for role, header in (("to_name", "To"), ("from_name", "From")):
                raw, m = message(**{role: typed})
                self.assertWellFormed(raw, m)
                (one,) = m[header].addresses
                self.assertEqual(display_name(raw, header), shown)
                self.assertEqual(one.addr_spec, USUAL[header.lower()])
                self.assertIsNone(m["Bcc"])
            raw, m = message(subject=typed or "-")
            self.assertWellFormed(raw, m)
            self.assertEqual(m["Subject"], shown or "-")
            self.assertIsNone(m["Bcc"])

    def test_header_lines_are_short(self):
        raw, _ = message(subject="é" * 200, to_name="ü" * 200, sender="s@x.org", sender_name="ö" * 99, reply_to="r@x.org", reply_to_name="ä" * 99)
        for line in raw.split(b"\r\n\r\n")[0].split(b"\r\n"):
            self.assertLessEqual(len(line), 78)

    def test_sender_and_reply_to_are_written_when_given(self):
        raw, m = message(sender="bounce@example.org", reply_to="box.office@example.org", reply_to_name="Caisse")
        self.assertWellFormed(raw, m)
        self.assertEqual(m["Sender"].address.addr_spec, "bounce@example.org")
        self.assertEqual(m["Reply-To"].addresses[0].display_name, "Caisse")
        self.assertEqual(m["Reply-To"].addresses[0].addr_spec, "box.office@example.org")

    def test_extra_headers_cannot_inject(self):
        raw, m = message(extra="autumn\r\nBcc: all@x.org")
        self.assertWellFormed(raw, m)
        self.assertEqual(m["X-Campaign"], "autumn  Bcc: all@x.org")
        self.assertIsNone(m["Bcc"])

    def test_odd_but_right_addresses_arrive(self):
        for address, read in {
            "plus+tag@example.org": "plus+tag@example.org", '"a@b"@example.org': '"a@b"@example.org',
            "o'hara@example.org": "o'hara@example.org", "a@zürich.example": "a@xn--zrich-kva.example",
        }.items():
            raw, m = message(to=address)
            self.assertWellFormed(raw, m)
            self.assertEqual([a.addr_spec for a in m["To"].addresses], [read])

    def test_refused_mails_name_the_field(self):
        for changes, field in (
            ({"to": "a@x.org\r\nBcc: all@x.org"}, "to"), ({"from": "a@x.org,b@x.org"}, "from"), ({"sender": "x"}, "sender"),
            ({"reply_to": "a@x.org b@x.org"}, "reply_to"), ({"text": "a\0b"}, "text"),
            ({"message_id": "a@b>\r\nBcc: x@y"}, "message_id"), ({"message_id": ""}, "message_id"), ({"language": "d e"}, "language"),
            ({"images": [{"cid": "a>b", "type": "image/png", "hex": ""}]}, "images"),
            ({"images": [{"cid": "a", "type": "text/html", "hex": ""}]}, "images"), ({"text": "x" * (11 << 20)}, "text"),
        ):
            self.assertEqual(run(**changes), (1, f"{field}\n".encode()), changes)


if __name__ == "__main__":
    unittest.main()

"""Points of sale from outside: several shops in one process, each with its look; opened, suspended and closed from the office."""
import contextlib
import http.client
import http.server
import re
import struct
import threading
import unittest
import zlib

from desk import Desk, rewritten, shipped
from house import HouseTest, at_once, until

PATH = "/organisation/points-of-sale"
OPERA = "https://opera.example.org"


def png(width, height, shade=80):
    """A grey picture, made without the program's help."""
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes([shade]) * width for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + chunk(b"tEXt", b"Comment\0made by hand")
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


@contextlib.contextmanager
def answering(answer):
    """A server on a port of its own, which answers ANSWER(path); its address."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = answer(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class PointsOfSale(HouseTest):
    def setUp(self):
        self.desk = Desk(self.house, "administrator")

    def pairs(self, action, languages=None, **fields):
        where, pairs = self.desk.fill(action, **fields)
        if languages is not None:
            pairs = [(n, v) for n, v in pairs if n != "languages"] + [("languages", tag) for tag in languages]
        return where, pairs

    def make(self, code, url, name="Opéra", **more):
        """A new internet point of sale, as a draft; the answer."""
        channel = self.house.data.one("SELECT id FROM sales_channel WHERE kind = 'internet-b2c'")
        more.setdefault("organisation", self.house.data.one("SELECT min(id) FROM organisation"))
        self.desk.get(PATH + "/new")
        return self.desk.post(*self.pairs(PATH + "/new", ("en", "fr"), **{"code": code, "name": name, "public-url": url, "channel": channel, "accent": "#7a0019",
                                                                         "sender_name": name, "sender_address": "opera@example.org", **more}))

    def move(self, page, to):
        path = page.path.removeprefix("/office").split("?")[0]
        token = page.form("/office" + path + "/state")["fields"]["csrf"]
        return self.desk.post(path + "/state", {"csrf": token, "to": to})

    def test_a_second_shop_has_an_address_a_look_and_mails_of_its_own(self):
        stranger = self.browser(url=OPERA)
        self.assertNotEqual(stranger.get("/").status, 200)
        draft = self.desk.follow(self.make("opera", OPERA + "/"))
        self.assertEqual((draft.done, draft.heading), ("Saved.", "Opéra"))
        self.assertIn("Not open yet", draft.words)
        self.assertNotEqual(stranger.get("/").status, 200, "a draft is not seen")
        self.assertEqual(self.move(draft, "active").status, 303)
        shop = stranger.get("/")
        self.assertEqual(shop.status, 200)
        look = next(a["href"] for tag, a in shop.reader.elements if tag == "link" and "/look/" in a.get("href", ""))
        self.assertIn("#7a0019", stranger.get(look).text)
        self.assertNotIn("#7a0019", self.browser().get("/look/005f6b.css").text)
        # suspended: says so, and answers nothing else; then open again
        page = self.desk.get(draft.path)
        self.assertEqual(self.move(page, "suspended").status, 303)
        self.assertEqual(stranger.get("/").status, 503)
        self.assertEqual(self.browser().get("/").status, 200, "the other shop goes on")
        self.assertEqual(self.move(self.desk.get(draft.path), "active").status, 303)
        self.assertEqual(stranger.get("/").status, 200)
        # moved, it is found at its new address
        self.desk.get(draft.path)
        self.assertEqual(self.desk.post(*self.pairs(draft.path.split("?")[0], ("en",), **{"public-url": "https://opera2.example.org"})).status, 303)
        self.assertEqual(self.browser(url="https://opera2.example.org").get("/").status, 200)
        self.assertNotEqual(stranger.get("/").status, 200)

    def test_what_is_wrong_is_said_at_each_field_and_nothing_is_made(self):
        before = self.house.data.count("SELECT count(*) FROM point_of_sale")
        answer = self.make("Opera!", "http://opera.example.org", name="Opéra", accent="red", sender_address="nobody")
        self.assertEqual(answer.status, 422)
        for field in ("code", "public-url", "accent", "sender_address"):
            self.assertIn(field, answer.errors)
        self.assertEqual(answer.form("/office" + PATH + "/new")["fields"]["name"], "Opéra", "what was typed stays")
        self.assertEqual(self.make("shop", OPERA).status, 422)
        self.assertIn("is taken", self.desk.page.errors["code"])
        self.assertEqual(self.house.data.count("SELECT count(*) FROM point_of_sale"), before)

    def test_two_shops_never_stand_at_one_address(self):
        draft = self.desk.follow(self.make("double", "https://tickets.example.org"))
        answer = self.move(draft, "active")
        self.assertEqual(answer.status, 422)
        self.assertIn("public-url", answer.errors)

    def test_a_shop_without_its_document_types_is_not_opened(self):
        other = self.house.data.one("INSERT INTO organisation (institution, code, name) VALUES ((SELECT min(id) FROM institution), 'ballet', 'Ballet') RETURNING id")
        first = self.house.data.one("SELECT min(id) FROM organisation")
        draft = self.desk.follow(self.make("ballet", "https://ballet.example.org", organisation=other))
        types = self.house.data.rows("SELECT id FROM document_type WHERE class = 'reset-password'")
        for (number,) in types:
            self.house.data.rows("INSERT INTO document_type_organisation (document_type, organisation) VALUES ({}, {})", int(number), int(first))
        answer = self.move(draft, "active")
        self.assertEqual(answer.status, 409)
        self.assertIn("would be left without an active document type", answer.alert)
        self.house.data.rows("DELETE FROM document_type_organisation")
        self.assertEqual(self.move(self.desk.get(draft.path), "active").status, 303)

    def test_two_who_edit_the_same_shop_do_not_overwrite_each_other(self):
        draft = self.desk.follow(self.make("both", "https://both.example.org"))
        path = draft.path.split("?")[0]
        other = Desk(self.house, "administrator")
        other.get(path)
        theirs = other.fill(path, name="Theirs")
        self.desk.get(path)
        self.assertEqual(self.desk.send(path, name="Mine").status, 303)
        answer = other.post(*theirs)
        self.assertEqual(answer.status, 409)
        self.assertIn("Somebody else saved this meanwhile", answer.alert)
        self.assertIn("Mine", self.desk.get(path).heading)

    def test_a_double_click_opens_once(self):
        draft = self.desk.follow(self.make("twice", "https://twice.example.org"))
        path = draft.path.split("?")[0]
        token = draft.form(path + "/state")["fields"]["csrf"]
        answers = at_once(lambda _: self.desk.post(path + "/state", {"csrf": token, "to": "active"}, is_kept=False).status, range(3))
        self.assertEqual(sorted(answers), [303, 409, 409])

    def test_markup_in_a_name_stays_text_wherever_it_is_shown(self):
        evil = '"><script>alert(1)</script>'
        draft = self.desk.follow(self.make("evil", "https://evil.example.org", name=evil))
        self.move(draft, "active")
        for page in (draft, self.desk.get(PATH), self.browser(url="https://evil.example.org").get("/"), self.desk.get("/institution/document-types/1")):
            self.assertNotIn("<script>alert", page.text)

    def test_who_may_only_read_changes_nothing(self):
        reader = Desk(self.house, "auditor")
        page = reader.get(PATH)
        self.assertEqual(page.status, 200)
        self.assertEqual(reader.get(PATH + "/new").status, 403)
        shop = self.house.data.one("SELECT min(id) FROM point_of_sale")
        self.assertEqual(reader.get(f"{PATH}/{shop}").status, 200)
        self.assertEqual(reader.post(f"{PATH}/{shop}/state", {"csrf": "x", "to": "suspended"}).status, 403)

    def test_an_organisations_operator_sees_its_own_points_of_sale(self):
        other = self.house.data.one("INSERT INTO organisation (institution, code, name) VALUES ((SELECT min(id) FROM institution), 'drama', 'Drama') RETURNING id")
        desk = Desk(self.house, "manager", organisation=int(other))
        shop = self.house.data.one("SELECT min(id) FROM point_of_sale")
        self.assertNotIn("tickets.example.org", desk.get(PATH).words)
        self.assertEqual(desk.get(f"{PATH}/{shop}").status, 404)

    # ---- where the address leads ----

    def leads(self, code, url):
        """What a new point of sale's page says of its address."""
        self.house.data.rows("DELETE FROM rate_counter")
        page = self.desk.follow(self.make(code, url))
        self.assertEqual(page.done, "Saved.", "it is a warning and no wall")
        return page

    def test_an_address_is_visited_and_what_answers_there_is_told(self):
        own = f"http://{self.house.serving.address[0]}:{self.house.serving.address[1]}"

        def relayed(path):  # a proxy that forgets which host was asked for
            with contextlib.closing(http.client.HTTPConnection(*self.house.serving.address)) as link:
                link.request("GET", path)
                return link.getresponse().read()
        page = self.leads("reach-here", own + "/reach")
        self.assertIn("It leads to this office.", page.words)
        self.assertNotIn("You may leave it so", page.words)
        with answering(lambda path: b"ok\n") as url:
            page = self.leads("reach-other", url)
            self.assertIn("Another server answers there.", page.words)
            self.assertIn("You may leave it so", page.words)
        with answering(relayed) as url:
            self.assertIn("changes the name or the path", self.leads("reach-renamed", url).words)
        page = self.leads("reach-silent", url)
        self.assertIn("Nobody answers there.", page.words)
        # asked again, once somebody is there; and the start page tells of one that is open
        path = page.path.removeprefix("/office").split("?")[0]
        self.assertEqual(self.move(page, "active").status, 303)
        self.assertIn(f"A shop’s address does not lead here {url}: Nobody answers there.", self.desk.get("/").words)
        self.house.data.rows("UPDATE point_of_sale SET public_url = {} WHERE code = 'reach-silent'", own + "/found")
        self.desk.get(path)
        self.assertIn("It leads to this office.", self.desk.follow(self.desk.send(path + "/visit")).words)
        self.assertNotIn(own, self.desk.get("/").words)
        self.house.data.rows("UPDATE point_of_sale SET state = 'closed' WHERE code = 'reach-silent'")

    def test_visits_are_counted_so_that_nobody_looks_for_open_ports(self):
        self.house.data.rows("DELETE FROM rate_counter")
        shop = self.house.data.one("SELECT id FROM point_of_sale WHERE code = 'shop'")
        self.house.data.rows("UPDATE point_of_sale SET public_url = 'http://127.0.0.1:9' WHERE code = 'shop'")
        token = self.desk.get(f"{PATH}/{shop}").form(f"/office{PATH}/{shop}/visit")["fields"]["csrf"]
        answers = [self.desk.post(f"{PATH}/{shop}/visit", {"csrf": token}, is_kept=False).status for _ in range(22)]
        self.assertEqual(answers, [303] * 20 + [429] * 2)
        self.house.data.rows("UPDATE point_of_sale SET public_url = 'https://tickets.example.org' WHERE code = 'shop'")
        # and a save beyond that is saved, but not visited
        page = self.desk.follow(self.make("unvisited", "http://127.0.0.1:9/unvisited"))
        self.assertIn("Not asked yet.", page.words)
        self.house.data.rows("DELETE FROM rate_counter")
        self.assertEqual(Desk(self.house, "auditor").post(f"{PATH}/{shop}/visit", {"csrf": "x"}).status, 403)

    # ---- the logo ----

    def give_logo(self, path, data, name="logo.png"):
        self.desk.get(path)
        return self.desk.send_file(path + "/logo", "logo", name, data)

    def test_a_logo_stands_in_the_shops_head_and_goes_again(self):
        draft = self.desk.follow(self.make("logo", "https://logo.example.org", name="Opéra"))
        self.move(draft, "active")
        path, shop = draft.path.removeprefix("/office").split("?")[0], self.browser(url="https://logo.example.org")
        self.assertIn("None yet", self.desk.get(path).words)
        page = self.desk.follow(self.give_logo(path, png(600, 150)))
        self.assertEqual(page.done, "Saved.")
        shown = next(a for tag, a in page.reader.elements if tag == "img" and "logo.png" in a["src"])
        self.assertEqual((shown["width"], shown["height"]), ("240", "60"))
        self.assertEqual(self.desk.get(shown["src"].removeprefix("/office")).header("Content-Type"), "image/png")
        head = next(a for tag, a in shop.get("/").reader.elements if tag == "img")
        self.assertEqual((head["alt"], head["width"]), ("Théâtre du Lac", "240"))
        picture = shop.get(head["src"])
        self.assertEqual((picture.status, picture.header("Content-Type")), (200, "image/png"))
        self.assertIn("max-age=31536000", picture.header("Cache-Control"))
        self.assertNotIn(b"made by hand", picture.body, "nothing of the file is passed on")
        self.assertEqual(shop.get("/logo/" + "0" * 32 + ".png").status, 404)
        self.assertEqual(self.browser().get(head["src"]).status, 404, "another shop has not got it")
        self.desk.get(path)
        self.desk.follow(self.desk.send(path + "/logo/remove"))
        self.assertFalse([a for tag, a in shop.get("/").reader.elements if tag == "img"])
        self.assertEqual(shop.get(head["src"]).status, 404)

    def test_what_is_no_picture_is_refused_at_the_field(self):
        draft = self.desk.follow(self.make("nologo", "https://nologo.example.org"))
        path = draft.path.removeprefix("/office").split("?")[0]
        for data, words in ((b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "Only PNG, JPEG and WebP"),
                            (png(40, 40)[:60], "cannot be read"), (png(2100, 2100), "million pixels"), (b"", "Choose a picture")):
            answer = self.give_logo(path, data)
            self.assertEqual(answer.status, 422)
            self.assertIn(words, answer.errors["logo"])
        self.assertEqual(self.give_logo(path, png(9, 9) + b" " * (1 << 20)).status, 422)
        self.assertEqual(self.give_logo(path, png(9, 9) + b" " * (2 << 20)).status, 413)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM point_of_sale_logo WHERE point_of_sale = {}", int(path.rsplit("/", 1)[1])), 0)
        reader = Desk(self.house, "auditor")
        self.assertEqual(reader.post(path + "/logo", {"csrf": "x"}).status, 403)

    def test_a_mail_whose_template_has_the_field_brings_the_logo_inline(self):
        shop = self.house.data.one("SELECT id FROM point_of_sale WHERE code = 'shop'")
        type = self.house.data.one("SELECT id FROM document_type WHERE class = 'reset-password' ORDER BY id LIMIT 1")
        types = f"/institution/document-types/{type}"
        word = rewritten(shipped("STX_PASSWORD_RESET_en.docx"), ("</w:body>", "<w:p><w:r><w:t>{{shop.logo}}</w:t></w:r></w:p></w:body>"))
        self.desk.get(types)
        page = self.desk.follow(self.desk.send_file(types, "template", "logo.docx", word, language="en"))
        self.assertEqual(self.desk.follow(self.desk.send(page.path.removeprefix("/office") + "/use")).status, 200)
        address, browser = self.house.person()
        without = self.house.link(address, browser)
        self.assertNotIn("<img", without.html, "a house without a logo leaves no hole")
        self.assertEqual(self.desk.follow(self.give_logo(f"{PATH}/{shop}", png(300, 100))).done, "Saved.")
        address, browser = self.house.person()
        mail = self.house.link(address, browser)
        image = re.search(r'<img src="cid:([^"]+)" alt="([^"]*)"[^>]*width="(\d+)"', mail.html)
        self.assertEqual(image.groups()[1:], ("Théâtre du Lac", "240"))
        part = next(p for p in mail.message.walk() if p.get_content_type() == "image/png")
        self.assertEqual(part["Content-ID"], f"<{image[1]}>")
        self.assertEqual(part.get_content()[:8], b"\x89PNG\r\n\x1a\n")
        self.house.data.rows("UPDATE point_of_sale SET state = 'closed' WHERE code <> 'shop'")  # previews show the first that is open
        self.assertIn("data:image/png", self.desk.get(types + "/versions/" + self.house.data.one(
            "SELECT max(id) FROM document_template WHERE document_type = {}", int(type)) + "/mail").text, "the preview has it, too")
        self.desk.get(f"{PATH}/{shop}")
        self.desk.send(f"{PATH}/{shop}/logo/remove")

    def test_without_an_open_shop_the_list_says_what_follows(self):
        path = f"{PATH}/{self.house.data.one('SELECT id FROM point_of_sale WHERE code = {}', 'shop')}"
        others = self.house.data.rows("UPDATE point_of_sale SET state = 'closed' WHERE code <> 'shop' RETURNING id")
        self.assertIsNotNone(others)
        self.assertEqual(self.move(self.desk.get(path), "suspended").status, 303)
        self.assertIn("No internet point of sale is open", self.desk.get(PATH).words)
        self.assertEqual(self.move(self.desk.get(path), "active").status, 303)
        until(lambda: self.browser().get("/").status == 200, "open again")


if __name__ == "__main__":
    unittest.main()

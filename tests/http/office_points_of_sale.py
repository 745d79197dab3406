"""Points of sale from outside: several shops in one process, each with its look; opened, suspended and closed from the office."""
import unittest

from desk import Desk
from house import HouseTest, at_once, until

PATH = "/organisation/points-of-sale"
OPERA = "https://opera.example.org"


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

"""What the house says of itself, changed in the office and seen in the shop."""
import unittest

from desk import Desk
from house import HouseTest, numbers, until

PATH = "/institution/settings"
DESK = "https://desk.example.org"


class Settings(HouseTest):
    def setUp(self):
        self.desk = Desk(self.house, "administrator")

    def save(self, **fields):
        self.desk.get(PATH)
        return self.desk.send(PATH + "/house", **{"country": "CH", **fields})

    def test_what_is_changed_is_seen_in_the_shop_and_noted(self):
        answer = self.save(name="Théâtre de la Rive", street="Rue du Lac", house_number="7", postcode="1800", town="Vevey", phone="+41 21 555 01 77", house_email="rive@example.org")
        self.assertEqual(self.desk.follow(answer).done, "Saved.")
        shop = self.browser().get("/")
        for words in ("Théâtre de la Rive", "Rue du Lac 7, 1800 Vevey", "021 555 01 77"):
            self.assertIn(words, shop.words.replace("\u00a0", " "))
        self.assertEqual(self.house.data.count("SELECT count(*) FROM audit_entry WHERE verb = 'institution-changed'") > 0, True)

    def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(self):
        before = self.house.data.one("SELECT version FROM institution")
        answer = self.save(name="", phone="021 555", house_email="nobody", country="XX", town="<b>Vevey")
        self.assertEqual(answer.status, 422)
        self.assertEqual(set(answer.errors), {"name", "phone", "house_email"})
        self.assertNotIn("<b>Vevey", answer.text)
        self.assertEqual(self.house.data.one("SELECT version FROM institution"), before)

    def test_two_who_edit_do_not_overwrite_each_other(self):
        other = Desk(self.house, "administrator")
        other.get(PATH)
        theirs = other.fill(PATH + "/house", country="CH", town="Theirs")
        self.assertEqual(self.save(town="Mine").status, 303)
        answer = other.post(*theirs)
        self.assertEqual(answer.status, 409)
        self.assertIn("Somebody else saved this meanwhile", answer.alert)
        self.assertEqual(self.house.data.one("SELECT town FROM institution"), "Mine")

    def test_the_house_decides_how_long_links_and_sessions_live_within_bounds(self):
        answer = self.save(link_hours="49", idle_minutes="4", zone="Moon")
        self.assertEqual((answer.status, set(answer.errors)), (422, {"link_hours", "idle_minutes", "zone"}))
        self.assertEqual(self.save(link_hours="soon", idle_minutes="61").status, 422)
        self.assertEqual(self.save(link_hours="24", idle_minutes="15", zone="Europe/Rome").status, 303)
        self.addCleanup(self.house.data.rows, "UPDATE institution SET link_hours = 48, idle_minutes = 60")
        self.assertIn("once, for 24 hours.", self.browser().get("/forgot-password").words)
        self.assertIn("once, for 24 hours.", self.browser().get("/office/forgot-password").words)
        other = Desk(self.house, "manager")
        self.house.data.rows("UPDATE operator_session SET seen_at = seen_at - {} WHERE operator = (SELECT id FROM operator WHERE email = {})", 14 * 60_000_000, other.email)
        self.assertEqual(other.get("/").status, 200)
        self.house.data.rows("UPDATE operator_session SET seen_at = seen_at - {} WHERE operator = (SELECT id FROM operator WHERE email = {})", 16 * 60_000_000, other.email)
        self.assertEqual(other.get("/").status, 303, "signed out")
        self.assertIn('"idle_minutes":"15"', self.house.data.one("SELECT after_values FROM audit_entry WHERE verb = 'institution-changed' ORDER BY id DESC LIMIT 1"))

    def test_with_a_mail_option_the_form_for_the_mail_server_is_away(self):
        page = self.desk.get(PATH)
        self.assertIn("started with --mail", page.words)
        self.assertFalse(page.has_form("/office" + PATH + "/mail"))

    def test_who_may_only_read_has_no_button(self):
        reader = Desk(self.house, "auditor")
        page = reader.get(PATH)
        self.assertEqual(page.status, 200)
        token = page.form("/office" + PATH + "/house")["fields"]["csrf"]
        self.assertEqual(reader.post(PATH + "/house", {"csrf": token, "name": "x"}).status, 403)
        self.assertEqual(Desk(self.house, "box-office").get(PATH).status, 403)


class OfficeAddress(HouseTest):
    """The office has an address of its own: operators' links lead there, and nobody but an administrator moves it."""

    def setUp(self):
        self.house.data.rows("UPDATE institution SET office_url = ''")
        until(lambda: self.browser().get("/office/signin").status in (200, 303), "at the shop's host again")

    def move(self, to):
        desk = Desk(self.house, "administrator")
        desk.get(PATH)
        return desk, desk.send(PATH + "/house", country="CH", office_url=to)

    def invited(self, desk):
        """The link that a new operator's invitation holds."""
        address = f"new{next(numbers):05}@example.org"
        desk.get("/operators/new")
        where, pairs = desk.fill("/operators/new", name="Nina Roth", email=address)
        desk.post(where, [p for p in pairs if p[0] != "context"] + [("context", "box-office")])
        return self.house.mailbox.next(address).link

    def test_it_answers_there_alone_and_links_lead_there(self):
        _, answer = self.move("https://Desk.example.org/office/")
        self.assertEqual((answer.status, answer.done), (200, "Saved. The box office is at https://desk.example.org/office now: go there and sign in."))
        self.assertEqual(self.browser().get("/office/signin").status, 404)
        self.assertEqual(self.browser().get("/").status, 200, "the shop stays")
        there = Desk(self.house, "administrator", url=DESK)
        self.assertTrue(self.invited(there).startswith(DESK + "/office/reset-password?token="))
        self.assertIn('"office_url":"https://desk.example.org"', self.house.data.one("SELECT after_values FROM audit_entry WHERE verb = 'institution-changed' ORDER BY id DESC LIMIT 1"))
        # and back, by leaving it empty
        there.get(PATH)
        self.assertEqual(there.send(PATH + "/house", country="CH", office_url="").status, 200)
        self.assertEqual(self.browser().get("/office/signin").status, 200)

    def test_an_address_that_no_browser_could_open_is_refused(self):
        for wrong in ("office.example.org", "http://desk.example.org", "https://desk.example.org/elsewhere", "https://a@desk.example.org", "https://1.2.3"):
            _, answer = self.move(wrong)
            self.assertEqual((answer.status, set(answer.errors)), (422, {"office_url"}), wrong)

    def test_a_manager_moves_it_nowhere(self):
        manager, desk = Desk(self.house, "manager"), Desk(self.house, "administrator")
        desk.get(PATH)
        _, pairs = desk.fill(PATH + "/house", country="CH", office_url=DESK)
        token = manager.get("/").form("/office/signout")["fields"]["csrf"]
        self.assertEqual(manager.post(PATH + "/house", [p for p in pairs if p[0] != "csrf"] + [("csrf", token)]).status, 403)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM institution WHERE office_url = ''"), 1)


class OfficeOption(HouseTest):
    options = ("--office-url", "https://office.example.org")

    def test_the_option_stands_before_the_setting(self):
        self.house.data.rows("UPDATE institution SET office_url = 'https://desk.example.org'")
        desk = Desk(self.house, "administrator", url="https://office.example.org")
        page = desk.get(PATH)
        self.assertIn("The box office is at https://office.example.org", page.words)
        self.assertNotIn("office_url", page.form("/office" + PATH + "/house")["fields"])
        self.assertEqual(desk.send(PATH + "/house", country="CH", town="Vevey").status, 303)
        self.assertEqual(self.house.data.one("SELECT office_url FROM institution"), DESK, "what the form has no field for stays")


if __name__ == "__main__":
    unittest.main()

"""What the house says of itself, changed in the office and seen in the shop."""
import unittest

from desk import Desk
from house import HouseTest

PATH = "/institution/settings"


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


if __name__ == "__main__":
    unittest.main()

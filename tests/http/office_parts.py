"""Organisations and sales channels, made and changed in the office and used by points of sale and the sale."""
import unittest

from desk import Desk
from house import HouseTest

ORGANISATIONS, CHANNELS, SALES = "/institution/organisations", "/institution/sales-channels", "/organisation/points-of-sale"


class Parts(HouseTest):
    def setUp(self):
        self.desk = Desk(self.house, "manager")

    def test_a_new_organisation_and_channel_can_be_chosen_for_a_point_of_sale(self):
        self.desk.get(ORGANISATIONS + "/new")
        page = self.desk.follow(self.desk.send(ORGANISATIONS + "/new", code="opera", name="Opéra <du> Lac"))
        self.assertEqual((page.done, page.heading), ("Saved.", "Organisations"))
        self.assertIn("Opéra <du> Lac", page.words)
        self.desk.get(CHANNELS + "/new")
        page = self.desk.follow(self.desk.send(CHANNELS + "/new", code="schools", name="Schools", kind="phone", hold_minutes="45", longest_minutes="90", places_most="60"))
        self.assertIn("Schools", page.words)
        self.assertIn("45 minutes", page.words)
        page = self.desk.get(SALES + "/new")
        self.assertIn("Opéra &lt;du&gt; Lac</option>", page.text)
        self.assertIn("Schools</option>", page.text)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM audit_entry WHERE verb IN ('organisation-made', 'sales-channel-made')"), 2)

    def test_what_is_wrong_is_said_at_its_field_and_stays_as_typed(self):
        self.desk.get(CHANNELS + "/new")
        answer = self.desk.send(CHANNELS + "/new", code="A B", name="", hold_minutes="soon", longest_minutes="5000", places_most="0", invoice_days="100")
        self.assertEqual((answer.status, set(answer.errors)), (422, {"code", "name", "hold_minutes", "longest_minutes", "places_most", "invoice_days"}))
        self.assertEqual(answer.form("/office" + CHANNELS + "/new")["fields"]["longest_minutes"], "5000")

    def test_two_who_edit_do_not_overwrite_each_other(self):
        for path, kept in ((f"{CHANNELS}/{self.first('sales_channel')}", "name"), (f"{ORGANISATIONS}/{self.first('organisation')}", "name")):
            other = Desk(self.house, "manager")
            other.get(path)
            theirs = other.fill(path, name="Theirs")
            self.desk.get(path)
            self.assertEqual(self.desk.send(path, **{kept: "Mine"}).status, 303)
            answer = other.post(*theirs)
            self.assertEqual(answer.status, 409)
            self.assertIn("Somebody else saved this meanwhile", answer.alert)

    def first(self, table):
        return self.house.data.one(f"SELECT min(id) FROM {table}")

    def test_who_may_only_read_changes_nothing(self):
        reader = Desk(self.house, "auditor")
        for path, table in ((CHANNELS, "sales_channel"), (ORGANISATIONS, "organisation")):
            page = reader.get(f"{path}/{self.first(table)}")
            self.assertEqual(page.status, 200)
            self.assertNotIn('type="submit" class="main"', page.text)
            self.assertEqual(reader.get(path + "/new").status, 403)
            token = page.form(f"/office{path}/{self.first(table)}")["fields"]["csrf"]
            self.assertEqual(reader.post(f"{path}/{self.first(table)}", {"csrf": token, "name": "x"}).status, 403)
        self.assertEqual(Desk(self.house, "box-office").get(CHANNELS).status, 403)

    def test_an_organisations_own_manager_changes_neither(self):
        mine = self.first("organisation")
        desk = Desk(self.house, "manager", organisation=int(mine))
        page = desk.get(f"{CHANNELS}/{self.first('sales_channel')}")
        token = page.form(f"/office{CHANNELS}/{self.first('sales_channel')}")["fields"]["csrf"]
        self.assertEqual(desk.post(page.path.removeprefix("/office"), {"csrf": token, "name": "x"}).status, 403)
        self.assertEqual(desk.get(CHANNELS + "/new").status, 403)
        self.assertEqual(desk.get(f"{ORGANISATIONS}/{mine}").status, 200)


if __name__ == "__main__":
    unittest.main()

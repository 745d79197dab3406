"""Shipment modes and working days, made and changed in the office and obeyed by the checkout."""
import datetime
import unittest

from desk import Desk
from house import HouseTest

MODES, DAYS = "/institution/shipment-modes", "/institution/shipment-modes/closed-day"


class Modes(HouseTest):
    def setUp(self):
        self.desk = Desk(self.house, "manager")
        self.house.data.rows("INSERT INTO vat_rate (institution, code, name, basis_points) SELECT id, 'normal', '8.1 %', 810 FROM institution WHERE NOT EXISTS (SELECT 1 FROM vat_rate)")

    def filled(self, **changes):
        return {"code": "courier", "kind": "courier", "name_en": "Coursier <rapide>", "name_de": "Kurier", "last_days": "2", "fee": "12,50", "rank": "3"} | changes

    def test_a_new_mode_stands_in_the_list_and_in_the_trail(self):
        self.desk.get(MODES + "/new")
        page = self.desk.follow(self.desk.send(MODES + "/new", **self.filled()))
        self.assertEqual(page.done, "Saved.")
        self.assertIn("Coursier <rapide>", page.words)
        self.assertIn("2 working days before", page.words)
        self.assertEqual(self.house.data.one("SELECT fee FROM shipment_mode WHERE code = 'courier'"), "1250")
        self.assertEqual(self.house.data.count("SELECT count(*) FROM audit_entry WHERE verb = 'shipment-mode-made' AND record = (SELECT id FROM shipment_mode WHERE code = 'courier')"), 1)
        self.assertIn("Shipment mode made", Desk(self.house, "auditor").get("/audit").words)

    def test_a_fee_by_the_ticket_that_falls_away_from_an_amount(self):
        self.desk.get(MODES + "/new")
        page = self.desk.follow(self.desk.send(MODES + "/new", **self.filled(code="by-ticket", fee_per="ticket", free_from="100")))
        self.assertIn("12.50 a ticket", page.words)
        self.assertEqual(self.house.data.rows("SELECT fee_per, free_from FROM shipment_mode WHERE code = 'by-ticket'"), [("ticket", "10000")])
        self.desk.get(MODES + "/new")
        self.assertEqual(set(self.desk.send(MODES + "/new", **self.filled(code="odd", free_from="much")).errors), {"free_from"})

    def test_what_is_wrong_is_said_at_its_field_and_stays_as_typed(self):
        self.desk.get(MODES + "/new")
        answer = self.desk.send(MODES + "/new", **self.filled(code="A B", name_en="", last_days="99", fee="cheap", tickets_most="0"))
        self.assertEqual((answer.status, set(answer.errors)), (422, {"fee"}))  # an amount that is none is seen before the rest is looked at
        self.assertEqual(answer.form("/office" + MODES + "/new")["fields"]["fee"], "cheap")
        answer = self.desk.send(MODES + "/new", **self.filled(code="A B", name_en="", last_days="99", fee="5000", tickets_most="0"))
        self.assertEqual((answer.status, set(answer.errors)), (422, {"code", "name_en", "last_days", "fee", "tickets_most"}))

    def test_a_code_is_taken_once(self):
        self.desk.get(MODES + "/new")
        self.assertEqual(self.desk.send(MODES + "/new", **self.filled(code="twice")).status, 303)
        self.desk.get(MODES + "/new")
        self.assertEqual(set(self.desk.send(MODES + "/new", **self.filled(code="twice")).errors), {"code"})

    def mode(self, code):
        self.desk.get(MODES + "/new")
        answer = self.desk.send(MODES + "/new", **self.filled(code=code))
        self.assertEqual(answer.status, 303)
        return MODES + "/" + self.house.data.one("SELECT id FROM shipment_mode WHERE code = {}", code)

    def test_two_who_edit_do_not_overwrite_each_other(self):
        path, other = self.mode("both"), Desk(self.house, "manager")
        other.get(path)
        theirs = other.fill(path, name_en="Theirs")
        self.desk.get(path)
        self.assertEqual(self.desk.send(path, name_en="Mine").status, 303)
        answer = other.post(*theirs)
        self.assertEqual(answer.status, 409)
        self.assertIn("Somebody else saved this meanwhile", answer.alert)

    def test_the_channels_of_another_house_and_strange_choices_are_refused(self):
        path = self.mode("strange")
        self.desk.get(path)
        where, pairs = self.desk.fill(path)
        strange = {"channels": "999999", "printer": "999999", "partner": "999999", "vat_rate": "999999", "postal_service": "Z"}
        answer = self.desk.post(where.removeprefix("/office"), [p for p in pairs if p[0] not in strange] + list(strange.items()))
        self.assertEqual(answer.status, 422)
        for field in ("channels", "printer", "partner", "vat_rate", "postal_service"):
            self.assertIn(f'href="#{field}"', answer.text)

    def test_who_may_only_read_changes_nothing(self):
        path, reader = self.mode("read"), Desk(self.house, "auditor")
        page = reader.get(path)
        self.assertEqual(page.status, 200)
        self.assertNotIn('type="submit" class="main"', page.text)
        self.assertEqual(reader.get(MODES + "/new").status, 403)
        token = page.form("/office" + path)["fields"]["csrf"]
        self.assertEqual(reader.post(path, {"csrf": token, "name_en": "x"}).status, 403)
        self.assertEqual(Desk(self.house, "box-office").get(MODES).status, 403)
        own = Desk(self.house, "manager", organisation=int(self.house.data.one("SELECT min(id) FROM organisation")))
        token = own.get(path).form("/office" + path)["fields"]["csrf"]
        self.assertEqual(own.post(path, {"csrf": token, "name_en": "x"}).status, 403)

    def test_a_closed_day_is_listed_once_and_struck_again(self):
        day = (datetime.date.today() + datetime.timedelta(days=40)).isoformat()
        for _ in range(2):
            page = self.desk.get(MODES)
            answer = self.desk.post(DAYS, {"csrf": self.token(page), "to": "closed", "day": day})
            self.assertEqual(answer.status, 303)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM closed_day"), 1)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM audit_entry WHERE verb = 'closed-day-listed'"), 1)
        page = self.desk.get(MODES)
        self.assertIn(f'value="{day}"', page.text)
        self.assertEqual(self.desk.post(DAYS, {"csrf": self.token(page), "to": "working", "day": day}).status, 303)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM closed_day"), 0)

    def test_a_day_that_is_none_or_over_is_refused(self):
        for day in ("", "soon", "2020-02-31", "2020-01-01", "2200-01-01"):
            page = self.desk.get(MODES)
            answer = self.desk.post(DAYS, {"csrf": self.token(page), "to": "closed", "day": day})
            self.assertEqual((answer.status, set(answer.errors)), (422, {"day"}), day)

    def token(self, page):
        return page.form("/office" + DAYS)["fields"]["csrf"]


if __name__ == "__main__":
    unittest.main()

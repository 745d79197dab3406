"""What `parterre demo` holds, as somebody finds it who walks through it: orders in every state, tickets ready for printing, a programme that is never over."""
import unittest
from datetime import datetime
from zoneinfo import ZoneInfo

from desk import Desk
from house import Serving
from shop_sale import Demonstration

ZONE = ZoneInfo("Europe/Zurich")
DAY = 86_400_000_000


class Demo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Demonstration(has_sold=True)
        cls.addClassCleanup(cls.house.close)
        cls.data = cls.house.data

    @classmethod
    def tearDownClass(cls):
        out, _ = cls.house.run("audit")
        assert "differs" not in out, out

    def states(self, table):
        return {row[0]: int(row[1]) for row in self.data.rows(f"SELECT state, count(*) FROM {table} GROUP BY state")}

    def test_orders_stand_in_every_state(self):
        states = self.states("customer_order")
        self.assertEqual(set(states), {"in_progress", "reserved", "sold_unpaid", "partly_paid", "settled", "cancelled"}, states)
        self.assertEqual(self.data.count("SELECT count(*) FROM customer_order o JOIN bill b ON b.customer_order = o.id WHERE o.state = 'reserved' AND b.paid > 0"), 1)

    def test_twenty_tickets_are_ready_for_printing(self):
        ready = ("SELECT count(*) FROM piece_ticket k JOIN piece p ON p.id = k.piece JOIN shipment s ON s.id = p.shipment JOIN ticket t ON t.id = k.ticket"
                 " WHERE s.state = 'ready' AND t.state = 'sold'")
        self.assertGreaterEqual(self.data.count(ready), 20)

    def test_the_house_has_its_account_and_its_interfaces(self):
        self.assertEqual(self.data.rows("SELECT qr_iban, iban FROM administrative_value"), [("CH4431999123000889012", "CH5800791123000889012")])
        out, _ = self.house.run("interface", "list", "--secret-dir", self.house.keys)
        for code in ("payments", "colora", "swiss-post"):
            self.assertIn(code, out)
        self.assertEqual(self.data.count("SELECT count(*) FROM printer WHERE is_printed_posted"), 1)
        self.assertEqual(self.data.one("SELECT invoice_as FROM sales_channel c JOIN point_of_sale p ON p.sales_channel = c.id WHERE p.public_url <> ''"), "reservation")

    def test_an_accountant_finds_what_fits_no_bill(self):
        self.assertEqual(self.data.count("SELECT count(*) FROM payment_case WHERE state = 'open'"), 2)

    def test_the_start_page_says_what_waits_for_whom(self):
        address, password, _ = self.house.serving.said("sign-in office ").split()
        self.house.hash = self.data.one("SELECT password_hash FROM operator WHERE email = {}", address)
        accountant, box_office = (Desk(self.house, profile, password=password).get("/").words for profile in ("accountant", "box-office"))
        self.assertIn("2 To do Payments to decide", accountant)
        self.assertNotIn("Letters ready to print", accountant)
        self.assertRegex(box_office, r"\d+ To do Letters ready to print")
        self.assertNotIn("Payments to decide", box_office)

    # The last by name: it starts the house again.
    def test_x_the_programme_moves_on_at_a_start_and_nothing_else_does(self):
        before = [int(row[0]) for row in self.data.rows("SELECT starts_at FROM performance ORDER BY id")]
        self.assertEqual(len(before), 8)
        for days in (10, 40):
            for table, columns in (("performance", ("starts_at", "doors_at", "ends_at")), ("sale_window", ("closes_at", "opens_at"))):
                self.data.rows(f"UPDATE {table} SET " + ", ".join(f"{c} = {c} - {days * DAY}" for c in columns))
            moved = [t - days * DAY for t in before]
            self.house.serving.stop()
            self.house.serving = Serving(["demo", "--database", self.data.url, "--listen", "127.0.0.1:0", "--secret-dir", self.house.keys], self.house.folder + "/log")
            self.house.serving.said("shop ")
            before = [int(row[0]) for row in self.data.rows("SELECT starts_at FROM performance ORDER BY id")]
            for was, now in zip(moved, before):
                was, now = (datetime.fromtimestamp(t // 1_000_000, ZONE) for t in (was, now))
                self.assertEqual((was.weekday(), was.time()), (now.weekday(), now.time()))
            ahead = (datetime.fromtimestamp(min(before) // 1_000_000, ZONE).date() - datetime.now(ZONE).date()).days
            self.assertTrue(15 <= ahead <= 22, ahead)
        self.assertEqual(self.data.count("SELECT count(*) FROM sale_window w JOIN performance p ON p.id = w.performance WHERE w.closes_at NOT IN (p.starts_at, p.starts_at - 3600000000)"), 0)  # the counter's and the shop's


if __name__ == "__main__":
    unittest.main()

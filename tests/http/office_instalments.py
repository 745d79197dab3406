"""A sale on pending account is paid in instalments: the page that proposes them, the bills, the credit note of the bill that they replace."""
import datetime
import re
import unittest

from desk import Desk
from shop_sale import BUYER, Demonstration


class Instalments(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Demonstration()
        cls.addClassCleanup(cls.house.close)
        email, cls.password, _ = cls.house.serving.said("sign-in office ").split()
        cls.house.hash = cls.house.data.one("SELECT password_hash FROM operator WHERE email = {}", email)
        cls.house.data.rows("UPDATE sales_channel SET invoice_as = {}", "pending-account")

    @classmethod
    def tearDownClass(cls):
        out, _ = cls.house.run("audit")
        assert "differs" not in out, out

    def sold(self):
        """An order of two places, sold and to be paid later; its number."""
        guest = self.house.browser(language="en")
        path = re.search(r'href="(/performances/\d+)[^"]*">Night by the Lake</a>', guest.get("/").text)[1]
        guest.get(path)
        guest.follow(guest.send("/basket", **{"places-standing-full": "2"}))
        guest.get("/checkout")
        return guest.send("/checkout", **BUYER).location.rsplit("/", 1)[1]

    def proposed(self, desk, number, count):
        """The rows of the form as pairs, with its token."""
        page = desk.get(f"/orders/{number}/instalments?count={count}")
        self.assertEqual(page.status, 200, page.text)
        pairs = [("csrf", re.search(r'id="parts">\s*<input type="hidden" name="csrf" value="([^"]+)"', page.text)[1])]
        for due, amount in re.findall(r'name="due"[^>]*value="([^"]*)".*?name="amount"[^>]*value="([^"]*)"', page.text):
            pairs += [("due", due), ("amount", amount)]
        return pairs

    def test_what_is_proposed_adds_up_and_each_part_gets_a_bill(self):
        number = self.sold()
        desk = Desk(self.house, "box-office", password=self.password)
        self.assertIn("Agree on instalments", desk.get(f"/orders/{number}").words)
        pairs = self.proposed(desk, number, 3)
        total = self.house.data.count("SELECT total FROM customer_order WHERE number = {}", int(number.replace("-", "")))
        self.assertEqual(sum(round(float(value) * 100) for name, value in pairs if name == "amount"), total)
        answer = desk.post(f"/orders/{number}/instalments", pairs)
        self.assertEqual(answer.status, 303, answer.text)
        words = desk.follow(answer).words
        self.assertIn("Credit notes", words)
        self.assertIn("billed anew", words)
        states = self.house.data.rows("SELECT b.state, b.due_day FROM bill b JOIN customer_order o ON o.id = b.customer_order WHERE o.number = {} ORDER BY b.id",
                                      int(number.replace("-", "")))
        self.assertEqual([s for s, _ in states], ["credited", "open", "open", "open"])
        days = [int(d) for _, d in states[1:]]
        self.assertEqual(days, sorted(set(days)))

    def test_amounts_that_do_not_add_up_and_days_that_are_past_are_refused_with_words(self):
        number = self.sold()
        desk = Desk(self.house, "manager", password=self.password)
        good = self.proposed(desk, number, 2)
        path = f"/orders/{number}/instalments"
        amounts = [i for i, (name, _) in enumerate(good) if name == "amount"]
        more = list(good)
        more[amounts[0]] = ("amount", "1.00")
        answer = desk.post(path, more)
        self.assertEqual(answer.status, 422)
        self.assertIn("come to", answer.alert)
        self.assertIn('value="1.00"', answer.text)
        past = list(good)
        past[amounts[0] - 1] = ("due", (datetime.date.today() - datetime.timedelta(days=2)).isoformat())
        self.assertIn("Row 1", desk.post(path, past).alert)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM instalment i JOIN customer_order o ON o.id = i.customer_order WHERE o.number = {}",
                                               int(number.replace("-", ""))), 0)

    def test_who_only_reads_agrees_on_nothing(self):
        number = self.sold()
        reader = Desk(self.house, "auditor", password=self.password)
        self.assertEqual(reader.get(f"/orders/{number}/instalments").status, 403)
        self.assertNotIn("Agree on instalments", reader.get(f"/orders/{number}").words)


if __name__ == "__main__":
    unittest.main()

"""The counter from outside: a walk-in served in cash, by card, on invoice; seats picked; tickets printed; the till at the end of the day."""
# engines: sqlite postgresql
import os
import re
import unittest

from desk import Desk
from house import Mailbox, at_once, until
from shop_sale import Demonstration


class Counter(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Demonstration()
        cls.addClassCleanup(cls.house.close)
        address, cls.password, _ = cls.house.serving.said("sign-in office ").split()
        cls.house.hash = cls.house.data.one("SELECT password_hash FROM operator WHERE email = {}", address)

    @classmethod
    def tearDownClass(cls):
        out, _ = cls.house.run("audit")
        assert "differs" not in out, out
        assert re.search(r"^ok +till +[1-9]", out, re.M), out

    def desk(self, profile="box-office", **more):
        return Desk(self.house, profile, password=self.password, **more)

    def performance(self, code):
        return self.house.data.one("SELECT min(f.id) FROM performance f JOIN event e ON e.id = f.event JOIN event_text t ON t.event = e.id WHERE t.title = {}", code)

    def takes(self, desk, title="Night by the Lake", **places):
        page = desk.get(f"/counter?performance={self.performance(title)}")
        self.assertEqual(page.status, 200)
        answer = desk.send("/counter/basket", **(places or {"places-standing-full": "2"}))
        self.assertEqual(answer.status, 303, answer.body)
        return desk.follow(answer)

    def sells(self, desk, **fields):
        answer = desk.send("/counter/sell", **fields)
        self.assertEqual(answer.status, 303, answer.body)
        page = desk.follow(answer)
        return re.search(r"sold=(\d+-\d)", answer.location)[1], page

    def row(self, number, columns):
        (row,) = self.house.data.rows(f"SELECT {columns} FROM customer_order o LEFT JOIN till_payment t ON t.customer_order = o.id WHERE o.number = {{}}", int(number.replace("-", "")))
        return list(row)

    def test_a_walk_in_pays_in_cash_and_gets_change_and_tickets(self):
        desk = self.desk()
        self.assertIn("CHF 70.00", self.takes(desk).words.replace("\u00a0", " "))
        number, page = self.sells(desk, payment="cash", given="100")
        self.assertIn("Give back CHF 30.00", page.words.replace("\u00a0", " "))
        self.assertEqual(self.row(number, "o.state, o.payment, o.total, t.amount, t.given, o.contact IS NULL"), ["settled", "cash", "7000", "7000", "10000", *self.row(number, "o.contact IS NULL")])
        self.assertIn(self.row(number, "o.contact IS NULL")[0], ("1", "t"))
        printed = desk.send(f"/orders/{number}/print", page)
        self.assertEqual(printed.status, 303)
        pdf = desk.follow(printed)
        self.assertEqual((pdf.status, pdf.header("Content-Type")), (200, "application/pdf"))
        self.assertTrue(pdf.body.startswith(b"%PDF"))
        prints = "SELECT count(*) FROM ticket k JOIN customer_order o ON o.id = k.customer_order WHERE o.number = {} AND k.state = 'printed' AND k.prints = 1"
        self.assertEqual(self.house.data.count(prints, int(number.replace("-", ""))), 2)
        self.assertIn("Printed at the counter", desk.get(f"/orders/{number}").words)

    def test_cash_is_rounded_as_a_line_of_its_own(self):
        rate = "UPDATE rate SET price = price + {} WHERE tariff = (SELECT id FROM tariff WHERE code = 'full') AND seat_category = (SELECT id FROM seat_category WHERE code = 'standing') RETURNING price"
        self.house.data.rows(rate, 2)
        try:
            desk = self.desk()
            page = self.takes(desk, **{"places-standing-full": "1"})
            self.assertIn("CHF 35.00", page.words.replace("\u00a0", " "))
            number, _ = self.sells(desk, payment="cash")
            self.assertEqual(self.row(number, "o.total, t.amount"), ["3500", "3500"])
            line = "SELECT n.price FROM order_line n JOIN customer_order o ON o.id = n.customer_order WHERE n.kind = 'rounding' AND o.number = {}"
            self.assertEqual(self.house.data.one(line, int(number.replace("-", ""))), "-2")
            self.takes(desk, **{"places-standing-full": "1"})
            number, _ = self.sells(desk, payment="card")
            self.assertEqual(self.row(number, "o.total, t.amount, t.mode"), ["3502", "3502", "card"])
        finally:
            self.house.data.rows(rate, -2)

    def test_too_little_money_and_nonsense_are_refused_and_nothing_is_sold(self):
        desk = self.desk()
        self.takes(desk)
        answer = desk.send("/counter/sell", payment="cash", given="50")
        self.assertEqual(answer.status, 422)
        self.assertIn("That is less than what is due", answer.words)
        answer = desk.send("/counter/sell", answer, payment="cash", given="a lot")
        self.assertEqual(answer.status, 422)
        answer = desk.send("/counter/sell", answer, payment="cash", given="", total="1")
        self.assertEqual(answer.status, 409)
        self.assertIn("70.00", answer.words)
        answer = desk.send("/counter/sell", answer, payment="invoice", given="")
        self.assertEqual(answer.status, 422)  # a bill needs somebody's name and address
        answer = desk.send("/counter/sell", answer, payment="card", given="", shipment_mode="print-at-home")
        self.assertEqual(answer.status, 422)
        self.assertIn("e-mail", answer.alert or answer.words)
        self.sells(desk, payment="card", shipment_mode="")

    def test_the_same_sale_sent_twice_is_one_order(self):
        desk = self.desk()
        page = self.takes(desk)
        count = self.house.data.count("SELECT count(*) FROM till_payment")
        answers = at_once(lambda _: desk.send("/counter/sell", page, payment="card"), range(2))
        self.assertEqual([a.status for a in answers], [303, 303])
        self.assertEqual(len({re.search(r"sold=(\d+-\d)", a.location)[1] for a in answers}), 1)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM till_payment"), count + 1)

    def test_an_invoice_by_post_for_a_contact_that_was_found(self):
        desk = self.desk()
        desk.get("/contacts/new")
        made = desk.send("/contacts/new", kind="individual", first_name="Zoé", last_name="Guichet", email="zoe.guichet@example.org", street="Rue du Lac", house_number="1", postcode="2000", town="Neuchâtel")
        self.assertEqual(made.status, 303, made.body)
        contact = re.search(r"/contacts/(\d+)", made.location)[1]
        found = desk.get(f"/counter?performance={self.performance('Night by the Lake')}&q=guichet")
        self.assertIn(f"contact={contact}", found.text)
        self.assertIn(f"contact={contact}", desk.get("/counter/contacts?q=guich").text)
        page = desk.get(f"/counter?performance={self.performance('Night by the Lake')}&contact={contact}")
        self.assertIn("Zoé Guichet", page.words)
        desk.follow(desk.send("/counter/basket", **{"places-standing-full": "1"}))
        number, _ = self.sells(desk, payment="invoice", shipment_mode="post")
        state, payment, owner, town = self.row(number, "o.state, o.payment, o.contact, o.town")
        self.assertEqual((payment, owner, town), ("invoice", contact, "Neuchâtel"))
        self.assertIn(state, ("reserved", "sold_unpaid"))
        self.assertEqual(self.house.data.count("SELECT count(*) FROM bill b JOIN customer_order o ON o.id = b.customer_order WHERE o.number = {}", int(number.replace("-", ""))), 1)

    def test_tickets_that_are_mailed_come_with_a_link_to_the_shop(self):
        desk = self.desk()
        desk.get("/contacts/new")
        made = desk.send("/contacts/new", kind="individual", first_name="Max", last_name="Schalter", email="max.schalter@example.org", language="de")
        self.assertEqual(made.status, 303, made.body)
        contact = re.search(r"/contacts/(\d+)", made.location)[1]
        desk.get(f"/counter?performance={self.performance('Night by the Lake')}&contact={contact}")
        desk.follow(desk.send("/counter/basket", **{"places-standing-full": "1"}))
        number, _ = self.sells(desk, payment="card", shipment_mode="print-at-home")
        box = Mailbox(os.path.join(self.house.folder, "mail"))
        mail = until(lambda: [m for m in box.to("max.schalter@example.org") if m.link and "/orders/" in m.link], "the tickets' mail")[0]
        self.assertEqual(mail.subject, f"Ihre Billette: Bestellung {number}")
        guest = self.house.browser(language="de")
        guest.follow(guest.get(mail.link[mail.link.index("/orders/"):]))
        self.assertEqual(guest.get(f"/orders/{number}/tickets.pdf").status, 200)

    def test_seats_are_picked_row_by_row_and_given_back(self):
        desk = self.desk()
        performance = self.house.data.one("SELECT min(z.performance) FROM performance_zone z WHERE z.is_numbered")
        page = desk.get(f"/counter/seats?performance={performance}")
        self.assertEqual(page.status, 200)
        seats = re.findall(r'<input type="checkbox" name="seat" value="(\d+)"\s*>', page.text)[:2]
        token = page.form("/office/counter/basket")["fields"]["csrf"]
        answer = desk.post("/counter/basket", [("csrf", token), ("performance", performance), ("tariff", "full")] + [("seat", seat) for seat in seats])
        self.assertEqual(answer.status, 303, answer.body)
        page = desk.follow(answer)
        self.assertRegex(page.words, "Row A")
        another = self.desk().get(f"/counter/seats?performance={performance}")
        self.assertRegex(another.text, rf'value="{seats[0]}" disabled')
        for line in re.findall(r'name="line" value="(\d+)"', page.text):
            removed = desk.post("/counter/remove", {"csrf": page.form("/office/counter/remove")["fields"]["csrf"], "line": line})
            self.assertEqual(removed.status, 303)
        self.assertIn("The basket is empty", desk.get("/counter").words)

    def test_performances_are_found_as_one_types(self):
        desk = self.desk()
        self.assertIn("Night by the Lake", desk.get("/counter/shows?p=nig").text)
        self.assertIn("Nothing is on sale", desk.get("/counter/shows?p=nig+xyz").text)

    def test_two_operators_do_not_see_each_others_baskets(self):
        one, other = self.desk(), self.desk()
        self.takes(one)
        self.assertIn("The basket is empty", other.get("/counter").words)

    def test_the_till_is_closed_by_operator_and_way(self):
        desk = self.desk()
        self.takes(desk)
        self.sells(desk, payment="cash")
        self.takes(desk)
        self.sells(desk, payment="card")
        words = desk.get("/counter/takings").words.replace("\u00a0", " ")
        self.assertIn("Olivier Favre", words)
        self.assertIn("Cash 1 CHF 70.00", words)
        self.assertIn("Card 1 CHF 70.00", words)
        self.assertIn("Nothing was taken", desk.get("/counter/takings?day=2020-02-29").words)
        self.assertEqual(desk.get("/counter/takings?day=2020-13-01").status, 404)

    def test_a_cancelled_ticket_leaves_the_till_in_balance(self):
        desk = self.desk()
        self.takes(desk)
        number, _ = self.sells(desk, payment="cash")
        page = desk.get(f"/orders/{number}")
        ticket = re.search(r"cancel\?ticket=(T\d+)", page.text)[1]
        desk.get(f"/orders/{number}/cancel?ticket={ticket}")
        self.assertEqual(desk.send(f"/orders/{number}/cancel").status, 303)
        self.assertIn("ok", self.house.run("audit")[0])
        desk.get(f"/orders/{number}/cancel")
        self.assertEqual(desk.send(f"/orders/{number}/cancel").status, 303)  # the rest; the audit at the end looks again

    def test_the_audit_sees_money_that_is_not_in_the_till(self):
        desk = self.desk()
        self.takes(desk)
        number, _ = self.sells(desk, payment="cash")
        change = "UPDATE till_payment SET amount = amount + {0}, given = given + {0} WHERE customer_order = (SELECT id FROM customer_order WHERE number = {1}) RETURNING 1"
        self.house.data.rows(change.format(5, number.replace("-", "")))
        try:
            out, _ = self.house.run("audit", status=1)
            self.assertRegex(out, r"differs +till +1 of")
        finally:
            self.house.data.rows(change.format(-5, number.replace("-", "")))

    def test_only_who_may_sell_sells(self):
        for profile in ("accountant", "auditor"):
            desk = self.desk(profile)
            self.assertEqual(desk.get("/counter").status, 403)
            self.assertEqual(desk.get("/counter/takings").status, 403)
            self.assertEqual(desk.post("/counter/sell", {"csrf": "x"}).status, 403)
        self.assertEqual(self.desk("manager").get("/counter").status, 200)
        other = self.house.data.one("INSERT INTO organisation (institution, code, name) VALUES ((SELECT min(id) FROM institution), 'circus', 'Circus') RETURNING id")
        desk = self.desk(organisation=int(other))
        self.assertIn("There is no counter that you may sell at", desk.get("/counter").words)
        self.assertEqual(desk.get("/counter/seats?performance=1").status, 404)


if __name__ == "__main__":
    unittest.main()

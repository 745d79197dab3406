"""Orders in the office: found by whatever a buyer holds or says, and shown whole; on the demonstration's theatre, with real sales."""
import re
import unittest

from desk import Desk
from shop_sale import BUYER, Demonstration


class Orders(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Demonstration()
        cls.addClassCleanup(cls.house.close)
        email, cls.password, _ = cls.house.serving.said("sign-in office ").split()
        cls.house.hash = cls.house.data.one("SELECT password_hash FROM operator WHERE email = {}", email)

    def desk(self, *args, **more):
        return Desk(self.house, *args, password=self.password, **more)

    def sold(self, n=2, **more):
        """An order of N standing places; its number."""
        guest = self.house.browser(language="en")
        path = re.search(r'href="(/performances/\d+)[^"]*">Night by the Lake</a>', guest.get("/").text)[1]
        guest.get(path)
        guest.follow(guest.send("/basket", **{"places-standing-full": str(n)}))
        guest.get("/checkout")
        answer = guest.send("/checkout", **{**BUYER, **more})
        self.assertEqual(answer.status, 303, answer.text)
        return answer.location.rsplit("/", 1)[1]

    def found(self, typed, desk=None, **more):
        """The numbers that a search lists; a number alone leads to its order."""
        query = "".join(f"&{k}={v}" for k, v in more.items())
        page = (desk or self.desk()).get(f"/orders?q={typed}{query}")
        if page.status == 303:
            return [page.location.rsplit("/", 1)[1]]
        self.assertEqual(page.status, 200)
        return re.findall(r'href="/office/orders/(\d+-\d)"', page.text)

    def test_an_order_is_found_by_its_number_its_tickets_their_barcodes_and_its_buyer(self):
        number = self.sold(last_name="Zumthor", email="zumthor@example.org")
        order = self.house.data.count("SELECT id FROM customer_order WHERE last_name = 'Zumthor'")
        self.house.data.rows("UPDATE ticket SET state = 'sold', barcode = {} WHERE id = (SELECT min(id) FROM ticket WHERE customer_order = {})",
                             "K123456789ABCDFG", order)
        desk = self.desk()
        ticket = re.search(r'class="nowrap">(T[0-9]+)<', desk.get(f"/orders/{number}").text)[1]
        for typed in (number, number.replace("-", ""), ticket, ticket.lower(), "K123456789ABCDFG", "k123%204567%2089ab%20cdfg", "zumt", "zumthor@example.org"):
            self.assertEqual(self.found(typed, desk), [number], typed)
        self.assertEqual(self.found("nobody-of-this-name", desk), [])

    def test_a_contact_that_others_were_merged_into_has_their_orders_too(self):
        mine, other = (self.sold(1, email=address, last_name=name) for address, name in
                       (("kept.rochat@example.org", "Wermeille"), ("other.rochat@example.org", "Vuillemin")))
        contact = lambda number: int(self.house.data.one("SELECT contact FROM customer_order WHERE number = {}", int(number.replace("-", ""))))
        stays, goes = contact(mine), contact(other)
        self.assertNotIn(other, self.found("wermeille"))
        desk = self.desk("administrator")
        desk.get(f"/contacts/{stays}/merge?with={goes}")
        self.assertEqual(desk.send(f"/contacts/{stays}/merge").status, 303)
        self.assertLessEqual({mine, other}, set(self.found("wermeille")))

    def test_views_show_what_is_to_be_paid_paid_and_cancelled(self):
        unpaid, paid, gone = self.sold(last_name="Aebi"), self.sold(last_name="Aebi"), self.sold(last_name="Aebi")
        self.house.data.rows("UPDATE customer_order SET state = 'settled' WHERE number = {}", int(paid.replace("-", "")))
        self.house.data.rows("UPDATE customer_order SET state = 'cancelled', reason = 'cancelled' WHERE number = {}", int(gone.replace("-", "")))
        desk = self.desk()
        for view, shown in (("unpaid", unpaid), ("paid", paid), ("cancelled", gone)):
            page = desk.get(f"/orders?view={view}").text
            self.assertEqual([n for n in (unpaid, paid, gone) if n in page], [shown], view)
            self.assertEqual(self.found("aebi", desk, view=view), [shown])

    def test_the_list_goes_on_on_the_next_page(self):
        first = self.sold()
        self.house.data.rows("INSERT INTO customer_order (institution, point_of_sale, state, reason, number, browser_hash, made_at, held_until, closed_at, currency, total,"
                             " payment, language, email, email_key, first_name, last_name, street, house_number, postcode, town, country)"
                             " SELECT o.institution, o.point_of_sale, 'cancelled', 'test', 9000000 + a.number * 100 + b.number, o.browser_hash, 1, 1, 1, 'CHF', 0, 'none', 'en',"
                             " '', '', '', '', '', '', '', '', 'CH' FROM customer_order o, (SELECT id AS number FROM seat WHERE id <= (SELECT min(id) + 9 FROM seat)) a,"
                             " (SELECT id AS number FROM seat WHERE id <= (SELECT min(id) + 9 FROM seat)) b WHERE o.number = {}", int(first.replace("-", "")))
        desk = self.desk()
        page = desk.get("/orders?view=cancelled")
        older = next(a for a in page.reader.links if "before=" in a)
        self.assertIn("view=cancelled", older)
        again = desk.get(older)
        self.assertFalse(set(re.findall(r"orders/(\d+-\d)", page.text)) & set(re.findall(r"orders/(\d+-\d)", again.text)))
        self.house.data.rows("DELETE FROM customer_order WHERE reason = 'test'")

    def test_an_order_shows_what_was_bought_by_whom_its_tickets_and_its_history(self):
        number = self.sold(3, first_name="Jeanne", last_name="Rochat")
        page = self.desk().get(f"/orders/{number}")
        words = page.words.replace("\u00a0", " ")
        for what in (number, "Reserved, to be paid", "Jeanne Rochat", "Rue des Moulins 27", "2000 Neuchâtel", "Night by the Lake", "Invoice", "By post", "Held until paid",
                     "Ordered", "Buyer"):
            self.assertIn(what, words)
        self.assertEqual(len(re.findall(r'class="nowrap">T\d+<', page.text)), 3)
        self.assertIn("/office/contacts/", page.text)

    def test_a_bill_is_read_as_the_buyer_got_it(self):
        number = self.sold()
        desk = self.desk("accountant")
        page = desk.get(f"/orders/{number}")
        pdf = re.search(r'href="/office(/orders/[^"]+/bills/\d{4}-\d{5}\.pdf)"', page.text)[1]
        answer = desk.get(pdf)
        self.assertEqual((answer.status, answer.header("Content-Type")), (200, "application/pdf"))
        self.assertTrue(answer.body.startswith(b"%PDF-"))
        self.assertEqual(desk.get(pdf.replace(number, self.sold())).status, 404, "of another order")

    def test_a_cancelled_ticket_is_void_and_the_rest_billed_anew(self):
        number, desk = self.sold(3), self.desk("box-office")
        page = desk.get(f"/orders/{number}")
        where = next(a for a in page.reader.links if "cancel?ticket=" in a)
        desk.get(where)
        self.assertEqual(desk.follow(desk.send(f"/orders/{number}/cancel")).done, "The ticket is cancelled.")
        words = desk.get(f"/orders/{number}").words
        self.assertIn("Credited", words)
        self.assertIn("Open", words)
        self.assertIn("2 tickets", words)
        desk.get(where)
        answer = desk.send(f"/orders/{number}/cancel")
        self.assertEqual((answer.status, answer.alert), (409, "Nothing was cancelled It has been cancelled already."))

    def test_a_cancelled_order_frees_its_places_and_is_in_the_trail(self):
        number, desk = self.sold(2), self.desk("box-office")
        order = self.house.data.count("SELECT id FROM customer_order WHERE number = {}", int(number.replace("-", "")))
        desk.get(f"/orders/{number}/cancel")
        self.assertEqual(desk.follow(desk.send(f"/orders/{number}/cancel")).done, "The order is cancelled.")
        self.assertEqual(self.house.data.count("SELECT count(*) FROM place p JOIN order_line n ON n.id = p.holder WHERE n.customer_order = {}", order), 0)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM audit_entry WHERE verb = 'order-cancelled' AND record = {}", order), 1)
        self.assertNotIn("/cancel", desk.get(f"/orders/{number}").text)
        out, _ = self.house.run("audit")
        self.assertNotIn("differs", out)

    def test_who_only_reads_cancels_nothing(self):
        number = self.sold()
        reader = self.desk("accountant")
        self.assertNotIn("/cancel", reader.get(f"/orders/{number}").text)
        self.assertEqual(reader.get(f"/orders/{number}/cancel").status, 403)
        self.assertEqual(reader.post(f"/orders/{number}/cancel", {"csrf": "x"}).status, 403)

    def test_what_a_buyer_typed_is_shown_as_text(self):
        number = self.sold(last_name='<script>alert(1)</script>"', street='"><img src=x>')
        desk = self.desk()
        for path in ("/orders", f"/orders/{number}", "/orders?q=%22%3E%3Cscript%3Ealert(2)%3C/script%3E"):
            text = desk.get(path).text
            self.assertNotIn("<script>alert", text)
            self.assertNotIn("<img src=x", text)

    def test_an_operator_of_another_organisation_sees_none_of_it(self):
        number = self.sold()
        self.house.data.rows("INSERT INTO organisation (institution, code, name) SELECT min(id), 'OTHER', 'Other' FROM institution")
        other = self.house.data.count("SELECT id FROM organisation WHERE code = 'OTHER'")
        stranger = self.desk("box-office", other)
        self.assertEqual(stranger.get(f"/orders/{number}").status, 404)
        self.assertEqual(self.found(number, stranger), [])
        self.assertEqual(self.found("rochat", stranger), [])
        self.assertNotIn(number, stranger.get("/orders").text)
        self.assertEqual(self.found(number, self.desk("auditor")), [number])

    def test_what_is_no_order_is_404(self):
        desk = self.desk()
        for path in ("/orders/10001-8", "/orders/x", "/orders/99999999", "/orders/-1"):
            self.assertEqual(desk.get(path).status, 404, path)
        self.assertEqual(desk.get("/orders?before=x&view=nonsense").status, 200)


if __name__ == "__main__":
    unittest.main()

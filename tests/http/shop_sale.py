"""The sale from outside, as the contract has it: what is on, a performance, the basket, the checkout, the order, on the demonstration's theatre."""
import os
import re
import tempfile
import unittest

from house import IS_SQLITE, Data, House, Serving, at_once

BUYER = dict(email="jeanne.rochat@example.org", first_name="Jeanne", last_name="Rochat", street="Rue des Moulins", house_number="27", postcode="2000",
             town="Neuchâtel", country="CH", shipment_mode="post", payment="invoice", terms="yes")


class Demonstration(House):
    """`parterre demo` on an empty database; its house has sold nothing yet, unless HAS_SOLD."""

    def __init__(self, options=(), has_sold=False):
        self.folder = tempfile.mkdtemp()
        self.data = Data(self.folder)
        self.keys = os.path.join(self.folder, "keys")
        if not has_sold:
            options = (*options, "--unsold")
        self.serving = Serving(["demo", "--database", self.data.url, "--listen", "127.0.0.1:0", "--secret-dir", self.keys, *options], self.folder + "/log")
        self.url = self.serving.said("shop ").rstrip("/")
        self.shopper = self.serving.said("sign-in shop ").split()


class Sale(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Demonstration()
        cls.addClassCleanup(cls.house.close)

    @classmethod
    def tearDownClass(cls):
        out, _ = cls.house.run("audit")
        assert "differs" not in out, out

    def browser(self, **more):
        return self.house.browser(language="en", **more)

    def performances(self, title):
        """The pages of the performances called TITLE."""
        page = self.browser().get("/")
        return re.findall(r'href="(/performances/\d+)[^"]*">' + title + "</a>", page.text)

    def takes(self, guest, path, **places):
        """Puts places into the basket; the answer itself."""
        guest.get(path)
        return guest.send("/basket", **{name.replace("__", "-"): str(n) for name, n in places.items()})

    def a_basket(self, guest, n=2, title="Night by the Lake"):
        answer = self.takes(guest, self.performances(title)[0], places__standing__full=n)
        self.assertEqual((answer.status, answer.location), (303, "/basket"), answer.text)
        return guest.follow(answer)

    def gives_back(self, guest):
        """Presses the first line's button."""
        page = guest.get("/basket")
        line = re.search(r'name="line" value="(\d+)"', page.text)[1]
        return guest.post("/basket/remove", {"csrf": page.form("/basket/remove")["fields"]["csrf"], "line": line})

    def buys(self, guest, **more):
        guest.get("/checkout")
        return guest.send("/checkout", **{**BUYER, **more})

    # ---- what is on ----

    def test_eight_performances_are_on_from_fifteen_days_ahead(self):
        page = self.browser().get("/")
        self.assertEqual(page.status, 200)
        self.assertEqual(len(set(re.findall(r'href="/performances/(\d+)', page.text))), 8)
        first = self.house.data.count("SELECT min(starts_at) FROM performance")
        self.assertGreater(first, self.house.data.count("SELECT max(made_at) FROM institution") + 15 * 86400 * 1000000)
        self.assertIn("Places left", page.words)

    def test_an_event_shows_its_performances(self):
        guest = self.browser()
        page = guest.get(self.performances("Carmen")[0])
        event = re.search(r'href="(/events/\d+)', page.text)[1]
        page = guest.get(event)
        self.assertEqual(page.heading, "Carmen")
        self.assertEqual(len(set(re.findall(r'href="/performances/(\d+)', page.text))), 3)

    def test_what_is_not_there_is_404(self):
        guest = self.browser()
        for path in ("/events/999999", "/events/x", "/performances/999999", "/performances/0", "/orders/10001-8", "/orders/99999", "/orders/x"):
            self.assertEqual(guest.get(path).status, 404, path)

    # ---- the basket ----

    def test_places_go_into_the_basket_and_out_again(self):
        guest = self.browser()
        page = self.a_basket(guest, 3)
        self.assertIn("CHF 105.00", page.words.replace("\u00a0", " "))
        page = guest.follow(self.gives_back(guest))
        self.assertIn("The basket is empty", page.words)

    def test_too_many_for_what_is_left_is_409_and_says_so(self):
        path = self.performances("Peter and the Wolf")[0]
        performance = path.rsplit("/", 1)[1]
        left = "SELECT count(*) FROM place p JOIN performance_zone z ON z.id = p.zone JOIN seat_category y ON y.id = z.seat_category WHERE z.performance = {} AND y.code = '3'"
        self.house.data.rows("UPDATE place SET free_from = 4000000000000000, holder = 999999 WHERE zone IN (SELECT z.id FROM performance_zone z JOIN seat_category y"
                             " ON y.id = z.seat_category WHERE z.performance = {} AND y.code = '3') AND id % 10 <> 0", int(performance))
        guest = self.browser()
        answer = self.takes(guest, path, places__3__full=0)
        self.assertEqual(answer.status, 422)
        fields = guest.page.form("/basket")["fields"] if guest.page.has_form("/basket") else guest.get(path).form("/basket")["fields"]
        answer = guest.post("/basket", {**fields, "places-3-full": "20"})
        self.assertEqual(answer.status, 409, answer.alert)
        self.assertIn("no longer free", answer.alert)
        self.assertGreater(self.house.data.count(left, int(performance)), 0)
        self.house.data.rows("UPDATE place SET free_from = 0, holder = NULL WHERE holder = 999999")

    def test_nonsense_is_refused_and_takes_nothing(self):
        guest = self.browser()
        path = self.performances("Night by the Lake")[0]
        fields = guest.get(path).form("/basket")["fields"]
        for more in ({}, {"places-standing-full": "-1"}, {"places-standing-full": "1e3"}, {"places-standing-dog": "1"}, {"places-x": "1"}, {"seat": "x-full"}, {"seat": "99999999-full"},
                     {"places-standing-full": "9999999999999999999"}):
            answer = guest.post("/basket", {"csrf": fields["csrf"], "performance": fields["performance"], **more})
            self.assertEqual(answer.status, 422, more)
        self.assertEqual(guest.post("/basket", {"csrf": fields["csrf"], "performance": "x", "places-standing-full": "1"}).status, 404)
        self.assertEqual(guest.post("/basket", {"csrf": "x", "performance": fields["performance"], "places-standing-full": "1"}).status, 403)
        self.assertIn("The basket is empty", guest.get("/basket").words)

    def test_a_basket_survives_signing_in(self):
        guest = self.browser()
        self.a_basket(guest, 1)
        self.assertEqual(guest.sign_in(*self.house.shopper[:2]).status, 303)
        self.assertIn("1 ticket", guest.get("/basket").words)
        elsewhere = self.browser()
        elsewhere.sign_in(*self.house.shopper[:2])
        self.assertIn("The basket is empty", elsewhere.get("/basket").words)  # until something is done with it where he signed in
        self.a_basket(guest, 1)
        self.assertIn("2 tickets", elsewhere.get("/basket").words)
        self.gives_back(guest)

    def test_seats_are_picked_on_the_plan(self):
        guest = self.browser()
        path = self.performances("Carmen")[1]
        page = guest.get(path)
        first, second = re.findall(r'aria-label="Row B, seat ([35]), [^"]*"', page.text)[:2]
        one = re.search(r'href="[^"]*\?s=(\d+)[^"]*" aria-label="Row B, seat 3,', page.text)[1]
        two = re.search(r'href="[^"]*\?s=(\d+)[^"]*" aria-label="Row B, seat 5,', page.text)[1]
        self.assertEqual((first, second), ("3", "5"))
        page = guest.get(f"{path}?s={one}.{two}")
        self.assertIn("Row B, seat 3: yours, give back", page.text)
        listed = guest.get(f"{path}?s-{one}=on&s-{two}=on")  # the same by the list's check boxes
        self.assertEqual(listed.words, page.words)
        fields = page.form("/basket")["fields"]
        answer = guest.post("/basket", [("csrf", fields["csrf"]), ("performance", fields["performance"]), ("seat", f"{one}-full"), ("seat", f"{two}-child")])
        self.assertEqual(answer.status, 303, answer.text)
        page = guest.follow(answer)
        self.assertIn("Row B, seat 3", page.words)  # a line each, since the tariffs differ
        self.assertIn("Row B, seat 5", page.words)
        other = self.browser()
        fields = other.get(path).form("/basket")["fields"]
        self.assertNotIn('aria-label="Row B, seat 3,', other.page.text)
        answer = other.post("/basket", [("csrf", fields["csrf"]), ("performance", fields["performance"]), ("seat", f"{one}-full")])
        self.assertEqual(answer.status, 409)

    # ---- checkout and order ----

    def test_a_basket_becomes_an_order(self):
        guest = self.browser()
        self.a_basket(guest, 2)
        answer = self.buys(guest)
        self.assertEqual(answer.status, 303, answer.text)
        self.assertRegex(answer.location, r"^/orders/\d+-\d$")
        page = guest.follow(answer)
        self.assertEqual(page.status, 200)
        self.assertIn('data-state="reserved"', page.text)
        self.assertIn("CHF 75.00", page.words.replace("\u00a0", " "))
        self.assertIn("Rue des Moulins 27", page.words)
        self.assertEqual(self.browser().get(answer.location).status, 404)  # foreign
        self.assertEqual(guest.get(answer.location.replace("-", "")).status, 200)
        self.assertIn("The basket is empty", guest.get("/basket").words)

    def test_the_same_basket_sent_twice_is_one_order(self):
        guest = self.browser()
        self.a_basket(guest, 1)
        guest.get("/checkout")
        where, pairs = guest.fill("/checkout", **BUYER)
        answers = at_once(lambda _: guest.post(where, pairs, is_kept=False), range(6))
        self.assertEqual({a.status for a in answers}, {303})
        self.assertEqual(len({a.location for a in answers}), 1)
        self.assertEqual(len({a.header("Set-Cookie") for a in answers}), 1, "whichever answer the browser sees opens the order")
        self.assertEqual(guest.post(where, pairs).location, answers[0].location)
        self.assertEqual(guest.get(answers[0].location).status, 200)
        self.a_basket(guest, 1)  # a new basket, and then the old form once more
        self.assertEqual(guest.post(where, pairs).location, answers[0].location)
        self.assertIn("1 ticket", guest.get("/basket").words)

    def test_a_cookie_planted_before_the_purchase_opens_no_order(self):
        guest, planter = self.browser(), self.browser()
        self.a_basket(guest, 1)
        guest.get("/checkout")
        planter.jar = dict(guest.jar)
        where, pairs = guest.fill("/checkout", **BUYER)
        first = guest.post(where, pairs).location
        self.assertEqual(guest.get(first).status, 200)
        self.assertEqual(planter.get(first).status, 404)
        theirs = [(n, "mallory@example.org" if n == "email" else v) for n, v in pairs]
        self.assertEqual(planter.post(where, theirs).location, "/basket", "sent again by who does not know what was typed")
        self.assertEqual(planter.get(first).status, 404)
        self.a_basket(guest, 1)
        second = self.buys(guest).location
        self.assertEqual(guest.get(second).status, 200)
        self.assertEqual(guest.get(first).status, 200, "what it bought before stays its own")

    def test_another_total_is_422_with_the_new_one(self):
        guest = self.browser()
        self.a_basket(guest, 2)
        answer = self.buys(guest, total="1.00")
        self.assertEqual(answer.status, 422)
        self.assertIn("total has changed", answer.alert)
        self.assertEqual(answer.form("/checkout")["fields"]["total"], "75.00")
        answer = guest.send("/checkout", **BUYER)
        self.assertEqual(answer.status, 303)

    def test_another_way_of_sending_than_the_ticked_one_costs_what_stands_beside_it(self):
        guest = self.browser()
        self.a_basket(guest, 1)
        page = guest.follow(self.buys(guest, shipment_mode="registered"))
        self.assertIn("CHF 44.00", page.words.replace("\u00a0", " "))

    def test_each_field_says_what_it_lacks(self):
        guest = self.browser()
        self.a_basket(guest, 1)
        answer = self.buys(guest, email="nobody", last_name="", postcode="", street="", shipment_mode="pigeon")
        self.assertEqual(answer.status, 422)
        for name in ("email", "last_name", "postcode", "street"):
            self.assertIn(name, answer.errors, answer.alert)
        self.assertIn("Choose how you get", answer.alert)
        fields = guest.get("/checkout").form("/checkout")["fields"]
        answer = guest.post("/checkout", {k: v for k, v in {**fields, **BUYER}.items() if k != "terms"})
        self.assertEqual(answer.status, 422)
        self.assertIn("Agree to the terms", answer.alert)

    def test_a_checkout_without_a_basket_leads_to_the_basket(self):
        self.assertEqual(self.browser().get("/checkout").location, "/basket")

    def test_the_owner_finds_his_orders_and_nobody_else_does(self):
        email, password = self.house.shopper[:2]
        owner = self.browser()
        self.assertEqual(owner.sign_in(email, password).status, 303)
        self.a_basket(owner, 1)
        page = owner.get("/checkout")
        self.assertEqual(page.form("/checkout")["fields"]["email"], email)
        order = owner.send("/checkout", **{**BUYER, "email": email}).location
        self.assertIn(order.rsplit("/", 1)[1], owner.get("/account/orders").words)
        guest = self.browser()
        self.a_basket(guest, 1)
        by_guest = self.buys(guest, email=email).location  # with the owner's proven address
        self.assertIn(by_guest.rsplit("/", 1)[1], owner.get("/account/orders").words)
        self.assertEqual(owner.get(by_guest).status, 200)
        self.assertEqual(guest.get(order).status, 404)
        self.assertEqual(self.browser().get("/account/orders").status, 303)

    def test_who_signs_out_leaves_neither_basket_nor_orders_in_the_browser(self):
        email, password = self.house.shopper[:2]
        browser = self.browser()
        self.assertEqual(browser.sign_in(email, password).status, 303)
        self.a_basket(browser, 1)
        browser.get("/checkout")
        order = browser.send("/checkout", **{**BUYER, "email": email}).location
        self.a_basket(browser, 2)
        browser.get("/account")
        self.assertEqual(browser.send("/signout").status, 303)
        self.assertIn("The basket is empty", browser.get("/basket").words)
        self.assertEqual(browser.get(order).status, 404)
        self.assertEqual(browser.sign_in(email, password).status, 303)
        self.assertIn("2 tickets", browser.get("/basket").words, "the account finds its own again")
        browser.follow(self.gives_back(browser))

    def test_a_guests_order_is_not_the_accounts_whose_session_ended(self):
        email, password = self.house.shopper[:2]
        browser = self.browser()
        self.house.data.rows("UPDATE customer_order SET account = NULL WHERE state = 'in_progress'")  # no basket of the account's from another browser
        self.assertEqual(browser.sign_in(email, password).status, 303)
        self.a_basket(browser, 1)
        browser.forget("session")
        browser.get("/checkout")
        order = browser.send("/checkout", **{**BUYER, "email": "karl@example.org"}).location
        owner = self.browser()
        owner.sign_in(email, password)
        self.assertEqual(owner.get(order).status, 404)
        self.assertNotIn(order.rsplit("/", 1)[1], owner.get("/account/orders").words)

    def test_who_lost_places_goes_on_with_the_rest(self):
        guest = self.browser()
        self.a_basket(guest, 5)
        basket = self.house.data.count("SELECT max(id) FROM customer_order WHERE state = 'in_progress'")
        self.house.data.rows("UPDATE place SET free_from = 4000000000000000, holder = 999999 WHERE id IN (SELECT p.id FROM place p JOIN order_line n ON n.id = p.holder"
                             " WHERE n.customer_order = {} ORDER BY p.id LIMIT 2)", basket)
        page = guest.get("/basket")
        self.assertFalse(any(a.startswith("/checkout") for a in page.reader.links), "that would lead back here")
        page = guest.follow(guest.send("/basket/mend"))
        self.assertEqual(page.path, "/checkout")
        self.assertIn("3 ×", guest.get("/basket").words.replace("\u00a0", " "))
        self.house.data.rows("UPDATE place SET free_from = 0, holder = NULL WHERE holder = 999999")

    def test_what_was_refused_is_still_chosen(self):
        guest, path = self.browser(), self.performances("Carmen")[0]
        guest.get(path)
        answer = guest.send("/basket", **{"places-1-full": "3", "places-2-full": "4999"})
        self.assertEqual(answer.status, 422)
        self.assertEqual(answer.form("/basket")["fields"]["places-1-full"], "3")
        seats = re.findall(r'name="s-(\d+)"', guest.get(path).text)[:3]
        guest.get(path + "?s=" + ".".join(seats))
        fields = [("csrf", guest.page.form("/basket")["fields"]["csrf"]), ("performance", path.rsplit("/", 1)[1])]
        self.house.data.rows("UPDATE place SET free_from = 4000000000000000, holder = 999999 WHERE seat = {} AND zone IN (SELECT id FROM performance_zone WHERE"
                             " performance = {})", int(seats[0]), int(path.rsplit("/", 1)[1]))
        answer = guest.post("/basket", fields + [("seat", s + "-child") for s in seats])
        self.assertEqual(answer.status, 409)
        for seat in seats[1:]:
            self.assertIn(f'<option value="{seat}-child" selected>', answer.text)
        self.house.data.rows("UPDATE place SET free_from = 0, holder = NULL WHERE holder = 999999")

    def test_the_last_places_go_to_one_of_two(self):
        path = self.performances("Night by the Lake")[1]
        performance = int(path.rsplit("/", 1)[1])
        zone = self.house.data.count("SELECT id FROM performance_zone WHERE performance = {}", performance)
        self.house.data.rows("UPDATE place SET free_from = 4000000000000000, holder = 999999 WHERE zone = {} AND id NOT IN (SELECT id FROM place WHERE zone = {} ORDER BY id LIMIT 5)",
                             zone, zone)
        guests = [self.browser() for _ in range(8)]
        fields = [g.get(path).form("/basket")["fields"] for g in guests]
        answers = at_once(lambda i: guests[i].post("/basket", {**fields[i], "places-standing-full": "2"}).status, range(8))
        self.assertEqual(sorted(answers), [303, 303] + [409] * 6)
        self.house.data.rows("UPDATE place SET free_from = 0, holder = NULL WHERE holder = 999999")

    @unittest.skipIf(IS_SQLITE, "one process serves an SQLite file")
    def test_two_processes_sell_exactly_what_there_is(self):
        path = self.performances("L’Avare")[1]
        performance = int(path.rsplit("/", 1)[1])
        places = "SELECT count(*) FROM place p JOIN performance_zone z ON z.id = p.zone WHERE z.performance = {}"
        n = self.house.data.count(places, performance)
        port = self.house.url.rsplit(":", 1)[1]
        other = Serving(["serve", "--database", self.house.data.url, "--listen", "127.0.0.1:0", "--mail", f"dir:{self.house.folder}/mail", "--secret-dir", self.house.keys],
                        self.house.folder + "/other")
        self.addCleanup(other.stop)
        self.assertNotEqual(other.address[1], int(port))

        def buys(i):
            """Takes by threes until nothing is left, from one process or the other; buys all but every fourth basket, and gives that back."""
            bought = 0
            for round in range(60):
                guest = self.browser(address=other.address if (i + round) % 2 else None)
                if not guest.get(path).has_form("/basket"):
                    return bought  # sold out
                category, most, fields = 1 + (i + round) % 3, 1 + (i + round) % 3, guest.page.form("/basket")["fields"]
                answer = guest.post("/basket", {**fields, f"places-{category}-full": str(most)})
                assert answer.status in (303, 409, 422, 503), answer.text
                if answer.status != 303:
                    continue
                if (i + round) % 4 == 0:
                    self.gives_back(guest)
                    continue
                guest.get("/checkout")
                answer = guest.send("/checkout", **{**BUYER, "shipment_mode": "pick-up"})
                assert answer.status == 303, answer.text
                bought += most
            return bought

        total = sum(at_once(buys, range(12)))
        sold = self.house.data.count(places + " AND p.free_from = 4611686018427387904", performance)
        self.assertEqual(total, sold)
        self.assertLessEqual(sold, n)
        self.assertGreater(sold, n * 9 // 10)
        self.assertEqual(self.house.data.count("SELECT count(DISTINCT t.place) FROM ticket t JOIN place p ON p.id = t.place JOIN performance_zone z ON z.id = p.zone"
                                               " WHERE z.performance = {} AND t.state = 'held'", performance), sold)


if __name__ == "__main__":
    unittest.main()

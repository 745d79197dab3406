"""The demonstration's outside world: its bank's and its printing company's files are what the office, our reader and the standard's schema take."""
import json
import os
import re
import subprocess
import tempfile
import unittest
from html import unescape

from desk import Desk
from house import until
from shop_sale import BUYER, Demonstration

BINARY = os.environ.get("PARTERRE_BINARY", "build/asan/parterre")
SCHEMA = os.path.join(os.environ.get("PARTERRE_SHARED", ""), "data", "camt", "xsd", "camt.054.001.08.xsd")


class Outside(unittest.TestCase):
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

    def desk(self, profile="manager"):
        return Desk(self.house, profile, password=self.password)

    def buys(self, n=1, **more):
        """An order on invoice of N places by post: its number and its bill's id."""
        guest = self.house.browser(language="en")
        path = re.search(r'href="(/performances/\d+)[^"]*">Night by the Lake</a>', guest.get("/").text)[1]
        guest.get(path)
        guest.follow(guest.send("/basket", **{"places-standing-full": str(n)}))
        guest.get("/checkout")
        number = guest.send("/checkout", **{**BUYER, **more}).location.rsplit("/", 1)[1]
        order = int(number.replace("-", ""))
        return number, self.house.data.count("SELECT b.id FROM bill b JOIN customer_order o ON o.id = b.customer_order WHERE o.number = {}", order)

    def outside(self):
        browser = self.house.browser(language="en")
        browser.get("/outside")
        return browser

    def pays(self, *bills, **amounts):
        """The bank's file about BILLS; AMOUNTS by field."""
        browser = self.outside()
        fields = browser.page.form("/outside/bank")["fields"]
        return browser.post("/outside/bank", [*((k, v) for k, v in {**fields, **amounts}.items() if k != "bill"), *(("bill", str(b)) for b in bills)])

    def hands_in(self, file):
        desk = self.desk("accountant")
        desk.get("/payments")
        return desk.follow(desk.send_file("/interfaces/payments/import-payments", "file", "camt.xml", file))

    def state(self, number):
        return self.house.data.one("SELECT state FROM customer_order WHERE number = {}", int(number.replace("-", "")))

    # ---- the bank ----

    def test_the_banks_file_is_what_the_schema_and_our_reader_take(self):
        (_, first), (_, second) = self.buys(2, last_name="O'Neill & Söhne <AG>"), self.buys(1)
        answer = self.pays(first, second)
        self.assertEqual((answer.status, answer.header("content-type")), (200, "application/xml"))
        self.assertRegex(answer.header("content-disposition"), r'^attachment; filename="camt\.054_[0-9a-f]{16}\.xml"')
        with tempfile.NamedTemporaryFile(suffix=".xml") as f:
            f.write(answer.body)
            f.flush()
            read = subprocess.run([BINARY, "bank", "read", f.name], capture_output=True, text=True, timeout=60)
            lines = [json.loads(line) for line in read.stdout.splitlines()]
            self.assertEqual((read.returncode, lines[-1]["summary"]["findings"]), (0, []), read.stderr)
            self.assertEqual([line["debtor"]["name"] for line in lines[:-1]], ["Jeanne Rochat", "Jeanne O'Neill & Söhne <AG>"])
            self.assertEqual({line["account"] for line in lines[:-1]}, {"CH5800791123000889012"})
            if os.path.exists(SCHEMA):
                checked = subprocess.run(["xmllint", "--noout", "--schema", SCHEMA, f.name], capture_output=True, text=True, timeout=60)
                self.assertEqual(checked.returncode, 0, checked.stderr)

    def test_a_paid_bill_settles_its_order_and_leaves_the_list(self):
        number, bill = self.buys()
        self.assertIn(number, self.outside().page.words)
        self.hands_in(self.pays(bill).body)
        self.assertEqual(self.state(number), "settled")
        self.assertNotIn(number, self.outside().page.words)

    def test_another_amount_is_a_part_payment(self):
        number, bill = self.buys()
        self.hands_in(self.pays(bill, **{f"amount-{bill}": "12.5"}).body)
        self.assertEqual(self.state(number), "reserved")
        self.assertEqual(self.house.data.count("SELECT paid FROM bill WHERE id = {}", bill), 1250)

    def test_two_files_about_one_bill_are_two_payments(self):
        number, bill = self.buys()
        first, second = self.pays(bill).body, self.pays(bill).body
        self.hands_in(first)
        self.hands_in(second)
        amount = self.house.data.count("SELECT amount FROM bill WHERE id = {}", bill)
        self.assertEqual(self.house.data.count("SELECT paid FROM bill WHERE id = {}", bill), 2 * amount)

    def test_what_cannot_be_paid_is_refused_at_its_field(self):
        _, bill = self.buys()
        for amount in ("0", "-1", "x", "1.234", ""):
            answer = self.pays(bill, **{f"amount-{bill}": amount})
            self.assertEqual((answer.status, f'href="#amount-{bill}"' in answer.text), (422, True), amount)
        self.assertIn("Tick at least one bill", self.pays().words)
        self.assertIn("Tick at least one bill", self.pays(999999).words)

    def test_a_form_of_elsewhere_is_refused(self):
        self.buys()
        browser = self.outside()
        self.assertEqual(browser.post("/outside/bank", {"csrf": "x"}).status, 403)
        fields = browser.get("/outside").form("/outside/bank")["fields"]
        self.assertEqual(browser.post("/outside/bank", fields, origin=False, headers=[("Origin", "https://evil.example")]).status, 403)

    def test_a_file_dropped_into_the_watched_folder_is_fetched(self):
        number, bill = self.buys()
        self.assertNotIn("watched folder", self.outside().page.words)
        folder = os.path.join(self.house.folder, "from-the-bank")
        os.makedirs(folder)
        desk = self.desk("administrator")
        desk.get("/interfaces/payments/folder")
        self.assertEqual(desk.send("/interfaces/payments/folder", folder=folder).status, 303)
        browser = self.outside()
        fields = browser.page.form("/outside/bank")["fields"]
        answer = browser.post("/outside/bank", {**fields, "bill": str(bill), "to": "folder"})
        self.assertEqual(answer.status, 303)
        self.assertIn("watched folder", browser.follow(answer).words)
        until(lambda: self.state(number) == "settled", "fetched and settled")
        self.assertEqual([n.endswith(".xml") for n in os.listdir(os.path.join(folder, "done"))], [True])

    # ---- the printing company ----

    def printed(self, browser, without=(), leave=(), extra=()):
        """The status file of what lies on the table; without tracking numbers for the letters in WITHOUT, without the tickets in LEAVE."""
        fields = [(k, "" if k in without else v) for k, v in browser.page.form("/outside/printing")["fields"].items() if k not in ("ticket", "without")]
        lines = re.findall(r'name="ticket" value="(\d+)"', browser.page.text)
        return browser.post("/outside/printing", [*fields, *(("ticket", t) for t in lines if t not in leave), *extra])

    def exported(self, *buyers):
        """A batch of paid orders, a ticket more each; their numbers."""
        orders = [self.buys(i + 1, last_name=name, email=f"{name.lower()}@example.org") for i, name in enumerate(buyers)]
        self.hands_in(self.pays(*(bill for _, bill in orders)).body)
        desk = self.desk()
        desk.get("/interfaces/colora")
        self.assertEqual(desk.send("/interfaces/colora/export-colour-tickets").status, 303)
        return [number for number, _ in orders]

    def hands_in_status(self, file):
        desk = self.desk()
        desk.get("/interfaces/colora")
        return desk.follow(desk.send_file("/interfaces/colora/import-printing-status", "file", "status.csv", file))

    def test_the_status_file_tells_what_was_ticked_with_and_without_numbers(self):
        self.exported("Aebi", "Bovet")
        browser = self.outside()
        page = unescape(browser.page.text)
        self.assertIn("Jeanne Aebi, 2000 Neuchâtel", page)
        fields = [k for k in browser.page.form("/outside/printing")["fields"] if k.startswith("number-")]
        by_name = dict(zip(re.findall(r"<legend>Jeanne (\w+),", page), fields))
        answer = self.printed(browser, without=[by_name["Bovet"]])
        self.assertEqual((answer.status, answer.header("content-type")), (200, "text/csv"))
        rows = [line.split(";") for line in answer.body.decode().split("\r\n")[:-1]]
        of = {name: i for i, name in enumerate(rows[0])}
        numbers = sorted(row[of["TRACKING_NUMBER"]] for row in rows[1:])
        self.assertEqual(numbers[:2], ["", ""])
        self.assertRegex(numbers[2], r"^98\.34\.123456\.\d{8}$")
        preview = self.hands_in_status(answer.body)
        self.assertEqual(preview.status, 200)
        self.assertIn("3", preview.words)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM status_line"), 0, "no line that somebody has to read")

    def test_a_ticket_without_a_tick_stays_open(self):
        self.exported("Chappuis", "Droz")
        browser = self.outside()
        lines = re.findall(r'name="ticket" value="(\d+)"', browser.page.text)
        answer = self.printed(browser, leave=lines[:1], extra=[("without", "yes")])
        rows = answer.body.decode().split("\r\n")
        self.assertEqual(len(rows), 2 + len(lines) - 1)
        self.assertIn("Tick at least one ticket", self.printed(self.outside(), leave=lines).words)


if __name__ == "__main__":
    unittest.main()

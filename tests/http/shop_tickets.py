"""Tickets from outside: printed at home and shown on a phone, by those who may have them, read by a program of others."""
# engines: sqlite postgresql
import os
import re
import subprocess
import unittest

from bank import amount_and_reference, entry, pays
from desk import Desk
from house import Mailbox, until
from shop_sale import BUYER, Demonstration


def shell(*command):
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()


@unittest.skipUnless(all(subprocess.run(["which", tool], capture_output=True).returncode == 0 for tool in ("pdftotext", "pdftoppm", "ZXingReader")), "poppler-utils or zxing-cpp-tools is not installed")
class Tickets(unittest.TestCase):
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

    def buys(self, address, mode="print-at-home", language="en", **places):
        guest = self.house.browser(language=language)
        path = re.search(r'href="(/performances/\d+)[^"]*">(?:Night by the Lake|Nacht am See|La nuit du lac)</a>', guest.get("/").text)[1]
        guest.get(path)
        guest.follow(guest.send("/basket", **(places or {"places-standing-full": "2"})))
        page = guest.get("/checkout")
        modes = dict.fromkeys(re.findall(r'name="shipment_mode" value="([a-z-]+)"', page.text))
        self.assertIn(mode, modes)
        answer = guest.send("/checkout", **{**BUYER, "email": address, "shipment_mode": mode})
        self.assertEqual(answer.status, 303, answer.text)
        return answer.location.rsplit("/", 1)[1], guest

    def pays(self, number):
        pays(Desk(self.house, "accountant", password=self.password), entry(number, *amount_and_reference(self.house, number)))

    def barcodes(self, number):
        return sorted(row[0] for row in self.house.data.rows("SELECT t.barcode FROM ticket t JOIN customer_order o ON o.id = t.customer_order WHERE o.number = {} AND t.state IN ('sold','printed')", int(number.replace("-", ""))))

    def read(self, pdf):
        """The words of all pages, and the codes that another program finds on them."""
        path = os.path.join(self.house.folder, "tickets")
        with open(path + ".pdf", "wb") as f:
            f.write(pdf)
        pages = int(re.search(r"Pages:\s+(\d+)", shell("pdfinfo", path + ".pdf"))[1])
        shell("pdftoppm", "-r", "150", "-png", path + ".pdf", path)
        codes = [shell("ZXingReader", "-format", "QRCode", "-bytes", f"{path}-{n}.png").strip() for n in range(1, pages + 1)]
        return shell("pdftotext", "-layout", path + ".pdf", "-").replace("\u00a0", " "), codes

    def test_paid_tickets_are_printed_at_home_a_page_each_and_read_back(self):
        number, guest = self.buys("at.home@example.org", language="de")
        self.assertEqual(guest.get(f"/orders/{number}/tickets.pdf").status, 404)  # reserved: nothing to print yet
        self.assertNotIn("tickets.pdf", guest.get(f"/orders/{number}").text)
        self.pays(number)
        self.assertIn(f'href="/orders/{number}/tickets.pdf"', guest.get(f"/orders/{number}").text)
        answer = guest.get(f"/orders/{number}/tickets.pdf")
        self.assertEqual((answer.status, answer.header("Content-Type"), answer.header("Cache-Control")), (200, "application/pdf", "no-store"))
        self.assertIn(f"Billette-{number}.pdf", answer.header("Content-Disposition"))
        words, codes = self.read(answer.body)
        self.assertEqual(sorted(codes), self.barcodes(number))
        for said in ("Nacht am See", "Billett 2 von 2", number, "Jeanne Rochat", "CHF"):
            self.assertIn(said, words)

    def test_whoever_paid_is_told_that_they_are_there(self):
        number, _ = self.buys("told@example.org", language="fr")
        box = Mailbox(os.path.join(self.house.folder, "mail"))
        self.assertIn("acture", box.next("told@example.org").subject)
        self.pays(number)
        mail = box.next("told@example.org")
        self.assertEqual(mail.subject.replace("\u00a0", " "), f"Vos billets : commande {number}")
        stranger = self.house.browser(language="fr")
        stranger.follow(stranger.get(mail.link[mail.link.index("/orders/"):]))
        self.assertEqual(stranger.get(f"/orders/{number}/tickets").status, 200)
        posted, _ = self.buys("not.told@example.org", mode="post")
        self.pays(posted)
        self.assertEqual(len(until(lambda: box.to("not.told@example.org"), "the invoice")), 1)  # the house prints

    def test_they_are_shown_on_a_phone(self):
        number, guest = self.buys("phone@example.org")
        self.assertEqual(guest.get(f"/orders/{number}/tickets").status, 404)
        self.pays(number)
        page = guest.get(f"/orders/{number}/tickets")
        self.assertEqual(page.status, 200)
        for code in self.barcodes(number):
            self.assertIn(code, page.text)
        self.assertEqual(page.text.count('class="code"'), 2)

    def test_owner_link_and_who_just_ordered_and_nobody_else(self):
        number, guest = self.buys("rules@example.org")
        self.pays(number)
        stranger = self.house.browser(language="en")
        for path in (f"/orders/{number}/tickets.pdf", f"/orders/{number}/tickets"):
            self.assertEqual(guest.get(path).status, 200)
            self.assertEqual(stranger.get(path).status, 404)
        mail = until(lambda: Mailbox(os.path.join(self.house.folder, "mail")).to("rules@example.org"), "the mail")[-1]
        link = re.search(r"https?://[^\s]+(/orders/\S+\?token=\S+)", mail.text)[1]
        stranger.follow(stranger.get(link))
        self.assertEqual(stranger.get(f"/orders/{number}/tickets.pdf").status, 200)
        another, _ = self.buys("another.rules@example.org")
        self.pays(another)
        self.assertEqual(stranger.get(f"/orders/{another}/tickets.pdf").status, 404)  # one link, one order

    def test_by_post_the_house_prints_and_a_cancelled_order_has_none(self):
        number, guest = self.buys("posted@example.org", mode="post")
        self.pays(number)
        self.assertEqual(guest.get(f"/orders/{number}/tickets.pdf").status, 404)
        number, guest = self.buys("cancelled@example.org")
        self.pays(number)
        desk = Desk(self.house, "manager", password=self.password)
        desk.get(f"/orders/{number}/cancel")
        self.assertEqual(desk.send(f"/orders/{number}/cancel").status, 303)
        self.assertEqual(guest.get(f"/orders/{number}/tickets.pdf").status, 404)


if __name__ == "__main__":
    unittest.main()

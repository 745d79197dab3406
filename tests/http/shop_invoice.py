"""An invoice from outside: bought on the demonstration, mailed with its PDF, read by programs of others."""
# engines: sqlite postgresql
import email
import glob
import email.policy
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import urllib.parse

from desk import Desk, rewritten, shipped
from house import until
from office_points_of_sale import png
from shop_sale import BUYER, Demonstration


def shell(*command):
    return subprocess.run(command, check=True, capture_output=True).stdout


@unittest.skipUnless(all(subprocess.run(["which", tool], capture_output=True).returncode == 0 for tool in ("pdftotext", "pdftoppm", "ZXingReader", "qpdf")), "poppler-utils, zxing-cpp-tools or qpdf is not installed")
class Invoice(unittest.TestCase):
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

    def buys(self, guest, places="places-standing-full", n=2, title="Night by the Lake|La nuit du lac|Nacht am See|La notte del lago", **more):
        """The order's number, and its page."""
        page = guest.get("/")
        guest.get(re.findall(r'href="(/performances/\d+)[^"]*">(?:' + title + ")</a>", page.text)[0])
        guest.follow(guest.send("/basket", **{places: str(n)}))
        guest.get("/checkout")
        page = guest.follow(guest.send("/checkout", **{**BUYER, **more}))
        return re.search(r"\d+-\d", page.heading)[0], page

    def mails_to(self, address):
        found = []
        for path in sorted(glob.glob(os.path.join(self.house.folder, "mail", "*.eml"))):
            with open(path, "rb") as f:
                mail = email.message_from_binary_file(f, policy=email.policy.default)
            if address in str(mail["To"]):
                found.append(mail)
        return found

    def mail_to(self, address):
        return until(lambda: self.mails_to(address), "a mail to " + address)[-1]

    def text(self, pdf, *options):
        path = os.path.join(self.house.folder, "bill.pdf")
        with open(path, "wb") as f:
            f.write(pdf)
        return shell("pdftotext", *options, path, "-").decode()

    def payload(self, pdf):
        """The lines of the QR code on the last page, as another program reads them from its picture."""
        path = os.path.join(self.house.folder, "bill")
        with open(path + ".pdf", "wb") as f:
            f.write(pdf)
        pages = int(re.search(rb"Pages:\s+(\d+)", shell("pdfinfo", path + ".pdf"))[1])
        shell("pdftoppm", "-r", "200", "-f", str(pages), "-l", str(pages), "-singlefile", "-png", path + ".pdf", path)
        return shell("ZXingReader", "-format", "QRCode", "-bytes", path + ".png").decode().replace("\r", "").split("\n")

    def bill(self, order):
        number = int(order.replace("-", ""))
        (row,) = self.house.data.rows("SELECT b.year, b.number, b.amount, b.reference, b.id FROM bill b JOIN customer_order o ON o.id = b.customer_order WHERE o.number = {} ORDER BY b.id DESC LIMIT 1", number)
        return int(row[0]), int(row[1]), int(row[2]), row[3], int(row[4])

    def test_one_mail_brings_the_bill_as_its_only_pdf(self):
        guest = self.house.browser(language="de")
        order, page = self.buys(guest, email="eine.rechnung@example.org")
        year, number, amount, reference, bill = self.bill(order)
        mail = self.mail_to("eine.rechnung@example.org")
        self.assertEqual(len(self.mails_to("eine.rechnung@example.org")), 1)
        self.assertEqual(mail["Subject"], f"Ihre Bestellung {order}: Rechnung {year}-{number:05}")
        files = list(mail.iter_attachments())
        self.assertEqual([(f.get_content_type(), f.get_filename()) for f in files], [("application/pdf", f"Rechnung-{year}-{number:05}.pdf")])
        pdf = files[0].get_content()
        words = self.text(pdf, "-layout").replace("\u00a0", " ")
        self.assertIn("Zahlteil", words)
        self.assertIn("Empfangsschein", words)
        self.assertIn(f"Rechnung {year}-{number:05}", words)
        self.assertIn("Rue des Moulins 27", words)
        self.assertIn(" ".join([reference[:2]] + [reference[i:i + 5] for i in range(2, 27, 5)]), words)
        lines = self.payload(pdf)
        at = next(i for i, line in enumerate(lines) if line.endswith("SPC"))
        self.assertEqual(lines[at + 3], "CH4431999123000889012")
        self.assertEqual(lines[at + 18], f"{amount // 100}.{amount % 100:02}")
        self.assertEqual(lines[at + 27:at + 29], ["QRR", reference])
        # The same bytes in the order's page, now and later.
        stored = guest.get(f"/orders/{order}/bills/{year}-{number:05}.pdf")
        self.assertEqual((stored.status, stored.header("Content-Type")), (200, "application/pdf"))
        self.assertEqual(stored.body, pdf)
        self.assertEqual(guest.get(f"/orders/{order}/invoice.pdf").body, pdf)
        self.assertIn(f"Rechnung-{year}-{number:05}.pdf", stored.header("Content-Disposition"))

    def test_the_mails_link_opens_the_order_for_a_guest_and_nobody_elses(self):
        guest, other = self.house.browser(language="en"), self.house.browser(language="en")
        order, _ = self.buys(guest, email="by.link@example.org")
        _, foreign = self.buys(other, email="another@example.org")
        mail = self.mail_to("by.link@example.org")
        link = re.search(r"https?://\S+/orders/(\S+)\?token=\S+", mail.get_body(("plain",)).get_content())
        self.assertEqual(link[1], order)
        stranger = self.house.browser(language="en")
        bill = "/orders/{}/invoice.pdf"
        self.assertEqual(stranger.get(bill.format(order)).status, 404)
        self.assertEqual(stranger.get(f"/orders/{order}").status, 404)
        page = stranger.follow(stranger.get(link[0][link[0].index("/orders/"):]))
        self.assertEqual((page.status, page.path), (200, f"/orders/{order}"))
        self.assertEqual(stranger.get(bill.format(order)).status, 200)
        others = re.search(r"\d+-\d", foreign.heading)[0]
        self.assertEqual(stranger.get(bill.format(others)).status, 404)
        year, number, *_ = self.bill(others)
        self.assertEqual(stranger.get(f"/orders/{order}/bills/{year}-{number:05}.pdf").status, 404)  # another order's bill under one's own
        self.assertEqual(other.get(f"/orders/{others}/bills/{year}-{number:05}.pdf").status, 200)
        for name in ("x", "2026-99999", "0-0", f"{year}-"):
            self.assertEqual(other.get(f"/orders/{others}/bills/{name}.pdf").status, 404, name)

    def test_the_pdf_is_sound_small_and_has_two_fonts(self):
        guest = self.house.browser(language="fr")
        order, _ = self.buys(guest, email="sound@example.org", last_name="Łukasz-Ștefan", town="Zürich")
        pdf = guest.get(f"/orders/{order}/invoice.pdf").body
        path = os.path.join(self.house.folder, "sound.pdf")
        with open(path, "wb") as f:
            f.write(pdf)
        shell("qpdf", "--check", path)
        fonts = shell("pdffonts", path).decode()
        self.assertEqual(set(re.findall(r"\+([\w-]+)", fonts)), {"LiberationSans", "LiberationSans-Bold"}, fonts)
        self.assertLess(len(pdf), 60000)
        self.assertIn("Łukasz-Ștefan", self.text(pdf))

    def test_a_long_order_has_its_slip_on_a_page_of_its_own_and_nothing_else_there(self):
        guest = self.house.browser(language="en")
        page = guest.get("/")
        for show in sorted(set(re.findall(r'href="(/performances/\d+)', page.text)))[:4]:
            fields = guest.get(show).form("/basket")["fields"]
            places = {name: "1" for name in fields if name.startswith("places-") and (name.endswith("-full") or name.endswith("-child"))}
            guest.follow(guest.post("/basket", {**fields, **places}))
        guest.get("/checkout")
        page = guest.follow(guest.send("/checkout", **{**BUYER, "email": "long@example.org"}))
        order = re.search(r"\d+-\d", page.heading)[0]
        pdf = guest.get(f"/orders/{order}/invoice.pdf").body
        path = os.path.join(self.house.folder, "long.pdf")
        with open(path, "wb") as f:
            f.write(pdf)
        pages = shell("pdftotext", "-layout", path, "-").decode().split("\f")[:-1]
        self.assertGreater(len(pages), 1)
        self.assertTrue(all("Payment part" not in p for p in pages[:-1]))
        self.assertIn("Payment part", pages[-1])
        year, number, amount, reference, _ = self.bill(order)
        self.assertIn(reference, self.payload(pdf))

    def test_a_letter_whose_template_has_the_logo_prints_it(self):
        data = self.house.data
        (row,) = data.rows("SELECT t.id FROM document_type t WHERE t.class = 'qr-invoice'")
        word = rewritten(shipped("STX_QR_INVOICE_en.docx"), ("</w:body>", "<w:p><w:r><w:t>{{shop.logo}}</w:t></w:r></w:p></w:body>"))
        desk = Desk(self.house, password=self.password)
        path = f"/institution/document-types/{row[0]}"
        desk.get(path)
        page = desk.follow(desk.send_file(path, "template", "logo.docx", word, language="en"))
        desk.follow(desk.send(page.path.removeprefix("/office") + "/use"))
        shop = data.one("SELECT id FROM point_of_sale WHERE code = 'shop'")
        desk.get(f"/organisation/points-of-sale/{shop}")
        self.assertEqual(desk.send_file(f"/organisation/points-of-sale/{shop}/logo", "logo", "l.png", png(300, 100)).status, 303)
        guest = self.house.browser(language="en")
        self.buys(guest, email="with.logo@example.org")
        mail = self.mail_to("with.logo@example.org")
        pdf = next(mail.iter_attachments()).get_content()
        path = os.path.join(self.house.folder, "logo.pdf")
        with open(path, "wb") as f:
            f.write(pdf)
        sizes = [line.split()[3:5] for line in shell("pdfimages", "-list", path).decode().splitlines()[2:]]
        self.assertIn(["300", "100"], sizes)

    def test_an_unpaid_reservation_ends_and_the_buyer_is_told(self):
        guest = self.house.browser(language="it")
        order, page = self.buys(guest, email="troppo.tardi@example.org")
        self.mail_to("troppo.tardi@example.org")
        _, _, _, _, bill = self.bill(order)
        self.house.data.rows("UPDATE bill SET ends_at = 1 WHERE id = {}", bill)
        mails = until(lambda: [m for m in self.mails_to("troppo.tardi@example.org") if "terminato" in m["Subject"]], "told")
        self.assertEqual(len(mails), 1)
        self.assertNotIn("attachment", [p.get_content_disposition() for p in mails[0].walk()])
        page = guest.get(f"/orders/{order}")
        self.assertIn('data-state="cancelled"', page.text)
        self.assertIn("non più dovuto", page.words)


@unittest.skipUnless(os.path.exists("/usr/sbin/exim4"), "exim4 is not installed")
class Posted(unittest.TestCase):
    """Through a real mail server, which takes it or not."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, folder, True)
        cls.addClassCleanup(subprocess.run, ["tests/smtp/server", "stop", folder + "/exim"], stdin=subprocess.DEVNULL)
        started = subprocess.run(["tests/smtp/server", "start", folder + "/exim"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if started.returncode:
            raise RuntimeError(started.stderr)
        cls.said = dict(line.split(" ", 1) for line in started.stdout.splitlines())
        url = f"smtp://{cls.said['user']}:{urllib.parse.quote(cls.said['password'], safe='')}@{cls.said['starttls']}?ca={cls.said['ca']}"
        cls.house = Demonstration(["--mail", url])
        cls.addClassCleanup(cls.house.close)

    def test_the_bill_arrives_whole(self):
        guest = self.house.browser(language="fr")
        page = guest.get("/")
        guest.get(re.findall(r'href="(/performances/\d+)[^"]*">La nuit du lac</a>', page.text)[0])
        guest.follow(guest.send("/basket", **{"places-standing-full": "1"}))
        guest.get("/checkout")
        page = guest.follow(guest.send("/checkout", **{**BUYER, "email": "poste@example.org"}))
        order = re.search(r"\d+-\d", page.heading)[0]
        (path,) = until(lambda: glob.glob(self.said["mail"] + "/new/*"), "arrived")
        with open(path, "rb") as f:
            mail = email.message_from_binary_file(f, policy=email.policy.default)
        (file,) = mail.iter_attachments()
        self.assertEqual(file.get_content(), guest.get(f"/orders/{order}/invoice.pdf").body)
        self.assertEqual(mail["Content-Language"], "fr")


if __name__ == "__main__":
    unittest.main()

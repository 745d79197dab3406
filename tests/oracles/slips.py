#!/usr/bin/env python3
"""Our slips in the eyes of other programs: decoders, PDF tools, a second maker of QR-bills, and a ruler laid on the pixels."""
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import oracles  # noqa: E402
from oracles import MM, Picture, render, run  # noqa: E402

CODE = (64, 14, 52, 52)  # mm on the slip: the symbol and 3 mm of the free ground around it
PDF_OVERLAP = 0.3  # points


@unittest.skipUnless(os.path.isdir(oracles.SHARED + "/data/qrbill"), "needs the shared samples")
class Codes(unittest.TestCase):
    """Every bill of the shared samples that can be drawn, read by decoders we did not make."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.bills = oracles.shared_bills() + list(oracles.maxima())[::8]  # the latter fill version 25
        cls.payloads = oracles.payloads(cls.bills)
        cls.pdf = render(cls.bills, cls.folder + "/all.pdf")

    def test_there_are_bills_enough(self):
        self.assertGreaterEqual(len(self.bills), 25)

    def judge(self, dpi):
        files = oracles.pictures(self.pdf, dpi, self.folder, CODE)
        self.assertEqual(len(files), len(self.bills))
        expected = dict(zip(files, self.payloads))
        for file, texts in oracles.zxing(files).items():
            self.assertEqual(texts, [expected[file]], f"ZXingReader, {dpi} dpi")
        for reading in oracles.jsqr(files):
            self.assertEqual(reading["text"], expected[reading["file"]], f"jsqr, {dpi} dpi, {reading['how']}")
        for number, file in enumerate(files):
            turned = Picture(file, dpi).write(f"{self.folder}/turned.pgm", turn=number % 4, threshold=128)
            self.assertEqual(oracles.zxing([turned])[turned], [expected[file]], f"ZXingReader, 1-bit, {number % 4} quarters")

    def test_decoders_read_pdf_slips_at_200_dpi(self):
        self.judge(200)

    def test_decoders_read_pdf_slips_at_300_dpi(self):
        self.judge(300)

    def test_zxing_reads_whole_slips_and_sheets(self):
        for size in ("slip", "a4", "payment-part"):
            pdf = render(self.bills[:2], f"{self.folder}/{size}.pdf", "--size", size)
            files = oracles.pictures(pdf, 200, tempfile.mkdtemp(dir=self.folder))
            self.assertEqual([t for f in files for t in oracles.zxing([f])[f]], self.payloads[:2], size)

    def test_zxing_reads_our_own_pictures(self):
        for dpi in ("200", "300"):
            folder = tempfile.mkdtemp(dir=self.folder)
            render(self.bills, folder, "--format", "png", "--size", "code", "--dpi", dpi)
            files = sorted(os.path.join(folder, f) for f in os.listdir(folder))
            self.assertEqual([oracles.zxing([f])[f] for f in files], [[p] for p in self.payloads])

    def test_zxing_reads_svg_at_any_angle(self):
        folder = tempfile.mkdtemp(dir=self.folder)
        render(self.bills, folder, "--format", "svg", "--size", "code")
        for number, name in list(enumerate(sorted(os.listdir(folder))))[::2]:
            with open(os.path.join(folder, name), encoding="utf-8") as f:
                body = re.sub(r"^<svg[^>]*>|</svg>\s*$", "", f.read())
            angle = (number * 37) % 360
            turned = f'<svg xmlns="http://www.w3.org/2000/svg" width="700" height="700" viewBox="-13000 -13000 26000 26000"><g transform="rotate({angle})translate(-7937 -7937)">{body}</g></svg>'
            png = f"{self.folder}/turned.png"
            run("rsvg-convert", "-b", "white", "-o", png, input=turned.encode())
            self.assertEqual(oracles.zxing([png])[png], [self.payloads[number]], f"{angle} degrees")

    def test_we_read_our_own_slips(self):
        lines = run(oracles.BINARY, "qrbill", "read", self.pdf).decode().splitlines()
        self.assertEqual(len(lines), len(self.bills))
        self.assertTrue(all('"valid": true' in line or '"valid":true' in line for line in lines))


class Documents(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.bills = list(oracles.maxima())
        cls.pdf = render(cls.bills, cls.folder + "/maxima.pdf")

    def test_qpdf_finds_nothing(self):
        self.assertIn(b"No syntax or stream encoding errors", run("qpdf", "--check", self.pdf))

    def test_both_fonts_are_embedded_subset_and_searchable(self):
        fonts = run("pdffonts", self.pdf).decode().splitlines()[2:]
        self.assertEqual(sorted(line.split()[0].split("+")[1] for line in fonts), ["LiberationSans", "LiberationSans-Bold"])
        for line in fonts:
            self.assertRegex(line, r"Identity-H +yes yes yes")

    def test_no_two_texts_overlap_at_field_maxima_in_any_language(self):
        for number, page in enumerate(oracles.words(self.pdf)):
            for i, (text, left, top, right, bottom) in enumerate(page):
                for other, l, t, r, b in page[:i]:
                    width, height = min(right, r) - max(left, l), min(bottom, b) - max(top, t)
                    self.assertFalse(width > PDF_OVERLAP and height > PDF_OVERLAP,
                                     f"page {number + 1}: {text} and {other} overlap by {width:.2f} x {height:.2f} pt")

    def test_no_text_leaves_its_part_or_enters_the_margins(self):
        for page in oracles.words(self.pdf):
            for text, left, top, right, bottom in page:
                begin, end = (5, 57) if left < 62 * MM else (67, 205)
                self.assertGreaterEqual(left, begin * MM - 0.1, text)
                self.assertLessEqual(right, end * MM + 0.1, text)
                self.assertGreaterEqual(top, 5 * MM - 0.1, text)
                self.assertLessEqual(bottom, 100 * MM + 0.1, text)

    def test_pages_have_the_sizes_of_the_standard(self):
        for size, width, height in (("slip", 210, 105), ("a4", 210, 297), ("payment-part", 148, 105), ("code", 56, 56)):
            pdf = render(self.bills[:1], f"{self.folder}/{size}.pdf", "--size", size)
            said = re.search(r"Page size:\s+([\d.]+) x ([\d.]+) pts", run("pdfinfo", pdf).decode())
            self.assertAlmostEqual(float(said.group(1)), width * MM, delta=0.02)
            self.assertAlmostEqual(float(said.group(2)), height * MM, delta=0.02)

    def test_text_can_be_copied_in_all_letters_of_the_standard(self):
        letters = "".join(chr(c) for c in range(0x21, 0x17F) if c < 0x7F or c > 0xA0) + "ȘșȚț€"
        bill = dict(self.bills[0], language="en")
        for name in (letters[i:i + 35] for i in range(0, len(letters), 35)):
            bill["debtor"] = {"name": "x" + name + "x", "postcode": "1", "town": "y", "country": "CH"}
            pdf = render([bill], self.folder + "/letters.pdf")
            text = run("pdftotext", "-raw", pdf, "-").decode()
            self.assertIn(name.replace("\u00ad", "-"), text.replace("\u00ad", "-").replace("\n", ""))


class Ruler(unittest.TestCase):
    """Measures taken from pixels, 600 to the inch."""
    DPI = 600
    PIXEL = 25.4 / DPI

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        bill = next(b for b in oracles.maxima() if "amount" not in b)
        simple = dict(bill, creditor={"name": "A", "postcode": "1", "town": "B", "country": "CH"}, message="m")
        del simple["bill_information"], simple["alternative_schemes"]
        pdf = render([simple, bill], cls.folder + "/ruler.pdf", "--separation", "none")
        cls.pages = [Picture(f, cls.DPI) for f in oracles.pictures(pdf, cls.DPI, cls.folder)]

    def near(self, got, want):
        self.assertAlmostEqual(got, want, delta=1.6 * self.PIXEL)

    def test_the_symbol_is_46_mm_and_stands_in_its_place_whatever_its_version(self):
        for page in self.pages:
            left, top, right, bottom = page.dark_extent(64, 14, 116, 66)
            self.near(left, 67)
            self.near(top, 17)
            self.near(right - left, 46)
            self.near(bottom - top, 46)

    def test_5_mm_around_the_symbol_are_free(self):
        for page in self.pages:
            e = 2 * self.PIXEL
            for area in ((62 + e, 12.2, 67 - e, 67), (113 + e, 12.2, 118 - e, 67), (62, 12.2, 118 - e, 17 - e), (62, 63 + e, 118 - e, 68 - e)):
                self.assertGreater(page.darkest(*area), 200, area)

    def test_the_margins_are_free(self):
        for page in self.pages:
            e = 2 * self.PIXEL
            for area in ((0, 0, 210, 5 - e), (0, 100 + e, 210, 105), (0, 0, 5 - e, 105), (57 + e, 0, 67 - e, 105), (205 + e, 0, 210, 105)):
                self.assertGreater(page.darkest(*area), 200, area)

    def test_the_cross_has_its_measures(self):
        for page in self.pages:
            x, y, e = 67 + 23, 17 + 23, 2 * self.PIXEL
            for side in (-1, 1):  # the white square of 7 mm around the black one of 6
                a, b = sorted((side * (3 + e), side * (3.5 - e)))
                self.assertGreater(page.darkest(x + a, y - 3.4, x + b, y + 3.4), 200)
                self.assertGreater(page.darkest(x - 3.4, y + a, x + 3.4, y + b), 200)
            left, top, right, bottom = page.dark_extent(x - 3.4, y - 3.4, x + 3.4, y + 3.4)
            self.near(right - left, 6)
            self.near(bottom - top, 6)
            bar, arm = 7 / 12, 35 / 18  # half of 7/6 and of 35/9 mm
            self.assertGreater(page.darkest(x - arm + e, y - bar + e, x + arm - e, y + bar - e), 200)
            self.assertGreater(page.darkest(x - bar + e, y - arm + e, x + bar - e, y + arm - e), 200)
            self.assertLess(page.lightest(x + bar + e, y + bar + e, x + arm, y + arm), 60)
            self.assertLess(page.lightest(x + arm + e, y - bar, x + 3 - e, y + bar), 60)

    def test_corner_marks_stand_where_amounts_and_names_are_written(self):
        page, e = self.pages[0], 2 * self.PIXEL
        for left, top, width, height in ((78, 72, 40, 15), (27, 68, 30, 10)):
            extent = page.dark_extent(left - 0.5, top - 0.5, left + 3.5, top + 3.5)
            self.near(extent[0], left)
            self.near(extent[2] - extent[0], 3)
            self.near(extent[3] - extent[1], 3)
            self.assertLess(page.darkest(left + width - 3 + e, top + height - 0.2, left + width - e, top + height - 0.1), 60)


class Peer(unittest.TestCase):
    """npm swissqrbill prints the same lines, on bills where its known faults (long texts, alternative procedures) don't show."""

    def test_the_same_words_are_printed(self):
        folder = tempfile.mkdtemp()
        party = {"name": "Robert Schneider AG", "street": "Rue du Lac", "house_number": "1268", "postcode": "2501", "town": "Biel", "country": "CH"}
        debtor = {"name": "Łukasz Öztürk", "street": "Grosse Marktgasse", "house_number": "28", "postcode": "9400", "town": "Rorschach", "country": "CH"}
        bills = []
        for language in oracles.LANGUAGES:
            full = {"account": "CH4431999123000889012", "creditor": party, "debtor": debtor, "amount": "1949.75", "currency": "CHF",
                    "reference": "210000000003139471430009017", "message": "Auftrag vom 15.06.2020", "bill_information": "//S1/10/1234/11/200615",
                    "language": language}
            scor = dict(full, account="CH5604835012345678009", reference="RF18539007547034", amount="999999999.99", currency="EUR")
            none = {k: v for k, v in scor.items() if k not in ("reference", "amount", "debtor", "bill_information")}
            bills += [full, scor, none]
        subprocess.run(["node", oracles.HERE + "/peer.mjs", folder], input=oracles.lines_of(bills), check=True)
        ours = oracles.words(render(bills, folder + "/ours.pdf", "--separation", "none"))
        for number, bill in enumerate(bills):
            theirs = oracles.words(f"{folder}/{number + 1}.pdf")[0]
            self.assertEqual(sorted(w[0] for w in ours[number]), sorted(w[0] for w in theirs), bill)


if __name__ == "__main__":
    unittest.main()

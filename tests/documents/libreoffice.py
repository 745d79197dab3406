#!/usr/bin/env python3
"""tests/documents/libreoffice.py: another program opens every shipped template, and its pages hold the words and fields."""
# engines: none
import glob
import os
import shutil
import subprocess
import tempfile
import unittest

TEMPLATES = sorted(glob.glob("templates/documents/*.docx"))
LABELS = {"en": "Subject:", "fr": "Objet\u00a0:", "de": "Betreff:", "it": "Oggetto:"}


@unittest.skipUnless(shutil.which("soffice") and shutil.which("pdftotext"), "soffice or pdftotext is not installed")
class LibreOffice(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        # A profile of its own: LibreOffice refuses to start twice on one.
        subprocess.run(["soffice", f"-env:UserInstallation=file://{cls.folder}/profile", "--headless", "--convert-to", "pdf", "--outdir", cls.folder, *TEMPLATES],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=240)

    def words(self, template):
        pdf = os.path.join(self.folder, os.path.basename(template).replace(".docx", ".pdf"))
        text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
        return " ".join(text.split(" ")), subprocess.run(["pdfinfo", pdf], capture_output=True, text=True).stdout

    def test_there_are_templates_in_four_languages(self):
        self.assertEqual(len(TEMPLATES) % 4, 0)
        self.assertGreaterEqual(len(TEMPLATES), 24)

    def test_each_opens_on_one_page_with_subject_band_and_footer(self):
        for template in TEMPLATES:
            with self.subTest(template=template):
                text, info = self.words(template)
                language = template[-7:-5]
                self.assertIn(LABELS[language].replace("\u00a0", " "), text.replace("\u00a0", " "))
                self.assertIn("«institution.name»", text)
                self.assertIn("Pages:           1", info)
                if "TEST_MAIL" not in template and "OPERATOR" not in template:  # an operator has no shop
                    self.assertIn("«shop.name»", text)
                    self.assertIn("«shop.email»", text)

    def test_those_with_a_link_show_its_field(self):
        for template in TEMPLATES:
            if "RESET" in template or "CONFIRM" in template:
                with self.subTest(template=template):
                    self.assertIn("«link.url»", self.words(template)[0])


if __name__ == "__main__":
    unittest.main()

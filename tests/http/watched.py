"""A printing company's status file, put into its interface's watched folder, is applied by itself; on the demonstration's theatre."""
import os
import re
import unittest

from bank import amount_and_reference, entry, pays
from desk import Desk
from house import until
from shop_sale import BUYER, Demonstration


class Watched(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Demonstration()
        cls.addClassCleanup(cls.house.close)
        address, cls.password, _ = cls.house.serving.said("sign-in office ").split()
        cls.house.hash = cls.house.data.one("SELECT password_hash FROM operator WHERE email = {}", address)

    def desk(self, profile):
        return Desk(self.house, profile, password=self.password)

    def test_what_went_out_and_comes_back_is_printed_and_posted(self):
        guest = self.house.browser(language="en")
        path = re.search(r'href="(/performances/\d+)[^"]*">Night by the Lake</a>', guest.get("/").text)[1]
        guest.get(path)
        guest.follow(guest.send("/basket", **{"places-standing-full": "2"}))
        guest.get("/checkout")
        number = guest.send("/checkout", **BUYER).location.rsplit("/", 1)[1]
        pays(self.desk("accountant"), entry(number, *amount_and_reference(self.house, number)))
        out, folder = (os.path.join(self.house.folder, name) for name in ("out", "in"))
        os.makedirs(out)
        os.makedirs(folder)
        administrator = self.desk("administrator")
        administrator.get("/interfaces/colora/folder")
        answer = administrator.send("/interfaces/colora/folder", folder=folder)
        self.assertEqual(answer.status, 303, answer.text)
        self.assertIn(folder, administrator.follow(answer).words)
        self.house.run("interface", "run", "colora", "export-colour-tickets", "--out", out, "--secret-dir", self.house.keys)
        tickets = next(name for name in sorted(os.listdir(out)) if "letter" not in name.lower() and "manifest" not in name.lower())
        os.rename(os.path.join(out, tickets), os.path.join(folder, "status.csv"))
        until(lambda: self.house.data.count("SELECT count(*) FROM shipment WHERE state = 'sent'") == 1, "the letter in the post")
        until(lambda: os.path.exists(os.path.join(folder, "done", "status.csv")), "the file in done/")
        self.assertEqual(self.house.data.count("SELECT count(*) FROM status_import WHERE by_name = 'watched folder'"), 1)
        # The same file again does nothing, and is no refusal.
        os.rename(os.path.join(folder, "done", "status.csv"), os.path.join(folder, "again.csv"))
        until(lambda: os.path.exists(os.path.join(folder, "done", "again.csv")), "the file in done/")
        self.assertEqual(self.house.data.count("SELECT count(*) FROM status_import"), 1)
        with open(os.path.join(folder, "strange.csv"), "w") as f:
            f.write("A;B\n1;2\n")
        until(lambda: os.path.exists(os.path.join(folder, "refused", "strange.csv.txt")), "the file in refused/")
        self.assertIn("strange.csv", self.desk("manager").get("/interfaces/colora").words)
        for wrong in ("swiss-post", "nobody"):
            self.assertEqual(administrator.get(f"/interfaces/{wrong}/folder").status, 404)


if __name__ == "__main__":
    unittest.main()

"""The power fails in the middle of a sale: whatever was answered stays, and what stays adds up."""
import random
import re
import threading
import time
import unittest

from house import Serving
from shop_sale import BUYER, Demonstration

ROUNDS = 4
BUYERS = 8


class Breaks(unittest.TestCase):
    def setUp(self):
        self.house = Demonstration()
        self.addCleanup(self.house.close)
        self.orders = []

    def buys_until_it_breaks(self, paths):
        """Buys now here, now there; notes each order that was answered. Ends when nobody answers any more."""
        while True:
            guest = self.house.browser(language="en")
            try:
                path = random.choice(paths)
                if not guest.get(path).has_form("/basket"):
                    continue
                fields = guest.page.form("/basket")["fields"]
                name = random.choice([n for n in fields if n.startswith("places-")])
                if guest.post("/basket", {**fields, name: str(random.randint(1, 3))}).status != 303 or random.random() < 0.2:
                    continue
                if guest.get("/checkout").status != 200:
                    continue
                answer = guest.send("/checkout", **{**BUYER, "shipment_mode": "pick-up"})
                if answer.status == 303 and answer.location.startswith("/orders/"):
                    self.orders.append(int(answer.location.rsplit("/", 1)[1].replace("-", "")))
            except OSError:  # cut off
                return
            except Exception as error:  # half an answer
                if self.house.serving.process.poll() is None:
                    raise error
                return

    def serve_again(self):
        self.house.serving = Serving(["demo", "--database", self.house.data.url, "--listen", "127.0.0.1:0", "--secret-dir", self.house.keys], self.house.folder + "/log")
        self.house.url = self.house.serving.said("shop ").rstrip("/")

    def test_a_kill_in_the_middle_loses_no_order_and_no_place(self):
        page = self.house.browser(language="en").get("/")
        paths = sorted(set(re.findall(r'href="(/performances/\d+)', page.text)))
        for _ in range(ROUNDS):
            before = len(self.orders)
            threads = [threading.Thread(target=self.buys_until_it_breaks, args=(paths,)) for _ in range(BUYERS)]
            for t in threads:
                t.start()
            while len(self.orders) < before + 3:  # the sale is under way
                time.sleep(0.02)
            time.sleep(random.uniform(0, 0.5))
            self.house.serving.kill()
            for t in threads:
                t.join()
            out, _ = self.house.run("audit")
            self.assertNotIn("differs", out)
            there = {int(row[0]) for row in self.house.data.rows("SELECT number FROM customer_order WHERE number IS NOT NULL")}
            self.assertEqual(set(self.orders) - there, set(), "answered and lost")
            self.serve_again()
        self.assertEqual(len(self.orders), len(set(self.orders)))


if __name__ == "__main__":
    unittest.main()

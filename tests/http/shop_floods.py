"""Too much at once from one place or for one address: recovery-cases 39 to 41."""
import time
import unittest

from house import OTHER_PASSWORD, PASSWORD, HouseTest, numbers

QUARTER = 15 * 60  # seconds; what most limits count in


def in_one_stretch(test):
    """Counters begin anew at each quarter of an hour: a test that met one is run again."""
    def run(self):
        while True:
            begun = time.time() // QUARTER
            try:
                return test(self)
            except AssertionError:
                if time.time() // QUARTER == begun:
                    raise
    return run


class Limits(HouseTest):
    options = ("--trusted-proxy", "127.99.0.0/16")

    def test_many_requests_for_one_address_send_three_mails_an_hour_and_the_last_link_works(self):
        address, _ = self.house.person()
        answers = set()
        for _ in range(4):
            for _ in range(10):
                guest = self.browser()
                guest.get("/forgot-password")
                answer = guest.send("/forgot-password", email=address)
                answers.add((answer.status, answer.location))
            self.house.settle()
            self.house.pass_time(address)
        self.assertEqual(answers, {(303, "/forgot-password?sent=1")}, "the answer stays the same")
        mails = self.house.mailbox.to(address)
        self.assertEqual(len(mails), 3)
        self.assert_signs_in(address, PASSWORD)
        buyer = self.browser()
        buyer.open(mails[-1].link)
        self.assertEqual(buyer.set_password(OTHER_PASSWORD).status, 303)

    def flood(self, browser, headers=(), most=40):
        """How many requests for new addresses BROWSER's network gets through, and the first answer that says no."""
        browser.get("/forgot-password", headers=headers)
        for n in range(most):
            where, pairs = browser.fill("/forgot-password", email=self.new_address("flood"))
            answer = browser.post(where, pairs, headers=headers, is_kept=False)
            if answer.status != 303:
                return n, answer
        return most, None

    @in_one_stretch
    def test_one_network_is_slowed_and_others_are_not(self):
        n, answer = self.flood(self.browser())
        self.assertEqual((n, answer.status), (30, 429))
        self.assertTrue(0 < int(answer.header("Retry-After")) <= 15 * 60)
        self.assertIn("Wait a little, then try again.", answer.words)
        self.assertEqual(self.flood(self.browser(), most=2), (2, None))

    @in_one_stretch
    def test_who_is_no_trusted_proxy_is_not_believed(self):
        browser = self.browser()
        browser.get("/forgot-password")
        refused = 0
        for n in range(31):
            where, pairs = browser.fill("/forgot-password", email=self.new_address())
            refused += browser.post(where, pairs, headers=[("X-Forwarded-For", f"198.51.100.{n}")], is_kept=False).status == 429
        self.assertEqual(refused, 1)

    @in_one_stretch
    def test_of_a_trusted_proxy_the_right_hop_counts_and_ipv6_by_its_64(self):
        proxy = self.browser(network="127.99.0.1")
        one, other, net = next(numbers) % 120, next(numbers) % 120 + 120, next(numbers)  # new ones should the test be run again
        n, answer = self.flood(proxy, [("X-Forwarded-For", f"203.0.113.9, 198.51.100.{one}")])
        self.assertEqual((n, answer.status), (30, 429))
        self.assertEqual(self.flood(proxy, [("X-Forwarded-For", f"203.0.113.10, 198.51.100.{one}")], most=1)[0], 0, "what stands before the right hop is anybody's word")
        self.assertEqual(self.flood(proxy, [("X-Forwarded-For", f"198.51.100.{other}")], most=1)[0], 1)
        n, _ = self.flood(proxy, [("X-Forwarded-For", f"2001:db8:1:{net}::1")], most=30)
        self.assertEqual(n, 30)
        self.assertEqual(self.flood(proxy, [("X-Forwarded-For", f"2001:db8:1:{net}:ffff:ffff:ffff:ffff")], most=1)[0], 0)
        self.assertEqual(self.flood(proxy, [("X-Forwarded-For", f"2001:db8:1:{net + 1}::1")], most=1)[0], 1)

    @in_one_stretch
    def test_guessing_passwords_is_slowed_by_network_and_by_address(self):
        address, _ = self.house.person()
        one = self.browser()
        self.assertEqual([one.sign_in(address, OTHER_PASSWORD).status for _ in range(11)], [422] * 10 + [429])
        self.assertEqual(one.sign_in(self.new_address(), OTHER_PASSWORD).status, 422, "others from there are not refused yet")
        self.assertEqual(self.browser().sign_in(address, PASSWORD).status, 303)

    @in_one_stretch
    def test_registering_and_redeeming_have_limits_of_their_own(self):
        address, guest = self.house.person()
        mail = self.house.link(address)
        for most, page, action in ((30, "/register", "/register"), (60, mail.link, "/reset-password")):
            page = guest.open(page)
            where, pairs = guest.fill(action, page)
            self.assertEqual([guest.post(where, pairs, is_kept=False).status for _ in range(most + 1)], [422] * most + [429], action)
        self.assertEqual(self.house.link_state(mail.token), "live")
        elsewhere = self.browser()
        elsewhere.open(mail.link)
        self.assertEqual(elsewhere.set_password(OTHER_PASSWORD).status, 303)

    @in_one_stretch
    def test_what_did_not_come_from_our_form_uses_no_limit_up(self):
        guest = self.browser()
        page = guest.open("/forgot-password")
        self.assertEqual({guest.post("/forgot-password", {"csrf": "x", "email": "a@example.org"}, is_kept=False).status for _ in range(40)}, {403})
        where, pairs = guest.fill("/forgot-password", page, email=self.new_address())
        self.assertEqual(guest.post(where, pairs).status, 303)


if __name__ == "__main__":
    unittest.main()

"""The outbox from the office: what waits, what was sent, what failed with the mail server's own words, and sending again."""
import unittest

from desk import Desk
from house import HouseTest, until


class Outbox(HouseTest):
    def fail(self, address, words="550 5.1.1 mailbox unknown"):
        """A mail to ADDRESS that the server refused; its id."""
        self.house.data.rows("UPDATE outbox_message SET state = 'failed', answer = {} WHERE recipient = {}", words, address)
        return self.house.data.count("SELECT max(id) FROM outbox_message WHERE recipient = {}", address)

    def sent_mail(self):
        address, browser = self.house.person()
        self.house.link(address, browser)
        until(lambda: self.house.data.count("SELECT count(*) FROM outbox_message WHERE recipient = {} AND state = 'sent'", address), "marked as sent")
        return address

    def test_sent_and_failed_mails_stand_in_their_lists_and_in_the_days(self):
        desk, sent, failed = Desk(self.house, "administrator"), self.sent_mail(), self.sent_mail()
        self.fail(failed)
        page = desk.get("/outbox")
        self.assertIn(failed, page.words, "what wants somebody first")
        self.assertIn("550 5.1.1 mailbox unknown", page.words)
        self.assertNotIn(sent, page.words)
        page = desk.get("/outbox?state=sent")
        self.assertIn(sent, page.words)
        self.assertNotIn(failed, page.words)
        self.assertIn("Mails by the day they were queued", page.words)
        self.assertNotIn("token=", page.text)

    def test_a_failed_mail_goes_out_again(self):
        desk, address = Desk(self.house, "administrator"), self.sent_mail()
        number = self.fail(address)
        self.house.data.rows("UPDATE recovery_link SET state = 'live', deadline = NULL")
        desk.get("/outbox?state=failed")
        where, pairs = desk.fill(f"/outbox/{number}/retry")
        self.assertEqual(desk.follow(desk.post(where, pairs)).done, "The mail waits to be sent again.")
        self.house.mailbox.next(address)
        answer = desk.post(where, pairs)
        self.assertEqual(answer.status, 409)
        self.assertIn("Only a mail that has failed", answer.alert)
        self.assertEqual(desk.post("/outbox/4711/retry", pairs).status, 404)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM audit_entry WHERE verb = 'mail-retried' AND record = {}", number), 1)

    def test_all_failed_mails_go_out_again_at_once(self):
        desk, addresses = Desk(self.house, "administrator"), [self.sent_mail() for _ in range(3)]
        for address in addresses:
            self.fail(address)
        self.house.data.rows("UPDATE recovery_link SET state = 'live', deadline = NULL")
        page = desk.get("/outbox")
        self.assertRegex(page.words, r"Send all \d+ failed mails again")
        self.assertEqual(desk.follow(desk.send("/outbox/retry-all")).done, "The failed mails wait to be sent again.")
        for address in addresses:
            self.house.mailbox.next(address)

    def test_a_server_that_speaks_markup_is_quoted_as_text(self):
        desk, address = Desk(self.house, "administrator"), self.sent_mail()
        self.fail(address, '550 <script>alert(1)</script>"')
        self.assertNotIn("<script>alert", desk.get("/outbox?state=failed").text)

    def test_older_mails_are_on_the_next_page(self):
        desk, address = Desk(self.house, "administrator"), self.sent_mail()
        for _ in range(60):
            self.house.data.rows("INSERT INTO outbox_message (institution, point_of_sale, lane, class, template, language, recipient, recipient_name, merge_values,"
                                 " message_id, state, made_at, due_at, attempts, sent_at, answer) SELECT institution, point_of_sale, lane, class, template, language,"
                                 " 'many@example.org', '', merge_values, {}, 'sent', made_at, due_at, 1, sent_at, '' FROM outbox_message WHERE recipient = {}",
                                 f"{self.new_address()}", address)
        page = desk.get("/outbox?state=sent")
        older = next(a for a in page.reader.links if "before=" in a)
        self.assertNotEqual(desk.get(older).words, page.words)
        self.assertEqual(desk.get("/outbox?before=x").status, 404)

    def test_who_may_not_see_or_retry_is_refused(self):
        self.assertEqual(Desk(self.house, "box-office").get("/outbox").status, 403)
        reader = Desk(self.house, "auditor")
        address = self.sent_mail()
        number = self.fail(address)
        page = reader.get("/outbox?state=failed")
        self.assertEqual(page.status, 200)
        self.assertFalse(any("retry" in f["action"] for f in page.reader.forms))
        self.assertEqual(reader.post(f"/outbox/{number}/retry", {"csrf": "x"}).status, 403)


if __name__ == "__main__":
    unittest.main()

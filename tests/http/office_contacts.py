"""Contacts from the desk: the list, the file, recovery from the counter, two operators at once, many at once."""
import re
import unittest
import urllib.parse

from desk import Desk
from house import OTHER_PASSWORD, PASSWORD, HouseTest, at_once, until

SCRIPT = "<script>alert(1)</script>\"'&{{link.url}}"
TYPE = "STX_PASSWORD_RESET"


class Contacts(HouseTest):
    def setUp(self):
        self.desk = Desk(self.house, "administrator")

    def make(self, is_invited=False, **fields):
        """A new contact by the form, whose box is ticked or not; the answer."""
        self.desk.get("/contacts/new")
        where, pairs = self.desk.fill("/contacts/new", **{"first_name": "Ute", "last_name": "Röchling", "kind": "individual", "country": "CH", **fields})
        return self.desk.post(where, [p for p in pairs if is_invited or p[0] != "internet_account"])

    def invited(self, address, **fields):
        """A contact with an invited account; its path."""
        answer = self.make(is_invited=True, email=address, **fields)
        self.assertEqual(answer.status, 303)
        return answer.location.removeprefix("/office").split("?")[0]

    def contact_of(self, address):
        return int(self.house.data.one("SELECT contact FROM internet_account WHERE email = {}", address))

    def reset(self, desk, contact, **choice):
        path = f"/contacts/{contact}/reset-password"
        page = desk.get(path)
        return desk.send(path, **choice) if page.has_form("/office" + path) else page

    # ---- the list ----

    def test_what_one_remembers_finds_a_contact(self):
        address = self.new_address("umlaut")
        self.make(last_name="Müller-Quartz", email=address, phone="079 555 27 14", postcode="2034", town="Peseux", street="Rue du Lac")
        for typed in ("mueller", "quartz ute", "079 555 27", "+41 79 555 27 14", "pes quartz", address[:9]):
            page = self.desk.get("/contacts?" + urllib.parse.urlencode({"q": typed}))
            self.assertIn("Müller-Quartz", page.words, typed)
        rows = self.desk.get("/contacts/rows?q=quartz")
        self.assertNotIn("<html", rows.text)  # a fragment for the script
        self.assertIn("Müller-Quartz", rows.words)
        self.assertIn("No contact matches", self.desk.get("/contacts?q=xylander").words)

    def test_the_button_stands_in_each_row_with_an_account(self):
        with_account, without = self.new_address("row"), self.new_address("row")
        self.invited(with_account, street="Rowstrasse", postcode="3000", town="Bern", phone="")
        self.make(email=without)
        found = self.desk.get("/contacts?q=" + with_account)
        self.assertIn("/reset-password", found.text)
        self.assertNotIn("/reset-password", self.desk.get("/contacts?q=" + without).text)
        auditor = Desk(self.house, "auditor")
        self.assertNotIn("/reset-password", auditor.get("/contacts?q=" + with_account).text)

    # ---- new and edit ----

    def test_a_contact_with_an_account_is_invited_and_sets_a_password(self):
        address = self.new_address("invited")
        path = self.invited(address)
        self.assertIn("Invited", self.desk.get(path).words)
        mail = self.house.mailbox.next(address)
        buyer = self.browser()
        buyer.open(mail.link)
        self.assertEqual(buyer.set_password(PASSWORD).status, 303)
        self.assert_signs_in(address, PASSWORD)
        self.assertIn("Active", self.desk.get(path).words)

    def test_while_a_choice_is_missing_nothing_is_made(self):
        institution = int(self.house.data.one("SELECT min(id) FROM institution"))
        kind = int(self.house.data.one(
            "INSERT INTO document_type (institution, class, code, name, main_language, is_active) VALUES ({}, 'reset-password', 'SCHOOLS', 'Schools', 'fr', TRUE) RETURNING id", institution))
        self.house.data.rows("INSERT INTO document_template (document_type, language, version, word, made_at, made_by)"
                             " SELECT {}, 'fr', 1, word, 0, 'x' FROM document_template WHERE id = (SELECT min(id) FROM document_template)", kind)
        try:
            address = self.new_address("choice")
            page = self.make(is_invited=True, email=address)
            self.assertEqual(page.status, 200)
            self.assertEqual(self.house.data.count("SELECT count(*) FROM contact WHERE email = {}", address), 0)
            self.assertEqual(self.desk.send("/contacts/new", document_type=TYPE).status, 303)  # the form carried all fields
            self.assertEqual(self.house.data.count("SELECT count(*) FROM internet_account WHERE email = {} AND state = 'invited'", address), 1)
        finally:
            self.house.data.rows("UPDATE document_type SET is_active = FALSE WHERE id = {}", kind)

    def test_errors_stand_at_the_field_and_nothing_is_lost(self):
        page = self.make(last_name="", email="not an address", phone="12", postcode="2000", town="", birth_date="1984-02-30")
        self.assertEqual(page.status, 422)
        self.assertEqual({"last_name", "email", "phone", "town", "birth_date"} - set(page.errors), set())
        self.assertEqual(page.form("/office/contacts/new")["fields"]["email"], "not an address")

    def test_two_operators_do_not_overwrite_each_other(self):
        path = self.make(email=self.new_address("both")).location.removeprefix("/office").split("?")[0]
        other = Desk(self.house, "box-office")
        self.desk.get(path + "/edit")
        other.get(path + "/edit")
        self.assertEqual(self.desk.send(path, kind="individual", town="Bern", postcode="3011").status, 303)
        page = other.send(path, kind="individual", first_name="Utta")
        self.assertEqual(page.status, 409)
        self.assertIn("3011 Bern", page.words)
        self.assertIn("Utta", page.words)  # both versions
        self.assertIn("3011 Bern", self.desk.get(path).words)
        self.assertEqual(other.send(path, kind="individual", first_name="Utta", town="Bern", postcode="3011").status, 303)  # seen both: saves

    def test_a_likely_duplicate_stands_beside(self):
        address = self.new_address("twice")
        self.make(email=address)
        beside = self.desk.get("/contacts/beside?" + urllib.parse.urlencode({"first_name": "Other", "last_name": "Name", "email": address.upper(), "country": "CH"}))
        self.assertIn("Ute Röchling", beside.words)
        self.assertNotIn("Ute", self.desk.get("/contacts/beside?first_name=A&last_name=B&country=CH").words)

    def test_an_address_with_an_account_says_whose(self):
        address = self.new_address("taken")
        self.house.account(address, first="Jeanne", last="Rochat")
        page = self.make(is_invited=True, email=address)
        self.assertEqual(page.status, 422)
        self.assertIn("Jeanne Rochat", page.errors["email"])
        self.assertEqual(self.house.data.count("SELECT count(*) FROM contact WHERE email = {}", address), 0)  # nothing half done

    def test_what_is_typed_is_shown_as_text_everywhere(self):
        long = "<script>alert(1)<\\script>\"'&{{x}}"
        path = self.make(first_name=long, last_name=long, street=long, town=long[:35], postcode="2000", email="").location.removeprefix("/office").split("?")[0]
        page = self.desk.get(path)
        version = page.form("/office" + path + "/file")["fields"]["version"]
        token = page.form("/office" + path + "/file")["fields"]["csrf"]
        self.assertEqual(self.desk.post(path + "/file", {"csrf": token, "version": version, "what": "note", "value": SCRIPT}).status, 303)
        for where in (path, path + "/edit", "/contacts?q=" + urllib.parse.quote(SCRIPT), "/contacts/rows?q=script", "/contacts/beside?last_name=" + urllib.parse.quote(SCRIPT)):
            self.assertNotIn("<script>alert", self.desk.get(where).text, where)

    def test_the_file_keeps_phones_consents_and_notes_with_who_and_when(self):
        path = self.make(email=self.new_address("file")).location.removeprefix("/office").split("?")[0]

        def add(**fields):
            form = self.desk.get(path).form("/office" + path + "/file")["fields"]
            return self.desk.post(path + "/file", {"csrf": form["csrf"], "version": form["version"], **fields})

        self.assertEqual(add(what="phone", value="024 555 90 12", label="Holiday").status, 303)
        self.assertEqual(add(what="consent", value="newsletter", given="yes").status, 303)
        self.assertEqual(add(what="consent", value="newsletter", given="no").status, 303)
        self.assertEqual(add(what="note", value="Prefers row C").status, 303)
        self.assertEqual(add(what="phone", value="not a phone").status, 422)
        words = self.desk.get(path).words
        for piece in ("024\xa0555\xa090\xa012".replace("\xa0", " "), "Prefers row C", "Olivier Favre"):
            self.assertIn(piece, words)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM consent"), 2)  # a history
        self.assertIn(path.split("/")[-1], self.desk.get("/contacts?q=024555").text)
        stale = self.desk.get(path).form("/office" + path + "/file")["fields"]
        add(what="note", value="another")
        late = self.desk.post(path + "/file", {"csrf": stale["csrf"], "version": stale["version"], "what": "phone", "value": "024 555 90 13"})
        self.assertEqual(late.status, 409)  # also for a phone alone

    # ---- the counter ----

    def test_a_link_goes_out_and_its_state_appears(self):
        address = self.new_address()
        self.house.account(address)
        contact = self.contact_of(address)
        answer = self.reset(self.desk, contact)
        self.assertEqual(answer.status, 303)
        self.assertIn("on its way", self.desk.follow(answer).done)
        mail = self.house.mailbox.next(address)
        mails = lambda: self.desk.get(f"/contacts/{contact}/mails").words
        until(lambda: "Sent" in mails(), mails)
        self.assertIn("Olivier Favre", mails())
        buyer = self.browser()
        buyer.open(mail.link)
        self.assertEqual(buyer.set_password(OTHER_PASSWORD).status, 303)
        self.assert_signs_in(address, OTHER_PASSWORD)

    def test_no_operator_sees_the_link(self):
        address = self.new_address()
        self.house.account(address)
        contact = self.contact_of(address)
        self.reset(self.desk, contact)
        token = self.house.mailbox.next(address).token
        for where in (f"/contacts/{contact}", f"/contacts/{contact}/mails", f"/contacts/{contact}/reset-password", "/contacts?q=" + address):
            self.assertNotIn(token, self.desk.get(where).text, where)
        self.assertNotIn(token, self.house.log())
        for table in ("audit_entry", "account_event", "recovery_link", "outbox_message", "bulk_item"):
            self.assertNotIn(token, str(self.house.data.rows(f"SELECT * FROM {table}")), table)

    def test_two_operators_at_once_send_one_mail(self):
        address = self.new_address()
        self.house.account(address)
        contact, desks = self.contact_of(address), [Desk(self.house, "box-office") for _ in range(4)]
        for desk in desks:
            desk.get(f"/contacts/{contact}/reset-password")
        answers = at_once(lambda d: d.send(f"/contacts/{contact}/reset-password"), desks)
        self.assertEqual(sorted(a.status for a in answers), [303, 409, 409, 409])
        self.assertIn("Olivier Favre sent a link", next(a for a in answers if a.status == 409).alert)
        self.house.settle()
        self.assertEqual(len(self.house.mailbox.to(address)), 1)

    def test_the_impossible_says_why_and_sends_nothing(self):
        address = self.new_address()
        self.house.account(address, state="blocked")
        contact = self.contact_of(address)
        page = self.reset(self.desk, contact)
        self.assertIn("blocked", page.alert)
        detail = self.desk.get(f"/contacts/{contact}")
        button = re.search(r"<button[^>]*disabled[^>]*>RESET PASSWORD", detail.text)
        self.assertTrue(button and "aria-describedby" in button[0])
        self.house.data.rows("UPDATE internet_account SET state = 'active' WHERE email = {}", address)
        self.desk.get(f"/contacts/{contact}/reset-password")
        self.house.data.rows("UPDATE point_of_sale SET state = 'suspended'")
        try:
            late = self.desk.send(f"/contacts/{contact}/reset-password")  # switched off meanwhile
            self.assertEqual(late.status, 422)
            self.assertIn("Set up an internet point of sale first", late.words)
            detail = self.desk.get(f"/contacts/{contact}")
            self.assertIn("Set up an internet point of sale first", detail.words)
            self.assertIn("/organisation/points-of-sale", detail.text)
        finally:
            self.house.data.rows("UPDATE point_of_sale SET state = 'active'")
        forged = self.desk.get(f"/contacts/{contact}/reset-password").form(f"/office/contacts/{contact}/reset-password")["fields"]
        for wrong in ({"document_type": "STX_PASSWORD_CHANGED"}, {"point_of_sale": "other"}):  # 54
            self.assertEqual(self.desk.post(f"/contacts/{contact}/reset-password", {**forged, "document_type": TYPE, **wrong}).status, 422)
        self.assertEqual(self.house.mailbox.to(address), [])

    def test_rights_and_houses_are_kept_apart(self):
        address = self.new_address()
        self.house.account(address)
        contact = self.contact_of(address)
        auditor = Desk(self.house, "auditor")
        self.assertEqual(auditor.get(f"/contacts/{contact}").status, 200)
        self.assertEqual(auditor.get(f"/contacts/{contact}/reset-password").status, 403)  # 52
        self.assertEqual(auditor.get("/contacts/new").status, 403)
        other = self.house.data.one("INSERT INTO institution (name, zone, currency, main_language, street, house_number, postcode, town, country, phone, email, made_at)"
                                    " VALUES ('Other', 'Europe/Zurich', 'CHF', 'en', '', '', '', '', 'CH', '', '', 1) RETURNING id")
        foreign = self.house.data.one("INSERT INTO contact (institution, number, kind, salutation, first_name, last_name, name_key, language, phone, street, house_number, postcode,"
                                      " town, country, made_at) VALUES ({}, 18, 'individual', '', 'A', 'B', 'b a', 'en', '', '', '', '', '', 'CH', 1) RETURNING id", int(other))
        for where in ("", "/edit", "/reset-password", "/internet-account", "/mails"):
            self.assertEqual(self.desk.get(f"/contacts/{foreign}{where}").status, 404, where)
        token = self.desk.get(f"/contacts/{contact}").form(f"/office/contacts/{contact}/block")["fields"]["csrf"]
        self.assertEqual(self.desk.post(f"/contacts/{foreign}/block", {"csrf": token}).status, 404)

    def test_blocking_signs_out_and_unblocking_lets_in(self):
        address, buyer = self.house.person()
        buyer.sign_in(address)
        contact = self.contact_of(address)
        self.desk.get(f"/contacts/{contact}")
        self.assertEqual(self.desk.send(f"/contacts/{contact}/block").status, 303)
        self.assertFalse(buyer.is_signed_in())
        self.assert_not_signs_in(address, PASSWORD)
        self.desk.get(f"/contacts/{contact}")
        self.assertEqual(self.desk.send(f"/contacts/{contact}/unblock").status, 303)
        self.assert_signs_in(address, PASSWORD)

    # ---- another address, devices, two that are one, the trail ----

    def test_the_address_of_an_account_that_is_used_waits_until_it_is_confirmed(self):
        address, buyer = self.house.person()
        new, contact = self.new_address("moved"), self.contact_of(address)
        self.desk.get(f"/contacts/{contact}/edit")
        page = self.desk.follow(self.desk.send(f"/contacts/{contact}", kind="individual", email=new))
        self.assertIn("counts once it is confirmed", page.done)
        self.assertIn(f"{new} waits to be confirmed", page.words)
        confirm, keep = self.house.mailbox.next(new), self.house.mailbox.next(address)
        self.assertIn("/change-email?token=", confirm.link)
        self.assertIn("/keep-email?token=", keep.link)
        self.assertIn("our box office entered", keep.text)
        self.assertNotIn(confirm.token, self.desk.get(f"/contacts/{contact}").text)
        buyer = self.browser()
        page = buyer.open(confirm.link)
        self.assertIn(new, page.words)
        self.assert_signs_in(address, PASSWORD)  # opening changes nothing
        done = buyer.follow(buyer.send("/change-email"))
        self.assertIn("is confirmed", done.done)
        self.assert_signs_in(new, PASSWORD)
        self.assert_not_signs_in(address, PASSWORD)
        self.assertIn(new, self.desk.get(f"/contacts/{contact}").words)
        self.assertIn("already been used", buyer.open(confirm.link).alert)
        clerk = Desk(self.house, "box-office")  # has no right to it
        clerk.get(f"/contacts/{contact}/edit")
        page = clerk.send(f"/contacts/{contact}", kind="individual", email=self.new_address("theft"))
        self.assertEqual(page.status, 422)
        self.assertIn("email", page.errors)

    def test_one_device_is_signed_out_from_the_contact(self):
        address, first = self.house.person()
        second = self.browser(agent="Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1")
        for browser in (first, second):
            self.assertEqual(browser.sign_in(address).status, 303)
        contact = self.contact_of(address)
        page = self.desk.get(f"/contacts/{contact}")
        self.assertIn("Safari", page.words)
        form = next(f for f in page.reader.forms if f["action"].endswith("/sessions/end"))
        ids = re.findall(r'name="id" value="([0-9a-f]{32})"', page.text)
        self.assertEqual(len(ids), 2)
        self.assertIn("signed out", self.desk.follow(self.desk.post(form["action"], {"csrf": form["fields"]["csrf"], "id": ids[0]})).done)
        self.assertEqual([first.is_signed_in(), second.is_signed_in()], [True, False])

    def test_two_contacts_become_one_and_two_again(self):
        kept, other = self.new_address("kept"), self.new_address("other")
        self.house.account(kept, first="Zita", last="Zweifel")
        self.house.account(other, first="Zita", last="Zweifel")
        stays, goes = self.contact_of(kept), self.contact_of(other)
        for contact, address in ((stays, kept), (goes, other)):
            self.house.data.rows("UPDATE contact SET postcode = '3011', town = 'Bern', email = {} WHERE id = {}", address, contact)
        page = self.desk.get(f"/contacts/{stays}")
        self.assertIn(f"/contacts/{stays}/merge?with={goes}", page.text)
        page = self.desk.get(f"/contacts/{stays}/merge?with={goes}")
        for words in (kept, other, "is blocked and gets no mail"):
            self.assertIn(words, page.words)
        done = self.desk.follow(self.desk.send(f"/contacts/{stays}/merge"))
        self.assertEqual(done.done, "The contacts are merged.")
        self.assertEqual(self.desk.get(f"/contacts/{goes}").location, f"/office/contacts/{stays}")
        self.assert_not_signs_in(other, PASSWORD)
        self.assertEqual(self.desk.get(f"/contacts/{goes}/edit").status, 404)
        self.desk.get(f"/contacts/{stays}")
        done = self.desk.follow(self.desk.post(f"/contacts/{stays}/merge/undo",
                                               {"csrf": self.desk.page.form(f"/office/contacts/{stays}/merge/undo")["fields"]["csrf"], "goes": str(goes)}))
        self.assertEqual(done.done, "The contacts are two again.")
        self.assert_signs_in(other, PASSWORD)
        for path in (f"/contacts/{stays}/merge?with=4711", f"/contacts/4711/merge?with={stays}", "/contacts/4711/merge", f"/contacts/{stays}/merge?with="):
            self.assertEqual(self.desk.get(path).status, 404, path)
        self.assertEqual(Desk(self.house, "auditor").get(f"/contacts/{stays}/merge?with={goes}").status, 403)

    def test_any_two_contacts_can_be_merged_whoever_they_look_like(self):
        kept, other = self.new_address("kept"), self.new_address("other")
        self.house.account(kept, first="Berta", last="Brombeer")
        self.house.account(other, first="Xaver", last="Yffenbach")
        stays, goes = self.contact_of(kept), self.contact_of(other)
        for contact, address in ((stays, kept), (goes, other)):
            self.desk.get(f"/contacts/{contact}/edit")
            self.desk.send(f"/contacts/{contact}", kind="individual", email=address, town="Chur", postcode="7000")  # found by words from now on
        page = self.desk.get(f"/contacts/{stays}")
        self.assertIn(f"/office/contacts/{stays}/merge", page.reader.links)
        page = self.desk.get(f"/contacts/{stays}/merge?q=yffen")
        self.assertIn(f"/office/contacts/{stays}/merge?with={goes}", page.reader.links)
        self.assertNotIn(f"/merge?with={stays}", self.desk.get(f"/contacts/{stays}/merge?q=chur").text, "not with itself")
        number = self.house.data.one("SELECT number FROM contact WHERE id = {}", goes)
        self.assertIn(f"/merge?with={goes}", self.desk.get(f"/contacts/{stays}/merge?q={number}").text)
        self.assertIn("No contact", self.desk.get(f"/contacts/{stays}/merge?q=nobodyatall").words)
        self.assertEqual(Desk(self.house, "auditor").get(f"/contacts/{stays}/merge?q=yffen").status, 403)

    def test_a_waiting_address_is_withdrawn_and_its_link_is_dead(self):
        address, new = self.house.person()[0], self.new_address("unwanted")
        contact = self.contact_of(address)
        self.desk.get(f"/contacts/{contact}/edit")
        self.desk.send(f"/contacts/{contact}", kind="individual", email=new)
        link = self.house.mailbox.next(new).link
        clerk = Desk(self.house, "box-office")  # has no right to it
        self.assertFalse(clerk.get(f"/contacts/{contact}").has_form(f"/office/contacts/{contact}/email-change/withdraw"))
        self.desk.get(f"/contacts/{contact}")
        done = self.desk.follow(self.desk.send(f"/contacts/{contact}/email-change/withdraw"))
        self.assertIn("stays as it was", done.done)
        self.assertNotIn(new, done.words)
        buyer = self.browser()
        self.assertIn("no longer works", buyer.open(link).alert)
        self.assert_signs_in(address, PASSWORD)
        self.assertIn("Withdrew the new address", self.desk.get(f"/audit?kind=contact&record={contact}").words)

    def test_refused_tries_stand_in_the_trail(self):
        address, _ = self.house.person()
        contact, auditor, clerk = self.contact_of(address), Desk(self.house, "auditor"), Desk(self.house, "box-office")
        tries = lambda: int(self.house.data.count("SELECT count(*) FROM audit_entry WHERE verb = 'refused-try'"))
        before, mails = tries(), self.house.data.count("SELECT count(*) FROM outbox_message")
        self.assertEqual(auditor.post(f"/contacts/{contact}/reset-password", {"csrf": "x"}).status, 403)
        self.assertEqual(tries(), before + 1)
        token = clerk.get(f"/contacts/{contact}/reset-password").form(f"/office/contacts/{contact}/reset-password")["fields"]["csrf"]
        self.assertEqual(clerk.post("/contacts/4711/reset-password", {"csrf": token}).status, 404)
        self.assertEqual(tries(), before + 2)
        self.assertEqual(clerk.post(f"/contacts/{contact}/reset-password", {"csrf": token, "document_type": "ANOTHER-HOUSES", "point_of_sale": "shop"}).status, 422)
        self.assertEqual(clerk.post(f"/contacts/{contact}/reset-password", {"csrf": token, "point_of_sale": "another-houses"}).status, 422)
        self.assertEqual(tries(), before + 4)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM outbox_message"), mails)
        page = self.desk.get("/audit?q=refused")
        self.assertIn("Tried something that was refused", page.words)
        self.assertIn(f"/contacts/{contact}/reset-password", page.words)

    def test_the_trail_is_searched_in_the_words_that_people_read(self):
        self.make(last_name="Rhabarber", email=self.new_address("words"), town="Bern", postcode="3011")
        self.assertIn("Rhabarber", self.desk.get("/audit?q=made+contact+rhabarber").words)
        french = Desk(self.house, "administrator", language="fr")
        self.assertIn("Rhabarber", french.get("/audit?q=contact+cree+rhabarber").words)
        self.assertNotIn("Rhabarber", french.get("/audit?q=made+rhabarber").words, "the code is contact-made, and nobody reads it")

    def test_the_trail_speaks_in_words_is_searched_by_record_and_erased(self):
        path = self.make(last_name="Quendel", email=self.new_address("trail"), town="Bern", postcode="3011").location.removeprefix("/office").split("?")[0]
        contact = path.rsplit("/", 1)[1]
        self.desk.get(path + "/edit")
        self.desk.send(path, kind="individual", town="Thun", postcode="3600")
        page = self.desk.get(f"/audit?kind=contact&record={contact}")
        for words in ("Made the contact", "Changed the contact", "Quendel", "Town", f"Contact {contact}"):
            self.assertIn(words, page.words)
        self.assertNotIn("contact-changed", page.words)
        self.assertNotIn("Signed in", page.words.replace("Signed in as", ""))
        french = Desk(self.house, "administrator", language="fr").get(f"/audit?kind=contact&record={contact}")
        self.assertIn("Contact modifié", french.words)
        until(lambda: self.house.data.count("SELECT count(*) FROM audit_unsealed") == 0, "sealed")
        page = self.desk.get(f"/audit/erase?contact={contact}")
        self.assertIn("2 entries name Ute Quendel", page.words)
        done = self.desk.follow(self.desk.send("/audit/erase"))
        self.assertIn("Erased", done.done)
        self.assertNotIn("Quendel", done.words)
        self.assertIn("Changed the contact", done.words)
        self.assertIn("Erased a person’s data from the trail", done.words)
        self.assertEqual(Desk(self.house, "auditor").get(f"/audit/erase?contact={contact}").status, 403)
        self.assertEqual(self.desk.get("/audit/erase?contact=4711").status, 404)

    # ---- many ----

    def test_all_that_match_get_a_link_not_only_those_on_the_page(self):
        town = "Aarberg"
        people = [self.new_address("match") for _ in range(60)]  # more than a page
        for address in people:
            self.house.account(address)
        marks = ",".join(f"'{a}'" for a in people)
        self.house.data.rows(f"UPDATE contact SET town = '{town}' WHERE id IN (SELECT contact FROM internet_account WHERE email IN ({marks}))")
        self.house.data.rows(f"INSERT INTO contact_word (institution, word, contact) SELECT institution, 'aarberg', id FROM contact WHERE town = '{town}'")
        fields = self.desk.get(f"/contacts?q={town}").form("/office/contacts/links")["fields"]
        page = self.desk.post("/contacts/links", {**{k: fields[k] for k in ("csrf", "q", "account", "language", "from")}, "all": "yes"})
        self.assertIn("60", page.words)
        report = self.desk.send("/contacts/links/send").location.removeprefix("/office")
        until(lambda: "Done" in self.desk.get(report + "/progress").words, lambda: self.desk.page.words)
        self.house.settle()
        self.assertEqual([a for a in people if len(self.house.mailbox.to(a)) != 1], [])

    def test_many_get_a_link_by_one_action_and_none_by_its_repetition(self):
        people = [self.new_address("many") for _ in range(12)]
        for address in people:
            self.house.account(address, state="blocked" if address == people[3] else "active")
        chosen = [("contact", self.contact_of(a)) for a in people]
        for round in range(2):
            token = self.desk.get("/contacts").form("/office/contacts/links")["fields"]["csrf"]
            page = self.desk.post("/contacts/links", chosen + [("csrf", token)])
            self.assertEqual(page.status, 200)
            where, pairs = self.desk.fill("/contacts/links/send")
            sent = [self.desk.post(where, pairs) for _ in range(2)]  # a double click
            self.assertEqual([a.status for a in sent], [303, 303])
            self.assertEqual(sent[0].location, sent[1].location)
            report = sent[0].location.removeprefix("/office")
            until(lambda: "Done" in self.desk.get(report + "/progress").words, lambda: self.desk.page.words)
            self.house.settle()
        self.assertIn("Account blocked", self.desk.get(report).words)
        self.assertIn("Has a link from today already", self.desk.get(report).words)
        for address in people:
            self.assertEqual(len(self.house.mailbox.to(address)), 0 if address == people[3] else 1, address)
        self.assertEqual(Desk(self.house, "auditor").post("/contacts/links", chosen).status, 403)


if __name__ == "__main__":
    unittest.main()

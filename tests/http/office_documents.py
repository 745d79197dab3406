"""Document types from outside: a changed Word template is looked at, put in force, used by the next mail, and taken back."""
import unittest

from desk import Desk, rewritten, shipped
from house import HouseTest, at_once

TYPES = "/institution/document-types"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Documents(HouseTest):
    def setUp(self):
        self.desk = Desk(self.house)
        self.type = int(self.house.data.one("SELECT id FROM document_type WHERE class = 'reset-password' AND code = 'STX_PASSWORD_RESET'"))
        self.path = f"{TYPES}/{self.type}"

    def upload(self, data, language="en", name="reset.docx", desk=None):
        desk = desk or self.desk
        desk.get(self.path)
        return desk.send_file(self.path, "template", name, data, language=language)

    def draft(self, data, **more):
        """The page of an uploaded draft."""
        answer = self.upload(data, **more)
        self.assertEqual(answer.status, 303, answer.words if answer.reader else answer.status)
        self.assertRegex(answer.location, rf"^/office{self.path}/drafts/\d+$")
        return self.desk.follow(answer)

    def put_in_force(self, data, **more):
        page = self.draft(data, **more)
        return self.desk.follow(self.desk.send(page.path.removeprefix("/office") + "/use"))

    def versions(self, language="en"):
        return self.house.data.count("SELECT max(version) FROM document_template WHERE document_type = {} AND language = {}", self.type, language)

    def recovery_mail(self):
        address, browser = self.house.person()
        return self.house.link(address, browser)

    # ---- the story ----

    def test_a_changed_template_is_used_by_the_next_mail_once_it_is_in_force(self):
        changed = rewritten(shipped("STX_PASSWORD_RESET_en.docx"), ("Reset your password at ", "A fresh password, kindly, at "))
        before = self.recovery_mail()
        self.assertNotIn("kindly", before.subject)
        page = self.draft(changed, name="reset-v2.docx")
        self.assertIn("reset-v2.docx can be used.", page.done)
        self.assertIn("A fresh password, kindly, at", page.words, "the preview's subject")
        self.assertNotIn("kindly", self.recovery_mail().subject, "a draft replaces nothing")
        version = self.versions()
        done = self.desk.follow(self.desk.send(page.path.removeprefix("/office") + "/use"))
        self.assertEqual(done.done, "The template is in force. The next mail uses it.")
        self.assertEqual(self.versions(), version + 1)
        mail = self.recovery_mail()
        self.assertTrue(mail.subject.startswith("A fresh password, kindly, at"), mail.subject)
        self.assertIsNotNone(mail.link)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM audit_entry WHERE verb = 'template-put-in-force' AND record = {}", self.type) > 0, True)
        # and back: the first version, which shipped
        self.desk.get(f"{self.path}?language=en")
        first = self.house.data.one("SELECT id FROM document_template WHERE document_type = {} AND language = 'en' AND version = 1", self.type)
        done = self.desk.follow(self.desk.send(f"{self.path}/versions/{first}/use"))
        self.assertEqual(done.done, "The template is in force. The next mail uses it.")
        self.assertNotIn("kindly", self.recovery_mail().subject)

    def test_a_template_with_faults_shows_all_of_them_and_stays_out(self):
        good, version = shipped("STX_PASSWORD_RESET_en.docx"), self.versions()
        for name, data, words in (
                ("misspelt", rewritten(good, ("link.valid_hours", "link.valid_ours")), "link.valid_ours"),
                ("without the link", shipped("STX_PASSWORD_CHANGED_en.docx"), "link.url"),
                ("no Word file", b"nothing of the kind", "Word"),
                ("half a file", good[:2000], "")):
            with self.subTest(name):
                page = self.draft(data)
                self.assertIn("can’t be used yet", page.alert)
                self.assertIn(words, page.alert)
                self.assertTrue(page.title.startswith("Error: "))
                self.assertFalse(page.has_form("/office" + page.path.removeprefix("/office") + "/use"), "no button to use it")
                number = page.path.rsplit("/", 1)[1]
                # whoever asks all the same is refused
                self.desk.get(self.path)
                token = self.draft(good).form(self.desk.page.path + "/use")["fields"]["csrf"]
                answer = self.desk.post(f"{self.path}/drafts/{number}/use", {"csrf": token})
                self.assertEqual(answer.status, 422)
                self.assertEqual(self.versions(), version)

    def test_what_is_not_asked_for_is_refused_at_its_field(self):
        self.desk.get(self.path)
        page = self.desk.send_file(self.path, "template", "", b"")
        self.assertEqual(page.status, 422)
        self.assertEqual(page.errors["template"], "Choose a Word file (.docx).")
        self.desk.get(self.path)
        self.assertEqual(self.desk.send_file(self.path, "template", "huge.docx", b"x" * (9 << 20)).status, 413)

    def test_a_draft_is_used_once_however_often_the_button_is_pressed(self):
        page, version = self.draft(shipped("STX_PASSWORD_RESET_en.docx")), self.versions()
        where, pairs = self.desk.fill(page.path + "/use")
        answers = at_once(lambda _: self.desk.post(where, pairs, is_kept=False).status, range(4))
        self.assertEqual(sorted(answers), [303, 404, 404, 404])
        self.assertEqual(self.versions(), version + 1)

    def test_a_discarded_draft_is_gone(self):
        page = self.draft(shipped("STX_PASSWORD_RESET_en.docx"))
        done = self.desk.follow(self.desk.send(page.path + "/drop"))
        self.assertIn("Nothing has changed", done.done)
        self.assertEqual(self.desk.get(page.path).status, 404)

    # ---- files and previews ----

    def test_every_version_and_the_shipped_sample_can_be_downloaded(self):
        changed = rewritten(shipped("STX_PASSWORD_RESET_en.docx"), ("Reset your password at ", "Once more at "))
        page = self.put_in_force(changed)
        self.assertIn("STX_PASSWORD_RESET_en.docx", page.words)
        files = [a.removeprefix("/office") for a in page.reader.links if a.endswith(".docx")]
        bodies = {}
        for path in files:
            answer = self.desk.get(path)
            self.assertEqual((answer.status, answer.header("Content-Type")), (200, WORD))
            self.assertIn("attachment", answer.header("Content-Disposition"))
            bodies[path] = answer.body
        self.assertIn(changed, bodies.values())
        self.assertEqual(bodies[f"{self.path}/shipped/en.docx"], shipped("STX_PASSWORD_RESET_en.docx"))
        self.assertEqual(self.desk.get(f"{self.path}/shipped/rm.docx").status, 404)

    def test_a_preview_stands_in_a_sandbox_and_nothing_in_it_runs_or_is_fetched(self):
        page = self.desk.get(f"{self.path}?language=en")
        frame = next(a for tag, a in page.reader.elements if tag == "iframe")
        self.assertEqual(frame["sandbox"], "")
        mail = self.desk.get(frame["src"])
        policy = mail.header("Content-Security-Policy")
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("script-src", policy)
        self.assertIn("frame-ancestors 'self'", policy)
        self.assertIn("/reset-password?token=EXAMPLE", mail.text)
        text = self.desk.get(f"{self.path}?language=en&view=text")
        self.assertIn("/reset-password?token=EXAMPLE", text.words)

    def test_script_in_a_template_or_a_files_name_stays_text(self):
        evil = rewritten(shipped("STX_PASSWORD_RESET_en.docx"), ("Reset your password at ", "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"))
        page = self.draft(evil, name="<img src=x onerror=alert(1)>.docx")
        self.assertNotIn("<img src=x", page.text)
        self.assertNotIn("<script>alert", page.text)
        frame = next(a for tag, a in page.reader.elements if tag == "iframe")
        self.assertNotIn("<script>alert", self.desk.get(frame["src"]).text)

    def test_a_test_goes_to_who_asks_and_opens_nothing(self):
        page = self.desk.get(f"{self.path}?language=en")
        action = next(f["action"] for f in page.reader.forms if f["action"].endswith("/test"))
        done = self.desk.follow(self.desk.send(action))
        self.assertEqual(done.done, "A test is on its way to your own address.")
        mail = self.house.mailbox.next(self.desk.email)
        self.assertTrue(mail.subject.startswith("[Test] "))
        self.assertIn("Jeanne", mail.text)
        self.assertIn("not valid", self.browser().open(mail.link).words)

    def test_the_fields_of_a_class_stand_with_examples(self):
        page = self.desk.get("/institution/document-classes/reset-password")
        for words in ("{{link.url}}", "{{contact.first_name}}", "Jeanne", "{{#is_invitation}}"):
            self.assertIn(words, page.words)
        self.assertEqual(self.desk.get("/institution/document-classes/nothing").status, 404)

    # ---- types ----

    def test_types_are_found_by_class_and_by_words(self):
        page = self.desk.get(TYPES)
        self.assertIn("STX_CONFIRM_EMAIL", page.words)
        page = self.desk.get(TYPES + "?class=reset-password")
        self.assertIn("STX_PASSWORD_RESET", page.words)
        self.assertNotIn("STX_CONFIRM_EMAIL", page.words)
        page = self.desk.get(TYPES + "?q=BLOCKED")
        self.assertIn("STX_ACCOUNT_BLOCKED", page.words)
        self.assertNotIn("STX_PASSWORD_RESET", page.words)
        self.assertNotIn("<b>x", self.desk.get(TYPES + "?q=%3Cb%3Ex").text)
        self.assertEqual(self.desk.get(TYPES + "?class=nothing").status, 404)

    def test_the_last_active_type_of_a_class_is_not_switched_off_and_says_why(self):
        blocked = self.house.data.one("SELECT id FROM document_type WHERE class = 'account-blocked'")
        self.desk.get(f"{TYPES}/{blocked}/edit")
        where, pairs = self.desk.fill(f"{TYPES}/{blocked}/edit")
        page = self.desk.post(where, [(n, v) for n, v in pairs if n not in ("active", "organisation", "channel")])
        self.assertEqual(page.status, 422)
        self.assertIn("last active document type of its class", page.errors["active"])
        # with another one it is
        self.desk.get(TYPES + "/new?class=account-blocked")
        where, pairs = self.desk.fill(TYPES + "/new", **{"code": "BLOCKED_2", "name": "Ours", "class": "account-blocked"})
        made = self.desk.follow(self.desk.post(where, [(n, v) for n, v in pairs if n not in ("organisation", "channel")]))
        self.assertEqual((made.status, made.done, made.heading), (200, "Saved.", "Ours"))
        self.desk.get(f"{TYPES}/{blocked}/edit")
        where, pairs = self.desk.fill(f"{TYPES}/{blocked}/edit")
        self.assertEqual(self.desk.post(where, [(n, v) for n, v in pairs if n not in ("active", "organisation", "channel")]).status, 303)
        self.assertIn("Switched off", self.desk.get(f"{TYPES}/{blocked}").words)

    def test_a_type_for_one_organisation_is_used_by_its_shop(self):
        organisation = self.house.data.one("SELECT min(id) FROM organisation")
        self.desk.get(TYPES + "/new")
        where, pairs = self.desk.fill(TYPES + "/new", **{"code": "RESET_HERE", "name": "Reset, here", "class": "reset-password"})
        pairs = [(n, v) for n, v in pairs if n not in ("organisation", "channel")] + [("organisation", organisation)]
        made = self.desk.follow(self.desk.post(where, pairs))
        own = made.path.removeprefix("/office").split("?")[0]
        answer = self.desk.send_file(own, "template", "own.docx",
                                     rewritten(shipped("STX_PASSWORD_RESET_en.docx"), ("Reset your password at ", "From our own type, ")), language="en")
        draft = self.desk.follow(answer)
        self.desk.send(draft.path + "/use")
        self.assertTrue(self.recovery_mail().subject.startswith("From our own type, "))
        self.desk.get(own + "/edit")
        where, pairs = self.desk.fill(own + "/edit")
        self.assertEqual(self.desk.post(where, [(n, v) for n, v in pairs if n not in ("active", "channel")]).status, 303)
        self.assertFalse(self.recovery_mail().subject.startswith("From our own type, "))

    # ---- rights, languages ----

    def test_who_may_not_change_sees_no_button_and_is_refused(self):
        reader = Desk(self.house, "auditor")
        page = reader.get(self.path)
        self.assertEqual(page.status, 200)
        self.assertFalse(any(f["action"].startswith("/office/institution") for f in page.reader.forms if f["method"] == "post"))
        for path in (self.path + "/edit", TYPES + "/new"):
            self.assertEqual(reader.get(path).status, 403)
        self.assertEqual(reader.post(f"{self.path}/drafts/1/use", {"csrf": "x"}).status, 403)
        stranger = self.browser()
        self.assertEqual(stranger.get("/office" + self.path).status, 303)

    def test_a_manager_of_one_organisation_reads_the_houses_types_and_changes_his_own(self):
        opera = self.house.data.one("INSERT INTO organisation (institution, code, name) VALUES ((SELECT min(id) FROM institution), {}, 'Opera') RETURNING id",
                                    f"opera{id(self)}")
        version = self.versions()
        draft = self.draft(shipped("STX_PASSWORD_RESET_en.docx")).path.removeprefix("/office")
        theirs = Desk(self.house, organisation=int(opera))
        page = theirs.get(self.path)
        self.assertEqual(page.status, 200)
        self.assertIn("You can look at it", page.words)
        posts = [f["action"] for f in page.reader.forms if f["method"] == "post" and "/institution/" in f["action"]]
        self.assertTrue(all(action.endswith("/test") for action in posts), posts)
        self.assertEqual(theirs.get(self.path + "/edit").status, 403)
        first = self.house.data.one("SELECT id FROM document_template WHERE document_type = {} AND version = 1 AND language = 'en'", self.type)
        # forms of his own type carry tokens that fit: what refuses him is the type
        theirs.get(TYPES + "/new")
        where, pairs = theirs.fill(TYPES + "/new", **{"code": f"OPERA{id(self)}", "name": "Opera’s", "class": "reset-password"})
        refused = theirs.post(where, [(n, v) for n, v in pairs if n not in ("organisation", "channel")])
        self.assertEqual(refused.status, 422)
        self.assertIn("organisations", refused.errors["organisation"])
        made = theirs.follow(theirs.post(where, [(n, v) for n, v in pairs if n not in ("organisation", "channel")] + [("organisation", opera)]))
        own = made.path.removeprefix("/office").split("?")[0]
        self.assertEqual(theirs.send_file(own, "template", "x.docx", shipped("STX_PASSWORD_RESET_en.docx"), page=made, to=self.path, language="en").status, 403)
        page = theirs.follow(theirs.send_file(own, "template", "x.docx", shipped("STX_PASSWORD_RESET_en.docx"), page=made, language="en"))
        for action in ("use", "drop"):
            token = page.form(page.path + "/" + action)["fields"]["csrf"]
            self.assertEqual(theirs.post(f"{draft}/{action}", {"csrf": token}).status, 403, action)
        self.assertEqual(theirs.follow(theirs.send(page.path + "/use", page=page)).status, 200)
        page = theirs.get(own + "?language=en")
        action = next(f for f in page.reader.forms if f["action"].endswith("/use"))
        self.assertEqual(theirs.post(f"{self.path}/versions/{first}/use", {"csrf": action["fields"]["csrf"]}).status, 403)
        self.assertEqual(self.versions(), version)
        stranger = Desk(self.house, organisation=int(self.house.data.one("SELECT min(id) FROM organisation")))
        self.assertEqual(stranger.get(own).status, 404)
        self.assertNotIn("Opera’s", stranger.get(TYPES).words)

    def test_another_houses_ids_are_not_found(self):
        other = self.house.data.one("INSERT INTO institution (name, zone, currency, main_language, street, house_number, postcode, town, country, phone, email,"
                                    " made_at) VALUES ('Other', 'Europe/Zurich', 'CHF', 'fr', '', '', '', '', 'CH', '', '', 1) RETURNING id")
        theirs = self.house.data.one("INSERT INTO document_type (institution, class, code, name, main_language, is_active)"
                                     " VALUES ({}, 'reset-password', 'X', 'X', 'fr', TRUE) RETURNING id", int(other))
        for path in (f"{TYPES}/{theirs}", f"{TYPES}/{theirs}/edit", f"{TYPES}/{theirs}/shipped/en.docx", f"{TYPES}/0", f"{TYPES}/x",
                     f"{self.path}/drafts/4711", f"{self.path}/versions/4711/mail", f"{self.path}/versions/4711/template.docx"):
            self.assertEqual(self.desk.get(path).status, 404, path)

    def test_pages_speak_the_operators_language(self):
        for language, words in (("fr", "Modèles"), ("de", "Vorlagen"), ("it", "Modelli")):
            page = Desk(self.house, language=language).get(self.path)
            self.assertIn(words, page.words)
            self.assertNotRegex(page.words, r"\b[a-z]+(-[a-z]+){2,}\b(?<!e-mail)", "no id of a message")


if __name__ == "__main__":
    unittest.main()

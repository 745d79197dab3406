"""The programme in the office: a new event with three performances is on sale in one form, performances are moved, stopped and cancelled, and what is sold stands."""
import datetime
import re
import unittest
import zoneinfo

from desk import Desk
from shop_sale import BUYER, Demonstration

ZURICH = zoneinfo.ZoneInfo("Europe/Zurich")
NEW = "/programme/new"


def evening(days, hour=20):
    """A date and time so many days ahead, as the form has it."""
    return (datetime.datetime.now(ZURICH) + datetime.timedelta(days=days)).strftime("%Y-%m-%dT") + f"{hour:02}:00"


def utc(local):
    """As the database has it."""
    return int(datetime.datetime.fromisoformat(local).replace(tzinfo=ZURICH).timestamp()) * 1_000_000


class Office(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = Demonstration()
        cls.addClassCleanup(cls.house.close)
        email, cls.password, _ = cls.house.serving.said("sign-in office ").split()
        cls.house.hash = cls.house.data.one("SELECT password_hash FROM operator WHERE email = {}", email)

    @classmethod
    def tearDownClass(cls):
        out, _ = cls.house.run("audit")
        assert "differs" not in out, out

    def desk(self, *args, **more):
        return Desk(self.house, *args, password=self.password, **more)

    def hall(self, name):
        return self.house.data.one("SELECT id FROM configuration WHERE name = {}", name)

    def new(self, desk, hall="Grande Salle"):
        """The form for a new event in HALL, filled in for the season of the house that the shop belongs to."""
        page = desk.get(f"{NEW}?configuration={self.hall(hall)}")
        fields = page.form("/office" + NEW)["fields"]
        fields["season"] = self.house.data.one("SELECT min(id) FROM season") if 'name="season"' in page.text else ""
        return page

    def sends(self, desk, action, dates=(), drop=(), page=None, **fields):
        """Fills in the page's form with DATES, one a line, its buttons and texts of several lines too; all channels sell. The answer itself."""
        known = (page or desk.page).form(desk.whole(action))["fields"]
        where, pairs = desk.fill(action, page, **{k: v for k, v in fields.items() if k in known})
        pairs = [p for p in pairs if p[0] not in ("starts", "channels", *drop)] + [(k, v) for k, v in fields.items() if k not in known]
        return desk.post(where, pairs + [("starts", d) for d in dates] + ([] if "channels" in drop else self.channels()))

    def channels(self):
        return [("channels", row[0]) for row in self.house.data.rows("SELECT id FROM sales_channel")]

    def ids(self, title):
        return [int(row[0]) for row in self.house.data.rows(
            "SELECT p.id FROM performance p JOIN event_text t ON t.event = p.event WHERE t.title = {} AND t.language = 'en' ORDER BY p.starts_at", title)]

    def made(self, desk, title, days=(30,), act="sale", hall=None, **fields):
        """An event called TITLE; the ids of its performances."""
        self.new(desk, hall or "Grande Salle")
        answer = self.sends(desk, NEW, [evening(d) for d in days], act=act, **{"title-fr": title, "title-en": title, **fields})
        self.assertEqual(answer.status, 303, answer.alert if answer.reader else answer.text)
        return self.ids(title)

    def buys(self, performance, **places):
        guest = self.house.browser(language="en")
        guest.get(f"/performances/{performance}")
        answer = guest.send("/basket", **{name.replace("__", "-"): str(n) for name, n in places.items()})
        self.assertEqual(answer.status, 303, answer.text)
        guest.get("/checkout")
        answer = guest.send("/checkout", **BUYER)
        self.assertEqual(answer.status, 303, answer.text)
        return answer.location.rsplit("/", 1)[1]


class Programme(Office):
    def test_one_form_puts_a_new_event_with_three_performances_on_sale(self):
        desk = self.desk("manager")
        page = self.new(desk)
        self.assertEqual(len(re.findall('name="starts"', page.text)), 3)
        self.assertIn('value="95.00"', page.text, "the hall's last prices stand there")
        dates = [evening(30), evening(31), evening(200)]  # over a change of clocks, whenever that is
        page = desk.follow(self.sends(desk, NEW, dates, act="sale", **{"title-fr": "Tosca", "title-de": "Tosca <neu>", "what-fr": "Opéra de Puccini"}))
        self.assertEqual((page.heading, page.done), ("Tosca", "On sale."))
        rows = self.house.data.rows("SELECT p.starts_at, p.state FROM performance p JOIN event_text t ON t.event = p.event WHERE t.title = 'Tosca' ORDER BY p.starts_at")
        self.assertEqual([(int(at), state) for at, state in rows], [(utc(d), "on-sale") for d in dates])
        playbill = self.house.browser(language="de").get("/")
        self.assertEqual(playbill.words.count("Tosca <neu>"), 3)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM rate_table"), 1, "the same prices are the same table")
        self.assertIn("Tosca", desk.get("/programme").words)

    def test_more_lines_for_dates_keep_what_was_typed(self):
        desk = self.desk("manager")
        self.new(desk)
        page = self.sends(desk, NEW, [evening(30), "", evening(31)], act="more", **{"title-fr": "Six"})
        self.assertEqual(page.status, 200)
        lines = re.findall(r'name="starts" type="datetime-local" value="([^"]*)"', page.text)
        self.assertEqual(lines, [evening(30), "", evening(31), "", "", ""])
        self.assertEqual(page.form("/office" + NEW)["fields"]["title-fr"], "Six")
        self.assertEqual(self.ids("Six"), [])

    def test_another_halls_prices_come_with_the_hall_and_are_never_taken_unseen(self):
        desk = self.desk("manager")
        self.new(desk)
        foyer = self.hall("Foyer")
        page = self.sends(desk, NEW, [evening(30)], act="sale", configuration=foyer, **{"title-fr": "Bal"})
        self.assertEqual(page.status, 422)
        self.assertIn("prices of the hall", page.alert)
        self.assertIn('value="35.00"', page.text)
        self.assertNotIn('value="95.00"', page.text)
        answer = self.sends(desk, NEW, [evening(30)], act="sale", **{"title-en": "Bal"})
        self.assertEqual(answer.status, 303, answer.text)
        self.assertEqual(self.house.data.one("SELECT configuration FROM performance WHERE id = {}", self.ids("Bal")[0]), foyer)

    def test_other_prices_are_a_table_of_their_own(self):
        desk = self.desk("manager")
        page = self.new(desk)
        dear = re.search(r'name="(price-\d+-\d+)" value="95.00"', page.text)[1]
        before = self.house.data.count("SELECT count(*) FROM rate_table")
        [performance] = self.made(desk, "Gala", **{dear: "1'250.5"})
        self.assertEqual(self.house.data.count("SELECT count(*) FROM rate_table"), before + 1)
        shop = self.house.browser(language="en").get(f"/performances/{performance}")
        self.assertIn("CHF 1’250.50", shop.words.replace("\u00a0", " "))
        carmen = self.ids("Carmen")[0]
        self.assertNotIn("1’250.50", self.house.browser(language="en").get(f"/performances/{carmen}").words)

    def test_what_is_wrong_stands_at_its_field(self):
        desk = self.desk("manager")
        page = self.new(desk)
        price = re.search(r'name="(price-\d+-\d+)"', page.text)[1]
        answer = self.sends(desk, NEW, ["", "tomorrow"], act="sale", **{"title-fr": "", price: "a lot", "opens": "soon"})
        self.assertEqual((answer.status, set(answer.errors)), (422, {"starts-2", price, "opens"}))
        self.assertEqual(answer.form("/office" + NEW)["fields"][price], "a lot")
        answer = self.sends(desk, NEW, [], act="sale", doors="-1", lasts="0", closes="x", **{"what-de": "ohne Titel", price: "10", "opens": ""})
        self.assertEqual((answer.status, set(answer.errors)), (422, {"title-fr", "title-de"}))
        answer = self.sends(desk, NEW, ["", evening(-1), evening(30), evening(30), evening(9000)], act="sale", **{"title-fr": "X", "title-de": "X"})
        self.assertEqual((answer.status, set(answer.errors)), (422, {"starts-2", "starts-4", "starts-5", "doors", "lasts", "closes"}))
        answer = self.sends(desk, NEW, [evening(30)], act="sale", opens=evening(31), doors="30", lasts="90", closes="60")
        self.assertEqual((answer.status, set(answer.errors)), (422, {"opens"}))
        self.assertEqual(self.ids("X"), [])

    def test_a_draft_is_not_in_the_shop_until_it_is_put_on_sale(self):
        desk = self.desk("manager")
        [performance] = self.made(desk, "Faust", act="draft")
        guest = self.house.browser(language="en")
        self.assertEqual(guest.get(f"/performances/{performance}").status, 404)
        self.assertIn("Faust", desk.get("/programme?view=drafts").words)
        page = desk.get(f"/programme/performances/{performance}")
        page = desk.follow(self.sends(desk, f"/programme/performances/{performance}/state", to="on-sale"))
        self.assertEqual(page.done, "On sale.")
        self.assertEqual(guest.get(f"/performances/{performance}").status, 200)
        self.assertNotIn("Faust", desk.get("/programme?view=drafts").words)

    def test_a_sale_is_stopped_and_goes_on(self):
        desk = self.desk("manager")
        [performance] = self.made(desk, "Otello")
        where = f"/programme/performances/{performance}/state"
        guest = self.house.browser(language="en")
        for to, offer in (("stopped", "No longer on sale here"), ("on-sale", "Places left")):
            desk.get(f"/programme/performances/{performance}")
            self.assertEqual(self.sends(desk, where, to=to).status, 303)
            self.assertIn(offer, [w for w in guest.get("/").words.split("Otello", 1)][1][:200])

    def test_a_moved_performance_keeps_its_places_and_its_sale_ends_as_long_before(self):
        desk = self.desk("manager")
        [performance] = self.made(desk, "Norma")
        order = self.buys(performance, places__1__full=2)
        places = self.house.data.rows("SELECT l.id, l.free_from, l.holder FROM place l JOIN performance_zone z ON z.id = l.zone WHERE z.performance = {} ORDER BY l.id", performance)
        path = f"/programme/performances/{performance}"
        desk.get(path)
        where, pairs = desk.fill(path, starts=evening(40, 19))
        answer = desk.post(where, [p for p in pairs if p[0] != "confirmed"])
        self.assertEqual(answer.status, 422)
        self.assertIn("2 places are sold", answer.alert)
        self.assertEqual(desk.send(path, confirmed="yes").status, 303)
        row = self.house.data.rows("SELECT p.starts_at, p.starts_at - p.doors_at, p.starts_at - w.closes_at FROM performance p JOIN sale_window w ON w.performance = p.id WHERE p.id = {}", performance)[0]
        self.assertEqual([int(n) for n in row], [utc(evening(40, 19)), 45 * 60 * 1_000_000, 3600 * 1_000_000])
        self.assertEqual(self.house.data.rows("SELECT l.id, l.free_from, l.holder FROM place l JOIN performance_zone z ON z.id = l.zone WHERE z.performance = {} ORDER BY l.id", performance), places)
        self.assertIn("2 ", desk.get(f"/orders/{order}").words)

    def test_a_cancelled_performance_is_sold_no_more_and_its_tickets_stand(self):
        desk = self.desk("manager")
        [performance] = self.made(desk, "Aida")
        self.buys(performance, places__1__full=1)
        page = desk.get(f"/programme/performances/{performance}/cancel")
        self.assertIn("1 place is sold", page.words)
        page = desk.follow(self.sends(desk, f"/programme/performances/{performance}/state", to="cancelled"))
        self.assertEqual(page.done, "The performance is cancelled.")
        self.assertEqual(self.house.data.count("SELECT count(*) FROM ticket k JOIN order_line n ON n.id = k.order_line JOIN performance_zone z ON z.id = n.performance_zone"
                                               " WHERE z.performance = {} AND k.state = 'cancelled'", performance), 0)
        self.assertIn("Cancelled", self.house.browser(language="en").get(f"/performances/{performance}").words)
        self.assertFalse(page.has_form(f"/office/programme/performances/{performance}/state"), "it stays so")
        form = desk.get(f"/programme/performances/{self.ids('Carmen')[0]}").form(f"/office/programme/performances/{self.ids('Carmen')[0]}/state")
        answer = desk.post(f"/programme/performances/{performance}/state", {"csrf": form["fields"]["csrf"], "to": "on-sale"})
        self.assertEqual(answer.status, 409)

    def test_performances_are_added_to_an_event_that_is_there(self):
        desk = self.desk("manager")
        self.made(desk, "Rigoletto")
        event = self.house.data.one("SELECT event FROM performance WHERE id = {}", self.ids("Rigoletto")[0])
        path = f"/programme/events/{event}/performances"
        desk.get(path)
        page = desk.follow(self.sends(desk, path, [evening(33), evening(32)], act="sale"))
        self.assertEqual(page.heading, "Rigoletto")
        self.assertEqual(len(self.ids("Rigoletto")), 3)

    def test_titles_and_season_of_an_event_are_changed_and_two_do_not_overwrite_each_other(self):
        desk, other = self.desk("manager"), self.desk("manager")
        self.made(desk, "Fidelio")
        event = self.house.data.one("SELECT event FROM performance WHERE id = {}", self.ids("Fidelio")[0])
        path = f"/programme/events/{event}"
        other.get(path)
        theirs = other.fill(path, **{"title-fr": "Leonore"})
        desk.get(path)
        page = desk.follow(self.sends(desk, path, **{"title-fr": "Fidélio", "title-en": "Fidelio, really", "description-en": "One act.\n\nAnother.", "season_name": "Special"}))
        self.assertEqual((page.done, page.heading), ("Saved.", "Fidelio, really"))
        self.assertEqual(other.post(*theirs).status, 409)
        self.assertIn("Special", desk.get("/programme?q=fidel").words)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM season WHERE name = 'Special'"), 1)

    def test_the_list_is_searched_by_words_season_and_state(self):
        desk = self.desk("manager")
        self.made(desk, "Élégie pour un été")
        for query, is_there in (("q=elegie", True), ("q=ete+elegie", True), ("q=legie", False), ("view=past", False), ("view=all", True)):
            self.assertEqual("Élégie pour" in desk.get(f"/programme?{query}").words, is_there, query)

    def test_each_deed_is_in_the_trail(self):
        desk = self.desk("manager")
        self.made(desk, "Macbeth")
        verbs = {row[0] for row in self.house.data.rows("SELECT verb FROM audit_entry WHERE kind IN ('event', 'performance', 'season', 'rate-table')")}
        self.assertLessEqual({"event-made", "performances-added"}, verbs)

    def test_who_may_only_read_changes_nothing(self):
        reader = self.desk("box-office")
        performance = self.ids("Carmen")[0]
        event = self.house.data.one("SELECT event FROM performance WHERE id = {}", performance)
        for path in (f"/programme/events/{event}", f"/programme/performances/{performance}"):
            page = reader.get(path)
            self.assertEqual(page.status, 200)
            self.assertNotIn('type="submit" class="main"', page.text)
            token = page.form("/office" + path)["fields"]["csrf"]
            self.assertEqual(reader.post(path, {"csrf": token, "title-fr": "x"}).status, 403)
        for path in (NEW, f"/programme/events/{event}/performances", f"/programme/performances/{performance}/cancel"):
            self.assertEqual(reader.get(path).status, 403, path)

    def test_an_organisations_own_manager_has_no_other_organisations_events(self):
        other = int(self.house.data.one("INSERT INTO organisation (institution, code, name) VALUES ((SELECT min(id) FROM institution), 'drama', 'Drama') RETURNING id"))
        desk = self.desk("manager", organisation=other)
        performance = self.ids("Carmen")[0]
        event = self.house.data.one("SELECT event FROM performance WHERE id = {}", performance)
        for path in (f"/programme/events/{event}", f"/programme/performances/{performance}", f"/programme/events/{event}/performances"):
            self.assertEqual(desk.get(path).status, 404, path)
        self.assertNotIn("Carmen", desk.get("/programme?view=all").words)
        self.made(desk, "Hamlet", season="", season_name="2026/27")
        self.assertEqual(self.house.data.count("SELECT count(*) FROM season WHERE organisation = {}", other), 1)

    def test_another_houses_things_are_not_there(self):
        other = int(self.house.data.one(
            "INSERT INTO institution (name, zone, currency, main_language, street, house_number, postcode, town, country, phone, email, made_at)"
            " VALUES ('Other', 'UTC', 'CHF', 'en', '', '', '', '', 'CH', '', '', 1) RETURNING id"))
        part = int(self.house.data.one("INSERT INTO organisation (institution, code, name) VALUES ({}, 'o', 'O') RETURNING id", other))
        season = int(self.house.data.one("INSERT INTO season (organisation, code, name) VALUES ({}, 's', 'S') RETURNING id", part))
        event = int(self.house.data.one("INSERT INTO event (institution, season, code) VALUES ({}, {}, 'e') RETURNING id", other, season))
        desk = self.desk("manager")
        mine = self.house.data.one("SELECT min(event) FROM performance")
        desk.get(f"/programme/events/{mine}")
        _, pairs = desk.fill(f"/programme/events/{mine}")
        for path in (f"/programme/events/{event}", f"/programme/events/{event}/performances"):
            self.assertEqual(desk.get(path).status, 404, path)
        self.assertEqual(desk.post(f"/programme/events/{event}", pairs).status, 404)
        self.assertEqual(desk.post(f"/programme/events/{mine}", [p for p in pairs if p[0] != "season"] + [("season", str(season))]).status, 422, "nor its season")


if __name__ == "__main__":
    unittest.main()

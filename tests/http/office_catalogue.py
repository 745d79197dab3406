"""The programme in the office: a new event with three performances is on sale in one form, performances are moved, stopped and cancelled, and what is sold stands."""
import datetime
import re
import struct
import unittest
import zlib
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


class Venues(Office):
    SEATS = "row;seat;category;position;x;y\nA;1;{c};1;1000;1000\nA;2;{c};2;3500;1000\nB;1;{c};1;1000;3500\n"

    def a_hall(self, desk, name):
        """A new venue with one hall; the hall's path."""
        desk.get("/programme/venues/new")
        page = desk.follow(desk.send("/programme/venues/new", name=f"Halle {name}", town="Biel"))
        self.assertEqual((page.heading, page.done), (f"Halle {name}", "Saved."))
        venue = page.path.split("?")[0].removeprefix("/office")
        page = desk.follow(desk.send(venue + "/halls", name=name))
        self.assertEqual(page.heading, name)
        return page.path.split("?")[0].removeprefix("/office")

    def a_zone(self, desk, hall, name, **fields):
        desk.get(hall)
        page = desk.follow(self.sends(desk, hall + "/zones", **{"name-fr": name, **fields}))
        self.assertEqual((page.heading, page.done), (name, "Saved."))
        return page.path.split("?")[0].removeprefix("/office")

    def category(self):
        return self.house.data.one("SELECT min(id) FROM seat_category")

    def imports(self, desk, zone, text):
        desk.get(zone)
        return desk.send_file(zone + "/seats", "file", "seats.csv", text.encode())

    def test_a_venue_a_hall_and_its_zones_are_made_and_sold(self):
        desk = self.desk("manager")
        hall = self.a_hall(desk, "Rotonde")
        self.a_zone(desk, hall, "Parterre debout", kind="free", category=self.category(), capacity="50")
        zone = self.a_zone(desk, hall, "Balcon", kind="numbered", capacity="", category=self.category())
        self.assertEqual(self.imports(desk, zone, self.SEATS.format(c="standing")).status, 303)
        page = desk.get(hall)
        self.assertIn("3 places", page.words)
        self.assertEqual(page.text.count("h.01"), 3, "the drawing has the seats")
        page = desk.get(f"{NEW}?configuration={hall.rsplit('/', 1)[1]}")
        page.form("/office" + NEW)["fields"]["season"] = self.house.data.one("SELECT min(id) FROM season")
        price = re.search(r'name="(price-\d+-\d+)"', page.text)[1]
        answer = self.sends(desk, NEW, [evening(50)], act="sale", **{"title-fr": "Ronde", "title-en": "Ronde", price: "20"})
        self.assertEqual(answer.status, 303, answer.text)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM place l JOIN performance_zone z ON z.id = l.zone WHERE z.performance = {}", self.ids("Ronde")[0]), 53)

    def test_seats_go_out_as_they_came_in(self):
        desk = self.desk("manager")
        hall = self.a_hall(desk, "Galerie")
        zone = self.a_zone(desk, hall, "Rang", kind="numbered", capacity="", category=self.category())
        self.imports(desk, zone, self.SEATS.format(c="1"))
        page = desk.get(zone + "/seats.csv")
        self.assertEqual(page.header("Content-Type"), "text/csv; charset=utf-8")
        self.assertIn("A;2;1;2;1;3500;1000", page.text.replace("\r", ""))
        self.assertEqual(self.imports(desk, zone, page.text).status, 303)
        self.assertEqual(desk.get(zone + "/seats.csv").text, page.text)

    def test_all_that_is_wrong_with_a_table_is_said_with_its_lines_and_nothing_changes(self):
        desk = self.desk("manager")
        hall = self.a_hall(desk, "Cave")
        zone = self.a_zone(desk, hall, "Cave à jazz", kind="numbered", capacity="", category=self.category())
        self.imports(desk, zone, self.SEATS.format(c="1"))
        answer = self.imports(desk, zone, "row;seat;category;x\nA;1;nowhere;far\nA;1;1;1\n;2;1;1\n")
        self.assertEqual(answer.status, 422)
        for words in ("Line 2, category : There is no category", "Line 2, x : No whole number", "Line 3, seat : Another line has this seat", "Line 4, row : Nothing stands here"):
            self.assertIn(words, answer.words)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM seat WHERE zone = {}", int(zone.rsplit("/", 1)[1])), 3)
        self.assertEqual(desk.send_file(zone + "/seats", "file", "", b"", page=desk.get(zone)).status, 422)

    def test_seats_that_a_performance_sells_stay(self):
        desk = self.desk("manager")
        zone = f"/programme/zones/{self.house.data.one('SELECT min(zone) FROM seat')}"
        page = desk.get(zone)
        self.assertFalse(page.has_form("/office" + zone + "/seats"))
        token = self.a_zone(desk, self.a_hall(desk, "Toit"), "Toit", kind="numbered", capacity="", category=self.category())
        form = desk.page.form("/office" + token + "/seats")
        before = desk.get(zone + "/seats.csv").text
        answer = desk.send_file(token + "/seats", "file", "s.csv", self.SEATS.format(c="1").encode(), page=desk.get(token), to="/office" + zone + "/seats")
        self.assertEqual(answer.status, 422, form)
        self.assertIn("so they stay as they are", answer.words)
        self.assertEqual(desk.get(zone + "/seats.csv").text, before)

    def test_a_zone_in_use_keeps_its_category_and_its_sold_places(self):
        desk = self.desk("manager")
        zone = self.house.data.one("SELECT id FROM zone WHERE NOT is_numbered ORDER BY id LIMIT 1")
        path = f"/programme/zones/{zone}"
        before = self.house.data.rows("SELECT seat_category FROM zone WHERE id = {}", int(zone))
        sold = self.house.data.count("SELECT sum(places) FROM performance_zone WHERE zone = {}", int(zone))
        desk.get(path)
        other = self.house.data.one("SELECT max(id) FROM seat_category")
        where, pairs = desk.fill(path, capacity="10")
        self.assertEqual(desk.post(where, [p for p in pairs if p[0] != "category"] + [("category", other)]).status, 303)
        self.assertEqual(self.house.data.rows("SELECT seat_category FROM zone WHERE id = {}", int(zone)), before)
        self.assertEqual(self.house.data.count("SELECT sum(places) FROM performance_zone WHERE zone = {}", int(zone)), sold)
        desk.get(path)
        desk.send(path, capacity="300")

    def test_zones_with_the_same_rows_are_told_apart_by_their_names(self):
        desk = self.desk("manager")
        hall = self.a_hall(desk, "Zweirang")
        for name in ("Parkett", "Balkon"):
            zone = self.a_zone(desk, hall, name, kind="numbered", capacity="", category=self.category())
            self.assertEqual(self.imports(desk, zone, self.SEATS.format(c="1")).status, 303)
        page = desk.get(f"{NEW}?configuration={hall.rsplit('/', 1)[1]}")
        page.form("/office" + NEW)["fields"]["season"] = self.house.data.one("SELECT min(id) FROM season")
        price = re.search(r'name="(price-\d+-\d+)"', page.text)[1]
        self.assertEqual(self.sends(desk, NEW, [evening(51)], act="sale", **{"title-fr": "Rang", "title-en": "Rang", price: "20"}).status, 303)
        guest = self.house.browser(language="en")
        path = f"/performances/{self.ids('Rang')[0]}"
        page = guest.get(path)
        places = re.findall(r'id="p\d+" href="[^"]*[?]s=(\d+)[^"]*" aria-label="Row A, (\w+), seat 1, [^"]*"><circle class="hit" cx="([\d.]+)" cy="([\d.]+)"', page.text)
        self.assertEqual([name for _, name, _, _ in places], ["Parkett", "Balkon"])
        self.assertEqual(len({(x, y) for _, _, x, y in places}), 2, "they don't lie on each other")
        page = guest.get(f"{path}?s={places[1][0]}")
        self.assertIn("Row A, Balkon, seat 1: yours", page.text)
        fields = page.form("/basket")["fields"]
        answer = guest.post("/basket", [("csrf", fields["csrf"]), ("performance", fields["performance"]), ("seat", f"{places[1][0]}-full")])
        self.assertEqual(answer.status, 303)
        self.assertEqual(self.house.data.one("SELECT h.name_fr FROM place l JOIN seat s ON s.id = l.seat JOIN zone h ON h.id = s.zone WHERE l.seat = {} AND l.holder IS NOT NULL", int(places[1][0])), "Balkon")

    def test_who_may_not_changes_no_venue(self):
        reader, part = self.desk("box-office"), self.desk("manager", organisation=int(self.house.data.one("SELECT min(id) FROM organisation")))
        venue, hall = self.house.data.one("SELECT min(id) FROM venue"), self.house.data.one("SELECT min(id) FROM configuration")
        for desk in (reader, part):
            for path in (f"/programme/venues/{venue}", f"/programme/halls/{hall}"):
                self.assertNotIn('class="main"', desk.get(path).text, path)
            self.assertEqual(desk.get("/programme/venues/new").status, 403)
        token = reader.get(f"/programme/venues/{venue}").form(f"/office/programme/venues/{venue}")["fields"]["csrf"]
        self.assertEqual(reader.post(f"/programme/venues/{venue}", {"csrf": token, "name": "x"}).status, 403)
        token = part.get(f"/programme/venues/{venue}").form(f"/office/programme/venues/{venue}")["fields"]["csrf"]
        self.assertEqual(part.post(f"/programme/venues/{venue}", {"csrf": token, "name": "x"}).status, 403, "it belongs to the whole house")


class Prices(Office):
    def test_a_category_and_a_tariff_are_made_and_stand_in_every_grid(self):
        desk = self.desk("manager")
        for path, name in (("/programme/prices/categories/new", "Loge d’honneur"), ("/programme/prices/tariffs/new", "Étudiants")):
            desk.get(path)
            page = desk.follow(desk.send(path, **{"name-fr": name, "rank": "9"}))
            self.assertEqual(page.done, "Saved.")
            self.assertIn(name, page.words)
        self.assertIn("loge_d_honneur", page.words)
        table = self.house.data.one("SELECT min(id) FROM rate_table")
        words = desk.get(f"/programme/prices/tables/{table}").words
        self.assertIn("Loge d’honneur", words)
        self.assertIn("Étudiants", words)

    def test_other_prices_count_for_what_is_sold_from_now_on(self):
        desk = self.desk("manager")
        page = self.new(desk)
        price = re.search(r'name="(price-\d+-\d+)" value="95.00"', page.text)[1]
        [performance] = self.made(desk, "Thaïs", **{price: "96"})
        table = self.house.data.one("SELECT rate_table FROM performance WHERE id = {}", performance)
        guest = self.house.browser(language="en")
        guest.get(f"/performances/{performance}")
        self.assertEqual(guest.send("/basket", **{"places-1-full": "1"}).status, 303)
        path = f"/programme/prices/tables/{table}"
        desk.get(path)
        self.assertEqual(desk.send(path, **{price: "196.5"}).status, 303)
        self.assertIn("96.00", guest.get("/basket").words)
        self.assertIn("196.50", self.house.browser(language="en").get(f"/performances/{performance}").words)
        desk.get(path)
        answer = desk.send(path, **{price: "free"})
        self.assertEqual((answer.status, set(answer.errors)), (422, {price}))
        desk.get(path)
        self.assertEqual(desk.send(path, **{price: ""}).status, 303)
        self.assertNotIn("196.50", self.house.browser(language="en").get(f"/performances/{performance}").words)

    def test_a_fee_is_charged_until_it_is_switched_off(self):
        desk = self.desk("manager")
        path = "/programme/prices/fees/new"
        desk.get(path)
        fields = {"name-fr": "Vestiaire", "amount": "2.50", "vat_rate": self.house.data.one("SELECT min(id) FROM vat_rate"), "kind": "charge", "channel": ""}
        self.assertEqual(desk.send(path, **fields).status, 303)
        [performance] = self.made(desk, "Lakmé")
        guest = self.house.browser(language="fr")
        guest.get(f"/performances/{performance}")
        guest.send("/basket", **{"places-1-full": "2"})
        self.assertIn("Vestiaire", guest.get("/checkout").words)
        fee = f"/programme/prices/fees/{self.house.data.one('SELECT max(id) FROM fee')}"
        desk.get(fee)
        where, pairs = desk.fill(fee)
        self.assertEqual(desk.post(where, [p for p in pairs if p[0] != "is_active"]).status, 303)
        self.assertNotIn("Vestiaire", guest.get("/checkout").words)

    def test_a_vat_rate_is_added(self):
        desk = self.desk("manager")
        for name, percent, status in (("3,8 %", "3.8", 303), ("", "3.8", 422), ("x", "51", 422), ("x", "3.855", 422)):
            desk.get("/programme/prices")
            self.assertEqual(desk.send("/programme/prices/vat", **{"vat-name": name, "vat-percent": percent}).status, status, (name, percent))
        self.assertEqual(self.house.data.count("SELECT count(*) FROM vat_rate WHERE basis_points = 380"), 1)

    def test_who_sells_a_performance_and_when_is_changed(self):
        desk = self.desk("manager")
        [performance] = self.made(desk, "Manon")
        path, internet = f"/programme/performances/{performance}", self.house.data.one("SELECT id FROM sales_channel WHERE kind = 'internet-b2c'")
        desk.get(path)
        answer = desk.send(path + "/sale", **{f"opens-{internet}": evening(3), f"closes-{internet}": evening(2)})
        self.assertEqual((answer.status, set(answer.errors)), (422, {f"closes-{internet}"}))
        self.assertEqual(desk.send(path + "/sale", page=desk.get(path), **{f"opens-{internet}": evening(3), f"closes-{internet}": evening(20)}).status, 303)
        self.assertIn("On sale from", self.house.browser(language="en").get(f"/performances/{performance}").words)
        self.assertEqual(desk.send(path + "/sale", page=desk.get(path), **{f"opens-{internet}": "", f"closes-{internet}": ""}).status, 303)
        self.assertEqual(self.house.browser(language="en").get(f"/performances/{performance}").status, 404)

    def test_another_houses_prices_are_not_there(self):
        other = int(self.house.data.one(
            "INSERT INTO institution (name, zone, currency, main_language, street, house_number, postcode, town, country, phone, email, made_at)"
            " VALUES ('Other', 'UTC', 'CHF', 'en', '', '', '', '', 'CH', '', '', 1) RETURNING id"))
        names = "'a', 1, 'A', 'A', 'A', 'A'"
        category = self.house.data.one(f"INSERT INTO seat_category (institution, code, rank, name_en, name_fr, name_de, name_it) VALUES ({{}}, {names}) RETURNING id", other)
        tariff = self.house.data.one(f"INSERT INTO tariff (institution, code, rank, name_en, name_fr, name_de, name_it) VALUES ({{}}, {names}) RETURNING id", other)
        vat = self.house.data.one("INSERT INTO vat_rate (institution, code, name, basis_points) VALUES ({}, 'v', 'V', 1) RETURNING id", other)
        table = self.house.data.one("INSERT INTO rate_table (institution, code, name, vat_rate) VALUES ({}, 't', 'T', {}) RETURNING id", other, int(vat))
        venue = self.house.data.one("INSERT INTO venue (institution, code, name, town) VALUES ({}, 'v', 'V', '') RETURNING id", other)
        hall = self.house.data.one("INSERT INTO configuration (venue, code, name) VALUES ({}, 'h', 'H') RETURNING id", int(venue))
        zone = self.house.data.one("INSERT INTO zone (configuration, code, rank, name_en, name_fr, name_de, name_it, is_numbered, capacity) VALUES ({}, 'z', 1, 'Z', 'Z', 'Z', 'Z', TRUE, 0) RETURNING id", int(hall))
        desk = self.desk("manager")
        desk.get("/programme/prices/categories/new")
        csrf = desk.page.form("/office/programme/prices/categories/new")["fields"]["csrf"]
        for path in (f"/programme/prices/categories/{category}", f"/programme/prices/tariffs/{tariff}", f"/programme/prices/tables/{table}", f"/programme/venues/{venue}",
                     f"/programme/halls/{hall}", f"/programme/zones/{zone}", f"/programme/zones/{zone}/seats.csv"):
            self.assertEqual(desk.get(path).status, 404, path)
        for theirs, mine in ((f"/programme/prices/tables/{table}", f"/programme/prices/tables/{self.house.data.one('SELECT min(id) FROM rate_table')}"),
                             (f"/programme/venues/{venue}", f"/programme/venues/{self.house.data.one('SELECT min(id) FROM venue')}"),
                             (f"/programme/zones/{zone}", f"/programme/zones/{self.house.data.one('SELECT min(id) FROM zone')}")):
            desk.get(mine)
            self.assertEqual(desk.post(theirs, desk.fill(mine)[1]).status, 404, (theirs, csrf))
        page = self.new(desk)
        answer = self.sends(desk, NEW, [evening(30)], act="sale", drop=("vat_rate",), **{"title-fr": "Vol", "title-en": "Vol"})
        self.assertEqual((answer.status, set(answer.errors)), (422, {"vat_rate"}), page.status)


class Shares(Office):
    def test_a_share_is_cut_sold_by_its_channel_alone_and_comes_back(self):
        desk = self.desk("manager")
        [performance] = self.made(desk, "Salome", hall="Foyer")
        counter, internet = (self.house.data.one("SELECT id FROM sales_channel WHERE kind = {}", k) for k in ("box-office", "internet-b2c"))
        path = f"/programme/performances/{performance}/shares"
        desk.get(path)
        where, pairs = desk.fill(path, **{"share-name": "Sponsors"})
        answer = desk.post(where, [p for p in pairs if p[0] != "share-channels"] + [("share-channels", counter)])
        self.assertEqual(answer.status, 303, answer.text)
        desk.get(path)
        pool = self.house.data.one("SELECT id FROM performance_zone WHERE performance = {}", performance)
        share = self.house.data.one("SELECT id FROM contingent WHERE performance = {}", performance)
        free = lambda: [int(n) for n in re.findall(r"(\d+) places free", self.house.browser(language="en").get(f"/performances/{performance}").words)]
        self.assertEqual(free(), [300])
        self.assertEqual(desk.send(path + "/move", **{"from": pool, "to": share, "n": "290"}).status, 303)
        self.assertEqual(free(), [10])
        guest = self.house.browser(language="en")
        guest.get(f"/performances/{performance}")
        answer = guest.post("/basket", {**guest.page.form("/basket")["fields"], "places-standing-full": "11"})
        self.assertEqual(answer.status, 409, "the internet does not sell the share")
        page = desk.get(path)
        self.assertEqual(desk.send(path + "/move", page=page, **{"from": pool, "to": share, "n": "11"}).errors.get("n"), "So many are not free. Nothing was moved.")
        mine = self.house.data.one("SELECT id FROM performance_zone WHERE contingent = {}", int(share))
        self.assertEqual(desk.send(path + "/move", page=desk.get(path), **{"from": mine, "to": "0", "n": "290"}).status, 303)
        self.assertEqual(free(), [300])
        self.assertEqual(self.house.data.count("SELECT count(*) FROM performance_zone WHERE performance = {}", performance), 2, "the free sale is one again")
        self.assertNotEqual(counter, internet)

    def test_what_is_held_or_sold_stays_where_it_is(self):
        desk = self.desk("manager")
        [performance] = self.made(desk, "Elektra", hall="Foyer")
        self.buys(performance, places__standing__full=3)
        path = f"/programme/performances/{performance}/shares"
        desk.get(path)
        desk.send(path, **{"share-name": "Presse", "share-channels": self.house.data.one("SELECT min(id) FROM sales_channel")})
        pool = self.house.data.one("SELECT id FROM performance_zone WHERE performance = {}", performance)
        share = self.house.data.one("SELECT id FROM contingent WHERE performance = {}", performance)
        for n, status in (("298", 422), ("297", 303)):
            self.assertEqual(desk.send(path + "/move", page=desk.get(path), **{"from": pool, "to": share, "n": n}).status, status)
        self.assertEqual(self.house.data.count("SELECT count(*) FROM place WHERE zone = {} AND holder IS NOT NULL", int(pool)), 3)

    def test_what_is_wrong_is_said_and_who_may_not_cuts_nothing(self):
        desk = self.desk("manager")
        performance = self.ids("Carmen")[0]
        path = f"/programme/performances/{performance}/shares"
        desk.get(path)
        where, pairs = desk.fill(path, **{"share-name": ""})
        answer = desk.post(where, [p for p in pairs if p[0] != "share-channels"])
        self.assertEqual((answer.status, set(answer.errors)), (422, {"share-name", "share-channels"}))
        reader = self.desk("box-office")
        page = reader.get(path)
        self.assertFalse(page.has_form("/office" + path))
        self.assertEqual(reader.post(path, {"csrf": "x", "share-name": "x"}).status, 403)


def a_png(width=8, height=6, colour=(200, 30, 60)):
    """A picture of one colour."""
    part = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = zlib.compress((b"\0" + bytes(colour) * width) * height)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + part(b"IDAT", rows) + part(b"IEND", b"")


class Pictures(Office):
    def test_an_event_has_a_picture_in_the_shop_until_it_is_taken_away(self):
        desk = self.desk("manager")
        self.made(desk, "Turandot")
        event = self.house.data.one("SELECT event FROM performance WHERE id = {}", self.ids("Turandot")[0])
        path = f"/programme/events/{event}"
        desk.get(path)
        send = lambda data, **more: desk.send_file(path + "/picture", "picture", "t.png", data, page=desk.get(path), language="fr", **more)
        answer = send(a_png(2000, 20), alt="Un <dragon>")
        self.assertEqual(answer.status, 303, answer.text)
        guest = self.house.browser(language="fr")
        page = guest.get(f"/events/{event}")
        where, alt, width = re.search(r'<img class="picture" src="(/pictures/[0-9a-f]{32}[.]jpg)" alt="([^"]*)" width="(\d+)"', page.text).groups()
        self.assertEqual((alt, width), ("Un &lt;dragon&gt;", "960"))
        self.assertIn(where, self.house.browser(language="de").get("/").text, "the house's main language where there is no other")
        picture = guest.get(where)
        self.assertEqual((picture.status, picture.header("Content-Type"), picture.body[:3]), (200, "image/jpeg", b"\xff\xd8\xff"))
        self.assertIn("max-age=31536000", picture.header("Cache-Control"))
        self.assertEqual(desk.send(path + "/picture/remove", page=desk.get(path)).status, 303)
        self.assertNotIn("<img class=\"picture\"", guest.get(f"/events/{event}").text)
        self.assertEqual(guest.get(where).status, 404)

    def test_what_is_no_picture_or_has_no_words_is_refused(self):
        desk = self.desk("manager")
        self.made(desk, "Nabucco")
        path = f"/programme/events/{self.house.data.one('SELECT event FROM performance WHERE id = {}', self.ids('Nabucco')[0])}"
        for data, alt, field in ((b"GIF89a", "x", "picture"), (a_png()[:-20], "x", "picture"), (a_png(), "", "alt"), (a_png(30000, 1000)[:64], "x", "picture")):
            answer = desk.send_file(path + "/picture", "picture", "p", data, page=desk.get(path), alt=alt)
            self.assertEqual((answer.status, set(answer.errors)), (422, {field}))
        reader = self.desk("box-office")
        self.assertFalse(reader.get(path).has_form("/office" + path + "/picture"))


if __name__ == "__main__":
    unittest.main()

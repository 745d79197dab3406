#!/usr/bin/env python3
"""The first minute of a sale, on both engines: 64 buyers put a place of one zone into new baskets, and check out, over HTTP; against a basket's statements on the bare
engine (basket.c), turn by turn. And the page of a performance with a plan of 1,000 seats, packed as a browser takes it, against the sign-in page."""
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import measure

ROUNDS = 3
SECONDS = 2
PLACES = 200_000
SEATS = 1000
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"
HERE = os.path.dirname(os.path.abspath(__file__))


def cookies(browser, *parts):
    return "; ".join(f"{name}={value}" for name, value in browser.cookies().items() if any(p in name for p in parts))


def wrk(url, mode, baskets, cookie, pairs):
    """64 buyers for SECONDS. Every answer has to be a 303."""
    ran = subprocess.run(["wrk", "-t1", "--timeout", "30s", f"-c{measure.CONNECTIONS}", f"-d{SECONDS}s", "-s", os.path.join(HERE, "buyers.lua"), url, "--", mode, baskets, cookie,
                          urllib.parse.urlencode(pairs)], capture_output=True, text=True)
    if ran.returncode or "Non-2xx" in ran.stdout or "Socket errors" in ran.stdout:
        raise RuntimeError(f"{url}:\n{ran.stdout}{ran.stderr}")


def rate(data, column, since):
    """Rows of the engine's own times: what was only asked for counts for nothing."""
    count, first, last = (int(v or 0) for v in data.rows(f"SELECT count(*), min({column}), max({column}) FROM customer_order WHERE {column} >= {{}}", since)[0])
    return (count - 1) * 1e6 / max(last - first, 1)


def bare():
    """Baskets a second of the bare engine, by how they are put into transactions."""
    out = subprocess.run([os.path.join(os.path.dirname(measure.BINARY), "tests", "bench-basket")], check=True, capture_output=True, text=True).stdout
    return {how: float(value) for how, value in re.findall(r'bare, ([^"]+)", "value": (\d+)', out)}


def make_places(data, performance):
    zone = data.count("SELECT min(id) FROM performance_zone WHERE performance = {} AND NOT is_numbered", performance)
    data.rows(f"INSERT INTO place (zone, free_from) {NUMBERS.format(PLACES)} SELECT {zone}, 0 FROM n")
    data.rows("UPDATE performance_zone SET places = places + {} WHERE id = {}", PLACES, zone)


def make_seats(data, performance):
    """Rows of 40 more, behind those that are there, until SEATS are free; its zone's and its performance's."""
    zone, of, category = data.rows("SELECT z.id, z.zone, z.seat_category FROM performance_zone z WHERE z.performance = {} AND z.is_numbered ORDER BY z.id LIMIT 1", performance)[0]
    more = SEATS - data.count("SELECT count(*) FROM place p JOIN performance_zone z ON z.id = p.zone WHERE z.performance = {} AND z.is_numbered AND p.free_from = 0", performance)
    data.rows(f"INSERT INTO seat (zone, seat_category, row_rank, row_name, position, name, x, y) {NUMBERS.format(more)}"
              f" SELECT {of}, {category}, 1000 + (i - 1) / 40, 'Z' || ((i - 1) / 40), 1 + (i - 1) % 40, CAST(1 + (i - 1) % 40 AS TEXT), 2500 * ((i - 1) % 40), 60000 + 2500 * ((i - 1) / 40) FROM n")
    data.rows("INSERT INTO place (zone, seat, free_from) SELECT {}, id, 0 FROM seat WHERE zone = {} AND row_rank >= 1000", int(zone), int(of))
    data.rows("UPDATE performance_zone SET places = places + {} WHERE id = {}", more, int(zone))


def sell(house, folder, engine):
    baskets, checkouts, times = [], [], []
    performance = house.data.count("SELECT min(z.performance) FROM performance_zone z JOIN performance p ON p.id = z.performance WHERE NOT z.is_numbered")
    make_places(house.data, performance)
    guest, noted = house.browser(language="en"), os.path.join(folder, "baskets")
    page = guest.get(f"/performances/{performance}")
    field = re.search(r'name="(places-[a-z0-9_]+-full)"', page.text)[1]
    answer = guest.send("/basket", **{field: "1"})
    basket = guest.fill("/basket", page, **{field: "1"})[1]
    assert answer.status == 303, answer.words
    guest.get("/checkout")
    checkout = [pair for pair in guest.fill("/checkout", **BUYER)[1] if pair[0] != "basket"]  # each its own
    for _ in range(ROUNDS):
        since = time.time_ns() // 1000
        wrk(house.url + "/basket", "basket", noted, cookies(guest, "guest"), basket)
        baskets.append(rate(house.data, "made_at", since))
        since = time.time_ns() // 1000
        wrk(house.url + "/checkout", "checkout", noted, cookies(guest, "guest"), checkout)
        checkouts.append(rate(house.data, "closed_at", since))
        times.append(bare())
    middle = lambda values: statistics.median(values)
    measure.figure(f"{engine}: basket POST, 64 buyers on one zone", middle(baskets), "baskets/s")
    measure.figure(f"{engine}: checkout POST, 64 buyers", middle(checkouts), "orders/s")
    for how, goal in (("64 in a transaction", ">= 0.3"), ("a transaction each", ">= 3" if engine == "SQLite" else ">= 0.7")):
        if how in times[0]:
            measure.figure(f"{engine}: basket POST against its statements bare, {how}", middle([b / t[how] for b, t in zip(baskets, times)]), "times", goal)


def show_plan(house, engine):
    performance = house.data.count("SELECT min(performance) FROM performance_zone WHERE is_numbered")
    make_seats(house.data, performance)
    url = f"{house.url}/performances/{performance}"
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})) as answer:
        packed = len(answer.read())
    with urllib.request.urlopen(url) as answer:
        plain = len(answer.read())
    pairs = [(requests(url), requests(house.url + "/signin")) for _ in range(ROUNDS)]
    measure.figure(f"{engine}: performance page of 1,000 seats, on the wire", packed / 1000, "kB", "< 50")
    measure.figure(f"{engine}: performance page of 1,000 seats, as it is", plain / 1000, "kB")
    measure.figure(f"{engine}: performance page of 1,000 seats", statistics.median(p for p, _ in pairs), "requests/s")
    measure.figure(f"{engine}: performance page of 1,000 seats against the sign-in page", statistics.median(p / s for p, s in pairs), "times", ">= 0.1")


def requests(url):
    """As a browser asks, which takes packed pages."""
    out = subprocess.run(["wrk", "-t1", "--timeout", "30s", f"-c{measure.CONNECTIONS}", f"-d{SECONDS}s", "-H", "Accept-Encoding: gzip", url], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise RuntimeError(f"{url}:\n{out}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])


def on_engine(engine):
    house = Demonstration(["--trusted-proxy", "127.0.0.0/8"])
    try:
        with tempfile.TemporaryDirectory() as folder:
            show_plan(house, engine)  # before the orders, whose invoices keep the processors busy
            sell(house, folder, engine)
            out, _ = house.run("audit")
            if "differs" in out:
                raise RuntimeError(out)
    finally:
        house.close()


def main():
    folder = tempfile.mkdtemp(prefix="parterre-bench.")
    os.chmod(folder, 0o711)  # PostgreSQL's own user has to get through
    cluster = os.path.join(measure.ROOT, "tests", "cluster")
    url = subprocess.run([cluster, "start", folder + "/pg"], check=True, capture_output=True, text=True).stdout.strip()
    try:
        for engine, database in (("SQLite", "sqlite"), ("PostgreSQL", url)):
            subprocess.run([sys.executable, os.path.abspath(__file__), engine], check=True, env={**os.environ, "PARTERRE_TEST_DATABASE": database, "PARTERRE_BINARY": measure.BINARY})
    finally:
        subprocess.run([cluster, "stop", folder + "/pg"], check=True)
        os.rmdir(folder)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        main()
    else:
        sys.path.insert(0, os.path.join(measure.ROOT, "tests", "http"))
        from shop_sale import BUYER, Demonstration
        on_engine(sys.argv[1])

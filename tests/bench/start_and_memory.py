#!/usr/bin/env python3
"""From exec to `ready` on SQLite, on a new database and on one that is there; and the memory of the demo after 100,000 requests."""
import subprocess
import sys
import tempfile

import measure

STARTS = 5  # the middle one counts: the first pays for a cold page cache
REQUESTS = 100_000
ROUND = 10  # seconds of wrk between two looks at the memory


def middle(values):
    return sorted(values)[len(values) // 2]


def served(house):
    """Requests the demo has answered to one round of wrk on three pages."""
    total = 0
    for page in ("/", "/signin", "/forgot-password"):
        out = subprocess.run(["wrk", "-t2", f"-c{measure.CONNECTIONS}", f"-d{ROUND // 3}s", house.shop + page],
                             check=True, capture_output=True, text=True).stdout
        total += int(out.partition(" requests in ")[0].split()[-1])
    return total


def main():
    fresh, again = [], []
    for _ in range(STARTS):
        with tempfile.TemporaryDirectory(prefix="parterre-bench.") as folder:
            for times in (fresh, again):
                with measure.demo(folder) as house:
                    times.append(house.ready_ms)
    measure.figure("start to ready, demonstration there (SQLite)", middle(again), "ms", "< 100")
    measure.figure("start to ready, demonstration made (SQLite)", middle(fresh), "ms")

    with measure.demo() as house:
        measure.figure("resident memory at start", house.resident_mib(), "MiB")
        total = served(house)  # every thread has had its first request
        first = house.resident_mib()
        while total < REQUESTS:
            total += served(house)
        total += served(house)
        last = house.resident_mib()
        # A hash takes 19 MiB or more; none was asked for, so nothing is deducted.
        measure.figure(f"resident memory after {total} requests", last, "MiB", "< 64")
        measure.figure("its growth after the first round", last - first, "MiB", "< 2")
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""The rules of the house that a compiler does not know. Prints each breach as FILE:LINE: what, and exits 1 when there is one.

    tests/floors.py [ROOT]

- A file includes headers of its own floor and of floors below, never of one above or beside (FLOORS, from the ground up).
- A library that is a door (database, HTTP, mail) is touched on its own floor only.
- SQL stands with the capability that owns the table, or in the store.
- None of the functions of the C library that can't know where their memory ends.
"""
import os
import re
import sys

# From the ground up. Names on one line stand beside each other and don't know each other.
FLOORS = [
    ["base"],
    ["formats"],
    ["store"],
    ["guard"],
    ["web"],
    ["mail"],
    ["institution"],
    ["documents"],
    ["accounts"],
    ["sales"],
    ["billing"],
    ["shipping"],
    ["dealing"],
    ["shop", "office", "outside", "work"],
    ["commands"],
]
LEVEL = {name: level for level, names in enumerate(FLOORS) for name in names}
CAPABILITIES = {"institution", "documents", "accounts", "sales", "billing", "shipping", "dealing"}

# What a floor has no use for although it lies below: a capability works without a page.
NOT_FOR = {
    capability: ("web/",) for capability in CAPABILITIES
}
DOORS = {"sqlite3.h": "store", "libpq-fe.h": "store", "microhttpd.h": "web", "curl/curl.h": "mail"}

# dealing/ composes the others and owns no table.
SQL_FLOORS = ({"store", "guard"} | CAPABILITIES) - {"dealing"}  # guard: rate counters, which all count

# A format is bytes in, bytes out: what time it is, it is told.
CLOCKS = re.compile(r"\b(clock_utc|clock_steady|clock_gettime|gettimeofday|time)\s*\(")

BANNED = re.compile(r"\b(strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|atoll|strtok|strtok_r|alloca)\s*\(")


def code_of(text):
    """TEXT with comments and literals blanked, line for line, but include lines left whole."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    token = re.compile(r'^[ \t]*#[ \t]*include[^\n]*|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S | re.M)
    return token.sub(lambda m: m.group(0) if m.group(0).lstrip().startswith("#") else blank(m), text)


def floor_of(path):
    """The floor of PATH (below src/), "" for main.c, None for a folder that is no floor."""
    folder, _, rest = path.partition("/")
    if not rest:
        return ""
    return folder if folder in LEVEL else None


def may_include(floor, header):
    """Why a file on FLOOR may not include HEADER ("floor/name.h"), or ""."""
    if header.startswith("../") or "/../" in header:
        return "is named from src/, without .."
    target = header.partition("/")[0] if "/" in header else floor
    if target not in LEVEL or floor == "":
        return ""  # made by the build, or main.c, which may know everybody
    if target != floor and LEVEL[target] == LEVEL[floor]:
        return f"stands beside {floor}/: what both need belongs below them"
    if LEVEL[target] > LEVEL[floor]:
        return f"stands above {floor}/"
    for start in NOT_FOR.get(floor, ()):
        if header.startswith(start):
            return f"is nothing that {floor}/ may know"
    return ""


def breaches_in(path, text):
    """Yields (line, what) for the file PATH (below src/)."""
    floor = floor_of(path)
    if floor is None:
        yield 1, f"{path.partition('/')[0]}/ is no floor of the house (FLOORS in tests/floors.py)"
        return
    for number, line in enumerate(code_of(text).splitlines(), 1):
        quoted = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if quoted:
            why = may_include(floor, quoted.group(1))
            if why:
                yield number, f'"{quoted.group(1)}" {why}'
            continue
        system = re.match(r"\s*#\s*include\s+<([^>]+)>", line)
        if system:
            door = DOORS.get(system.group(1))
            if door and door != floor:
                yield number, f"<{system.group(1)}> is touched in {door}/ only"
            continue
        if re.search(r"\bSQL\s*\(", line) and not re.match(r"\s*#\s*define", line) and floor not in SQL_FLOORS:
            yield number, "SQL stands in the capability that owns the table, or in store/"
        clock = CLOCKS.search(line)
        if clock and floor == "formats":
            yield number, f"{clock.group(1)} is nothing that formats/ may know"
        banned = BANNED.search(line)
        if banned:
            yield number, f"{banned.group(1)} is not used here (base/str.h has what takes its place)"


def breaches(root):
    source = os.path.join(root, "src")
    for folder, folders, files in os.walk(source):
        folders.sort()
        for name in sorted(files):
            if name.endswith((".c", ".h")):
                full = os.path.join(folder, name)
                path = os.path.relpath(full, source)
                with open(full, encoding="utf-8") as f:
                    for line, what in breaches_in(path, f.read()):
                        yield f"src/{path}:{line}: {what}"


def main(argv):
    root = argv[1] if len(argv) > 1 else os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found = list(breaches(root))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))

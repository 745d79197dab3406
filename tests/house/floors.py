#!/usr/bin/env python3
"""tests/floors.py: feeds it bad trees and sees each breach named with its file and line."""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import floors


def found(tree):
    """The breaches in a tree given as {path below src/: text}."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in tree.items():
            full = os.path.join(root, "src", path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as f:
                f.write(text)
        return list(floors.breaches(root))


class Floors(unittest.TestCase):
    def one(self, path, text, start):
        got = found({path: text})
        self.assertEqual(len(got), 1, got)
        self.assertTrue(got[0].startswith(f"src/{path}:{start}"), got[0])

    def none(self, path, text):
        self.assertEqual(found({path: text}), [])

    def test_a_floor_may_use_itself_and_those_below(self):
        self.none("accounts/recovery.c", '#include "accounts/recovery.h"\n#include "documents/outbox.h"\n#include "store/store.h"\n#include <string.h>\n')

    def test_a_floor_may_not_use_one_above(self):
        self.one("base/str.c", '#include "base/str.h"\n#include "store/store.h"\n', '2: "store/store.h" stands above base/')

    def test_a_capability_may_not_use_a_later_one(self):
        self.one("documents/merge.c", '#include "accounts/account.h"\n', '1: "accounts/account.h" stands above documents/')

    def test_faces_do_not_know_each_other(self):
        self.one("office/contacts.c", '#include "shop/shop.h"\n', '1: "shop/shop.h" stands beside office/')

    def test_commands_know_the_faces(self):
        self.none("commands/serve.c", '#include "shop/shop.h"\n#include "office/office.h"\n#include "work/work.h"\n')

    def test_main_knows_everybody(self):
        self.none("main.c", '#include "commands/commands.h"\n')

    def test_a_capability_knows_no_page(self):
        self.one("accounts/account.c", '#include "web/request.h"\n', '1: "web/request.h" is nothing that accounts/ may know')

    def test_a_format_knows_no_clock(self):
        self.one("formats/mime.c", '#include "base/clock.h"\nint64_t now = clock_utc();\n', "2: clock_utc is nothing that formats/ may know")
        self.none("formats/mime.c", '#include "base/clock.h"\nint64_t end = start + 48 * HOUR;\n')

    def test_doors_are_opened_on_their_own_floor(self):
        self.one("work/outbox.c", "#include <curl/curl.h>\n", "1: <curl/curl.h> is touched in mail/ only")
        self.none("mail/smtp.c", "#include <curl/curl.h>\n")
        self.one("accounts/account.c", "#include <sqlite3.h>\n", "1: <sqlite3.h> is touched in store/ only")

    def test_a_way_around_by_dots_is_seen(self):
        self.one("base/str.c", '#include "../store/store.h"\n', '1: "../store/store.h" is named from src/')

    def test_a_folder_that_is_no_floor_is_named(self):
        self.one("util/helper.c", "\n", "1: util/ is no floor")

    def test_sql_stands_with_its_owner(self):
        self.one("shop/signin.c", '\n\tstatic const struct sql q = SQL("SELECT 1");\n', "2: SQL stands in")
        self.one("dealing/checkout.c", 'static const struct sql q = SQL("SELECT 1");\n', "1: SQL stands in")
        self.none("accounts/account.c", 'static const struct sql q = SQL("SELECT 1");\n')
        self.none("shop/signin.c", '/* no SQL("…") here */\n')

    def test_functions_without_bounds_are_refused(self):
        self.one("base/str.c", "\n\n\tstrcpy(a, b);\n", "3: strcpy is not used here")
        self.one("base/str.c", "int n = atoi (s);\n", "1: atoi is not used here")
        self.none("base/str.c", '\tsnprintf(a, sizeof a, "strcpy(");\n\tmy_strcpy(a); /* strcpy(a, b) */\n')

    def test_this_house_keeps_its_rules(self):
        root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        self.assertEqual(list(floors.breaches(root)), [])


if __name__ == "__main__":
    unittest.main()

"""What the audit trail notes is read by people: each verb and each field that the source names has its words. (Kinds and languages: the catalogue itself checks.)"""
import pathlib
import re
import unittest

HERE = pathlib.Path(__file__).resolve().parents[2]
CATALOGUE = set(re.findall(r'^msgid "([^"]+)"', (HERE / "po/en.po").read_text(), re.M))
SOURCES = {path: path.read_text() for path in (HERE / "src").rglob("*.c")}
CODE = r'"([a-z]+(?:-[a-z]+)+)"'


def noted():
    """(verb, file) of every audit_record in the source, also where a table or a helper names it."""
    for path, text in SOURCES.items():
        if "audit_note" not in text:
            continue
        for record in re.findall(r"struct audit_record\)\{(.*?)\}", text, re.S):
            verbs = re.findall(CODE, record.split(".kind")[0] if ".kind" in record else record.split(",")[0])
            yield from ((verb, path.name) for verb in verbs)
        for table in re.findall(r"(?:verbs\[\]|acts\[\]) = \{(.*?)\n\};|verbs\[\] = \{(.*?)\};", text, re.S):
            for part in table:
                yield from ((verb, path.name) for verb in re.findall(r"(?:\{|=) " + CODE, part))
        yield from ((verb, path.name) for verb in re.findall(r"\bnote\(db, [^;\"]*" + CODE, text))


class TrailWords(unittest.TestCase):
    def test_each_verb_has_words(self):
        verbs = set(noted())
        self.assertGreater(len({verb for verb, _ in verbs}), 35, "the source is no longer read rightly")
        self.assertEqual(sorted(v for v in verbs if f"trail-verb-{v[0]}" not in CATALOGUE), [])

    def test_each_field_has_words(self):
        names = set()
        for text in SOURCES.values():
            for values in re.findall(r"struct audit_value \w+\[[^\]]*\](?:\[\d\])? = \{(.*?)\};", text, re.S):
                names |= set(re.findall(r'\{ "([a-z_]+)"', values))
        self.assertGreater(len(names), 15, "the source is no longer read rightly")
        self.assertEqual(sorted(n for n in names if f"trail-field-{n.replace('_', '-')}" not in CATALOGUE), [])


if __name__ == "__main__":
    unittest.main()

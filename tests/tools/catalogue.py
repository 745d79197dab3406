"""tools/catalogue: what a translation must be before a program can be built from it."""
# engines: none
import os, pathlib, re, subprocess, tempfile, unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOL = pathlib.Path(os.environ.get("PARTERRE_BINARY", ROOT / "build/asan/parterre")).parent / "tools/catalogue"
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'


def compiled(*texts):
    """The exit status and the words of the tool for catalogues of these entries."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, text in enumerate(texts):
            paths.append(f"{folder}/{number}.po")
            pathlib.Path(paths[-1]).write_text(HEAD + text)
        run = subprocess.run([TOOL, f"{folder}/out.h", f"{folder}/out.c", *paths], capture_output=True, text=True,
                             env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
        header = pathlib.Path(f"{folder}/out.h")
        return run.returncode, run.stderr, header.read_text() if header.exists() else ""


GOOD = 'msgid "hello"\nmsgstr "Hello {name}"\n'
PLURAL = 'msgid "places"\nmsgid_plural "places"\nmsgstr[0] "{one}"\nmsgstr[1] "{n} places"\n'


class Catalogue(unittest.TestCase):
    def refused(self, words, *texts):
        status, said, header = compiled(*texts)
        self.assertEqual(status, 1, said)
        self.assertIn(words, said)
        self.assertEqual(header, "")

    def test_good_catalogues_become_an_enum(self):
        status, said, header = compiled(GOOD, 'msgid "hello"\nmsgstr "{name}, bonjour"\n')
        self.assertEqual((status, said), (0, ""))
        self.assertIn("MSG_HELLO,", header)

    def test_a_missing_translation_is_refused(self):
        self.refused("1.po: hello: is missing", GOOD, "")

    def test_a_message_that_the_first_lacks_is_refused(self):
        self.refused("1.po: other: is not in the first catalogue", GOOD, GOOD + 'msgid "other"\nmsgstr "x"\n')

    def test_an_empty_translation_is_refused(self):
        self.refused("1.po: hello: has no text", GOOD, 'msgid "hello"\nmsgstr ""\n')

    def test_another_placeholder_is_refused(self):
        self.refused("1.po: hello: placeholders differ", GOOD, 'msgid "hello"\nmsgstr "Bonjour {nom}"\n')

    def test_a_placeholder_left_out_is_refused(self):
        self.refused("1.po: hello: placeholders differ", GOOD, 'msgid "hello"\nmsgstr "Bonjour"\n')

    def test_a_fuzzy_translation_is_refused(self):
        self.refused("1.po: hello: marked fuzzy", GOOD, "#, fuzzy\n" + GOOD)

    def test_a_plural_may_leave_its_number_out_and_nothing_else(self):
        first = PLURAL.replace("{one}", "one place")
        status, said, _ = compiled(first, first)
        self.assertEqual(status, 0, said)
        self.refused("placeholders differ", first, first.replace("{n} places", "{m} places"))

    def test_plural_forms_in_one_language_only_are_refused(self):
        first = PLURAL.replace("{one}", "one place")
        self.refused("plural forms in one language only", first, 'msgid "places"\nmsgstr "{n} places"\n')

    def test_broken_syntax_is_refused(self):
        status, said, _ = compiled(GOOD, 'msgid "hello\n')
        self.assertEqual(status, 1)
        self.assertIn("1.po", said)


class OurOwn(unittest.TestCase):
    def test_our_four_catalogues_are_whole(self):
        texts = [re.sub(r'\Amsgid ""\nmsgstr ""\n(".*"\n)+', "", (ROOT / f"po/{tag}.po").read_text()) for tag in ("en", "fr", "de", "it")]
        status, said, _ = compiled(*texts)
        self.assertEqual((status, said), (0, ""))


if __name__ == "__main__":
    unittest.main()

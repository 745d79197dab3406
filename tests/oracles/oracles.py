"""What the suites of tests/oracles share: our slips, and the programs of others that judge them."""
import csv
import glob
import html
import json
import os
import re
import subprocess
import tempfile

BINARY = os.environ.get("PARTERRE_BINARY") or os.path.abspath("build/asan/parterre")
SHARED = os.environ.get("PARTERRE_SHARED") or os.path.realpath("../shared")
HERE = os.path.dirname(os.path.abspath(__file__))
MM = 72 / 25.4
LANGUAGES = ("de", "fr", "it", "en", "rm")


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, check=False, **more)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)[:300]}: {done.returncode}\n{done.stdout[-2000:]!r}\n{done.stderr[-2000:]!r}")
    return done.stdout


def lines_of(bills):
    return "".join(json.dumps(b, ensure_ascii=False) + "\n" for b in bills).encode()


def render(bills, out, *options):
    run(BINARY, "qrbill", "render", "--out", out, *options, input=lines_of(bills))
    return out


def payloads(bills):
    return [json.loads(line)["payload"] for line in run(BINARY, "qrbill", "payload", "--json", input=lines_of(bills)).decode().splitlines()]


def shared_payloads():
    """Each different text of the shared samples, payloads and bills alike."""
    texts = set()
    for path in glob.glob(f"{SHARED}/data/qrbill/payloads/*.txt"):
        with open(path, "rb") as f:
            texts.add(f.read())
    with open(f"{SHARED}/data/qrbill/bills/expected.tsv", encoding="utf-8", newline="") as f:
        for row in csv.reader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            if len(row) > 6 and not row[0].startswith("#"):
                texts.add(row[6].replace("\\r", "\r").replace("\\n", "\n").encode())
    return sorted(texts)


def shared_bills():
    """What can be read from them without an error, as bills to draw; the languages take turns."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for i, text in enumerate(shared_payloads()):
            files.append(os.path.join(folder, f"{i:03}.txt"))
            with open(files[-1], "wb") as f:
                f.write(text)
        done = subprocess.run([BINARY, "qrbill", "read", *files], capture_output=True, check=False)
    read = [line["bill"] for line in map(json.loads, done.stdout.decode().splitlines()) if line["valid"]]
    done = subprocess.run([BINARY, "qrbill", "check"], input=lines_of(read), capture_output=True, check=False)
    good = [line["bill"] for line in map(json.loads, done.stdout.decode().splitlines()) if line["valid"]]
    for i, bill in enumerate(good):
        bill["language"] = LANGUAGES[i % len(LANGUAGES)]
    return good


def maxima():
    """Bills with each field as long as it may be: wide letters, narrow ones, words, one long word; and with everything open."""
    for language in LANGUAGES:
        for fill in ("W", "i", "Straße ", "0"):
            def text(n):
                return ((fill * n)[:n - 1] + "x")
            party = {"name": text(70), "street": text(70), "house_number": text(16), "postcode": text(16), "town": text(35), "country": "LI"}
            bill = {"account": "CH4431999123000889012", "creditor": party, "debtor": dict(party, country="DE"), "amount": "999999999.99",
                    "currency": "CHF", "reference": "210000000003139471430009017", "message": text(70), "bill_information": "//" + text(68),
                    "alternative_schemes": [text(60), "eBill/B/" + text(40)], "language": language}
            yield bill
            yield {k: v for k, v in bill.items() if k not in ("debtor", "amount")}


def words(pdf):
    """A list a page of (text, left, top, right, bottom), in points, of each word."""
    out = run("pdftotext", "-bbox", pdf, "-").decode()
    pages = []
    for line in out.splitlines():
        if "<page " in line:
            pages.append([])
        hit = re.search(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*)</word>', line)
        if hit:
            pages[-1].append((html.unescape(hit.group(5)), *map(float, hit.groups()[:4])))
    return pages


def pictures(pdf, dpi, folder, crop=None):
    """A PGM file a page; CROP in millimetres: x, y, width, height."""
    root = os.path.join(folder, f"page-{dpi}")
    area = []
    if crop:
        x, y, w, h = (round(v / 25.4 * dpi) for v in crop)
        area = ["-x", str(x), "-y", str(y), "-W", str(w), "-H", str(h)]
    run("pdftoppm", "-gray", "-r", str(dpi), *area, pdf, root)
    return sorted(glob.glob(root + "-*.pgm"))


def zxing(files):
    """What ZXingReader reads in each file: its texts."""
    found = {f: [] for f in files}
    for f in files:
        out = run("ZXingReader", "-format", "QRCode", "-bytes", f)
        if out:
            found[f].append(out.decode())
    return found


def jsqr(files):
    return [json.loads(line) for line in run("node", os.path.join(HERE, "decode.mjs"), *files).decode().splitlines()]


class Picture:
    """A grey picture (PGM) to look at pixel by pixel, in millimetres."""

    def __init__(self, path, dpi):
        with open(path, "rb") as f:
            data = f.read()
        head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", data)
        self.width, self.height, self.dpi = int(head.group(1)), int(head.group(2)), dpi
        self.rows = [data[head.end() + y * self.width:head.end() + (y + 1) * self.width] for y in range(self.height)]

    def pixel(self, mm):
        return round(mm / 25.4 * self.dpi)

    def darkest(self, left, top, right, bottom):
        x, r = self.pixel(left), max(self.pixel(left) + 1, self.pixel(right))
        return min(min(row[x:r]) for row in self.rows[self.pixel(top):max(self.pixel(top) + 1, self.pixel(bottom))])

    def lightest(self, left, top, right, bottom):
        x, r = self.pixel(left), max(self.pixel(left) + 1, self.pixel(right))
        return max(max(row[x:r]) for row in self.rows[self.pixel(top):max(self.pixel(top) + 1, self.pixel(bottom))])

    def dark_extent(self, left, top, right, bottom):
        """Left, top, right, bottom of what is dark within, in millimetres."""
        x0, x1, y0, y1 = self.pixel(left), self.pixel(right), self.pixel(top), self.pixel(bottom)
        rows = [y for y in range(y0, y1) if min(self.rows[y][x0:x1]) < 128]
        columns = [x for x in range(x0, x1) if min(self.rows[y][x] for y in rows) < 128]
        mm = 25.4 / self.dpi
        return columns[0] * mm, rows[0] * mm, (columns[-1] + 1) * mm, (rows[-1] + 1) * mm

    def write(self, path, turn=0, threshold=None):
        """Turned by quarters, to the right; black and white by threshold."""
        rows, width, height = self.rows, self.width, self.height
        if threshold is not None:
            table = bytes(0 if v < threshold else 255 for v in range(256))
            rows = [row.translate(table) for row in rows]
        for _ in range(turn):
            flat = b"".join(rows)
            rows = [flat[x::width][::-1] for x in range(width)]
            width, height = height, width
        with open(path, "wb") as f:
            f.write(b"P5\n%d %d\n255\n" % (width, height) + b"".join(rows))
        return path

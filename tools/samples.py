#!/usr/bin/env python3
"""Writes the document templates that every institution starts with: templates/documents/STX_CLASS_LANGUAGE.docx.

    tools/samples.py [FOLDER]

Run by hand; what it writes is committed, and a test compares. The same words give the same bytes on every machine.
The words are in samples_words.py; here is how they look in Word.
"""
import os
import re
import struct
import sys
import zlib
from xml.sax.saxutils import escape

from samples_words import DOCUMENTS, LABELS

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
REL = "http://schemas.openxmlformats.org/package/2006/relationships"
ACCENT = "005F6B"
INK = "13181A"
SOFT = "545D61"
LOCALES = {"en": "en-GB", "fr": "fr-CH", "de": "de-CH", "it": "it-CH"}

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def types():
    part = '<Override PartName="/%s" ContentType="application/vnd.openxmlformats-%s+xml"/>'
    return (HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            + part % ("word/document.xml", "officedocument.wordprocessingml.document.main")
            + part % ("word/styles.xml", "officedocument.wordprocessingml.styles")
            + part % ("word/settings.xml", "officedocument.wordprocessingml.settings")
            + part % ("word/footer1.xml", "officedocument.wordprocessingml.footer")
            + part % ("docProps/core.xml", "package.core-properties")
            + part % ("docProps/app.xml", "officedocument.extended-properties")
            + "</Types>")


def relations(rows):
    return (HEAD + f'<Relationships xmlns="{REL}">' + "".join(
        f'<Relationship Id="{i}" Type="{t}" Target="{escape(target, {chr(34): "&quot;"})}"{mode}/>' for i, t, target, mode in rows)
        + "</Relationships>")


def styles(language, has_table):
    def style(kind, ident, name, ppr="", rpr="", based="Normal", extra=""):
        base = f'<w:basedOn w:val="{based}"/>' if based else ""
        ppr = f"<w:pPr>{ppr}</w:pPr>" if ppr else ""
        rpr = f"<w:rPr>{rpr}</w:rPr>" if rpr else ""
        return f'<w:style w:type="{kind}" w:styleId="{ident}"{extra}><w:name w:val="{name}"/>{base}<w:qFormat/>{ppr}{rpr}</w:style>'

    return (HEAD + f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr>'
            '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>'
            f'<w:color w:val="{INK}"/><w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="{LOCALES[language]}"/></w:rPr></w:rPrDefault>'
            '<w:pPrDefault><w:pPr><w:spacing w:after="200" w:line="300" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
            + style("paragraph", "Normal", "Normal", based=None, extra=' w:default="1"')
            + style("paragraph", "Heading1", "heading 1", '<w:keepNext/><w:spacing w:before="360" w:after="320" w:line="240" w:lineRule="auto"/>'
                    '<w:outlineLvl w:val="0"/>', '<w:b/><w:spacing w:val="-10"/><w:sz w:val="44"/><w:szCs w:val="44"/>')
            + style("paragraph", "Subject", "Subject", '<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="6" w:color="A6B0B2"/></w:pBdr>'
                    '<w:spacing w:after="360"/>', f'<w:color w:val="{SOFT}"/>')
            + style("paragraph", "Band", "Band", f'<w:shd w:val="clear" w:color="auto" w:fill="{ACCENT}"/>'
                    '<w:pBdr>' + "".join(f'<w:{s} w:val="single" w:sz="48" w:space="{4 if s in ("left", "right") else 1}" w:color="{ACCENT}"/>'
                                         for s in ("top", "left", "bottom", "right")) + "</w:pBdr>"
                    '<w:spacing w:before="120" w:after="480" w:line="240" w:lineRule="auto"/>', '<w:b/><w:color w:val="FFFFFF"/><w:sz w:val="28"/><w:szCs w:val="28"/>')
            + (style("paragraph", "Cell", "Cell", '<w:spacing w:before="60" w:after="0" w:line="240" w:lineRule="auto"/>')
               + style("paragraph", "Small", "Small", '<w:spacing w:after="60" w:line="240" w:lineRule="auto"/>', f'<w:color w:val="{SOFT}"/><w:sz w:val="18"/><w:szCs w:val="18"/>')
               if has_table else "")
            + style("paragraph", "Address", "Address in full", '<w:spacing w:line="260" w:lineRule="auto"/>', '<w:sz w:val="18"/><w:szCs w:val="18"/>')
            + style("paragraph", "Footer", "footer", '<w:spacing w:after="0" w:line="264" w:lineRule="auto"/>',
                    f'<w:color w:val="{SOFT}"/><w:sz w:val="18"/><w:szCs w:val="18"/>')
            + style("character", "Condition", "Condition", rpr='<w:b w:val="0"/><w:color w:val="8C979A"/><w:spacing w:val="0"/><w:sz w:val="12"/><w:szCs w:val="12"/>', based=None)
            + style("character", "Hyperlink", "Hyperlink", rpr=f'<w:b/><w:color w:val="{ACCENT}"/><w:u w:val="single"/>', based=None)
            + "</w:styles>")


CONDITION = re.compile(r"(\{\{[#^/][a-z_.]+\}\})")


def text(s, rpr=""):
    """Words; conditions between them small and pale, so that the letter can be read."""
    quiet = '<w:rPr><w:rStyle w:val="Condition"/></w:rPr>'
    return "".join(plain(p, quiet if i % 2 else rpr) for i, p in enumerate(CONDITION.split(s)) if p)


def plain(s, rpr):
    return f'<w:r>{rpr}<w:t xml:space="preserve">{escape(s)}</w:t></w:r>'


def field(name, rpr=""):
    """A merge field as Word itself writes it."""
    return (f'<w:r>{rpr}<w:fldChar w:fldCharType="begin"/></w:r>'
            f'<w:r>{rpr}<w:instrText xml:space="preserve"> MERGEFIELD {name} \\* MERGEFORMAT </w:instrText></w:r>'
            f'<w:r>{rpr}<w:fldChar w:fldCharType="separate"/></w:r>'
            f'<w:r>{rpr}<w:t>«{name}»</w:t></w:r>'
            f'<w:r>{rpr}<w:fldChar w:fldCharType="end"/></w:r>')


PIECE = re.compile(r"<([a-z_.]+)>|\*\*(.+?)\*\*|\[(.+?)\]\(([a-z_.:]+)\)")


def runs(words, bold=False):
    """Words with <field>, **bold**, [link](field) and typed {{#conditions}}."""
    rpr = "<w:rPr><w:b/></w:rPr>" if bold else ""
    out, at = [], 0
    for m in PIECE.finditer(words):
        if m.start() > at:
            out.append(text(words[at:m.start()], rpr))
        if m[1]:
            out.append(field(m[1], rpr))
        elif m[2]:
            out.append(runs(m[2], True))
        else:
            relation = {"link.url": "rIdLink", "mailto:shop.email": "rIdMail", "shop.url": "rIdShop", "office.url": "rIdOffice",
                        "shipment.follow_url": "rIdFollow", "piece.tracking_url": "rIdTracking"}[m[4]]
            label = re.sub(r"<([a-z_.]+)>", lambda f: "\0" + f[1] + "\0", m[3]).split("\0")
            style = '<w:rPr><w:rStyle w:val="Hyperlink"/></w:rPr>'
            inside = "".join(field(p, style) if i % 2 else text(p, style) for i, p in enumerate(label) if p)
            out.append(f'<w:hyperlink r:id="{relation}" w:history="1">{inside}</w:hyperlink>')
        at = m.end()
    if at < len(words):
        out.append(text(words[at:], rpr))
    return "".join(out)


def paragraph(words, style=None):
    ppr = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{ppr}{runs(words)}</w:p>"


WIDTHS = {2: (7100, 1400), 4: (4700, 1000, 1400, 1400)}  # by the number of columns, in twentieths of a point: together the width between the margins


def table(rows):
    """Rows of cells; a cell is a list of paragraphs, or one as text. The first row heads the table; all columns but the first hold numbers, and are set right."""
    widths = WIDTHS[len(rows[0])]
    out = []
    for r, cells in enumerate(rows):
        cells_out = []
        for c, cell in enumerate(cells):
            align = '<w:jc w:val="right"/>' if c else ""
            lines = cell if isinstance(cell, list) else [cell]
            paragraphs = "".join(f'<w:p><w:pPr><w:pStyle w:val="{"Cell" if i == 0 else "Small"}"/>{align}</w:pPr>{runs(line, r == 0)}</w:p>' for i, line in enumerate(lines))
            edge = '<w:tcBorders><w:bottom w:val="single" w:sz="4" w:space="0" w:color="A6B0B2"/></w:tcBorders>'
            cells_out.append(f'<w:tc><w:tcPr><w:tcW w:w="{widths[c]}" w:type="dxa"/>{edge}</w:tcPr>{paragraphs}</w:tc>')
        head = "<w:trPr><w:tblHeader/></w:trPr>" if r == 0 else ""
        out.append(f"<w:tr>{head}{''.join(cells_out)}</w:tr>")
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    return (f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
            + "".join(out) + "</w:tbl>")


def document(language, words):
    lines = [paragraph(LABELS[language] + " **" + words["subject"] + "**", "Subject"), paragraph(words.get("band", "<shop.name>"), "Band")]
    for line in words["body"]:
        if isinstance(line, list):
            lines.append(table(line))
        elif line.startswith("# "):
            lines.append(paragraph(line[2:], "Heading1"))
        elif line in ("<link.url>", "<shipment.follow_url>"):
            lines.append(paragraph(line, "Address"))
        else:
            lines.append(paragraph(line))
    section = ('<w:sectPr><w:footerReference w:type="default" r:id="rIdFooter"/><w:pgSz w:w="11906" w:h="16838"/>'
               '<w:pgMar w:top="1134" w:right="1985" w:bottom="1134" w:left="1418" w:header="567" w:footer="850" w:gutter="0"/></w:sectPr>')
    return HEAD + f'<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{"".join(lines)}{section}</w:body></w:document>'


def footer(words):
    rule = '<w:pBdr><w:top w:val="single" w:sz="12" w:space="8" w:color="%s"/></w:pBdr>' % INK
    first = True
    out = []
    for line in words:
        ppr = f'<w:pPr><w:pStyle w:val="Footer"/>{rule if first else ""}</w:pPr>'
        out.append(f"<w:p>{ppr}{runs(line)}</w:p>")
        first = False
    return HEAD + f'<w:ftr xmlns:w="{W}" xmlns:r="{R}">{"".join(out)}</w:ftr>'


def properties(title, language):
    core = (HEAD + '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"<dc:title>{escape(title)}</dc:title><dc:creator>Parterre</dc:creator><dc:language>{LOCALES[language]}</dc:language>"
            '<dcterms:created xsi:type="dcterms:W3CDTF">2026-01-01T00:00:00Z</dcterms:created></cp:coreProperties>')
    app = HEAD + '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Parterre</Application></Properties>'
    return core, app


def zipped(parts):
    """A zip archive, stored: Python's own deflate may differ between versions of zlib, stored bytes never do."""
    out, directory = b"", b""
    for name, content in parts:
        data, name = content.encode(), name.encode()
        entry = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x5C21, zlib.crc32(data), len(data), len(data), len(name), 0)
        directory += b"PK\x01\x02" + struct.pack("<H", 20) + entry + struct.pack("<HHHII", 0, 0, 0, 0, len(out)) + name
        out += b"PK\x03\x04" + entry + name + data
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(parts), len(parts), len(directory), len(out), 0)
    return out + directory + end


def template(language, words):
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    package = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
    external = ' TargetMode="External"'
    links = [("rIdLink", office + "hyperlink", "%7B%7Blink.url%7D%7D", external),
             ("rIdMail", office + "hyperlink", "mailto:%7B%7Bshop.email%7D%7D", external),
             ("rIdShop", office + "hyperlink", "%7B%7Bshop.url%7D%7D", external),
             ("rIdOffice", office + "hyperlink", "%7B%7Boffice.url%7D%7D", external),
             ("rIdFollow", office + "hyperlink", "%7B%7Bshipment.follow_url%7D%7D", external),
             ("rIdTracking", office + "hyperlink", "%7B%7Bpiece.tracking_url%7D%7D", external)]

    def used(xml):
        return [row for row in links if f'"{row[0]}"' in xml]

    main, foot = document(language, words), footer(words["footer"])
    core, app = properties(words["title"], language)
    settings = HEAD + f'<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="708"/><w:compat><w:compatSetting ' \
        'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>'
    parts = [
        ("[Content_Types].xml", types()),
        ("_rels/.rels", relations([("rId1", office + "officeDocument", "word/document.xml", ""), ("rId2", package + "core-properties", "docProps/core.xml", ""),
                                   ("rId3", office + "extended-properties", "docProps/app.xml", "")])),
        ("docProps/core.xml", core),
        ("docProps/app.xml", app),
        ("word/document.xml", main),
        ("word/_rels/document.xml.rels", relations([("rIdStyles", office + "styles", "styles.xml", ""), ("rIdSettings", office + "settings", "settings.xml", ""),
                                                    ("rIdFooter", office + "footer", "footer1.xml", "")] + used(main))),
        ("word/styles.xml", styles(language, "<w:tbl>" in main)),
        ("word/settings.xml", settings),
        ("word/footer1.xml", foot),
    ]
    if used(foot):
        parts.append(("word/_rels/footer1.xml.rels", relations(used(foot))))
    return zipped(parts)


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "..", "templates", "documents")
    os.makedirs(folder, exist_ok=True)
    for name, languages in DOCUMENTS.items():
        for language, words in languages.items():
            with open(os.path.join(folder, f"{name}_{language}.docx"), "wb") as f:
                f.write(template(language, words))


if __name__ == "__main__":
    main()

"""Markdown, HTML, JSON, CSV and Reuters-21578: one small file each."""

import sys
from datetime import date
from types import SimpleNamespace

import pytest

from searcher.readers import Skip


def shape(article):
    return [(block.kind, block.text) for block in article.blocks]


def test_toml_front_matter_dates_and_names_an_article(read_one):
    article = read_one(
        "x.md", '+++\ntitle = "Rain"\ndate = 2026-02-18T23:30:00-05:00\n+++\nIt fell.\n'
    )

    assert (article.title, article.date) == ("Rain", date(2026, 2, 18))


def test_yaml_days_are_never_shifted_to_another_time_zone(read_one):
    article = read_one("x.md", "---\ndate: 2026-02-18T23:30:00-05:00\n---\nIt fell.\n")

    assert article.date == date(2026, 2, 18)


def test_markdown_shows_no_markup(read_one):
    article = read_one(
        "x.md", "# Rain\n\n*It* **fell** [here](http://x.org/a_(b)) `now` &amp; 2 * 3.\n"
    )

    assert article.title == "Rain"
    assert shape(article) == [("text", "It fell here now & 2 * 3.")]


def test_markdown_blocks_have_their_kinds_and_sections(read_one):
    blocks = ["Lead.", "Later\n-----", "> One\n> quote.", "1. first\n   line\n2. second"]
    article = read_one("x.md", "\n\n".join([*blocks, "```\ncode", "more\n```\n"]))

    assert shape(article) == [
        ("text", "Lead."),
        ("heading", "Later"),
        ("quote", "One quote."),
        ("list", "first line"),
        ("list", "second"),
        ("text", "code"),
        ("text", "more"),
    ]
    assert [p.section for p in article.paragraphs()][-1] == "Later"


@pytest.mark.parametrize(
    "front",
    ["---\ntitle: [a\n---\n", "---\ntitle: Rain\n", "+++\na = \n+++\n", "---\njust words\n---\n"],
)
def test_broken_front_matter_is_a_skip_that_names_the_line(skip_of, front):
    skip = skip_of("x.md", front + "It fell.")

    assert skip.reason == "front matter"
    assert "line" in skip.detail


def test_an_alias_bomb_in_front_matter_does_no_harm(read_one):
    levels = "\n".join(f"k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9)}]" for n in range(1, 40))

    assert read_one("x.md", f"---\nk0: &k0 x\n{levels}\ndesk: *k39\n---\nIt fell.").desk == ()


PAGE = """<!doctype html><html lang=en><head><title>Rain | Site</title>
<script type="application/ld+json">%s</script></head><body><nav><p>Home</p></nav>
<article><h1>Rain</h1><p>It fell<br>on S&atilde;o <b>Bento</b>.<p hidden>No.</p>
<h2>Later</h2><blockquote><p>Dry.</p></blockquote><ul><li>one<li>two</ul>
<figure><figcaption>A dam</figcaption></figure></article><footer><p>Foot</p></footer>"""
LD = (
    '{"@type": ["NewsArticle"], "headline": "Rain", "datePublished": "2026-02-25T23:00-09:00",'
    ' "dateModified": "2026-03-01", "articleSection": ["World"], "author": [{"name": "I. Maren"}]}'
)


@pytest.mark.parametrize("ld", [LD, f"[{LD}]", f'{{"@graph": [{{"@type": "WebSite"}}, {LD}]}}'])
def test_html_takes_facts_from_json_ld_and_text_from_the_article(read_one, ld):
    article = read_one("x.html", PAGE % ld)

    assert (article.title, article.date, article.language) == ("Rain", date(2026, 2, 25), "en")
    assert (article.desk, article.author) == (("World",), "I. Maren")
    assert shape(article) == [
        ("text", "It fell on São Bento."),
        ("heading", "Later"),
        ("quote", "Dry."),
        ("list", "one"),
        ("list", "two"),
        ("caption", "A dam"),
    ]


def test_html_offsets_hold_the_content_of_the_element(read_one):
    page = PAGE % LD
    first = read_one("x.html", page).blocks[0]

    assert page[first.start_char : first.end_char] == "It fell<br>on S&atilde;o <b>Bento</b>."


def test_the_day_of_a_change_never_dates_a_page(read_one):
    meta = '<meta property="article:modified_time" content="2026-03-01"><article><p>Rain.</article>'

    assert read_one("x.html", meta).date is None


def test_meta_dates_a_page_without_json_ld(read_one):
    meta = (
        '<meta content="2026-02-25T01:00Z" property="article:published_time"><main><p>Rain.</main>'
    )

    assert read_one("x.html", meta).date == date(2026, 2, 25)


def test_trafilatura_reads_only_pages_without_article_and_main(read_one, monkeypatch):
    fake = SimpleNamespace(extract=lambda page, **_: "Found one.\nFound two.")
    monkeypatch.setitem(sys.modules, "trafilatura", fake)

    assert shape(read_one("x.html", "<div>Loose</div><p>Own.")) == [
        ("text", "Found one."),
        ("text", "Found two."),
    ]
    assert shape(read_one("x.html", "<main><p>Own.</main>")) == [("text", "Own.")]


def test_a_headline_that_the_text_repeats_is_not_a_paragraph(read_one, monkeypatch):
    fake = SimpleNamespace(extract=lambda page, **_: "Rain\nIt fell.")
    monkeypatch.setitem(sys.modules, "trafilatura", fake)

    assert shape(read_one("x.html", "<title>Rain</title><p>It fell.")) == [("text", "It fell.")]


def test_an_install_of_trafilatura_that_fails_is_passed_over(read_one, monkeypatch):
    monkeypatch.setitem(sys.modules, "trafilatura", None)

    assert shape(read_one("x.html", "<div>Loose</div><p>Own.")) == [("text", "Own.")]
    assert shape(read_one("x.html", "<div>One.<br><br>Two.</div>")) == [
        ("text", "One."),
        ("text", "Two."),
    ]


def test_the_article_body_of_json_ld_stands_in_for_a_page_without_text(read_one, monkeypatch):
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    ld = '{"@type": "NewsArticle", "articleBody": "It fell.\\n\\nIt stopped."}'

    article = read_one("x.html", f'<script type="application/ld+json">{ld}</script>')
    assert [text for _, text in shape(article)] == ["It fell.", "It stopped."]


@pytest.mark.parametrize(
    "content",
    [
        '[{"id": "a", "headline": "Rain", "body_text": "It fell."}, {"title": "Sun"}]',
        '{"hits": {"hits": [{"_source": {"id": "a", "title": "Rain"}}, {"title": "Sun"}]}}',
        '{"id": "a", "title": "Rain"}\n{"title": "Sun"}',
    ],
)
def test_json_lists_are_found_where_services_put_them(read_all, content):
    rain, sun = read_all("x.json", content)

    assert (rain.id, rain.title) == ("x.json:a", "Rain")
    assert (sun.id, sun.title) == ("x.json:2", "Sun")
    assert content[sun.start_char : sun.end_char] == '{"title": "Sun"}'


def test_one_json_object_is_one_article_with_the_name_of_its_file(read_one):
    ninjs = (
        '{"headline": "Rain", "body_xhtml": "<p>It <b>fell</b>.</p>",'
        ' "versioncreated": "2026-01-01", "firstcreated": "2025-12-31T23:00:00Z"}'
    )
    article = read_one("x.json", ninjs)

    assert (article.id, article.date) == ("x.json", date(2025, 12, 31))
    assert shape(article) == [("text", "It fell.")]


def test_a_version_is_not_a_publication_unless_a_mapping_says_so(read_one):
    record = '{"title": "Rain", "versioncreated": "2026-01-01"}'

    assert read_one("x.json", record).date is None
    assert read_one("x.json", record, mapping={"date": "versioncreated"}).date == date(2026, 1, 1)


def test_a_bad_line_costs_only_itself(read_all):
    good, bad, scalar, empty, again = read_all(
        "x.jsonl",
        '{"title": "Rain", "id": "a"}\n{"title": \n7\n{}\n\n{"title": "Sun", "id": "a"}\n',
    )

    assert (bad.name, bad.reason) == ("x.jsonl:2", "not JSON")
    assert (scalar.name, scalar.reason) == ("x.jsonl:3", "not a record")
    assert (empty.name, empty.reason) == ("x.jsonl:4", "no text")
    assert (good.id, again.id) == ("x.jsonl:a", "x.jsonl:a~2")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.csv", "a,b\n1,2\n"),
        ("x.json", '[{"a": 1, "b": 2}]'),
        ("x.jsonl", '{"a": 1, "b": 2}\n'),
    ],
)
def test_a_mapping_to_a_column_that_is_not_there_says_which_are(skip_of, name, content):
    skip = skip_of(name, content, mapping={"text": "bodi"})

    assert skip.reason == "no such column"
    assert "bodi" in skip.detail
    assert "a, b" in skip.detail


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_finds_its_delimiter_and_keeps_quoted_lines_together(read_one, delimiter):
    rows = [
        ["Titel", "published", "Body"],
        ["Rain", "2026-02-25", '"It fell.\n\nIt ""stopped"", then."'],
    ]
    content = "\r\n".join(delimiter.join(row) for row in rows)
    article = read_one("x.csv", content, mapping={"title": "Titel"})

    assert (article.title, article.date) == ("Rain", date(2026, 2, 25))
    assert [text for _, text in shape(article)] == ["It fell.", 'It "stopped", then.']


def test_csv_without_a_header_row_is_a_skip(skip_of):
    assert skip_of("x.csv", "1,2\n3,4\n").reason == "no header row"


def test_a_csv_row_with_too_many_columns_is_a_skip(read_all):
    assert [isinstance(item, Skip) for item in read_all("x.csv", "title\nRain\na,b\nSun\n")] == [
        False,
        True,
        False,
    ]


REUTERS = b"""<!DOCTYPE lewis SYSTEM "lewis.dtd">
<REUTERS TOPICS="YES" OLDID="1" NEWID="7">
<DATE>26-FEB-1987 15:01:01.79</DATE>
<TOPICS><D>grain</D><D>ship</D></TOPICS>
<TEXT>&#2;
<TITLE>CAF\xc9 &lt;CFE> BUYS GRAIN</TITLE>
<AUTHOR>    by Ilse Maren, Reuters</AUTHOR>
<DATELINE>    SAO BENTO, Feb 26 - </DATELINE><BODY>Cafe &lt;CFE> said
it bought grain.
    It told Reuters.
 Reuter
&#3;</BODY></TEXT>
</REUTERS>
<REUTERS NEWID="8"><DATE> 2-MAR-1987 01:01:01.79</DATE><TOPICS></TOPICS>
<TEXT TYPE="BRIEF">&#2;
******<TITLE>GRAIN UP</TITLE>Blah blah blah.
&#3;
</TEXT></REUTERS>
<REUTERS NEWID="9"><DATE>2-MAR-1987 01:01:01.79</DATE>
<TEXT TYPE="UNPROC">&#2;
GRAIN REPORT
    Wheat.....6
 REUTER
&#3;
</TEXT></REUTERS>"""


def test_reuters_stories_have_their_facts_and_paragraphs(read_all):
    story, brief, table = read_all("reut.sgm", REUTERS)

    assert (story.id, story.title) == ("reut.sgm:7", "CAFÉ <CFE> BUYS GRAIN")
    assert (story.date, story.date_source) == (date(1987, 2, 26), "published")
    assert (story.city, story.dateline) == ("SAO BENTO", "SAO BENTO, Feb 26 -")
    assert (story.desk, story.author) == (("grain", "ship"), "Ilse Maren")
    assert shape(story) == [
        ("text", "Cafe <CFE> said it bought grain."),
        ("text", "It told Reuters."),
    ]
    assert (brief.title, brief.blocks, brief.date) == ("GRAIN UP", (), date(1987, 3, 2))
    assert shape(table) == [("text", "GRAIN REPORT"), ("text", "Wheat.....6")]


def test_sgml_of_another_kind_is_a_skip(skip_of):
    assert skip_of("x.sgm", "<HTML>").reason == "not Reuters-21578"

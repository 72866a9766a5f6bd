"""Marks are put in after the text is made safe, so neither can pass for the other."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.highlight import formats
from searcher.highlight.display import display_text

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "</mark><script>alert(1)</script><mark>",
    "<mark>not ours</mark>",
    "</p></article><iframe src=javascript:alert(1)>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<a href='javascript:alert(1)'>x</a>",
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' onmouseover='alert(1)",
    "` onmouseover=`alert(1)",
    "javascript:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    'https://x" onclick="alert(1)',
    "https://x'><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&#x3c;img src=x onerror=alert(1)&#x3e;",
    "<meta http-equiv=refresh content='0;url=//evil'>",
    "<base href=//evil>",
    "<link rel=stylesheet href=//evil>",
    "<style>@import'//evil';</style>",
    "<body onload=alert(1)>",
    "<form action=//evil><input name=x>",
    "<object data=//evil>",
    "<embed src=//evil>",
    "<math><mtext><script>alert(1)</script>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<template><script>alert(1)</script></template>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<xmp><script>alert(1)</script></xmp>",
    "<plaintext>",
    "<\x00script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</script>",
    "<script\x0b>alert(1)</script\x0c>",
    "\u2028<script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
]


class Tags(HTMLParser):
    """Collects what a parser takes for markup, and the text between."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.others: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        self.others.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_no_payload_makes_a_tag(payload):
    half = len(payload) // 2
    seen = Tags(formats.html(payload, [(half, len(payload))]))

    assert (seen.tags, seen.attributes, seen.others) == (["mark"], [], [])
    assert seen.text == display_text(payload)


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_no_payload_leaves_an_attribute(payload):
    seen = Tags(f'<p title="{formats.html_text(payload)}">x</p>')

    assert seen.tags == ["p"]
    assert seen.attributes == [("title", display_text(payload))]


@given(st.text())
def test_html_reads_back_as_the_text(text):
    seen = Tags(formats.html(text, [(0, len(text))] if text else []))

    assert seen.text == display_text(text)
    assert set(seen.tags) <= {"mark"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# not a heading", r"\# not a heading"),
        ("- not a list", r"\- not a list"),
        ("12. not a list", r"12\. not a list"),
        ("3) not a list", r"3\) not a list"),
        ("=== not a rule", r"\=== not a rule"),
        ("> not a quotation", r"\> not a quotation"),
        ("*not* _emphatic_", r"\*not\* \_emphatic\_"),
        ("[no](http://evil) ![no](x)", r"\[no\](http\://evil) \!\[no\](x)"),
        ("www.evil.example", r"www\.evil.example"),
        ("<b>no</b> `code`", r"\<b\>no\</b\> \`code\`"),
        ("a | table ~~gone~~", r"a \| table \~\~gone\~\~"),
        ("one\n\n# two", r"one  \# two"),
        (r"back\slash &amp; $x$", r"back\\slash \&amp; \$x\$"),
    ],
)
def test_markdown_of_an_article_is_only_text(text, shown):
    assert formats.markdown(text) == shown


def test_each_format_marks_just_the_matches():
    text, spans = "a dam broke", [(2, 5), (6, 11)]

    assert formats.plain(text, spans) == text
    assert formats.html(text, spans) == "a <mark>dam</mark> <mark>broke</mark>"
    assert formats.markdown(text, spans) == "a **dam** **broke**"
    assert formats.ansi(text, spans) == "a \x1b[1;31mdam\x1b[0m \x1b[1;31mbroke\x1b[0m"


def test_a_colour_code_in_a_match_is_shown_not_sent():
    shown = formats.ansi("\x1b[2Jx", [(0, 5)])

    assert shown == "\x1b[1;31m\\x1b[2Jx\x1b[0m"


@given(
    st.text("ab &<>\"'", max_size=12) | st.text('a &<"é\x02\x03\x1b\u202e\n', max_size=12),
    st.sets(st.integers(0, 12), max_size=6),
)
def test_each_piece_is_what_it_is_by_itself(text, cuts):
    """Texts that are safe as a whole, and those of printable characters, take shorter ways."""
    edges = sorted(cut for cut in cuts if cut <= len(text))
    spans = list(zip(edges[::2], edges[1::2], strict=False))

    def pieced(show, on, off):
        shown = [(show(piece), matched) for piece, matched in formats.pieces(text, spans)]
        return "".join(f"{on}{piece}{off}" if matched else piece for piece, matched in shown)

    for html in (formats.html, formats._html):
        assert html(text, spans) == pieced(formats.html_text, "<mark>", "</mark>")
    assert formats.ansi(text, spans) == pieced(formats.plain, formats.MARK_ON, formats.MARK_OFF)
    assert formats.plain(text, spans) == pieced(formats.plain, "", "")

"""Plain text: paragraphs, headings, captions, offsets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.model import Article
from searcher.readers import read
from searcher.readers.characters import fold
from searcher.readers.text import is_heading

from .conftest import source_of


def shape(article):
    return [(block.kind, block.text) for block in article.blocks]


@pytest.mark.parametrize(
    "newline", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"]
)
def test_every_kind_of_newline_parts_lines_and_paragraphs(read_one, newline):
    text = newline.join(["It rained", "all day.", " \t ", "It stopped."])

    assert shape(read_one("x.txt", text)) == [
        ("text", "It rained all day."),
        ("text", "It stopped."),
    ]


def test_indented_lines_start_paragraphs_where_no_line_is_blank(read_one):
    article = read_one("x.txt", "   It rained\nall day.\n   It stopped.\n   Then sun.")

    assert [text for _, text in shape(article)] == [
        "It rained all day.",
        "It stopped.",
        "Then sun.",
    ]


def test_a_short_title_case_line_is_a_heading_and_the_first_is_the_title(read_one):
    text = (
        "Rain Over The Hills\n\nIt rained.\n\nThe Dams Hold\n\nThey held.\n\nMerely a line\n\nEnd."
    )
    article = read_one("x.txt", text)

    assert article.title == "Rain Over The Hills"
    assert text[slice(*article.title_span)] == article.title
    assert [text for kind, text in shape(article) if kind == "heading"] == ["The Dams Hold"]


@pytest.mark.parametrize("line", ["Territory And Political Will", "The Language Of 'Pressure'"])
def test_a_heading_is_short_and_in_title_case(line):
    assert is_heading(line)


@pytest.mark.parametrize("line", ["It Ended.", "rain and sun", "A " * 60, "", "東京", "-30-"])
def test_other_lines_are_no_headings(line):
    assert not is_heading(line)


def test_player_noise_is_a_caption_and_never_a_section(read_one):
    noise = "A Dry Year by RFE/RL No media source currently available 0:00 0:00:52 0:00"
    article = read_one("x.txt", f"It rained.\n\n{noise}\n\nPhoto Gallery: Dams\n\nIt stopped.")

    assert [kind for kind, _ in shape(article)] == ["text", "caption", "caption", "text"]
    assert {paragraph.section for paragraph in article.paragraphs()} == {""}


def test_a_list_has_an_item_a_paragraph(read_one):
    article = read_one("x.txt", "Causes:\n\n- rain that\n  fell\n- snow\n\nEnd.")

    assert [text for kind, text in shape(article) if kind == "list"] == ["rain that fell", "snow"]


def test_a_byline_names_the_author(read_one):
    article = read_one("x.txt", "Rain Over The Hills\n\nBy Ilse Maren\n\nROME -- It rained.")

    assert (article.author, article.city) == ("Ilse Maren", "ROME")


def test_control_characters_are_not_shown_but_marks_of_direction_stay(read_one):
    article = read_one("x.txt", "It\x00 \x1b[31mrai\ufeffned\x7f \u202eback\u202c.")

    assert shape(article) == [("text", "It [31mrained \u202eback\u202c.")]


def test_a_long_paragraph_is_cut_at_a_space_and_loses_nothing(read_one):
    text = "rain " * 50 + "x" * 99
    article = read_one("x.txt", text, max_paragraph_chars=40)

    assert max(len(block.text) for block in article.blocks) <= 40
    assert "".join(b.text for b in article.blocks).replace(" ", "") == text.replace(" ", "")
    assert all(text[b.start_char : b.end_char] == b.text for b in article.blocks)


PIECES = st.sampled_from(
    [
        "\n",
        "\r\n",
        "\n \n",
        "   ",
        "\t",
        "Rain",
        "fell.",
        "- ",
        "A Dry Spring",
        "\x00",
        "\u2028",
        "\x85",
        " date 2026-02-25 ROME -- ",
        "KYIV, Feb 25 (Reuters) - ",
        "By Ilse Maren",
        "é",
        "\u202e",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=200))
def test_a_paragraph_stands_in_the_file_where_it_says(text):
    source = source_of("x.txt", text.encode("utf-8", "replace"))

    for article in read(source):
        for block in article.blocks if isinstance(article, Article) else ():
            assert fold(source.text[block.start_char : block.end_char]) == block.text

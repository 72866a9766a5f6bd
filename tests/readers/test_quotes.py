"""What counts as a direct quotation, and whose it is."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from searcher.model import Article, Block
from searcher.readers.quotes import RUNS_OVER, quotations, with_quotes
from tests.test_docs import ROOT, rows


def found(*texts: str) -> list[list[tuple[str, str]]]:
    """Return (quotation, speaker) of each of some paragraphs."""
    return [
        [(text[q.start_char : q.end_char], q.speaker) for q in quotes]
        for text, quotes in zip(texts, quotations(texts), strict=True)
    ]


def speaker(text: str) -> str:
    """Return the speaker of a paragraph's only quotation."""
    ((_, name),) = found(text)[0]
    return name


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('He saw "hard power" at work.', ['"hard power"']),
        ("He saw “hard power” at work.", ["“hard power”"]),
        ("Er nannte es „hart“ und ging.", ["„hart“"]),
        ("Elle parle de « paix » ici.", ["« paix »"]),
        ("Er sprach von »Frieden« dort.", ["»Frieden«"]),
        ("Han sa ”fred” till alla.", ["”fred”"]),
        ('A “mixed" pair.', ['“mixed"']),
        ("He said “she said ‘no’ to me” once.", ["“she said ‘no’ to me”"]),
        ('He said "the "B" shares fell" then.', ['"the "B" shares fell"']),
        ('"We are," he said. "Here."', ['"We are,"', '"Here."']),
        ('"We are, "he said, "here."', ['"We are, "', '"here."']),
        ('x ("a", "b")', ['"a"', '"b"']),
    ],
)
def test_what_stands_in_quotation_marks_is_quoted(text, quoted):
    assert [one for one, _ in found(text)[0]] == quoted


@pytest.mark.parametrize(
    "text",
    [
        'A 5" pipe and a 6" pipe.',
        "It's the traders' dogs' 'day'.",
        'Last September"s figures and the ADB"s.',
        'He opened " and stopped.',
        'An empty "" and "…" say nothing.',
        '"It is never closed, he said.',
    ],
)
def test_inches_apostrophes_and_lone_marks_quote_nothing(text):
    assert found(text) == [[]]


def test_a_quotation_runs_over_paragraphs_with_its_speaker():
    """By convention each paragraph begins with a mark, and only the last is closed."""
    texts = ('Ann Lee said: "It fell.', '"It rose.', '"It stayed," she added.', '"No," he said.')

    assert found(*texts) == [
        [('"It fell.', "Ann Lee")],
        [('"It rose.', "Ann Lee")],
        [('"It stayed,"', "Ann Lee")],
        [('"No,"', "")],
    ]


def test_a_quotation_runs_over_ten_paragraphs_at_most():
    texts = ['Ann Lee said: "a', *(['"b'] * (RUNS_OVER + 3))]

    assert [bool(one) for one in found(*texts)] == [True] * RUNS_OVER + [False] + [True] * 2 + [
        False
    ]


def test_a_heading_ends_a_quotation_and_a_caption_does_not():
    def article(kind: str) -> Article:
        texts = (("text", 'Ann Lee said: "a.'), (kind, "Here"), ("text", '"b," she said.'))
        blocks = tuple(Block(kind, text, 0, len(text)) for kind, text in texts)
        return with_quotes(Article("a", "a", blocks=blocks))

    assert [len(block.quotes) for block in article("caption").blocks] == [1, 0, 1]
    assert [len(block.quotes) for block in article("heading").blocks] == [0, 0, 1]


def test_headings_and_captions_have_no_quotations():
    kinds = ("text", "quote", "list", "heading", "caption")
    blocks = tuple(Block(kind, 'The "x" stays.', 0, 14) for kind in kinds)

    made = with_quotes(Article("a", "a", blocks=blocks))

    assert [len(block.quotes) for block in made.blocks] == [1, 1, 1, 0, 0]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('"It fell," Zelenskyy said.', "Zelenskyy"),
        ('"It fell" said Olha Stefanishyna, the ambassador.', "Olha Stefanishyna"),
        ('"It fell," said Lee.', "Lee"),
        ('"Did it?" Lee asked.', "Lee"),
        ('Stefanishyna told reporters on May 5 that "it fell."', "Stefanishyna"),
        ('According to Graham, "it fell."', "Graham"),
        ('It "fell," according to Graham.', "Graham"),
        ('Nadiya Shaporynska, the group\'s president, said: "It fell."', "Nadiya Shaporynska"),
        ('"It fell," Ann Lee (D-Kan.) said.', "Ann Lee"),
        ('"It fell," said Finance Minister James Baker.', "James Baker"),
        ('"It fell," said Sen. Bob Dole.', "Bob Dole"),
        ('"It fell," Mr. Baker said.', "Baker"),
        ('"It fell," said Gov. J. B. Lee Jr. of Kansas.', "J. B. Lee Jr."),
        ('"It fell," Secretary of State George Shultz said.', "George Shultz"),
        ('"It fell," said Chancellor of the Exchequer Nigel Lawson.', "Nigel Lawson"),
        ('"It fell," Bank of Japan Governor Satoshi Sumita said.', "Satoshi Sumita"),
        ('"It fell," the Bank of England said.', "Bank of England"),
        ('"It fell," General Motors said.', "General Motors"),
        ('"It fell," industry analyst Ann Lee of Poe Co said.', "Ann Lee"),
        ('"It fell," said Poe Brothers analyst Ann Lee.', "Ann Lee"),
        ('"It fell," said the group\'s president, Ann Lee.', "Ann Lee"),
        ('"It fell," Willem de Clercq said.', "Willem de Clercq"),
        ('"It fell," said Osama bin Laden.', "Osama bin Laden"),
        ('"It fell," said Saud al-Faisal.', "Saud al-Faisal"),
        ('"It fell," O’Neill said.', "O’Neill"),
        ('"It fell," said McIvor.', "McIvor"),
        ('"It fell," Lanston\'s Jones said.', "Jones"),
        ('"It fell," Mulford said Tuesday.', "Mulford"),
        ('"It fell," Baker was quoted as saying.', "Baker"),
        ('It was "bad" for all, Baker said.', "Baker"),
        ('It was "bad" for all, said Ann Baker.', "Ann Baker"),
        ('The plan was drawn up by Ann Lee of Kansas, who described it as "good".', "Ann Lee"),
        ('Lee rejected the plan, saying "it fell."', "Lee"),
        ('Lee smiled and said "it fell."', "Lee"),
        ('Lee argued that it is so, asserting that "it fell."', "Lee"),
    ],
)
def test_the_speaker_is_the_name_that_a_speech_verb_ties_to_it(text, name):
    assert speaker(text) == name


@pytest.mark.parametrize(
    "text",
    [
        'Mulford spoke. "It fell," he added.',
        'Mulford spoke. "It fell."',
        '"It fell," a spokesman for Baker said.',
        '"It fell," Baker\'s spokesman said.',
        '"It fell," one of the officials said.',
        '"It fell," said a U.S. official.',
        '"It fell," said Tuesday\'s report.',
        '"It fell," Lee and Poe said.',
        '"It fell," said Lee and Poe.',
        '"It fell," the President said.',
        '"It fell," the Government said.',
        '"It fell," the Texas Democrat said.',
        'Analysts said "it fell."',
        'Farmers said "it fell."',
        'The bank said it was "bad".',
        'Lee said it was the so-called "team concept".',
        'Lee said he read the "New England Journal".',
        'Lee saw "it" fall.',
        'Lee was told that "it fell."',
        'A report on the debt of Air Lanka says it was "bad."',
        'Lee said it rose. It was "bad" for all.',
        'Lee said it rose, but Tokyo found it "bad".',
        "He argued that the United States will not bear the “conquest”.",
    ],
)
def test_no_speaker_is_better_than_a_wrong_one(text):
    assert {name for _, name in found(text)[0]} == {""}


DOCUMENTED = [
    row.cells for row in rows(ROOT / "docs" / "quotes.md") if row.header == ("Sentence", "Speaker")
]


@pytest.mark.parametrize(("sentence", "name"), DOCUMENTED)
def test_every_sentence_of_the_documentation_has_its_speaker(sentence, name):
    assert {one for _, one in found(sentence)[0]} == {name}


def test_an_attribution_without_a_quotation_is_none():
    assert found("Graham argued that it fell.") == [[]]


def test_quotations_of_one_sentence_share_their_speaker():
    text = "“It fell,” Lee wrote, adding that it “will rise.” It was “bad.”"

    assert found(text) == [[("“It fell,”", "Lee"), ("“will rise.”", "Lee"), ("“bad.”", "")]]


def test_a_quotation_of_its_own_sentence_needs_its_own_tie():
    text = '"It fell," Lee said. "It rose." Ann Poe said: "It stayed."'

    assert [name for _, name in found(text)[0]] == ["Lee", "", "Ann Poe"]


def test_each_takes_the_tie_beside_it():
    text = '"It fell," Lee said, but Poe said "it rose."'

    assert [name for _, name in found(text)[0]] == ["Lee", "Poe"]


TEXTS = st.lists(
    st.sampled_from(
        ['"', "“", "”", "„", "«", "»", "‘", "’", "'", " ", ".", ",", "?", ";", "(", ")", "Lee",
         "Ann", "said", "de", "al-", "the", "of", "and", "who", "U.S.", "saying", "1987", "政"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@given(st.lists(TEXTS | st.text(max_size=30), max_size=4))
def test_quotations_lie_in_order_in_their_text(texts):
    for text, quotes in zip(texts, quotations(texts), strict=True):
        bounds = [at for quote in quotes for at in quote[:2]]
        assert bounds == sorted(bounds)
        assert all(0 <= start < end <= len(text) for start, end, _ in quotes)
        assert all(name == name.strip() for *_, name in quotes)


WORDS = st.lists(
    st.sampled_from(
        ['"a"', '"', "“a", "b”", ",", ".", "Lee", "Ann", "Bank", "said", "told", "saying", "de",
         "the", "of", "and", "who", "he", "minister", "President", "to", "according", "U.S."]
    ),
    max_size=14,
).map(" ".join)  # fmt: skip


@settings(max_examples=300)
@given(WORDS)
@example('"a" said Lee and')
@example('"a" said ' + "de " * 5_000)
def test_any_order_of_words_is_read(text):
    """A sentence may break off anywhere, and particles may follow without end."""
    (found,) = quotations([text])

    assert all(text[start:end] and name == name.strip() for start, end, name in found)


def test_curly_quotations_nest():
    assert found("“He said “no” to it,” said Lee.") == [[("“He said “no” to it,”", "Lee")]]
    assert found("« Il dit «non» », said Lee.") == [[("« Il dit «non» »", "Lee")]]


def test_a_mark_that_nothing_closes_leaves_the_quotations_before_it_alone():
    text = '"He said "no" to it," said Lee. A "word'

    assert found(text) == [[('"He said "no" to it,"', "Lee")]]


@pytest.mark.parametrize(
    "piece",
    ['"', '"a" ', "“", '"A ', '"a," Lee said, ', ", saying ", ") said ", '"a" Lee, who ',
     '"Aaaa Bbbb" ', '"a" also ', "de "],
)  # fmt: skip
def test_a_paragraph_of_marks_takes_time_in_proportion(piece):
    """Four times the text may take four times as long, not sixteen."""

    def took(size: int) -> float:
        text = piece * (size // len(piece)) + ' "x" said Lee'
        started = time.process_time()
        quotations([text])
        return time.process_time() - started

    assert took(200_000) < 10 * took(50_000) + 0.1

"""Who is quoted: the name that a speech verb ties to a quotation in its sentence.

A paragraph becomes sentences of tokens in which a quotation is one token.  A
*tie* is a speech verb with its subject: `Baker said`, `said Baker`, `according
to Baker`.  A quotation takes the tie that stands beside it, else the nearest
one before it in its sentence, else one that ends the sentence.  A tie whose
subject is no name (`he said`, `the bank said`) gives no speaker, and hides
the ties behind it.

    >>> text = '"It fell," said Ann Baker, the mayor, adding that it was "deep."'
    >>> speakers(text, [(0, 10), (57, 64)])
    ['Ann Baker', 'Ann Baker']
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .names import MAX_WORDS, is_capitalised, is_titled, key, name_in
from .sentences import TOKEN, Sentence, sentences
from .speech_words import (
    ACTIVE,
    AFFILIATION,
    AUXILIARIES,
    BE,
    COMMON,
    ENDERS,
    NAMING,
    NEGATIONS,
    ORGANISATION_HEADS,
    PARTICIPLES,
    PARTICLES,
    PORTFOLIOS,
    PREPOSITIONS,
    PRONOUNS,
    ROLES,
    STARTERS,
    VERBS,
)

_WITHIN = 40
"""Tokens that an apposition may take."""

_TITLE_CHARS = 80
"""How far a quotation is looked at to see whether it is a title."""

_DESCRIPTION = 8
"""Words that may stand between `said` and the name."""


_TYING = VERBS | PARTICIPLES | {"to", "quoted"}
"""Words that `_tie` looks at."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A speech verb with its subject.

    Attributes:
        start, end: its first and last token in the sentence.
        name: of the subject; empty when it is no name.
        shares: the subject is a pronoun or left out, so a name before it holds on.
    """

    start: int
    end: int
    name: str
    shares: bool = False


def speakers(text: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """Return the speaker of each quotation of a paragraph; empty where none is named.

    Args:
        text: the paragraph.
        spans: its quotations with their marks, in order.
    """
    found = [""] * len(spans)
    for sentence in sentences(text, spans):
        if any(token.quote >= 0 for token in sentence) and len(sentence) > 1:
            for quote, name, is_beside in _Reading(sentence).attributions():
                found[quote] = name if is_beside or not _is_title(text, *spans[quote]) else ""
    return found


def _is_title(text: str, start: int, end: int) -> bool:
    """Tell whether a quotation is in title case, so the name of a work or a thing."""
    words = TOKEN.findall(text, start, min(end, start + _TITLE_CHARS))
    letters = [word for word in words if word[0].isalpha()]
    long = [word for word in letters if len(word) > 3]
    return bool(letters) and all(word[0].isupper() for word in long or letters)


# Ties.


class _Reading:
    """One sentence: its ties, and which quotation takes which."""

    def __init__(self, sentence: Sentence) -> None:
        self.tokens = sentence
        self.keys = [token.key for token in sentence]
        words = [at for at, word in enumerate(self.keys) if word in _TYING]
        self.ties = [tie for at in words if (tie := self._tie(at))]

    def attributions(self) -> Iterator[tuple[int, str, bool]]:
        """Yield (ordinal, speaker, whether the tie stands beside it) of each quotation."""
        before, ahead = -1, 0
        name = ""
        broken = False
        for at, token in enumerate(self.tokens):
            while before + 1 < len(self.ties) and self.ties[before + 1].end < at:
                before += 1
                tie = self.ties[before]
                name = name if tie.shares else tie.name
                broken = False
            broken = broken or self._breaks(at)
            if token.quote < 0:
                continue
            ahead = max(ahead, before + 1)
            while ahead < len(self.ties) and self.ties[ahead].start <= at:
                ahead += 1
            following = self.ties[ahead] if ahead < len(self.ties) else None
            if following and self._is_beside(at, following):
                yield token.quote, following.name or (name if following.shares else ""), True
            else:
                last = self.ties[before].end if before >= 0 else at
                is_next = before >= 0 and self._leads_up(last, at)
                found = self._further(at, before >= 0, "" if broken else name, following)
                yield token.quote, found, is_next

    def _leads_up(self, last: int, at: int) -> bool:
        """Tell whether nothing but a mark or `that` stands between a tie and a quotation."""
        return at - last <= 4 and set(self.keys[last + 1 : at]) <= {",", ":", "that"}

    def _further(self, at: int, has_before: bool, name: str, following: Tie | None) -> str:
        if self._key(at - 1) in NAMING:
            return ""
        if has_before:
            return name
        return following.name if following and self._ends_with(at, following) else ""

    def _key(self, at: int) -> str:
        return self.keys[at] if 0 <= at < len(self.keys) else ""

    def _is_quote(self, at: int) -> bool:
        return 0 <= at < len(self.tokens) and self.tokens[at].quote >= 0

    def _breaks(self, at: int) -> bool:
        """Tell whether another clause begins, which the tie before doesn't govern."""
        if self.keys[at] == ";":
            return True
        contrast = self.keys[at] in ("but", "while", "whereas", "although", "though")
        return contrast and self._key(at - 1) == "," and not self._is_quote(at + 1)

    def _is_beside(self, at: int, tie: Tie) -> bool:
        # Measured first: with a far tie and many quotations the gaps would be read over and over.
        if tie.start - at > 2 or self.keys[at + 1 : tie.start] not in ([], [","]):
            return False
        # `Asked about "the slump," Baker said: "No."` is about the second one.
        goes_on = self._is_quote(tie.end + 1) or (
            self._key(tie.end + 1) in (":", ",") and self._is_quote(tie.end + 2)
        )
        return at == 0 or not goes_on

    def _ends_with(self, at: int, tie: Tie) -> bool:
        """Tell whether a tie closes the sentence: `It was "bad" for all, Baker said.`"""
        closing = self._key(tie.end + 1) in ("", ",", ".", "in", "on", "at", "yesterday", "today")
        return closing and self._key(tie.start - 1) == "," and tie.start > at

    def _tie(self, at: int) -> Tie | None:
        word = self.keys[at]
        if word == "to" and self._key(at - 1) == "according":
            name, end = self._name_after(at + 1)
            return Tie(at - 1, end, name)
        if word in VERBS and self.tokens[at].text.islower():
            return self._verb(at)
        if word == "quoted" and self._key(at - 1) in BE:
            return self._quoted(at)
        return self._participle(at) if word in PARTICIPLES else None

    def _verb(self, at: int) -> Tie:
        before = at - 1 if self._key(at - 1) != "," else at - 2
        if self._is_quote(before):
            name, end = self._name_after(at + 1)
            return Tie(before + 1, max(end, at), name)
        subject = at - 1
        while self._key(subject) in AUXILIARIES:
            subject -= 1
        if self._key(subject) in BE or self._key(subject) in NEGATIONS:
            return Tie(subject, at, "")
        tie = self._with_subject(subject, at)
        return tie if tie.name or self._key(at - 1) != "," else self._closing(at) or tie

    def _closing(self, at: int) -> Tie | None:
        """Read the end of `It was "bad" for all, said Baker.`"""
        name, end = self._name_after(at + 1)
        return Tie(at, end, name) if self._key(end + 1) in ("", ".", ",") else None

    def _quoted(self, at: int) -> Tie:
        """Read `Baker was quoted as saying`."""
        subject = at - 2
        while self._key(subject) in AUXILIARIES:
            subject -= 1
        return self._with_subject(subject, at)

    def _participle(self, at: int) -> Tie | None:
        if self.ties_before(at):
            return Tie(at, at, "", shares=True)
        if self._key(at - 1) != ",":
            return None
        name, end = self._opening_name()
        return Tie(at, at, name if self._acts(end + 1) else "")

    def _acts(self, at: int) -> bool:
        """Tell whether a verb, and no noun or passive, stands behind the sentence's subject."""
        word = self._key(at)
        return word in VERBS or word in ACTIVE or (word.endswith("ed") and word not in COMMON)

    def ties_before(self, at: int) -> bool:
        """Tell whether a finite speech verb stands before a token; it then has the subject."""
        return any(self.keys[i] in VERBS for i in range(max(0, at - 3 * _WITHIN), at))

    def _opening_name(self) -> tuple[str, int]:
        """Return the name that the sentence opens with, as its subject, and its last token."""
        at = 0
        while self._key(at) in STARTERS and at < 3:
            at += 1
        words, end = self._run_after(at)
        if not words or self._key(end + 1) in ("and", ","):
            return "", end
        return name_in(words, first=at == 0), end

    # Subjects.

    def _with_subject(self, at: int, verb: int) -> Tie:
        word = self._key(at)
        if word in ("who", "whom"):
            return self._relative(at, verb)
        if word in PRONOUNS:
            return Tie(at, verb, "", shares=word in ("he", "she", "they"))
        if word in ("and", "but"):
            return self._coordinated(at, verb)
        if word == ",":
            return self._after_apposition(at, verb)
        if word in (")", "]"):
            at = self._opening_bracket(at) - 1
        start, name = self._name_before(at)
        return Tie(start, verb, name)

    def _coordinated(self, at: int, verb: int) -> Tie:
        """Read `Baker said it fell and added "…"`, `Baker smiled and said "…"`."""
        if self.ties_before(at):
            return Tie(at, verb, "", shares=True)
        name, end = self._opening_name()
        return Tie(at, verb, name if self._acts(end + 1) else "")

    def _relative(self, at: int, verb: int) -> Tie:
        end = at - 2 if self._key(at - 1) == "," else at - 1
        start, name = self._name_before(end, is_subject=False)
        return Tie(start, verb, name)

    def _opening_bracket(self, at: int) -> int:
        for i in range(at, max(-1, at - _WITHIN), -1):
            if self.keys[i] in ("(", "["):
                return i
        return at

    def _name_before(self, at: int, *, is_subject: bool = True) -> tuple[int, str]:
        """Return (first token, name) of the subject that ends at a token.

        Args:
            at: its last token.
            is_subject: no preposition may stand before it, as it may before `who`.
        """
        start, words = self._run_before(at)
        if not words:
            return at, ""
        before = self._key(start - 1)
        if is_titled(words):
            return self._titled(start, words, is_subject=is_subject)
        if before in AFFILIATION:
            start, name = self._affiliated(start, words, is_subject=is_subject)
            return start, name or ("" if is_subject else name_in(words))
        if before in PREPOSITIONS and is_subject:
            return start, ""
        if before in ("and", "or", "&") and self._is_name(start - 2):
            return start, ""
        if before == "," and (opening := self._behind_quotation(start - 1)):
            return opening
        if before in ("the", "a", "an"):
            return start - 1, self._after_article(start, words)
        first = self._with_description(start)
        if is_subject and self._key(first - 1) in PREPOSITIONS:
            return first, ""
        return first, name_in(words, first=start == 0)

    def _behind_quotation(self, comma: int) -> tuple[int, str] | None:
        """Read `"…," Gordon Willmon, general manager, Esso Resources said`: it is Willmon."""
        start = self._clause_start(comma)
        if not self._is_quote(start - 1) and not self._is_quote(start - 2):
            return None
        name, end = self._name_after(start, described=True)
        return (start, name) if name and end < comma and self._key(end + 1) == "," else None

    def _titled(self, start: int, words: list[str], *, is_subject: bool) -> tuple[int, str]:
        first = start
        if self._key(start - 1) == "the" and key(words[0]) in PORTFOLIOS:
            first = start - 1  # Chancellor of the Exchequer Nigel Lawson
        if self._key(first - 1) == "of" and self._is_name(first - 2):
            first, _ = self._run_before(first - 2)  # Bank of Japan Governor Satoshi Sumita
        first = self._with_description(first)
        if is_subject and self._key(first - 1) in PREPOSITIONS:
            return first, ""  # a spokesman for President Reagan
        return first, name_in(words, first=start == 0)

    def _with_description(self, start: int) -> int:
        """Return where the words before a name begin, as far as a mark or a small word."""
        at = start
        while at > 0 and start - at < _DESCRIPTION and self._describes(at - 1):
            at -= 1
        return at

    def _describes(self, at: int) -> bool:
        word = self._key(at)
        return bool(word) and word[0].isalpha() and word not in ENDERS | VERBS | PRONOUNS

    def _is_name(self, at: int) -> bool:
        is_word = 0 <= at < len(self.tokens) and not self._is_quote(at)
        return is_word and is_capitalised(self.tokens[at].text)

    def _affiliated(self, start: int, words: list[str], *, is_subject: bool) -> tuple[int, str]:
        """Read `Elliot Levine of Ladenburg Thalmann`, `Secretary of State George Shultz`."""
        first, person = self._run_before(start - 2)
        if not person:
            return start, ""
        if is_titled(person[-1:]):
            name = name_in(words[1:]) if key(words[0]) in PORTFOLIOS else ""
            return self._with_description(first), name
        is_body = key(person[-1]) in ORGANISATION_HEADS or self._key(first - 1) == "the"
        if is_body and self._key(start - 1) == "of":
            if any(word.endswith(("'s", "’s")) for word in words):
                return first, name_in(words)  # Bank of Tokyo's Honda
            person = person[1:] if key(person[0]) == "the" else person
            whole = " ".join((*person, "of", *words))
            return first - 1, "" if self._key(first - 2) in PREPOSITIONS else whole
        if self._key(first - 1) in (PREPOSITIONS if is_subject else ()) or is_body:
            return first, ""
        return self._with_description(first), name_in(person, first=first == 0)

    def _after_article(self, start: int, words: list[str]) -> str:
        if self._key(start - 2) in PREPOSITIONS or (len(words) == 1 and key(words[0]) in COMMON):
            return ""
        return " ".join(words) if name_in(words) else ""

    def _after_apposition(self, comma: int, verb: int) -> Tie:
        """Read `Nadiya Shaporynska, the group's president, said`."""
        start = self._clause_start(comma)
        name, end = self._name_after(start, described=True)
        if name and end < comma and self._key(end + 1) in (",", "("):
            return Tie(start, verb, name)
        before = next(
            (i for i in range(comma - 1, start - 1, -1) if self.keys[i] == ","), start - 1
        )
        words = [token.text for token in self.tokens[before + 1 : comma]]
        if self._names_role(before, start) or is_titled(words):
            first, run = self._run_before(comma - 1)
            if first == before + 1 and len(run) > 1:
                return Tie(start, verb, name_in(run, first=first == 0))
        return Tie(start, verb, "")

    def _clause_start(self, comma: int) -> int:
        for at in range(comma - 1, max(-1, comma - _WITHIN), -1):
            if self._is_quote(at) or self.keys[at] in (";", ":"):
                start = at + 1
                break
        else:
            start = max(0, comma - _WITHIN + 1)
        while self._key(start) in ("and", "but", ",", "meanwhile", "however"):
            start += 1
        return start

    def _names_role(self, comma: int, start: int) -> bool:
        return comma > start and any(self.keys[i] in ROLES for i in range(start, comma))

    # Runs of capitalised words.

    def _run_before(self, at: int) -> tuple[int, list[str]]:
        start = at + 1
        while start > 0 and at - start < MAX_WORDS + 2 and self._continues(start - 1):
            start -= 1
        while start <= at and not self._is_name(start) and self._key(start) not in PARTICLES:
            start += 1
        return start, [token.text for token in self.tokens[start : at + 1]]

    def _continues(self, at: int) -> bool:
        """Tell whether a token is of a run: a part of a name, or a particle before one."""
        for i in range(at, at + MAX_WORDS):
            if self._is_name(i):
                return True
            if not (self._key(i) in PARTICLES and self.tokens[i].text.islower()):
                return False
        return False

    def _run_after(self, at: int) -> tuple[list[str], int]:
        words: list[str] = []
        while at < len(self.tokens) and len(words) < MAX_WORDS + 3 and self._continues(at):
            words.append(self.tokens[at].text)
            at += 1
        return words, at - 1

    def _name_after(self, at: int, *, described: bool = False) -> tuple[str, int]:
        """Return the name behind a verb, and its last token; empty when none can be told.

        Words that describe may stand before it: `said Wertheim analyst James Hanbury`.

        Args:
            at: where to look.
            described: it is the start of a clause, not what stands behind a verb.
        """
        start, words = at, list[str]()
        end, first = at - 1, at
        while end + 1 < len(self.tokens) and end - start < _DESCRIPTION:
            run, last = self._run_after(end + 1)
            if run:
                words, first, end = run, end + 1, last
                if key(run[-1]) in ORGANISATION_HEADS and self._key(end + 1) == "of":
                    more, last = self._run_after(end + 2)
                    described_on = more and self._describes(last + 1)
                    words, end = ([], last) if described_on else (words, end)
                elif is_titled(run[-1:]) and self._key(end + 1) == "of":
                    words, first, end = self._with_portfolio(run, first, end)
            elif not self._describes(end + 1):
                break
            else:
                words, end = [], end + 1
        return self._settled(words, first, end, sentence_start=described and first == 0)

    def _with_portfolio(self, title: list[str], first: int, end: int) -> tuple[list[str], int, int]:
        """Read `said Secretary of State George Shultz`."""
        at = end + 3 if self._key(end + 2) == "the" else end + 2
        run, last = self._run_after(at)
        if len(run) > 1 and key(run[0]) in PORTFOLIOS:
            return run[1:], at + 1, last
        return title, first, end

    def _settled(
        self, words: list[str], first: int, end: int, *, sentence_start: bool
    ) -> tuple[str, int]:
        following = self._key(end + 1)
        if not words:
            return self._set_beside(end)
        if following in ("and", "or", "&") and self._is_name(end + 2):
            return "", end
        if self._key(first - 1) == "the" and following == "of":
            more, last = self._run_after(end + 2)
            return (" ".join((*words, "of", *more)), last) if more else ("", end)
        if self._key(first - 1) == "the":
            return self._after_article(first, words), end
        return name_in(words, first=sentence_start), end

    def _set_beside(self, end: int) -> tuple[str, int]:
        """Read `said the group's president, Nadiya Shaporynska.`"""
        if self._key(end) not in ROLES or self._key(end + 1) != ",":
            return "", end
        words, last = self._run_after(end + 2)
        is_whole = self._key(last + 1) in ("", ",", ".")
        return (name_in(words), last) if len(words) > 1 and is_whole else ("", end)

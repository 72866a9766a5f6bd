"""R12: each limit is written down, holds at its edge, names itself, and can be set."""

from __future__ import annotations

import importlib
import importlib.util
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import searcher
from searcher.errors import QueryError, QueryLimitError, QuerySyntaxError
from searcher.query.limits import BOUNDS, Limits, changed
from searcher.query.regex_states import calls_itself, states
from searcher.readers import ReadOptions
from searcher.readers.base import BOUNDS as READ_BOUNDS
from searcher.turns import LateCalls, Turns
from tests.conftest import TODAY

ROOT = Path(__file__).parents[2]

EDGES = (
    ("query_chars", 5, "aaaaa", "aaaaaa"),
    ("terms", 2, "oil gas", "oil gas coal"),
    ("terms", 2, "oil -gas", "oil -gas date:2026"),
    ("depth", 3, "(((oil)))", "((((oil))))"),
    ("depth", 2, "NOT NOT oil", "NOT NOT NOT oil"),
    ("depth", 2, "oil NEAR oil NEAR oil", "oil NEAR oil NEAR oil NEAR oil"),
    ("phrase_words", 3, '"oil and gas"', '"oil and gas now"'),
    ("phrase_words", 3, "oil-and-gas", "oil-and-gas-now"),
    ("slop", 4, '"oil gas"~4', '"oil gas"~5'),
    ("slop", 4, "oil NEAR/4 gas", "oil NEAR/5 gas"),
    ("slop", 4, "oil ADJ/4 gas", "oil ADJ/5 gas"),
    ("expansions", 3, "oi*", "o*"),
    ("expansions", 3, "/oi.*/", "/o.*/"),
    ("expansions", 1, "gas~", "oil~"),
    ("expansions", 3, '"oi* x"', '"o* x"'),
    ("fuzzy_edits", 1, "oil~1", "oil~2"),
    ("regex_chars", 4, "/oil./", "/oil.?/"),
    ("regex_states", 30, "/(ab){10}/", "/(ab){11}/"),
    ("regex_states", 10, "/o{10}/", "/o{11}/"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two segments, whose words are partly the same."""
    folder = tmp_path_factory.mktemp("limits")
    for name, text in (("a", "oil oils gas or"), ("b", "oil oily gas of")):
        (folder / f"{name}.jsonl").write_text(json.dumps({"text": text}), encoding="utf-8")
        searcher.index([folder / f"{name}.jsonl"], folder / "index")
    return folder


@pytest.fixture(scope="module")
def stock(folder: Path) -> Path:
    """The same with Whoosh's own codec."""
    for name in ("a", "b"):
        searcher.index([folder / f"{name}.jsonl"], folder / "stock", codec="stock")
    return folder / "stock"


@pytest.mark.parametrize("engine", ["native", "local", "stock", "scan"])
@pytest.mark.parametrize(("name", "most", "passes", "fails"), EDGES)
def test_a_limit_lets_pass_what_reaches_it_and_refuses_what_goes_over(
    folder, stock, engine, name, most, passes, fails
):
    """Expansions are words of the whole index on every engine, however its segments share them."""
    path, how = (stock, "local") if engine == "stock" else (folder / "index", engine)
    if engine == "scan" and name == "expansions":
        pytest.skip("the scan looks at texts and expands nothing")
    with searcher.open(path, today=TODAY, limits=Limits(**{name: most}), engine=how) as archive:
        archive.search(passes)
        with pytest.raises(QueryLimitError, match=rf"the limit `{name}` is {most}\.") as caught:
            archive.search(fails)

    assert caught.value.limit == name
    assert f"--allow {name}=N" in str(caught.value)
    assert f"Limits({name}=N)" in str(caught.value)


def test_a_page_ends_at_its_limit(folder):
    with searcher.open(folder / "index", limits=Limits(page_hits=10)) as archive:
        archive.search("oil", limit=4, offset=6)
        with pytest.raises(QueryLimitError, match="the limit `page_hits` is 10"):
            archive.search("oil", limit=4, offset=7)


def test_a_concordance_ends_at_the_limit_of_a_page(folder):
    with searcher.open(folder / "index") as archive:
        lines = archive.kwic("o*", limit=None).total
    with searcher.open(folder / "index", limits=Limits(page_hits=lines - 1)) as archive:
        assert len(archive.kwic("o*", limit=lines - 1).lines) == lines - 1
        for limit in (None, lines, lines + 1):
            with pytest.raises(QueryLimitError, match=f"of {lines} lines; the limit `page_hits`"):
                archive.kwic("o*", limit=limit)


@pytest.mark.parametrize("engine", ["native", "local", "scan"])
@pytest.mark.parametrize(
    "ask",
    [
        lambda archive: archive.search("oil"),
        lambda archive: archive.count("oil OR o*"),
        lambda archive: archive.facet("desk", "oil"),
        lambda archive: archive.kwic("oil"),
        lambda archive: archive.trend("oil"),
        lambda archive: archive.quotes("oil"),
        lambda archive: archive.speakers("oil"),
        lambda archive: archive.similar(text="oil gas"),
        lambda archive: archive.explain("oil"),
        lambda archive: archive.search("oil", dups="only"),
        lambda archive: archive.search("exact(oil)"),
        lambda archive: archive.search("/o.*/"),
        lambda archive: archive.search("oil", group="article", sort="newest", facets=["year"]),
    ],
)
def test_every_request_ends_with_its_time(folder, engine, ask):
    limits = Limits(seconds=0)
    with searcher.open(folder / "index", today=TODAY, limits=limits, engine=engine) as archive:
        with pytest.raises(QueryLimitError, match="the limit `seconds` is 0") as caught:
            ask(archive)

        assert caught.value.limit == "seconds"


def test_time_runs_from_the_turn_and_is_shared_by_all_that_a_request_asks():
    turns = Turns(Limits(seconds=100))
    with turns:
        first = turns.limits.until
        with turns:
            assert turns.limits.until == first
        with turns.anew():
            assert turns.limits.until > first
        assert turns.limits.until == first
    with turns:
        assert turns.limits.until > first


def test_late_calls_share_what_is_left_and_a_long_page_has_more():
    turns, given = Turns(Limits(seconds=0)), []
    with turns:
        short = LateCalls(lambda: given.append(turns.limits.left()), turns, 0)
        long = LateCalls(
            lambda: (given.append(turns.limits.left()), time.sleep(0.001)), turns, 100_000
        )
    short()
    long()
    long()

    assert given[0] <= 0
    assert 900 < given[2] < given[1] <= 1000
    assert given[2] <= 1000 - 0.001


def test_marks_that_take_too_long_are_an_error_that_names_the_limit(folder):
    with searcher.open(folder / "index", limits=Limits(seconds=60)) as archive:
        hit = archive.search("exact(oil)")[0]
        turns = Turns(Limits(seconds=0))
        late = LateCalls(lambda: (turns.limits.check_time(), hit.spans), turns, 0)
        with pytest.raises(QueryLimitError, match="the limit `seconds`"):
            late()


@pytest.mark.parametrize("name", BOUNDS)
def test_every_limit_of_a_query_is_declared_described_and_set_by_name(name):
    default = getattr(Limits(), name)

    assert name in (Limits.__doc__ or "")
    assert getattr(changed(Limits(), BOUNDS, {name: str(default)}), name) == default


def test_the_declared_limits_are_all_that_there_are():
    assert tuple(BOUNDS) == Limits.__match_args__


@pytest.mark.parametrize(
    "given", [{"nosuch": "1"}, {"terms": "many"}, {"terms": "-1"}, {"seconds": "nan"}]
)
def test_a_limit_that_cannot_be_set_is_an_error(given):
    with pytest.raises(QueryError, match="limit"):
        changed(Limits(), BOUNDS, given)


def test_a_depth_beyond_what_python_can_read_is_refused_all_the_same(folder):
    with (
        searcher.open(folder / "index", limits=Limits(depth=10**9, query_chars=10**6)) as archive,
        pytest.raises(QueryLimitError, match="too deep for Python"),
    ):
        archive.search("(" * 50_000 + "oil" + ")" * 50_000)


@pytest.mark.parametrize(
    "pattern", ["(?R)", "(a|(?1)b)", "(?&n)(?P<n>a)", "(?P>n)", "(?-1)", "(?0)"]
)
def test_an_expression_that_calls_itself_is_refused(folder, pattern):
    """It takes all memory before any time is over."""
    with (
        searcher.open(folder / "index") as archive,
        pytest.raises(QuerySyntaxError, match="it calls itself"),
    ):
        archive.search(f"/{pattern}/")


@given(st.text(r"ab(){}[]123,|*+?\^-:<=!p", max_size=30))
def test_the_states_of_any_expression_can_be_counted(pattern):
    assert states(pattern) >= 0
    assert not calls_itself(pattern.replace("?", ""))


@given(
    st.recursive(
        st.sampled_from(["a", "[ab]", r"\d"]),
        lambda inner: st.one_of(
            st.tuples(inner, st.integers(1, 4)).map(lambda two: f"(?:{two[0]}){{{two[1]}}}"),
            st.tuples(inner, inner).map("".join),
        ),
        max_leaves=6,
    )
)
def test_states_are_those_of_the_expression_written_out(pattern):
    """Groups add one each, so that an empty one that is repeated counts too."""
    import re

    written = pattern
    while match := re.search(r"\(\?:([^()]*)\)\{(\d)\}", written):
        written = written[: match.start()] + f"{match[1]}G" * int(match[2]) + written[match.end() :]

    assert states(pattern) == len(re.findall(r"\[ab\]|\\d|a|G", written))


# Articles.


def test_a_paragraph_is_cut_at_its_limit_and_loses_no_word(tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "oil and gas"}), encoding="utf-8")
    for most, paragraphs in ((11, 1), (10, 2)):
        into = tmp_path / f"index{most}"
        searcher.index([tmp_path / "a.jsonl"], into, options=ReadOptions(max_paragraph_chars=most))
        with searcher.open(into) as archive:
            found = archive.search("oil OR gas")
            assert [found.total, " ".join(p.text for p in archive.paragraphs())] == [
                paragraphs,
                "oil and gas",
            ]


def test_a_file_is_read_up_to_its_limit_and_named_beyond_it(tmp_path):
    (tmp_path / "a.txt").write_text("A headline\n\noil and gas\n", encoding="utf-8")
    size = (tmp_path / "a.txt").stat().st_size
    for most, articles in ((size, 1), (size - 1, 0)):
        options = ReadOptions(max_bytes=most)
        report = searcher.index([tmp_path / "a.txt"], tmp_path / f"index{most}", options=options)
        assert [report.added.articles, [skip.reason for skip in report.skips]] == [
            articles,
            [] if articles else ["too large"],
        ]


def test_the_limits_of_what_is_read_are_declared():
    assert all(hasattr(ReadOptions(), name) for name in READ_BOUNDS)


# The command line, and the page.


def _run(*arguments: str):
    from click.testing import CliRunner

    from searcher.cli.app import cli

    return CliRunner().invoke(cli, list(arguments))


def test_the_command_line_sets_limits_by_name(folder):
    asked = ("query", "o*", "-i", str(folder / "index"))

    assert _run(*asked, "--allow", "expansions=5").exit_code == 0
    refused = _run(*asked, "--allow", "expansions=3", "--allow", "seconds=9")
    assert refused.exit_code == 2
    assert "the limit `expansions` is 3" in refused.stderr
    assert "there is no limit 'nosuch'" in _run(*asked, "--allow", "nosuch=1").stderr
    assert "expected NAME=NUMBER" in _run(*asked, "--allow", "seconds").stderr


def test_searcher_index_sets_limits_by_name(tmp_path):
    (tmp_path / "a.txt").write_text("A headline\n\noil and gas\n", encoding="utf-8")
    into = str(tmp_path / "index")
    run = _run("index", str(tmp_path / "a.txt"), "-i", into, "--allow", "max_bytes=3")

    assert "too large" in run.stderr


def test_every_command_that_searches_an_index_or_makes_one_takes_limits():
    from searcher.cli.app import COMMANDS, cli

    for name in COMMANDS:
        command = cli.get_command(None, name)  # type: ignore[arg-type]
        options = {option for parameter in command.params for option in parameter.opts}
        module = importlib.import_module(f"searcher.cli.{name}")
        assert (name == "index" or hasattr(module, "open_archive")) == ("--allow" in options), name


def test_the_page_lists_the_limits_as_they_are_declared():
    """After a change: python docs/generate_limits.py."""
    path = ROOT / "docs" / "generate_limits.py"
    spec = importlib.util.spec_from_file_location("generate_limits", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    text = module.TARGET.read_text(encoding="utf-8")

    assert module.page(text) == text
    assert text.count(module.HEADER) == 2


def test_values_that_take_too_long_are_refused_by_name(make_index, monkeypatch):
    """The fields of an archive are asked for without limits of one's own."""
    native = pytest.importorskip("searcher._native")
    engine = make_index([{"text": "Rain.", "desk": "Weather"}], codec="native")._engine

    class Slow:
        def uncut(self) -> None: ...

        def match(self, *_):
            raise native.LimitError("seconds", "the search took too long, and stopped")

    monkeypatch.setattr(engine, "_index", Slow())
    with pytest.raises(searcher.SearcherError, match="the limit `seconds` is 2"):
        engine.values("desk")

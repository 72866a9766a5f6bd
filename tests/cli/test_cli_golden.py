"""What the command line prints on the seeds, whole, so that a change to it is seen.

After a change that is meant: `UPDATE_GOLDEN=1 pytest tests/cli/test_cli_golden.py`,
then read the difference.
"""

import os
import re
import shlex
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parents[1] / "golden" / "cli"

CASES = {
    "query": "query Tomahawk -n 3",
    "query_words": 'query political will date:last-week -Geneva --section "Political Will"',
    "query_colour": "query political will -n 2 --color always",
    "query_context": "query Zelenskyy -n 1 -C 1",
    "query_group": "query Tomahawk --group article -n 2",
    "query_facets": "query Tomahawk --facet section --facet desk --facet year -n 0",
    "query_kinds": "query Tomahawk --kind headline --kind caption --sort oldest",
    "query_markdown": "query Tomahawk -n 3 --format md --facet desk",
    "query_html": "query Tomahawk -n 2 --format html --facet year",
    "query_csv": "query Tomahawk --format csv --fields id,date,title,section,desk,kind,text",
    "query_jsonl": "query Tomahawk -n 2 --format jsonl --fields id,date,section,spans,snippet",
    "query_json": "query Tomahawk -n 1 --format json --fields id,date,text,spans --facet desk",
    "query_fields": "query Tomahawk --fields id,date,kind",
    "query_count": "query Tomahawk -c",
    "query_paths": "query Tomahawk -l",
    "query_undated": "query '*' --since 2026-03 -n 1",
    "query_no_hits": "query tomahwak",
    "query_bad_date": "query Tomahawk date:2026-13",
    "query_bad_quote": "query 'climate \"political will'",
    "query_near": "query 'tomahawk NEAR/10 (graham OR moran)' --color always",
    "query_scope": "query tomahawk geneva --scope article -n 2 --explain",
    "query_said": "query said:zelenskyy political",
    "query_bad_near": "query 'tomahawk NEAR/5 (graham moran)'",
    "query_bad_field": "query sektion:Elusive",
    "query_missing_index": "query Tomahawk -i nowhere",
    "query_recency": "query Tomahawk -n 2 --recency 30 --fields id,date,score",
    "query_synonyms": "query Zelensky --synonyms names.txt --explain -n 1",
    "query_synonyms_wrong": "query Zelensky --synonyms wrong.txt",
    "kwic": "kwic Tomahawk --sort right",
    "kwic_colour": "kwic '\"political will\"' --width 20 -n 2 --color always",
    "kwic_csv": "kwic '\"political will\"' --width 20 --format csv",
    "kwic_jsonl": "kwic '\"political will\"' --width 20 -n 1 --format jsonl",
    "kwic_json": "kwic '\"political will\"' --width 20 -n 1 --format json",
    "kwic_no_word": "kwic desk:weather",
    "trend": "trend Tomahawk Zelenskyy --since 2025-11 --normalize",
    "trend_week": "trend Tomahawk --by week --since 2026-02",
    "trend_csv": "trend Tomahawk Zelenskyy --by year --format csv",
    "trend_json": "trend Tomahawk --by year --format json",
    "facet": "facet section Tomahawk",
    "facet_value": "facet desk --sort value -n 3",
    "facet_csv": "facet month Tomahawk --format csv",
    "facet_json": "facet year Tomahawk -n 1 --format json",
    "facet_unknown": "facet sektion",
    "suggest": "suggest toma",
    "suggest_like": "suggest --like tomahwak",
    "suggest_json": "suggest --like tomahwak --format json",
    "suggest_none": "suggest zzz",
    "show_article": "show tomahawk-river-flood.html --query Tomahawk",
    "show_paragraph": "show 000_0be0ed610cf6a59c.txt#p8 -C 1 --query '\"political will\"'",
    "show_markdown": "show tomahawk-river-flood.html --query Tomahawk --format md",
    "show_unknown": "show nothing.txt",
    "quotes": "quotes zelenskyy -n 2 --sort oldest",
    "quotes_speakers": "quotes -n 3",
    "quotes_nobody": "quotes trump --format json",
    "stats": "stats",
    "fields": "fields",
    "index_dry_run": "index --dry-run",
    "no_command": "tomahawk",
    "save_bad_name": "save 'a b' Tomahawk",
    "save_bad_query": "save river Tomahawk date:2026-13",
    "save_nothing": "save river",
    "saved_none": "saved",
    "saved_unknown": "saved --delete river",
    "new_none": "new",
    "new_unknown": "new river",
    "query_reference": "query 'Tomahawk -query:river'",
}

_MASKS = (
    (re.compile(r"\(\d+ ms\)|\(\d+\.\d s\)"), "(TIME)"),
    (re.compile(r'("took_s": )[\d.e-]+'), r"\g<1>0.0"),
    (re.compile(r"(?m)^(size +)\S+ \S+$"), r"\g<1>SIZE"),
    (re.compile(r"(?m)^(software +)\S.*$"), r"\g<1>SOFTWARE"),
)


def masked(text: str) -> str:
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text.replace("\r\n", "\n").replace("\x1b", "␛")


@pytest.mark.parametrize("name", CASES)
def test_the_output_is_as_it_was(run, in_seeds, name):
    (in_seeds / "names.txt").write_text("Zelenskyy, Zelensky\n", encoding="utf-8")
    (in_seeds / "wrong.txt").write_text("# names\nZelenskyy\n", encoding="utf-8")
    result = run(*shlex.split(CASES[name]))
    said = f"--- stderr\n{result.stderr}" if result.stderr else ""
    seen = masked(f"$ searcher {CASES[name]}\n{result.stdout}{said}--- exit {result.exit_code}\n")
    golden = GOLDEN / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(seen, encoding="utf-8")

    assert seen == golden.read_text(encoding="utf-8")


def test_every_golden_file_has_its_case():
    assert {path.stem for path in GOLDEN.iterdir()} == set(CASES)

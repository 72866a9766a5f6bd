"""What a wildcard, a fuzzy word or a regular expression may stand for, in every engine."""

from __future__ import annotations

import pytest

import searcher
from searcher.query.limits import Limits

QUERIES = {
    "*o*": r"\*o\*",
    "goal~2": "goal~2",
    "/.*o.*/": r"/\.\*o\.\*/",
    "author:*o*": r"author:\*o\*",
}


@pytest.mark.parametrize("engine", ["local", "native"])
@pytest.mark.parametrize("query", QUERIES)
def test_an_expansion_over_its_limit_is_an_error_that_names_it(make_index, engine, query):
    if engine == "native":
        pytest.importorskip("searcher._native")
    path = make_index([{"text": "Oil or coal or gold.", "author": "Otto, Olga"}]).path
    with searcher.open(path, engine=engine, limits=Limits(expansions=1)) as archive:
        message = f"{QUERIES[query]} stands for over 1 words .* the limit `expansions` is 1"
        with pytest.raises(searcher.SearcherError, match=message):
            archive.search(query)

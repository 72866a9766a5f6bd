"""Is an index whole, and what of it can be kept if it is not?

    report = searcher.check("index")
    for finding in report.findings:
        print(finding.file, finding.problem)

`check` looks, and changes nothing; `repair` keeps what is whole.
"""

from __future__ import annotations

from searcher.checking.mend import repair
from searcher.checking.report import Checked, Finding, Repaired
from searcher.checking.whole import check

__all__ = ["Checked", "Finding", "Repaired", "check", "repair"]

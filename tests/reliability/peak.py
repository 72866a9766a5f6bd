"""The most memory that this process had.

`ru_maxrss` of a process is at least that of the one that started it: Linux carries it over, so a
test that made an archive itself would blame the process that it asks.
"""

from __future__ import annotations

import resource
from pathlib import Path

STATUS = Path("/proc/self/status")


def peak_mb() -> int:
    """Return it in megabytes; where Linux's own count isn't there, that of `ru_maxrss`."""
    lines = STATUS.read_text().splitlines() if STATUS.exists() else []
    for line in lines:
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

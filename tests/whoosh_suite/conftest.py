"""Nothing here is a test of searcher; importing it would change the codec for all that follow."""

collect_ignore_glob = ["*.py"]

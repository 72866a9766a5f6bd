"""Other looks at the hits of a query: in context, over time, as files, as words.

Each view is a function of what an engine found; searcher.Archive calls them
and hands them what they need, so that none of them reads an index itself.
"""

"""Which texts are near-duplicates: wire copy that was sent again, cut or corrected.

`shingles` cuts a text into overlapping triples of words, `likeness` compares
two texts by them, and `keys` makes the few terms under which the index files
each text, so that alike texts meet without comparing all with all.
"""

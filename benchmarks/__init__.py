"""Side-by-side measurements: ratios in one run, with the hit counts beside the times.

python -m benchmarks peers --corpus reuters DIR    searcher beside other engines (README.md)
python -m benchmarks cold --corpus DIR             a fresh process, query to printed hits
python -m benchmarks queries --index DIR           each operator and view beside a plain AND
python -m benchmarks measure --corpus reuters DIR  what the generator imitates
"""

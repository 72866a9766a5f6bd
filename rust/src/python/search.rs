//! The classes Index and Matches.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::plan::{docs_of, plan_of};
use super::PySegment;
use crate::error::Error;
use crate::exec::index::Index;
use crate::exec::matches::Matches;
use crate::exec::order::{Candidate, Sort};
use crate::exec::scoring::{Fading, Totals};

/// (score, ordinal of the segment, docnum)
pub type Hit = (f64, u32, u32);

/// The live paragraphs of some segments, to search.
#[pyclass(name = "Index", module = "searcher._native", frozen)]
pub struct PyIndex(Arc<Index>);

#[pymethods]
impl PyIndex {
    #[new]
    fn new(
        segments: Vec<Bound<'_, PySegment>>,
        deleted: Vec<Bound<'_, PyAny>>,
        documents: u64,
        words: u64,
    ) -> PyResult<PyIndex> {
        let segments = segments.iter().map(|segment| Arc::clone(&segment.get().0));
        let deleted: PyResult<_> = deleted.iter().map(docs_of).collect();
        let index = Index::new(segments.collect(), deleted?, Totals { documents, words })?;
        Ok(PyIndex(Arc::new(index)))
    }

    /// Fail when a segment's file was shortened since it was opened.
    fn uncut(&self) -> PyResult<()> {
        Ok(self.0.uncut()?)
    }

    /// Return how many live documents hold a term.
    fn df(&self, py: Python<'_>, field: &str, term: &[u8]) -> PyResult<u64> {
        Ok(py.detach(|| self.0.df(field, term))?)
    }

    /// Return what a plan matches (rust/src/exec/plan.rs).
    #[pyo3(name = "match")]
    fn matched(
        &self,
        py: Python<'_>,
        plan: &Bound<'_, PyAny>,
        seconds: f64,
    ) -> PyResult<PyMatches> {
        let plan = plan_of(plan)?;
        let index = Arc::clone(&self.0);
        Ok(PyMatches(py.detach(|| Matches::new(index, plan, seconds))?))
    }

    /// Return (paragraphs, articles, the hits of a page by score), exact, in one call.
    fn page(
        &self,
        py: Python<'_>,
        plan: &Bound<'_, PyAny>,
        seconds: f64,
        offset: usize,
        limit: usize,
    ) -> PyResult<(u64, u64, Vec<Hit>)> {
        let plan = plan_of(plan)?;
        let page = py.detach(|| self.0.page(&plan, seconds, offset, limit))?;
        Ok((page.total, page.articles, shown(&page.hits)))
    }
}

impl PyIndex {
    pub fn shared(&self) -> Arc<Index> {
        Arc::clone(&self.0)
    }
}

/// The documents that a plan matches, in all segments.
#[pyclass(name = "Matches", module = "searcher._native", frozen)]
pub struct PyMatches(Matches);

#[pymethods]
impl PyMatches {
    #[getter]
    fn total(&self) -> u64 {
        self.0.total()
    }

    #[getter]
    fn articles(&self) -> u64 {
        self.0.articles()
    }

    /// Return the docnums in a segment: native-endian uint32, ascending.
    fn docs<'py>(&self, py: Python<'py>, segment: usize) -> PyResult<Bound<'py, PyBytes>> {
        let docs = py.detach(|| self.0.docs(segment))?;
        let bytes: Vec<u8> = docs.iter().flat_map(|doc| doc.to_ne_bytes()).collect();
        Ok(PyBytes::new(py, &bytes))
    }

    /// Return hits in order.
    #[pyo3(signature = (sort, offset, limit, fading=None))]
    fn hits(
        &self,
        py: Python<'_>,
        sort: &str,
        offset: usize,
        limit: usize,
        fading: Option<(f64, i64)>,
    ) -> PyResult<Vec<Hit>> {
        let sort = Sort::named(sort)?;
        let hits = py.detach(|| self.0.hits(sort, offset, limit, fading.map(fades)))?;
        Ok(shown(&hits))
    }

    /// Return articles in the order of their best hits: how many hits each has, and its first.
    #[pyo3(signature = (sort, offset, limit, each, fading=None))]
    fn groups(
        &self,
        py: Python<'_>,
        sort: &str,
        offset: usize,
        limit: usize,
        each: usize,
        fading: Option<(f64, i64)>,
    ) -> PyResult<Vec<(usize, Vec<Hit>)>> {
        let sort = Sort::named(sort)?;
        let page = (offset, limit);
        let groups = py.detach(|| self.0.groups(sort, page, each, fading.map(fades)))?;
        Ok(groups
            .into_iter()
            .map(|(count, hits)| (count, shown(&hits)))
            .collect())
    }

    /// Return all hits in order, or those of each article behind its best.
    #[pyo3(signature = (sort, by_article, fading=None))]
    fn ranked(
        &self,
        py: Python<'_>,
        sort: &str,
        by_article: bool,
        fading: Option<(f64, i64)>,
    ) -> PyResult<PyRanked> {
        let (sort, fading) = (Sort::named(sort)?, fading.map(fades));
        let ranked = py.detach(|| match by_article {
            true => {
                let groups = self.0.groups(sort, (0, usize::MAX), usize::MAX, fading)?;
                Ok(PyRanked::of_groups(groups.into_iter().map(|group| group.1)))
            }
            false => {
                let hits = self.0.hits(sort, 0, usize::MAX, fading)?;
                Ok(PyRanked::of_hits(hits))
            }
        });
        ranked.map_err(|error: Error| error.into())
    }

    /// Return (yyyymmdd or 0, paragraphs, articles) of each day with hits, ascending.
    fn days(&self, py: Python<'_>) -> PyResult<Vec<(u32, u64, u64)>> {
        Ok(py.detach(|| self.0.days())?)
    }

    /// Return (value, paragraphs, articles) of each distinct value of a text column.
    fn counts(&self, py: Python<'_>, column: &str) -> PyResult<Vec<(String, u64, u64)>> {
        Ok(py.detach(|| self.0.counts(column))?)
    }

    /// Return (df, idf in text, in title, in section) of each leaf that scores.
    fn weights(&self, py: Python<'_>) -> PyResult<Vec<(u64, f64, f64, f64)>> {
        let rows = py.detach(|| self.0.weights())?;
        let shown = rows
            .into_iter()
            .map(|(df, w)| (df, w.text, w.title, w.section));
        Ok(shown.collect())
    }
}

/// Hits in order, of which Python takes some at a time: 16 bytes a hit.
#[pyclass(name = "Ranked", module = "searcher._native", frozen)]
pub struct PyRanked {
    hits: Vec<Hit>,
    /// Where each article ends; each hit, where they aren't grouped.
    ends: Option<Vec<usize>>,
}

impl PyRanked {
    fn of_hits(hits: Vec<Candidate>) -> PyRanked {
        PyRanked {
            hits: shown(&hits),
            ends: None,
        }
    }

    fn of_groups(groups: impl Iterator<Item = Vec<Candidate>>) -> PyRanked {
        let (mut hits, mut ends) = (Vec::new(), Vec::new());
        for group in groups {
            hits.extend(shown(&group));
            ends.push(hits.len());
        }
        PyRanked {
            hits,
            ends: Some(ends),
        }
    }

    fn end(&self, at: usize) -> usize {
        self.ends.as_ref().map_or(at + 1, |ends| ends[at])
    }
}

#[pymethods]
impl PyRanked {
    fn __len__(&self) -> usize {
        self.ends.as_ref().map_or(self.hits.len(), Vec::len)
    }

    /// Return some hits, or those of some articles, a list for each.
    fn part(&self, at: usize, count: usize) -> Vec<&[Hit]> {
        let last = self.__len__().min(at.saturating_add(count));
        let mut start =
            at.checked_sub(1)
                .map_or(0, |before| if before < last { self.end(before) } else { 0 });
        (at..last)
            .map(|group| {
                let from = std::mem::replace(&mut start, self.end(group));
                &self.hits[from..start]
            })
            .collect()
    }
}

fn fades((days, today): (f64, i64)) -> Fading {
    Fading { days, today }
}

/// Hits as Python knows them.
pub fn shown(hits: &[Candidate]) -> Vec<Hit> {
    hits.iter()
        .map(|hit| (hit.score, hit.segment, hit.doc))
        .collect()
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PyIndex>()?;
    module.add_class::<PyRanked>()?;
    module.add_class::<PyMatches>()
}

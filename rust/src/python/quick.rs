//! The class QuickSearch: a page from a query string in one call.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::exec::index::Index;
use crate::highlight::of_plan::mark_of;
use crate::python::highlight::{PyMarker, PyStems};
use crate::python::paragraph::{Paragraphs, StoredHit};
use crate::python::plan::plan_of;
use crate::python::search::{shown, PyIndex};
use crate::query::{read, Bounds, Reading};

/// Answers the queries that most people type.
#[pyclass(name = "QuickSearch", module = "searcher._native", frozen)]
pub struct QuickSearch {
    index: Arc<Index>,
    paragraphs: Py<Paragraphs>,
    stems: Py<PyStems>,
    captions: Vec<Vec<u8>>,
}

/// (characters, depth, edits, expansions)
type Given = (usize, usize, usize, usize);
/// (how it was read, paragraphs, articles, hits)
type Page = (String, u64, u64, Vec<StoredHit>);

#[pymethods]
impl QuickSearch {
    #[new]
    fn new(
        index: &Bound<'_, PyIndex>,
        paragraphs: Py<Paragraphs>,
        stems: Py<PyStems>,
        captions: Vec<Vec<u8>>,
    ) -> QuickSearch {
        QuickSearch {
            index: index.get().shared(),
            paragraphs,
            stems,
            captions,
        }
    }

    /// Read a query and return its page; None where the parser has to look, or where it asks
    /// for dates and isn't to be `dated`.
    fn page(
        &self,
        py: Python<'_>,
        text: &Bound<'_, PyString>,
        bounds: Given,
        dated: bool,
        seconds: f64,
        page: (usize, usize),
    ) -> PyResult<Option<Page>> {
        let Some(reading) = self.read(py, text, bounds)? else {
            return Ok(None);
        };
        if reading.is_dated && !dated {
            return Ok(None);
        }
        let found = py.detach(|| self.index.page(&reading.plan, seconds, page.0, page.1))?;
        let hits = Paragraphs::of(self.paragraphs.bind(py), shown(found.hits))?;
        Ok(Some((reading.shown, found.total, found.articles, hits)))
    }

    /// Return what marks the hits of a query that is read; None where Python has to.
    fn marker(
        &self,
        py: Python<'_>,
        text: &Bound<'_, PyString>,
        bounds: Given,
    ) -> PyResult<Option<PyMarker>> {
        let reading = self.read(py, text, bounds)?;
        let mark = reading.and_then(|reading| mark_of(&reading.plan));
        Ok(mark.map(|mark| PyMarker::of(mark, self.stems.clone_ref(py))))
    }

    /// Return how a query is read and whether that is a plan of Python's; None where it isn't
    /// read.
    fn reads(
        &self,
        py: Python<'_>,
        text: &Bound<'_, PyString>,
        bounds: Given,
        plan: &Bound<'_, PyAny>,
    ) -> PyResult<Option<(String, bool)>> {
        let plan = plan_of(plan)?;
        let reading = self.read(py, text, bounds)?;
        Ok(reading.map(|reading| (reading.shown, reading.plan == plan)))
    }
}

impl QuickSearch {
    fn read(
        &self,
        py: Python<'_>,
        text: &Bound<'_, PyString>,
        bounds: Given,
    ) -> PyResult<Option<Reading>> {
        // A text with half a surrogate pair is no UTF-8.
        let Ok(text) = text.to_str() else {
            return Ok(None);
        };
        let (chars, depth, edits, expansions) = bounds;
        let bounds = Bounds {
            chars,
            depth,
            edits,
            expansions,
        };
        let stems = self.stems.get();
        read(text, &bounds, &self.captions, |form| stems.of(py, form))
    }
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<QuickSearch>()
}

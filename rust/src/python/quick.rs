//! The class QuickSearch: a page from a query string in one call.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyTuple, PyType};

use crate::error::Error;
use crate::exec::index::Index;
use crate::exec::plan::Node;
use crate::highlight::mark::Mark;
use crate::highlight::of_plan::mark_of;
use crate::python::highlight::PyStems;
use crate::python::hit::PyHit;
use crate::python::paragraph::{Paragraphs, Stored};
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
type Page<'py> = (String, u64, u64, Bound<'py, PyTuple>);

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
    #[pyo3(signature = (text, bounds, dated, seconds, page, late=None))]
    #[allow(clippy::too_many_arguments)]
    fn page<'py>(
        &self,
        py: Python<'py>,
        text: &Bound<'py, PyString>,
        bounds: Given,
        dated: bool,
        seconds: f64,
        page: (usize, usize),
        late: Option<(Py<PyAny>, usize)>,
    ) -> PyResult<Option<Page<'py>>> {
        let started = Instant::now();
        self.index.uncut()?;
        let Some(reading) = self.read(py, text, bounds)? else {
            return Ok(None);
        };
        if reading.is_dated && !dated {
            return Ok(None);
        }
        let paragraphs = self.paragraphs.bind(py);
        let reader = paragraphs.get();
        let (found, unpacked) = py.detach(|| {
            let found = self.index.page(&reading.plan, seconds, page.0, page.1)?;
            let unpacked = reader.unpacked(&shown(&found.hits))?;
            Ok::<_, Error>((found, unpacked))
        })?;
        let late = late.map(|(make, max_chars)| {
            Arc::new(Late {
                query: text.clone().unbind(),
                plan: reading.plan,
                stems: self.stems.clone_ref(py),
                mark: OnceLock::new(),
                max_chars,
                make,
                left: seconds - started.elapsed().as_secs_f64(),
                hits: unpacked.len(),
                page: PyOnceLock::new(),
            })
        });
        let hits = Stored::each(paragraphs, unpacked).map(|one| PyHit::quick(one, late.clone()));
        let hits = PyTuple::new(py, hits)?;
        Ok(Some((reading.shown, found.total, found.articles, hits)))
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

/// What the hits of a page make when they are read: most are looked at for their words alone.
pub struct Late {
    query: Py<PyString>,
    plan: Node,
    stems: Py<PyStems>,
    /// None where Python has to mark.
    mark: OnceLock<Option<Mark>>,
    max_chars: usize,
    /// (query, longest excerpt, seconds that are left, hits) to (what places a paragraph, what
    /// marks one).
    make: Py<PyAny>,
    left: f64,
    hits: usize,
    page: PyOnceLock<Py<PyTuple>>,
}

impl Late {
    /// Return spans and snippet of a text; None where Python has to look.
    pub fn found<'py>(&self, text: &Bound<'py, PyString>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let py = text.py();
        let Some(mark) = self.mark.get_or_init(|| mark_of(&self.plan)) else {
            return Ok(None);
        };
        let stems = self.stems.get();
        match stems.marked(py, mark, text, self.max_chars)? {
            Some(Some((spans, parts))) => {
                let snippet = snippet(py)?.call1(parts)?;
                (spans, snippet).into_pyobject(py).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// What places the hits, and what marks them in Python.
    pub fn page<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        if let Some(page) = self.page.get(py) {
            return Ok(page.bind(py).clone());
        }
        let made = self
            .make
            .bind(py)
            .call1((&self.query, self.max_chars, self.left, self.hits))?;
        let made = made.cast_into::<PyTuple>()?;
        // Another thread may have made it meanwhile.
        let page = self.page.get_or_init(py, || made.unbind());
        Ok(page.bind(py).clone())
    }
}

fn snippet(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static SNIPPET: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    SNIPPET.import(py, "searcher.highlight.snippet", "Snippet")
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<QuickSearch>()
}

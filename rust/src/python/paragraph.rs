//! The class Paragraphs: stored documents straight to the paragraphs that Python shows.
//!
//! What searcher/indexing/documents.py does by way of a dictionary, for the ten of a page.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use crate::error::Error;
use crate::python::segment::PySegment;
use crate::python::values::from_value;
use crate::stored::Cells;

/// The stored fields in the order of searcher.model.Paragraph's arguments.
const FIELDS: [&str; 19] = [
    "id",
    "article",
    "number",
    "kind",
    "section",
    "text",
    "start",
    "end",
    "title",
    "date",
    "date_source",
    "city",
    "desk",
    "author",
    "source",
    "language",
    "path",
    "url",
    "quotes",
];
const ARTICLE: usize = 1;
const START: usize = 6;
const END: usize = 7;
const DATE: usize = 9;
const DESK: usize = 12;
const PATH: usize = 16;
const QUOTES: usize = 18;
const ORIGIN: &str = "origin";

/// Reads paragraphs.
#[pyclass(name = "Paragraphs", module = "searcher._native", frozen)]
pub struct Paragraphs {
    make: Py<PyAny>,
    quote: Py<PyAny>,
    day: Py<PyAny>,
    bases: Py<PyAny>,
    /// What was read and asked for before: source to {article: base}, yyyymmdd to its day.
    sources: Py<PyDict>,
    days: Py<PyDict>,
    empty: (Py<PyString>, Py<PyTuple>),
}

#[pymethods]
impl Paragraphs {
    #[new]
    fn new(
        py: Python<'_>,
        make: Py<PyAny>,
        quote: Py<PyAny>,
        day: Py<PyAny>,
        bases: Py<PyAny>,
    ) -> Paragraphs {
        Paragraphs {
            make,
            quote,
            day,
            bases,
            sources: PyDict::new(py).unbind(),
            days: PyDict::new(py).unbind(),
            empty: (PyString::new(py, "").unbind(), PyTuple::empty(py).unbind()),
        }
    }

    fn read<'py>(
        &self,
        py: Python<'py>,
        segment: &PySegment,
        doc: u32,
    ) -> PyResult<Bound<'py, PyAny>> {
        segment.check_doc(doc)?;
        let bytes = segment.0.stored(doc)?;
        let stored = self.stored(py, &bytes)?;
        let Some((mut values, origin)) = stored else {
            return Err(damaged(segment, doc));
        };
        let source = origin.unwrap_or_else(|| values[PATH].clone());
        let base = self.base(py, &source, &values[ARTICLE])?;
        for at in [START, END] {
            values[at] = values[at].add(&base)?;
        }
        self.make.bind(py).call1(PyTuple::new(py, values)?)
    }

    /// {article: base} of a source, as far as it was asked for.
    fn bases_of<'py>(&self, py: Python<'py>, source: &str) -> PyResult<Bound<'py, PyAny>> {
        self.bases_in(py, &PyString::new(py, source).into_any())
    }
}

fn damaged(segment: &PySegment, doc: u32) -> PyErr {
    Error::damaged(segment.0.path(), 0, format!("stored document {doc}")).into()
}

type Values<'py> = [Bound<'py, PyAny>; 19];
/// The arguments of a paragraph, and its source where that isn't its path.
type Stored<'py> = (Values<'py>, Option<Bound<'py, PyAny>>);

impl Paragraphs {
    /// A paragraph as it is stored; None when the bytes aren't those of one.
    fn stored<'py>(&self, py: Python<'py>, bytes: &[u8]) -> PyResult<Option<Stored<'py>>> {
        let (empty, none) = (self.empty.0.bind(py), self.empty.1.bind(py));
        let mut values: Values<'py> = std::array::from_fn(|at| match at {
            DATE => py.None().into_bound(py),
            DESK | QUOTES => none.clone().into_any(),
            _ => empty.clone().into_any(),
        });
        let mut origin = None;
        let mut cells = Cells::new(bytes);
        let Some(pairs) = cells.pairs() else {
            return Ok(None);
        };
        for _ in 0..pairs {
            let Some(name) = cells.text() else {
                return Ok(None);
            };
            let at = FIELDS.iter().position(|field| *field == name);
            let Some(value) = self.value(py, &mut cells, at)? else {
                return Ok(None);
            };
            match at {
                Some(at) => values[at] = value,
                None if name == ORIGIN => origin = Some(value),
                None => {}
            }
        }
        Ok(Some((values, origin)))
    }

    fn value<'py>(
        &self,
        py: Python<'py>,
        cells: &mut Cells<'_>,
        at: Option<usize>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        if let Some(text) = cells.text_if_any() {
            return Ok(Some(PyString::new(py, text).into_any()));
        }
        let Some(value) = cells.value() else {
            return Ok(None);
        };
        let value = from_value(py, &value)?;
        Ok(Some(match at {
            Some(DATE) => self.day(py, value)?,
            Some(QUOTES) => self.quotes(py, &value)?,
            _ => value,
        }))
    }

    fn day<'py>(&self, py: Python<'py>, number: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let days = self.days.bind(py);
        if let Some(day) = days.get_item(&number)? {
            return Ok(day);
        }
        let day = self.day.bind(py).call1((&number,))?;
        days.set_item(number, &day)?;
        Ok(day)
    }

    fn quotes<'py>(
        &self,
        py: Python<'py>,
        stored: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let make = self.quote.bind(py);
        let quotes: PyResult<Vec<_>> = stored
            .try_iter()?
            .map(|one| make.call1(one?.cast_into::<PyTuple>()?))
            .collect();
        Ok(PyTuple::new(py, quotes?)?.into_any())
    }

    /// The first character of an article in its source; 0 where the source doesn't say.
    fn base<'py>(
        &self,
        py: Python<'py>,
        source: &Bound<'py, PyAny>,
        article: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let bases = self.bases_in(py, source)?.cast_into::<PyDict>()?;
        let found = bases.get_item(article)?;
        found.map_or_else(|| Ok(0i64.into_pyobject(py)?.into_any()), Ok)
    }

    fn bases_in<'py>(
        &self,
        py: Python<'py>,
        source: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let sources = self.sources.bind(py);
        if let Some(bases) = sources.get_item(source)? {
            return Ok(bases);
        }
        let bases = self.bases.bind(py).call1((source,))?;
        sources.set_item(source, &bases)?;
        Ok(bases)
    }
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Paragraphs>()
}

//! The classes Paragraphs and StoredHit: stored documents as the paragraphs that Python shows.
//!
//! What searcher/indexing/documents.py does by way of a dictionary, for the hits of a page: they
//! are unpacked in one go, and what nobody reads of them never becomes an object.

use std::sync::Arc;

use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyTuple};

use crate::error::{Error, Result};
use crate::paragraph::{Field, StoredParagraph};
use crate::python::search::Hit;
use crate::python::segment::PySegment;
use crate::python::values::from_value;
use crate::segment::Segment;
use crate::stored::Block;

/// Sources whose bases are kept, so that many hits take no more memory than few.
const SOURCES_KEPT: usize = 256;

/// Reads paragraphs.
#[pyclass(name = "Paragraphs", module = "searcher._native", frozen)]
pub struct Paragraphs {
    segments: Vec<Arc<Segment>>,
    make: Py<PyAny>,
    quote: Py<PyAny>,
    day: Py<PyAny>,
    bases: Py<PyAny>,
    /// What was read and asked for before: source to {article: base}, yyyymmdd to its day.
    sources: Py<PyDict>,
    days: Py<PyDict>,
    empty: Py<PyTuple>,
}

#[pymethods]
impl Paragraphs {
    #[new]
    fn new(
        py: Python<'_>,
        segments: Vec<Bound<'_, PySegment>>,
        make: Py<PyAny>,
        quote: Py<PyAny>,
        day: Py<PyAny>,
        bases: Py<PyAny>,
    ) -> Paragraphs {
        let segments = segments.iter().map(|segment| Arc::clone(&segment.get().0));
        Paragraphs {
            segments: segments.collect(),
            make,
            quote,
            day,
            bases,
            sources: PyDict::new(py).unbind(),
            days: PyDict::new(py).unbind(),
            empty: PyTuple::empty(py).unbind(),
        }
    }

    /// Unpack the paragraphs of some hits.
    fn hits(slf: Bound<'_, Self>, hits: Vec<Hit>) -> PyResult<Vec<StoredHit>> {
        hits.iter().try_for_each(|hit| slf.get().check(hit))?;
        Paragraphs::of(&slf, &hits)
    }

    /// {article: base} of a source; None where the bases are in parts of its record.
    fn bases_of<'py>(&self, py: Python<'py>, source: &str) -> PyResult<Bound<'py, PyAny>> {
        self.bases_in(PyString::new(py, source))
    }
}

impl Paragraphs {
    /// The paragraphs of hits that are in the segments.
    fn of(slf: &Bound<'_, Self>, hits: &[Hit]) -> PyResult<Vec<StoredHit>> {
        let reader = slf.get();
        let unpacked = slf.py().detach(|| reader.unpacked(hits))?;
        let stored = Stored::each(slf, unpacked);
        Ok(stored.map(StoredHit).collect())
    }

    fn check(&self, &(_, at, doc): &Hit) -> PyResult<()> {
        let segment = self.segments.get(at as usize);
        match segment.is_some_and(|segment| doc < segment.doc_count()) {
            true => Ok(()),
            false => Err(PyIndexError::new_err(format!(
                "there is no document {doc} in a segment {at}"
            ))),
        }
    }

    /// Read them in the order of the segments, so that each block is unpacked once.
    pub fn unpacked(&self, hits: &[Hit]) -> Result<Vec<(Hit, StoredParagraph)>> {
        let mut order: Vec<usize> = (0..hits.len()).collect();
        order.sort_unstable_by_key(|&at| (hits[at].1, hits[at].2));
        let segment = |at: usize| &self.segments[hits[at].1 as usize];
        // First all that has to come from far: one takes as long as ten.
        let blocks = order.iter().map(|&at| segment(at).fetch(hits[at].2));
        let blocks: Vec<_> = blocks.collect::<Result<_>>()?;
        let mut found: Vec<_> = hits.iter().map(|_| None).collect();
        for (at, block) in order.into_iter().zip(blocks) {
            found[at] = Some((hits[at], read(segment(at), hits[at].2, block)?));
        }
        Ok(found.into_iter().flatten().collect())
    }

    fn whole<'py>(&self, py: Python<'py>, hit: &Stored) -> PyResult<Bound<'py, PyAny>> {
        let (stored, base) = (&hit.paragraph, self.base(py, hit)?);
        let values: PyResult<Vec<_>> = Field::ARGUMENTS
            .into_iter()
            .map(|field| self.argument(py, stored, field, base))
            .collect();
        self.make.bind(py).call1(PyTuple::new(py, values?)?)
    }

    fn argument<'py>(
        &self,
        py: Python<'py>,
        stored: &StoredParagraph,
        field: Field,
        base: i64,
    ) -> PyResult<Bound<'py, PyAny>> {
        match field {
            Field::Number => number(py, stored.number(field)),
            Field::Start | Field::End => number(py, stored.number(field).saturating_add(base)),
            Field::Date => self.day(py, stored.number(field)),
            Field::Desk => self.several(py, stored, field),
            Field::Quotes => self.quotes(self.several(py, stored, field)?),
            text => Ok(PyString::new(py, stored.text(text)).into_any()),
        }
    }

    fn several<'py>(
        &self,
        py: Python<'py>,
        stored: &StoredParagraph,
        field: Field,
    ) -> PyResult<Bound<'py, PyAny>> {
        match stored.value(field) {
            Some(value) => from_value(py, &value),
            None => Ok(self.empty.bind(py).clone().into_any()),
        }
    }

    fn quotes<'py>(&self, stored: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = stored.py();
        if stored.is(&self.empty) {
            return Ok(stored);
        }
        let make = self.quote.bind(py);
        let quotes: PyResult<Vec<_>> = stored
            .try_iter()?
            .map(|one| make.call1(one?.cast_into::<PyTuple>()?))
            .collect();
        Ok(PyTuple::new(py, quotes?)?.into_any())
    }

    fn day<'py>(&self, py: Python<'py>, number: i64) -> PyResult<Bound<'py, PyAny>> {
        let days = self.days.bind(py);
        if let Some(day) = days.get_item(number)? {
            return Ok(day);
        }
        let day = self.day.bind(py).call1((number,))?;
        days.set_item(number, &day)?;
        Ok(day)
    }

    /// The first character of an article in its source; 0 where the source doesn't say.
    fn base(&self, py: Python<'_>, hit: &Stored) -> PyResult<i64> {
        let stored = &hit.paragraph;
        let source = match stored.text(Field::Origin) {
            "" => stored.text(Field::Path),
            origin => origin,
        };
        let source = PyString::new(py, source);
        let mut bases = self.bases_in(source.clone())?;
        if bases.is_none() {
            let segment = &self.segments[hit.place.0 as usize];
            let numbers = segment.numbers("article_no")?;
            let number = numbers.map_or(0, |numbers| numbers.get(hit.place.1));
            bases = self.bases.bind(py).call1((source, number))?;
        }
        let found = bases
            .cast_into::<PyDict>()?
            .get_item(stored.text(Field::Article))?;
        found.map_or(Ok(0), |base| base.extract())
    }

    fn bases_in<'py>(&self, source: Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        let py = source.py();
        let sources = self.sources.bind(py);
        if let Some(bases) = sources.get_item(&source)? {
            return Ok(bases);
        }
        if sources.len() >= SOURCES_KEPT {
            sources.clear();
        }
        let bases = self.bases.bind(py).call1((&source,))?;
        sources.set_item(source, &bases)?;
        Ok(bases)
    }
}

fn number(py: Python<'_>, number: i64) -> PyResult<Bound<'_, PyAny>> {
    Ok(number.into_pyobject(py)?.into_any())
}

fn read(segment: &Segment, doc: u32, block: Option<Block>) -> Result<StoredParagraph> {
    let bytes = match block {
        Some(block) => segment.unpacked(doc, &block)?,
        None => Vec::new(),
    };
    let found = StoredParagraph::read(bytes);
    found.ok_or_else(|| Error::damaged(segment.path(), 0, format!("stored document {doc}")))
}

/// What is stored of a hit, of which a value becomes an object when it is read.
pub struct Stored {
    pub score: f64,
    /// Ordinal of the segment, docnum.
    place: (u32, u32),
    paragraph: StoredParagraph,
    reader: Py<Paragraphs>,
    whole: PyOnceLock<Py<PyAny>>,
}

impl Stored {
    /// Give hits that were unpacked their reader.
    pub fn each<'b, 'py>(
        reader: &'b Bound<'py, Paragraphs>,
        unpacked: Vec<(Hit, StoredParagraph)>,
    ) -> impl ExactSizeIterator<Item = Stored> + use<'b, 'py> {
        let each = unpacked.into_iter();
        each.map(|((score, segment, doc), paragraph)| Stored {
            score,
            place: (segment, doc),
            paragraph,
            reader: reader.clone().unbind(),
            whole: PyOnceLock::new(),
        })
    }

    pub fn text(&self, field: Field) -> &str {
        self.paragraph.text(field)
    }

    pub fn bytes(&self, field: Field) -> &[u8] {
        self.paragraph.bytes(field)
    }

    /// Of the paragraph in its article.
    pub fn number(&self) -> i64 {
        self.paragraph.number(Field::Number)
    }

    pub fn date<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let reader = self.reader.bind(py).get();
        reader.day(py, self.paragraph.number(Field::Date))
    }

    /// The paragraph, made when it is first asked for.
    pub fn whole<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let reader = self.reader.bind(py).get();
        let make = || Ok(reader.whole(py, self)?.unbind());
        let whole: PyResult<_> = self.whole.get_or_try_init(py, make);
        Ok(whole?.bind(py).clone())
    }
}

/// A hit as the engine gives it: its score, and its paragraph.
#[pyclass(name = "StoredHit", module = "searcher._native", frozen)]
pub struct StoredHit(pub Stored);

#[pymethods]
impl StoredHit {
    #[getter]
    fn score(&self) -> f64 {
        self.0.score
    }

    #[getter]
    fn facts(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    #[getter]
    fn id(&self) -> &str {
        self.0.text(Field::Id)
    }

    #[getter]
    fn article(&self) -> &str {
        self.0.text(Field::Article)
    }

    #[getter]
    fn number(&self) -> i64 {
        self.0.number()
    }

    #[getter]
    fn kind(&self) -> &str {
        self.0.text(Field::Kind)
    }

    #[getter]
    fn section(&self) -> &str {
        self.0.text(Field::Section)
    }

    #[getter]
    fn text(&self) -> &str {
        self.0.text(Field::Text)
    }

    #[getter]
    fn title(&self) -> &str {
        self.0.text(Field::Title)
    }

    #[getter]
    fn date<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.date(py)
    }

    /// The paragraph, made when it is first asked for.
    #[getter]
    fn paragraph<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.whole(py)
    }
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<StoredHit>()?;
    module.add_class::<Paragraphs>()
}

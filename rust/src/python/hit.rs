//! The class Hit, to the package PageHit: searcher/results/plain.py in the core, where a page
//! makes ten of them.
//!
//! A hit is one object.  What is stored of it stays bytes until it is read; its paragraph, its
//! spans and its snippet are made when they are first asked for.  What no search waits for is
//! left to Python.

use std::sync::{Arc, Mutex, PoisonError};

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyTuple};

use crate::paragraph::Field;
use crate::python::paragraph::{Stored, StoredHit};
use crate::python::quick::Late;

const ARGUMENTS: [&str; 9] = [
    "paragraph",
    "score",
    "spans",
    "snippet",
    "before",
    "after",
    "more",
    "duplicates",
    "in_article",
];

/// A paragraph that matches, with its score and what matched in it.
///
/// Paragraph, spans and snippet are made when they are first asked for.
///
/// Attributes:
///     paragraph: the paragraph, whole; its attributes are the hit's too.
///     score: BM25F, 0 or more; 0 when the query only filters.
///     spans: (start, end) in `text` of what matched, in order, never overlapping.
///     snippet: the best excerpt of the paragraph.
///     before, after: neighbouring paragraphs of the article, when asked for.
///     more: the next best hits of the article, when hits are grouped by article.
///     in_article: how many hits the article has in all, when they are grouped; else 0.
///     duplicates: its near-duplicates, when they are looked for.
#[pyclass(name = "Hit", module = "searcher.results", frozen)]
pub struct PyHit {
    #[pyo3(get)]
    score: f64,
    source: Source,
    page: Page,
    paragraph: PyOnceLock<Py<PyAny>>,
    /// (spans, snippet)
    found: PyOnceLock<Py<PyTuple>>,
    beside: Mutex<Option<Box<Beside>>>,
}

/// Where its paragraph comes from.
// Nearly every hit has its own: a box would be one more thing to make for each.
#[allow(clippy::large_enum_variant)]
enum Source {
    /// It is there.
    Whole(Py<PyAny>),
    /// What another engine found (searcher.results.Scored), and what shows its attributes.
    Scored(Py<PyAny>, Py<PyAny>),
    Shared(Py<StoredHit>),
    Own(Stored),
}

/// What makes its paragraph the one that is shown, and what finds spans and snippet.
enum Page {
    /// Both were given.
    None,
    /// (place, marks)
    Ready(Py<PyTuple>),
    Late(Arc<Late>),
}

/// What few hits have.
#[derive(Default)]
struct Beside {
    before: Option<Py<PyAny>>,
    after: Option<Py<PyAny>>,
    more: Option<Py<PyAny>>,
    duplicates: Option<Py<PyAny>>,
    in_article: Option<Py<PyAny>>,
}

#[pymethods]
impl PyHit {
    #[new]
    #[pyo3(signature = (paragraph, score, spans, snippet, before=None, after=None, more=None,
                        duplicates=None, in_article=None))]
    #[allow(clippy::too_many_arguments)]
    fn new(
        py: Python<'_>,
        paragraph: Py<PyAny>,
        score: f64,
        spans: Py<PyAny>,
        snippet: Py<PyAny>,
        before: Option<Py<PyAny>>,
        after: Option<Py<PyAny>>,
        more: Option<Py<PyAny>>,
        duplicates: Option<Py<PyAny>>,
        in_article: Option<Py<PyAny>>,
    ) -> PyResult<PyHit> {
        let hit = PyHit::of(score, Source::Whole(paragraph), Page::None);
        let found = (spans, snippet).into_pyobject(py)?.unbind();
        let _ = hit.found.set(py, found);
        hit.set(|beside| {
            *beside = Beside {
                before,
                after,
                more,
                duplicates,
                in_article,
            }
        });
        Ok(hit)
    }

    /// Return a hit that makes no more of itself than it is asked for.
    #[staticmethod]
    fn late(scored: &Bound<'_, PyAny>, page: Py<PyTuple>) -> PyResult<PyHit> {
        let page = Page::Ready(page);
        if let Ok(stored) = scored.cast_exact::<StoredHit>() {
            let source = Source::Shared(stored.clone().unbind());
            return Ok(PyHit::of(stored.get().0.score, source, page));
        }
        let py = scored.py();
        let facts = scored.getattr(intern!(py, "facts"))?.unbind();
        let source = Source::Scored(scored.clone().unbind(), facts);
        let score = scored.getattr(intern!(py, "score"))?.extract()?;
        Ok(PyHit::of(score, source, page))
    }

    #[classattr]
    fn __match_args__(py: Python<'_>) -> PyResult<Bound<'_, PyTuple>> {
        PyTuple::new(py, ARGUMENTS)
    }

    fn __eq__(slf: &Bound<'_, Self>, other: &Bound<'_, PyAny>) -> PyResult<bool> {
        if slf.is(other) {
            return Ok(true);
        }
        match other.cast::<PyHit>() {
            Ok(other) => told(slf)?.eq(told(other)?),
            Err(_) => Ok(false),
        }
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        (self.id(py)?, self.score).into_pyobject(py)?.hash()
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let told = told(slf)?;
        let shown: PyResult<Vec<_>> = ARGUMENTS
            .iter()
            .zip(told.iter())
            .map(|(name, value)| Ok(format!("{name}={}", value.repr()?)))
            .collect();
        Ok(format!("Hit({})", shown?.join(", ")))
    }

    fn __reduce__<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        Ok((slf.get_type().into_any(), told(slf)?))
    }

    /// The paragraph, whole.
    #[getter]
    fn paragraph<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        if let Some(made) = self.paragraph.get(py) {
            return Ok(made.bind(py).clone());
        }
        let whole = match &self.source {
            Source::Whole(paragraph) => return Ok(paragraph.bind(py).clone()),
            Source::Scored(scored, _) => scored.bind(py).getattr(intern!(py, "paragraph"))?,
            Source::Shared(hit) => hit.get().0.whole(py)?,
            Source::Own(stored) => stored.whole(py)?,
        };
        let placed = match self.page(py)? {
            Some(page) => page.get_item(0)?.call1((whole,))?,
            None => whole,
        };
        // Another thread may have made it meanwhile.
        let _ = self.paragraph.set(py, placed.clone().unbind());
        Ok(placed)
    }

    /// (start, end) in `text` of what matched, in order, never overlapping.
    #[getter]
    fn spans<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        marked(slf)?.get_item(0)
    }

    /// The best excerpt of the paragraph.
    #[getter]
    fn snippet<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        marked(slf)?.get_item(1)
    }

    /// Paragraph id, `article#pN`.
    #[getter]
    fn id<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.text_of(py, Field::Id, intern!(py, "id"))
    }

    /// Id of the article.
    #[getter]
    fn article<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.text_of(py, Field::Article, intern!(py, "article"))
    }

    /// Ordinal of the paragraph in its article, from 1; 0 is the headline.
    #[getter]
    fn number<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.stored() {
            Some(stored) => Ok(stored.number().into_pyobject(py)?.into_any()),
            None => self.fact(py, intern!(py, "number")),
        }
    }

    /// One of searcher.model.KINDS.
    #[getter]
    fn kind<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.text_of(py, Field::Kind, intern!(py, "kind"))
    }

    /// Headline of the article; may be empty.
    #[getter]
    fn title<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.text_of(py, Field::Title, intern!(py, "title"))
    }

    /// Day of first publication; None when the source doesn't say.
    #[getter]
    fn date<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.stored() {
            Some(stored) => stored.date(py),
            None => self.fact(py, intern!(py, "date")),
        }
    }

    /// The in-article heading it stands under; empty before the first.
    #[getter]
    fn section<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.text_of(py, Field::Section, intern!(py, "section"))
    }

    /// The paragraph, whole.
    #[getter]
    fn text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.text_of(py, Field::Text, intern!(py, "text"))
    }

    /// The publication's own sections.
    #[getter]
    fn desk<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.paragraph(py)?.getattr(intern!(py, "desk"))
    }

    /// The source file.
    #[getter]
    fn path<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.paragraph(py)?.getattr(intern!(py, "path"))
    }

    /// First character in the decoded source file.
    #[getter]
    fn start_char<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.paragraph(py)?.getattr(intern!(py, "start_char"))
    }

    /// One past the last character in the decoded source file.
    #[getter]
    fn end_char<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.paragraph(py)?.getattr(intern!(py, "end_char"))
    }

    #[getter]
    fn before<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
        self.several(py, |beside| &beside.before)
    }

    #[setter]
    fn set_before(&self, value: Py<PyAny>) {
        self.set(|beside| beside.before = Some(value));
    }

    #[getter]
    fn after<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
        self.several(py, |beside| &beside.after)
    }

    #[setter]
    fn set_after(&self, value: Py<PyAny>) {
        self.set(|beside| beside.after = Some(value));
    }

    #[getter]
    fn more<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
        self.several(py, |beside| &beside.more)
    }

    #[setter]
    fn set_more(&self, value: Py<PyAny>) {
        self.set(|beside| beside.more = Some(value));
    }

    #[getter]
    fn duplicates<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
        self.several(py, |beside| &beside.duplicates)
    }

    #[setter]
    fn set_duplicates(&self, value: Py<PyAny>) {
        self.set(|beside| beside.duplicates = Some(value));
    }

    #[getter]
    fn in_article<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.beside(py, |beside| &beside.in_article) {
            Some(count) => Ok(count),
            None => Ok(0_u32.into_pyobject(py)?.into_any()),
        }
    }

    #[setter]
    fn set_in_article(&self, value: Py<PyAny>) {
        self.set(|beside| beside.in_article = Some(value));
    }

    /// What makes its paragraph the one that is shown, and what finds spans and snippet.
    #[getter]
    fn _page<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        self.page(py)
    }

    fn _whole<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.paragraph(py)
    }

    /// Return the hit under the keys of docs/json.md.
    fn as_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let results = slf.py().import(intern!(slf.py(), "searcher.results"))?;
        results.call_method1(intern!(slf.py(), "hit_dict"), (slf,))
    }
}

impl PyHit {
    /// A hit of a page whose query took no tree.
    pub fn quick(stored: Stored, late: Option<Arc<Late>>) -> PyHit {
        let page = late.map_or(Page::None, Page::Late);
        PyHit::of(stored.score, Source::Own(stored), page)
    }

    fn of(score: f64, source: Source, page: Page) -> PyHit {
        PyHit {
            score,
            source,
            page,
            paragraph: PyOnceLock::new(),
            found: PyOnceLock::new(),
            beside: Mutex::new(None),
        }
    }

    fn stored(&self) -> Option<&Stored> {
        match &self.source {
            Source::Own(stored) => Some(stored),
            Source::Shared(hit) => Some(&hit.get().0),
            Source::Whole(_) | Source::Scored(..) => None,
        }
    }

    fn text_of<'py>(
        &self,
        py: Python<'py>,
        field: Field,
        name: &Bound<'py, PyString>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match self.stored() {
            // Its bytes are UTF-8: asking again would cost as much as making the object.
            Some(stored) => Ok(PyString::from_bytes(py, stored.bytes(field))?.into_any()),
            None => self.fact(py, name),
        }
    }

    /// An attribute of what another engine found.
    fn fact<'py>(
        &self,
        py: Python<'py>,
        name: &Bound<'py, PyString>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match &self.source {
            Source::Whole(facts) | Source::Scored(_, facts) => facts.bind(py).getattr(name),
            Source::Shared(_) | Source::Own(_) => self.paragraph(py)?.getattr(name),
        }
    }

    fn page<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        Ok(match &self.page {
            Page::None => None,
            Page::Ready(page) => Some(page.bind(py).clone()),
            Page::Late(late) => Some(late.page(py)?),
        })
    }

    fn beside<'py>(
        &self,
        py: Python<'py>,
        which: impl Fn(&Beside) -> &Option<Py<PyAny>>,
    ) -> Option<Bound<'py, PyAny>> {
        let beside = self.beside.lock().unwrap_or_else(PoisonError::into_inner);
        let value = beside.as_deref().and_then(|beside| which(beside).as_ref());
        value.map(|value| value.bind(py).clone())
    }

    fn several<'py>(
        &self,
        py: Python<'py>,
        which: impl Fn(&Beside) -> &Option<Py<PyAny>>,
    ) -> Bound<'py, PyAny> {
        let found = self.beside(py, which);
        found.unwrap_or_else(|| PyTuple::empty(py).into_any())
    }

    fn set(&self, change: impl FnOnce(&mut Beside)) {
        let mut beside = self.beside.lock().unwrap_or_else(PoisonError::into_inner);
        change(beside.get_or_insert_default());
    }
}

/// The arguments that make a hit again.
fn told<'py>(hit: &Bound<'py, PyHit>) -> PyResult<Bound<'py, PyTuple>> {
    let values: PyResult<Vec<_>> = ARGUMENTS.iter().map(|name| hit.getattr(*name)).collect();
    PyTuple::new(hit.py(), values?)
}

/// Its spans and its snippet.
fn marked<'py>(hit: &Bound<'py, PyHit>) -> PyResult<Bound<'py, PyTuple>> {
    let (py, this) = (hit.py(), hit.get());
    if let Some(found) = this.found.get(py) {
        return Ok(found.bind(py).clone());
    }
    let found = find(hit)?;
    // Another thread may have found them meanwhile.
    let _ = this.found.set(py, found.clone().unbind());
    Ok(found)
}

fn find<'py>(hit: &Bound<'py, PyHit>) -> PyResult<Bound<'py, PyTuple>> {
    let (py, this) = (hit.py(), hit.get());
    let text = this.text_of(py, Field::Text, intern!(py, "text"))?;
    if let Page::Late(late) = &this.page {
        if let Some(found) = late.found(text.cast::<PyString>()?)? {
            return Ok(found);
        }
    }
    let Some(page) = this.page(py)? else {
        return (PyTuple::empty(py), py.None()).into_pyobject(py);
    };
    let paragraph = hit.getattr(intern!(py, "_whole"))?;
    let found = page.get_item(1)?.call1((text, paragraph))?;
    Ok(found.cast_into::<PyTuple>()?)
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("PageHit", module.py().get_type::<PyHit>())
}

//! The function is_storable: whether an index can hold an article as it was read, as
//! searcher/indexing/documents.py says it.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyInt, PyString, PyTuple, PyType};

/// Characters of an id, and of another fact (documents.MAX_ID_CHARS, MAX_VALUE_CHARS).
const MOST_OF_ID: usize = 4_000;
const MOST_OF_VALUE: usize = 100_000;
/// The kinds of a paragraph (model.KINDS).
const KINDS: &[&str] = &["text", "quote", "list", "headline", "heading", "caption"];

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(is_storable, module)?)
}

/// Tell whether nothing is amiss with an article; False when Python has to look.
#[pyfunction]
fn is_storable<'py>(article: &Bound<'py, PyAny>) -> PyResult<bool> {
    let py = article.py();
    let of = |name: &Bound<'py, PyString>| article.getattr(name);
    let id = of(intern!(py, "id"))?;
    let names = [
        intern!(py, "path"),
        intern!(py, "date_source"),
        intern!(py, "title"),
        intern!(py, "city"),
        intern!(py, "author"),
        intern!(py, "source"),
        intern!(py, "language"),
        intern!(py, "url"),
    ];
    if !text(&id).is_some_and(|id| (1..=MOST_OF_ID).contains(&id.len())) {
        return Ok(false);
    }
    for name in names {
        if !is_value(&of(name)?) {
            return Ok(false);
        }
    }
    let (date, desk) = (of(intern!(py, "date"))?, of(intern!(py, "desk"))?);
    if !(date.is_none() || is_day(&date)?) || !all(&desk, |desk| text(desk).is_some()) {
        return Ok(false);
    }
    blocks(&of(intern!(py, "blocks"))?)
}

fn blocks(blocks: &Bound<'_, PyAny>) -> PyResult<bool> {
    let Ok(blocks) = blocks.cast_exact::<PyTuple>() else {
        return Ok(false);
    };
    for block in blocks.iter_borrowed() {
        if !is_block(&block)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is_block(block: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = block.py();
    let kind = block.getattr(intern!(py, "kind"))?;
    let shown = block.getattr(intern!(py, "text"))?;
    let quotes = block.getattr(intern!(py, "quotes"))?;
    let is_kind = text(&kind).is_some_and(|kind| KINDS.contains(&kind));
    Ok(is_kind && text(&shown).is_some_and(|shown| are_quotes(&quotes, shown)))
}

/// Whether quotations are in order, in their text, and don't overlap.
fn are_quotes(quotes: &Bound<'_, PyAny>, shown: &str) -> bool {
    let mut end = 0;
    let is_next = |quote: &Bound<'_, PyAny>| {
        let begin = end;
        let (Some(from), Some(to)) = (place(quote, 0), place(quote, 1)) else {
            return false;
        };
        end = to;
        begin <= from && from <= to && item(quote, 2).is_some_and(|name| is_value(&name))
    };
    // Most texts have no quotation, and needn't be counted.
    all(quotes, is_next) && (end == 0 || end <= shown.chars().count())
}

fn place(quote: &Bound<'_, PyAny>, at: usize) -> Option<usize> {
    item(quote, at)?.cast_exact::<PyInt>().ok()?.extract().ok()
}

fn item<'py>(quote: &Bound<'py, PyAny>, at: usize) -> Option<Bound<'py, PyAny>> {
    let quote = quote.cast::<PyTuple>().ok()?;
    (quote.len() == 3).then(|| quote.get_item(at).ok())?
}

/// Whether a value is a tuple all of whose items are right.
fn all(items: &Bound<'_, PyAny>, mut is_right: impl FnMut(&Bound<'_, PyAny>) -> bool) -> bool {
    let items = items.cast_exact::<PyTuple>();
    items.is_ok_and(|items| items.iter_borrowed().all(|item| is_right(&item)))
}

/// A text without NUL and without half a surrogate pair.
fn text<'a>(value: &'a Bound<'_, PyAny>) -> Option<&'a str> {
    let text = value.cast_exact::<PyString>().ok()?.to_str().ok()?;
    (!text.contains('\0')).then_some(text)
}

/// Whether a value is such a text and surely not too long: it has no more characters than bytes.
fn is_value(value: &Bound<'_, PyAny>) -> bool {
    text(value).is_some_and(|text| text.len() <= MOST_OF_VALUE)
}

fn is_day(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    static DATE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    value.is_instance(DATE.import(value.py(), "datetime", "date")?)
}

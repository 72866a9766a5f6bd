//! The classes Stems and Marker, and the function html.

use std::cell::Cell;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

use crate::forms::AnyGlob;
use crate::highlight::excerpt::{excerpt, is_whole, shown};
use crate::highlight::html;
use crate::highlight::mark::Mark;
use crate::highlight::stems::Stems;
use crate::highlight::words::{Ending, Near, One, Read, Within, Word};
use crate::highlight::Span;
use crate::tokens::Tokens;

/// Deeper trees than any query's are refused, as they would use up the stack.
const MOST_DEPTH: usize = 400;

thread_local! {
    /// Memory for the tokens of the next text.
    static TOKENS: Cell<Tokens> = Cell::default();
}

/// What Python said of the stems of forms, remembered.
#[pyclass(name = "Stems", module = "searcher._native", frozen)]
pub struct PyStems {
    stem: Py<PyAny>,
    known: Mutex<Stems>,
}

#[pymethods]
impl PyStems {
    #[new]
    fn new(stem: Py<PyAny>) -> PyStems {
        PyStems {
            stem,
            known: Mutex::default(),
        }
    }
}

impl PyStems {
    /// The stem of a form.
    pub fn of(&self, py: Python<'_>, form: &str) -> PyResult<Vec<u8>> {
        loop {
            if let Some(stem) = self.known().stem(form) {
                return Ok(stem.to_vec());
            }
            self.learn(py, &[form])?;
        }
    }

    /// Return the spans of a mark in a text and the parts of its excerpt; Some(None) when the mark
    /// doesn't match, None when the text has to be read in Python.
    pub fn marked<'py>(
        &self,
        py: Python<'py>,
        mark: &Mark,
        text: &Bound<'py, PyString>,
        max_chars: usize,
    ) -> PyResult<Option<Option<Shown<'py>>>> {
        // A text with half a surrogate pair is no UTF-8.
        let Ok(letters) = text.to_str() else {
            return Ok(None);
        };
        // Taken, not borrowed: to learn stems is to call Python, which may mark other texts.
        let mut tokens = TOKENS.take();
        let spans = match tokens.cut(letters) {
            true => self.spans(py, mark, &tokens).map(Some),
            false => Ok(None),
        };
        TOKENS.set(tokens);
        match spans? {
            None => Ok(None),
            Some(None) => Ok(Some(None)),
            Some(Some(spans)) => Ok(Some(Some(shown_in(text, letters, &spans, max_chars)?))),
        }
    }

    fn known(&self) -> MutexGuard<'_, Stems> {
        // What is in there is right whoever panicked.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Return the spans of a mark in a text.
    fn spans(&self, py: Python<'_>, mark: &Mark, tokens: &Tokens) -> PyResult<Option<Vec<Span>>> {
        if !mark.asks_stems() {
            return Ok(spans(mark, tokens, &[], &Stems::default()));
        }
        loop {
            let mut known = self.known();
            known.forget_if_full();
            let mut stems = Vec::with_capacity(tokens.len());
            stems.extend(tokens.forms().map_while(|form| known.of(form)));
            if stems.len() == tokens.len() {
                return Ok(spans(mark, tokens, &stems, &known));
            }
            let new: Vec<&str> = tokens
                .forms()
                .filter(|form| known.of(form).is_none())
                .collect();
            // Python may let another thread run, which may come here.
            drop(known);
            self.learn(py, &new)?;
        }
    }

    fn learn(&self, py: Python<'_>, forms: &[&str]) -> PyResult<()> {
        let stem = |form: &&str| self.stem.call1(py, (form,))?.extract(py);
        let stems: Vec<String> = forms.iter().map(stem).collect::<PyResult<_>>()?;
        let mut known = self.known();
        for (form, stem) in forms.iter().zip(&stems) {
            known.learn(form, stem);
        }
        Ok(())
    }
}

fn spans(mark: &Mark, tokens: &Tokens, stems: &[u32], known: &Stems) -> Option<Vec<Span>> {
    mark.spans(&Read {
        tokens,
        stems,
        known,
    })
}

/// Finds what a tree marks in a text.
#[pyclass(name = "Marker", module = "searcher._native", frozen)]
pub struct PyMarker {
    mark: Mark,
    stems: Py<PyStems>,
}

#[pymethods]
impl PyMarker {
    #[new]
    fn new(tree: &Bound<'_, PyAny>, stems: Py<PyStems>) -> PyResult<PyMarker> {
        let mark = mark_of(tree, 0)?;
        Ok(PyMarker { mark, stems })
    }

    /// Return the spans and the excerpt of a text; () when the tree doesn't match, None when
    /// the text has to be read in Python.
    fn mark<'py>(
        &self,
        py: Python<'py>,
        text: &Bound<'py, PyString>,
        max_chars: usize,
    ) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let found = self.stems.get().marked(py, &self.mark, text, max_chars)?;
        match found {
            None => Ok(None),
            Some(None) => Ok(Some(PyTuple::empty(py))),
            Some(Some(shown)) => shown.into_pyobject(py).map(Some),
        }
    }
}

/// (spans, (text of the excerpt, its spans, its start, whether it is cut before, and behind))
type Shown<'py> = (Bound<'py, PyTuple>, Parts<'py>);
type Parts<'py> = (Bound<'py, PyString>, Bound<'py, PyTuple>, usize, bool, bool);

fn shown_in<'py>(
    text: &Bound<'py, PyString>,
    letters: &str,
    spans: &[Span],
    max_chars: usize,
) -> PyResult<Shown<'py>> {
    let py = text.py();
    let all = PyTuple::new(py, spans)?;
    // It has no more characters than bytes.
    if is_whole(letters.len(), max_chars) {
        return Ok((all.clone(), (text.clone(), all, 0, false, false)));
    }
    let chars: Vec<char> = letters.chars().collect();
    let (start, end) = excerpt(&chars, spans, max_chars);
    let part: String = chars[start..end].iter().collect();
    let inside = PyTuple::new(py, shown(spans, (start, end)))?;
    let part = PyString::new(py, &part);
    Ok((all, (part, inside, start, start > 0, end < chars.len())))
}

/// Read a tree; its shapes stand in searcher/marks.py.
fn mark_of(object: &Bound<'_, PyAny>, depth: usize) -> PyResult<Mark> {
    let name = name_of(object, depth)?;
    let parts = || each(&object.get_item(1)?, |part| mark_of(part, depth + 1));
    Ok(match name.as_str() {
        "and" => Mark::And(parts()?),
        "or" => Mark::Or(parts()?),
        "not" => Mark::Not(Box::new(mark_of(&object.get_item(1)?, depth + 1)?)),
        _ => Mark::Word(word_of(object, depth)?),
    })
}

fn word_of(object: &Bound<'_, PyAny>, depth: usize) -> PyResult<Word> {
    let name = name_of(object, depth)?;
    let inner = |object: &Bound<'_, PyAny>| word_of(object, depth + 1);
    Ok(match name.as_str() {
        "either" => Word::Either(each(&object.get_item(1)?, inner)?),
        "phrase" => Word::Phrase {
            places: each(&object.get_item(1)?, one_of)?,
            slop: object.get_item(2)?.extract()?,
        },
        "near" => Word::Near(Box::new(Near {
            left: inner(&object.get_item(1)?)?,
            right: inner(&object.get_item(2)?)?,
            distance: object.get_item(3)?.extract()?,
            ordered: object.get_item(4)?.extract()?,
            absent: object.get_item(5)?.extract()?,
        })),
        _ => Word::One(one_of(object)?),
    })
}

fn one_of(object: &Bound<'_, PyAny>) -> PyResult<One> {
    let name = name_of(object, 0)?;
    let text: String = object.get_item(1)?.extract()?;
    let ending = || ending_of(&object.get_item(2)?);
    Ok(match name.as_str() {
        "stem" => One::Stem(text),
        "form" => One::Form(text, ending()?),
        "glob" => One::Glob(AnyGlob::new(&text), ending()?),
        "within" => One::Within(
            Within::new(&text, object.get_item(3)?.extract()?)?,
            ending()?,
        ),
        _ => {
            let message = format!("a tree of marks has no part {name:?}");
            return Err(PyValueError::new_err(message));
        }
    })
}

fn ending_of(possessive: &Bound<'_, PyAny>) -> PyResult<Ending> {
    Ok(match possessive.extract()? {
        true => Ending::Possessive,
        false => Ending::Bare,
    })
}

fn name_of(object: &Bound<'_, PyAny>, depth: usize) -> PyResult<String> {
    if depth > MOST_DEPTH {
        let message = format!("a tree of marks is at most {MOST_DEPTH} deep");
        return Err(PyValueError::new_err(message));
    }
    object.get_item(0)?.extract()
}

fn each<T>(
    object: &Bound<'_, PyAny>,
    read: impl Fn(&Bound<'_, PyAny>) -> PyResult<T>,
) -> PyResult<Vec<T>> {
    object.try_iter()?.map(|one| read(&one?)).collect()
}

/// Return a text as HTML with its matches in `<mark>`; None where Python has to do it.
#[pyfunction(name = "html")]
fn html_of(text: &Bound<'_, PyString>, spans: &Bound<'_, PyAny>) -> Option<String> {
    html::html(text.to_str().ok()?, &spans_of(spans)?)
}

/// Spans as tuples of a tuple are read at once, others by and by.
fn spans_of(spans: &Bound<'_, PyAny>) -> Option<Vec<Span>> {
    let Ok(several) = spans.cast_exact::<PyTuple>() else {
        return spans.extract().ok();
    };
    let each = several.iter_borrowed();
    each.map(|span| span.extract().ok()).collect()
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PyStems>()?;
    module.add_function(wrap_pyfunction!(html_of, module)?)?;
    module.add_class::<PyMarker>()
}

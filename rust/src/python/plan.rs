//! Plans from Python's nested tuples; their shapes stand at the top of exec/plan.rs.

use std::sync::Arc;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString, PyTuple};

use crate::exec::plan::{Expansion, Forms, Likeness, Node, Word};

/// Deeper trees than any query's are refused, as they would use up the stack.
const MOST_DEPTH: usize = 400;

/// Read a plan.
///
/// Raises: ValueError, TypeError: it isn't one.
pub fn plan_of(object: &Bound<'_, PyAny>) -> PyResult<Node> {
    node(object, 0)
}

fn node(object: &Bound<'_, PyAny>, depth: usize) -> PyResult<Node> {
    let (object, name) = named(object, depth)?;
    Ok(match name.to_str()? {
        "all" => Node::All,
        "and" => Node::And(nodes(object, depth)?),
        "or" => Node::Or(nodes(object, depth)?),
        "not" => Node::Not(Box::new(node(&object.get_item(1)?, depth + 1)?)),
        "article" => Node::Article(nodes(object, depth)?),
        "lead" => Node::Lead,
        "word" => Node::Word {
            boost: object.get_item(1)?.extract()?,
            word: word(&object.get_item(2)?, depth + 1)?,
        },
        "held" => Node::Held(word(&object.get_item(1)?, depth + 1)?),
        "titled" => Node::Titled(word(&object.get_item(1)?, depth + 1)?),
        "terms" => Node::Terms {
            field: object.get_item(1)?.extract()?,
            terms: terms(&object.get_item(2)?)?,
        },
        "numbers" => Node::Numbers {
            column: object.get_item(1)?.extract()?,
            ranges: ranges(&object.get_item(2)?)?,
        },
        "given" => Node::Given {
            docs: each(&object.get_item(1)?, docs_of)?,
            tfs: each(&object.get_item(2)?, floats_of)?,
            weight: object.get_item(3)?.extract()?,
            boost: object.get_item(4)?.extract()?,
            scores: object.get_item(5)?.extract()?,
        },
        name => return Err(unknown("node", name)),
    })
}

fn word(object: &Bound<'_, PyAny>, depth: usize) -> PyResult<Word> {
    let (object, name) = named(object, depth)?;
    let inner = |at: usize| word(&object.get_item(at)?, depth + 1).map(Box::new);
    Ok(match name.to_str()? {
        "stem" => Word::Stem {
            stem: bytes_of(&object.get_item(1)?)?,
        },
        "forms" => Word::Forms {
            field: object.get_item(1)?.extract()?,
            forms: terms(&object.get_item(2)?)?,
        },
        "globbed" => expanded(object, Likeness::Glob(object.get_item(2)?.extract()?), 3)?,
        "fuzzy" => {
            let (text, distance) = (object.get_item(2)?, object.get_item(3)?);
            expanded(
                object,
                Likeness::Fuzzy(text.extract()?, distance.extract()?),
                4,
            )?
        }
        "phrase" => Word::Phrase {
            field: object.get_item(1)?.extract()?,
            places: places(&object.get_item(2)?)?,
            slop: object.get_item(3)?.extract()?,
        },
        "near" => Word::Near {
            left: inner(1)?,
            right: inner(2)?,
            distance: object.get_item(3)?.extract()?,
            ordered: object.get_item(4)?.extract()?,
            absent: object.get_item(5)?.extract()?,
        },
        "either" => Word::Either(each(&object.get_item(1)?, |one| word(one, depth + 1))?),
        "atleast" => Word::AtLeast {
            count: object.get_item(1)?.extract()?,
            word: inner(2)?,
        },
        "quoted" => Word::Quoted(inner(1)?),
        name => return Err(unknown("word", name)),
    })
}

/// Read what is the same in all expansions: the field, and `most` and `shown` at the end.
fn expanded(object: &Bound<'_, PyAny>, likeness: Likeness, end: usize) -> PyResult<Word> {
    Ok(Word::Expanded(Expansion {
        field: object.get_item(1)?.extract()?,
        likeness,
        most: object.get_item(end)?.extract()?,
        shown: object.get_item(end + 1)?.extract()?,
    }))
}

/// A part of a plan, and the name that it begins with.
pub fn named<'a, 'py>(
    object: &'a Bound<'py, PyAny>,
    depth: usize,
) -> PyResult<(&'a Bound<'py, PyTuple>, Bound<'py, PyString>)> {
    if depth > MOST_DEPTH {
        let message = format!("a plan is at most {MOST_DEPTH} deep");
        return Err(PyValueError::new_err(message));
    }
    let object = object.cast::<PyTuple>()?;
    Ok((object, object.get_item(0)?.cast_into()?))
}

pub fn unknown(what: &str, name: &str) -> PyErr {
    PyValueError::new_err(format!("a plan has no {what} {name:?}"))
}

fn nodes(object: &Bound<'_, PyTuple>, depth: usize) -> PyResult<Vec<Node>> {
    each(&object.get_item(1)?, |child| node(child, depth + 1))
}

pub fn each<T>(
    object: &Bound<'_, PyAny>,
    read: impl Fn(&Bound<'_, PyAny>) -> PyResult<T>,
) -> PyResult<Vec<T>> {
    object.try_iter()?.map(|one| read(&one?)).collect()
}

/// Read the places of a phrase; those that are the same object share their terms.
fn places(object: &Bound<'_, PyAny>) -> PyResult<Vec<Option<Forms>>> {
    let given: Vec<_> = object.try_iter()?.collect::<PyResult<_>>()?;
    let mut places: Vec<Option<Forms>> = Vec::with_capacity(given.len());
    for (at, one) in given.iter().enumerate() {
        let before = given[..at].iter().position(|other| other.is(one));
        places.push(match before {
            Some(before) => places[before].clone(),
            None if one.is_none() => None,
            None => Some(Arc::new(terms(one)?)),
        });
    }
    Ok(places)
}

pub fn terms(object: &Bound<'_, PyAny>) -> PyResult<Vec<Vec<u8>>> {
    each(object, bytes_of)
}

pub fn bytes_of(object: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    Ok(object.cast::<PyBytes>()?.as_bytes().to_vec())
}

fn ranges(object: &Bound<'_, PyAny>) -> PyResult<Vec<(u32, u32)>> {
    let ranges: Vec<(u32, u32)> = each(object, |range| range.extract())?;
    if ranges.windows(2).all(|pair| pair[0].1 < pair[1].0) {
        return Ok(ranges);
    }
    Err(PyValueError::new_err("ranges have to ascend"))
}

/// Documents from native-endian uint32.
pub fn docs_of(object: &Bound<'_, PyAny>) -> PyResult<Vec<u32>> {
    let bytes = object.cast::<PyBytes>()?.as_bytes();
    let docs = bytes.chunks_exact(4);
    if !docs.remainder().is_empty() {
        return Err(PyValueError::new_err("documents are of 4 bytes each"));
    }
    let number = |bytes: &[u8]| u32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    Ok(docs.map(number).collect())
}

pub fn floats_of(object: &Bound<'_, PyAny>) -> PyResult<Vec<f64>> {
    let bytes = object.cast::<PyBytes>()?.as_bytes();
    let floats = bytes.chunks_exact(8);
    if !floats.remainder().is_empty() {
        return Err(PyValueError::new_err("counts are of 8 bytes each"));
    }
    let number = |bytes: &[u8]| f64::from_ne_bytes(bytes.try_into().unwrap_or_default());
    Ok(floats.map(number).collect())
}

//! Stored tables by their first column, without a Python object for every value in them.

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::error::Error;
use crate::python::segment::PySegment;
use crate::python::values::from_value;
use crate::stored::{decode, Value};

/// Return one column of a stored table, by its first: `{row[0]: row[column]}` of the rows
/// `stored(doc)[key][at]`; empty where there is none.
#[pyfunction]
fn stored_column<'py>(
    py: Python<'py>,
    segment: &PySegment,
    doc: u32,
    key: &str,
    at: usize,
    column: usize,
) -> PyResult<Bound<'py, PyDict>> {
    let segment = &segment.0;
    let bytes = segment.stored(doc)?;
    let Some(value) = decode(&bytes) else {
        return Err(Error::damaged(segment.path(), 0, format!("stored document {doc}")).into());
    };
    let found = PyDict::new(py);
    for row in rows(&value, key, at).unwrap_or_default() {
        if let Some((first, wanted)) = items(row).and_then(|row| row.first().zip(row.get(column))) {
            found.set_item(from_value(py, first)?, from_value(py, wanted)?)?;
        }
    }
    Ok(found)
}

fn rows<'a>(value: &'a Value, key: &str, at: usize) -> Option<&'a [Value]> {
    let Value::Dict(pairs) = value else {
        return None;
    };
    let named = |(name, _): &&(Value, Value)| matches!(name, Value::Str(name) if name == key);
    let (_, table) = pairs.iter().find(named)?;
    items(items(table)?.get(at)?)
}

fn items(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Tuple(items) | Value::List(items) => Some(items),
        _ => None,
    }
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(stored_column, module)?)
}

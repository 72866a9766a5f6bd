//! Stored tables by their first column, without a Python object for every value in them.

use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::error::Error;
use crate::python::segment::PySegment;
use crate::python::values::from_value;
use crate::stored::{Cells, Value};

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
    let found = PyDict::new(py);
    if bytes.is_empty() {
        return Ok(found);
    }
    let Some(rows) = column_of(&bytes, key, at, column) else {
        return Err(Error::damaged(segment.path(), 0, format!("stored document {doc}")).into());
    };
    for (first, wanted) in rows {
        found.set_item(from_value(py, &first)?, from_value(py, &wanted)?)?;
    }
    Ok(found)
}

/// None when the bytes aren't values, or a row has no such column.
fn column_of(bytes: &[u8], key: &str, at: usize, column: usize) -> Option<Vec<(Value, Value)>> {
    let mut cells = Cells::new(bytes);
    for _ in 0..cells.pairs()? {
        if !matches!(cells.value()?, Value::Str(name) if name == key) {
            cells.skip(1)?;
            continue;
        }
        if cells.items()? <= at {
            break;
        }
        cells.skip(at)?;
        let rows = cells.items()?;
        return (0..rows).map(|_| cell_pair(&mut cells, column)).collect();
    }
    Some(Vec::new())
}

fn cell_pair(cells: &mut Cells<'_>, column: usize) -> Option<(Value, Value)> {
    let (count, before) = (cells.items()?, column.checked_sub(1)?);
    let behind = count.checked_sub(column + 1)?;
    let first = cells.value()?;
    cells.skip(before)?;
    let wanted = cells.value()?;
    cells.skip(behind)?;
    Some((first, wanted))
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(stored_column, module)?)
}

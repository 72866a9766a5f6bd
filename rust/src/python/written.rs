//! The function written: which paragraphs hold words as they are written.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::highlight::written::Written;
use crate::python::segment::{u32_bytes, u32s};
use crate::python::PySegment;

type Found<'py> = (
    Bound<'py, PyBytes>,
    Bound<'py, PyBytes>,
    Bound<'py, PyBytes>,
);

/// Return (documents, how often each holds the words, documents that Python has to read).
#[pyfunction]
fn written<'py>(
    py: Python<'py>,
    segment: &Bound<'py, PySegment>,
    docs: &[u8],
    folded: Vec<String>,
    typed: Vec<String>,
) -> PyResult<Found<'py>> {
    let (segment, docs) = (Arc::clone(&segment.get().0), u32s(docs)?);
    let words = Written::new(folded, typed)?;
    let found = py.detach(|| words.counts(&segment, &docs))?;
    Ok((
        u32_bytes(py, &found.docs),
        u32_bytes(py, &found.tfs),
        u32_bytes(py, &found.unread),
    ))
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(written, module)?)
}

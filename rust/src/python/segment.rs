//! The class Segment.

use std::sync::Arc;

use pyo3::prelude::*;

use crate::segment::Segment;

/// A segment file, mapped.
#[pyclass(name = "Segment", module = "searcher._native", frozen)]
pub struct PySegment(pub Arc<Segment>);

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PySegment>()
}

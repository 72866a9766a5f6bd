//! What `searcher._native` shows to Python; its surface is searcher/_native.pyi.
//!
//! Each module registers its classes.  Errors of the crate become exceptions here and
//! nowhere else.

mod blocks;
mod build;
mod fingerprint;
mod highlight;
mod hit;
mod paragraph;
mod plan;
mod quick;
mod rows;
mod search;
mod segment;
mod stock;
mod storable;
mod values;
mod watch;
mod write;
mod written;

use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyOSError, PyValueError};
use pyo3::panic::PanicException;
use pyo3::prelude::*;

use crate::error::Error;

pub use segment::PySegment;

create_exception!(searcher._native, NativeError, PyException);
create_exception!(searcher._native, LimitError, PyException);

impl From<Error> for PyErr {
    fn from(error: Error) -> PyErr {
        let message = error.to_string();
        match error {
            Error::Io { path, source } => from_system(&path.to_string_lossy(), source),
            Error::Damaged { .. } | Error::Version { .. } => NativeError::new_err(message),
            Error::Limit { name, message } => LimitError::new_err((name, message)),
            Error::Misuse(message) => PyValueError::new_err(message),
        }
    }
}

/// The OSError of the system's own number, so that Python picks FileNotFoundError and its like;
/// what a watcher raised, as it was.
fn from_system(path: &str, source: std::io::Error) -> PyErr {
    if source.get_ref().is_some_and(|inner| inner.is::<PyErr>()) {
        return source.into();
    }
    let message = source.to_string();
    let words = message.split(" (os error").next().unwrap_or_default();
    match source.raw_os_error() {
        Some(number) => PyOSError::new_err((number, words.to_owned(), path.to_owned())),
        None => PyOSError::new_err(format!("{path}: {source}")),
    }
}

#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("VERSION", env!("CARGO_PKG_VERSION"))?;
    module.add("NativeError", module.py().get_type::<NativeError>())?;
    module.add("LimitError", module.py().get_type::<LimitError>())?;
    module.add("Panic", module.py().get_type::<PanicException>())?;
    segment::register(module)?;
    write::register(module)?;
    blocks::register(module)?;
    build::register(module)?;
    fingerprint::register(module)?;
    highlight::register(module)?;
    hit::register(module)?;
    paragraph::register(module)?;
    quick::register(module)?;
    rows::register(module)?;
    search::register(module)?;
    stock::register(module)?;
    storable::register(module)?;
    watch::register(module)?;
    written::register(module)
}

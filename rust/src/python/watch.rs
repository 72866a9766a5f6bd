//! What watches the core's files: the signals of the interpreter, and the tests.

use std::io;
use std::sync::Arc;

use pyo3::prelude::*;

use crate::disk::{self, Operation};
use crate::threads;

/// Tell `watcher` of each operation on a file, as (what, path), before it is done; None for none.
#[pyfunction]
fn watch_files(watcher: Option<Py<PyAny>>) {
    disk::watch(Arc::new(move |operation, path| {
        // Signals are the interpreter's own threads'; theirs are asked for between its steps.
        if watcher.is_none() && threads::is_cores() {
            return Ok(());
        }
        let told = Python::try_attach(|py| -> PyResult<()> {
            // Handlers run in between two steps of Python, and the core takes one long step.
            if operation == Operation::Write {
                py.check_signals()?;
            }
            if let Some(watcher) = &watcher {
                watcher.call1(py, (operation.name(), path))?;
            }
            Ok(())
        });
        told.unwrap_or(Ok(())).map_err(io::Error::from)
    }));
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    watch_files(None);
    module.add_function(wrap_pyfunction!(watch_files, module)?)
}

//! The function blocks: plain text to the blocks of an article.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::blocks::{find, Block, Kind};

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(blocks, module)?)
}

/// The kind of a block, its text and its level.
type Shown<'py> = (Bound<'py, PyString>, String, u8);

/// Return what each block is; None when Python has to find them.
#[pyfunction]
fn blocks<'py>(text: &Bound<'py, PyString>, by_line: bool) -> Option<Vec<Shown<'py>>> {
    let py = text.py();
    // A text with half a surrogate pair is no UTF-8.
    let found = find(text.to_str().ok()?, by_line)?;
    let shown = |block: Block| (name(py, block.kind), block.text, block.kind.level());
    Some(found.into_iter().map(shown).collect())
}

fn name(py: Python<'_>, kind: Kind) -> Bound<'_, PyString> {
    let name = match kind {
        Kind::Text => intern!(py, "text"),
        Kind::List => intern!(py, "list"),
        Kind::Heading => intern!(py, "heading"),
        Kind::Caption => intern!(py, "caption"),
    };
    name.clone()
}

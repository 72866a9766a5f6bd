//! The classes StockSegment and StockFound, and best_found().

use std::sync::Arc;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

use crate::python::plan::{bytes_of, docs_of, each, floats_of, named, terms, unknown};
use crate::python::PySegment;
use crate::stock::best::{best, Scored};
use crate::stock::found::Found;
use crate::stock::plan::{Node, Scorer, Term};
use crate::stock::segment::StockSegment;

/// A segment to ask in Whoosh's way.
#[pyclass(name = "StockSegment", module = "searcher._native", frozen)]
pub struct PyStockSegment(StockSegment);

#[pymethods]
impl PyStockSegment {
    #[new]
    fn new(
        segment: &Bound<'_, PySegment>,
        deleted: &Bound<'_, PyAny>,
        table: [u32; 256],
    ) -> PyResult<Self> {
        let deleted = docs_of(deleted)?;
        if !ascend(&deleted) || !table.is_sorted() {
            return Err(PyValueError::new_err(
                "documents and lengths have to ascend",
            ));
        }
        let segment = Arc::clone(&segment.get().0);
        Ok(PyStockSegment(StockSegment::new(segment, deleted, table)))
    }

    /// Return the live documents that a plan finds (rust/src/stock/plan.rs).
    fn find(
        &self,
        py: Python<'_>,
        plan: &Bound<'_, PyAny>,
        scored: bool,
    ) -> PyResult<PyStockFound> {
        let plan = node(plan, 0)?;
        let found = py.detach(|| self.0.find(&plan, scored))?;
        Ok(PyStockFound(found))
    }
}

/// Documents of a segment and their scores.
#[pyclass(name = "StockFound", module = "searcher._native", frozen)]
pub struct PyStockFound(Found);

#[pymethods]
impl PyStockFound {
    #[new]
    fn new(docs: &Bound<'_, PyAny>, scores: &Bound<'_, PyAny>) -> PyResult<Self> {
        let (docs, scores) = scored_docs(docs, scores)?;
        Ok(PyStockFound(Found::new(docs, scores)))
    }

    fn __len__(&self) -> usize {
        self.0.docs.len()
    }

    #[getter]
    fn docs<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let bytes: Vec<u8> = self
            .0
            .docs
            .iter()
            .flat_map(|doc| doc.to_ne_bytes())
            .collect();
        PyBytes::new(py, &bytes)
    }

    #[getter]
    fn scores<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let scores = self.0.scores.iter();
        let bytes: Vec<u8> = scores.flat_map(|score| score.to_ne_bytes()).collect();
        PyBytes::new(py, &bytes)
    }

    /// Return those that are, or aren't, among some documents.
    fn among(&self, py: Python<'_>, docs: &Bound<'_, PyAny>, wanted: bool) -> PyResult<Self> {
        let docs = docs_of(docs)?;
        if !ascend(&docs) {
            return Err(PyValueError::new_err("documents have to ascend"));
        }
        let kept = py.detach(|| self.0.clone().among(&docs, wanted));
        Ok(PyStockFound(kept))
    }
}

/// Return the first `limit` (score, document of the index), or all.
#[pyfunction]
fn best_found(
    py: Python<'_>,
    parts: Vec<(Bound<'_, PyStockFound>, u32)>,
    limit: Option<usize>,
) -> Vec<Scored> {
    let parts: Vec<(&Found, u32)> = parts
        .iter()
        .map(|(found, offset)| (&found.get().0, *offset))
        .collect();
    py.detach(|| best(&parts, limit.unwrap_or(usize::MAX)))
}

fn node(object: &Bound<'_, PyAny>, depth: usize) -> PyResult<Node> {
    let (object, name) = named(object, depth)?;
    let inner = |at: usize| node(&object.get_item(at)?, depth + 1).map(Box::new);
    let nodes = || each(&object.get_item(1)?, |child| node(child, depth + 1));
    Ok(match name.to_str()? {
        "nothing" => Node::Nothing,
        "term" => Node::Term(term_of(object, 1)?),
        "and" => Node::And(nodes()?),
        "or" => Node::Or(nodes()?),
        "any" => Node::Any {
            field: object.get_item(1)?.extract()?,
            terms: terms(&object.get_item(2)?)?,
            score: object.get_item(3)?.extract()?,
        },
        "not" => Node::Not(inner(1)?),
        "andnot" => Node::AndNot(inner(1)?, inner(2)?),
        "andmaybe" => Node::AndMaybe(inner(1)?, inner(2)?),
        "require" => Node::Require(inner(1)?, inner(2)?),
        "otherwise" => Node::Otherwise(inner(1)?, inner(2)?),
        "every" => Node::Every(object.get_item(1)?.extract()?),
        "fielded" => Node::Fielded {
            field: object.get_item(1)?.extract()?,
            score: object.get_item(2)?.extract()?,
        },
        "constant" => Node::Constant(inner(1)?, object.get_item(2)?.extract()?),
        "boost" => Node::Boost(inner(1)?, object.get_item(2)?.extract()?),
        "phrase" => Node::Phrase {
            terms: each(&object.get_item(1)?, |one| term_of(one.cast()?, 0))?,
            slop: object.get_item(2)?.extract()?,
        },
        "given" => {
            let (docs, scores) = scored_docs(&object.get_item(1)?, &object.get_item(2)?)?;
            Node::Given { docs, scores }
        }
        name => return Err(unknown("node", name)),
    })
}

/// Read a field, a text and a scorer, from an item on.
fn term_of(object: &Bound<'_, PyTuple>, from: usize) -> PyResult<Term> {
    Ok(Term {
        field: object.get_item(from)?.extract()?,
        text: bytes_of(&object.get_item(from + 1)?)?,
        scorer: scorer(&object.get_item(from + 2)?)?,
    })
}

fn scorer(object: &Bound<'_, PyAny>) -> PyResult<Scorer> {
    if let Ok((factor, mean, b, k1)) = object.extract() {
        return Ok(Scorer::Bm25 {
            factor,
            mean,
            b,
            k1,
        });
    }
    let (factor,) = object.extract()?;
    Ok(Scorer::Weight(factor))
}

fn scored_docs(
    docs: &Bound<'_, PyAny>,
    scores: &Bound<'_, PyAny>,
) -> PyResult<(Vec<u32>, Vec<f64>)> {
    let (docs, scores) = (docs_of(docs)?, floats_of(scores)?);
    if docs.len() != scores.len() || !ascend(&docs) {
        let message = "documents have to ascend, and to have a score each";
        return Err(PyValueError::new_err(message));
    }
    Ok((docs, scores))
}

fn ascend(docs: &[u32]) -> bool {
    docs.is_sorted_by(|one, other| one < other)
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PyStockSegment>()?;
    module.add_class::<PyStockFound>()?;
    module.add_function(wrap_pyfunction!(best_found, module)?)
}

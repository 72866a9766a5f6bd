//! The class Writer: a segment as a codec of Whoosh writes it, term by term.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::python::segment::u32s;
use crate::python::values::to_value;
use crate::segment::{Carries, FieldSpec, SegmentWriter};
use crate::stored::encode;
use crate::waiting::{Given, Waiting};

/// A segment file on its way; threads may share it, one at a time.
#[pyclass(name = "Writer", module = "searcher._native", frozen)]
pub struct PyWriter(Mutex<Option<Open>>);

/// A segment that isn't finished.
struct Open {
    path: PathBuf,
    writer: SegmentWriter,
    field: Option<Field>,
    term: Option<(Vec<u8>, Given)>,
    stored: Vec<u8>,
}

/// The field whose terms are being added.
struct Field {
    name: String,
    lengths: Option<Vec<u32>>,
    waiting: Waiting,
}

#[pymethods]
impl PyWriter {
    #[new]
    fn new(path: PathBuf) -> PyResult<Self> {
        let writer = SegmentWriter::create(&path, Vec::new())?;
        let open = Open {
            path,
            writer,
            field: None,
            term: None,
            stored: Vec::new(),
        };
        Ok(PyWriter(Mutex::new(Some(open))))
    }

    fn add_stored(&self, fields: &Bound<'_, PyDict>) -> PyResult<()> {
        let value = if fields.is_empty() {
            None
        } else {
            Some(to_value(fields.as_any())?)
        };
        self.with(|open| {
            open.stored.clear();
            if let Some(value) = &value {
                encode(value, &mut open.stored);
            }
            Ok(open.writer.add_stored(&open.stored)?)
        })
    }

    #[staticmethod]
    fn can_store(value: &Bound<'_, PyAny>) -> bool {
        to_value(value).is_ok()
    }

    fn start_field(&self, name: String, carries: &str) -> PyResult<()> {
        let carries = carries_of(carries)?;
        self.with(|open| {
            open.end_field()?;
            let waiting = Waiting::new(&open.path, carries);
            open.field = Some(Field {
                name,
                lengths: None,
                waiting,
            });
            Ok(())
        })
    }

    fn set_lengths(&self, lengths: &[u8]) -> PyResult<()> {
        let lengths = u32s(lengths)?;
        self.with(|open| match &mut open.field {
            Some(field) => {
                field.lengths = Some(lengths);
                Ok(())
            }
            None => Err(PyValueError::new_err("lengths without a field")),
        })
    }

    fn start_term(&self, term: &[u8]) -> PyResult<()> {
        self.with(|open| {
            open.end_term()?;
            open.term = Some((term.to_vec(), Given::default()));
            Ok(())
        })
    }

    fn add(&self, doc: u32, weight: f64, value: &[u8]) -> PyResult<()> {
        self.with(|open| match &mut open.term {
            Some((_, given)) => Ok(given.push(doc, weight as f32, value)?),
            None => Err(PyValueError::new_err("a posting without a term")),
        })
    }

    fn add_section(&self, name: &str, content: &[u8]) -> PyResult<()> {
        self.with(|open| {
            open.end_field()?;
            Ok(open.writer.add_section(name, content)?)
        })
    }

    fn finish(&self, py: Python<'_>, doc_count: u32) -> PyResult<()> {
        let open = self.lock()?.take();
        let Some(mut open) = open else {
            return Err(is_finished());
        };
        py.detach(|| {
            open.end_field()?;
            open.writer.finish(doc_count)
        })?;
        Ok(())
    }

    fn discard(&self) -> PyResult<()> {
        self.lock()?.take();
        Ok(())
    }
}

impl PyWriter {
    fn lock(&self) -> PyResult<MutexGuard<'_, Option<Open>>> {
        self.0.lock().map_err(|_| is_finished())
    }

    fn with<T>(&self, work: impl FnOnce(&mut Open) -> PyResult<T>) -> PyResult<T> {
        match self.lock()?.as_mut() {
            Some(open) => work(open),
            None => Err(is_finished()),
        }
    }
}

impl Open {
    fn end_term(&mut self) -> crate::Result<()> {
        match (self.term.take(), &mut self.field) {
            (Some((term, given)), Some(field)) if !given.docs.is_empty() => {
                field.waiting.add(&term, &given)
            }
            _ => Ok(()),
        }
    }

    fn end_field(&mut self) -> crate::Result<()> {
        self.end_term()?;
        let Some(field) = self.field.take() else {
            return Ok(());
        };
        let id = self.writer.add_field(FieldSpec {
            name: field.name,
            carries: field.waiting.carries(),
            lengths: field.lengths.is_some(),
        });
        if let Some(lengths) = &field.lengths {
            self.writer.set_lengths(id, lengths)?;
        }
        field.waiting.write(&mut self.writer, id)
    }
}

pub fn carries_of(name: &str) -> PyResult<Carries> {
    match name {
        "nothing" => Ok(Carries::Nothing),
        "frequencies" => Ok(Carries::Frequencies),
        "positions" => Ok(Carries::Positions),
        "opaque" => Ok(Carries::Opaque),
        _ => Err(PyValueError::new_err(format!(
            "postings can't carry {name}"
        ))),
    }
}

fn is_finished() -> PyErr {
    PyValueError::new_err("the segment is finished already")
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PyWriter>()
}

//! The terms of a field, and where the list of each stands: an FST (the fst crate's map)
//! from a term to twice the bytes between the start of the postings and its list, or to twice
//! the document and 1 more when there is just one and nothing else to say.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::container::{Bytes, Container, ContainerWriter, Span, Spill};
use crate::error::{Error, Result};

/// The terms of a field in the order of their bytes.
pub type Terms = fst::Map<Bytes>;

/// Open the terms that stand in a span, all its pages checked.
pub(crate) fn open(file: &Arc<Container>, span: Span) -> Result<Terms> {
    let damaged = |error: fst::Error| file.damaged(span.start, format!("terms: {error}"));
    fst::Map::new(Bytes::new(file, span)?).map_err(damaged)
}

/// Writes the terms of fields, one field behind the other, into a spill file.
pub(crate) struct TermsWriter {
    /// None only while a field is ended.
    builder: Option<fst::MapBuilder<Spill>>,
    path: PathBuf,
    /// Where the terms of each field end.
    ends: Vec<u64>,
}

impl TermsWriter {
    pub fn new(spill: Spill) -> Result<Self> {
        let path = spill.path().to_owned();
        let builder = fst::MapBuilder::new(spill).map_err(|error| failed(&path, error))?;
        Ok(TermsWriter {
            builder: Some(builder),
            path,
            ends: Vec::new(),
        })
    }

    /// Add a term, which has to come after those before it.
    pub fn add(&mut self, term: &[u8], value: u64) -> Result<()> {
        let added = self.builder().insert(term, value);
        added.map_err(|error| failed(&self.path, error))
    }

    /// Begin the next field.
    pub fn end_field(&mut self) -> Result<()> {
        let spill = self.take()?;
        let builder = fst::MapBuilder::new(spill);
        self.builder = Some(builder.map_err(|error| failed(&self.path, error))?);
        Ok(())
    }

    /// End the last field and append all terms to a file; returns where those of each
    /// field end, from the first.
    pub fn finish(&mut self, file: &mut ContainerWriter) -> Result<Vec<u64>> {
        let mut spill = self.take()?;
        file.append(&mut spill)?;
        Ok(std::mem::take(&mut self.ends))
    }

    fn builder(&mut self) -> &mut fst::MapBuilder<Spill> {
        self.builder.as_mut().expect("a builder between calls")
    }

    fn take(&mut self) -> Result<Spill> {
        let builder = self.builder.take().expect("a builder between calls");
        let spill = builder.into_inner();
        let spill = spill.map_err(|error| failed(&self.path, error))?;
        self.ends.push(spill.length());
        Ok(spill)
    }
}

fn failed(path: &Path, error: fst::Error) -> Error {
    match error {
        fst::Error::Io(source) => Error::io(path, source),
        fst::Error::Fst(error) => Error::Misuse(format!("terms: {error}")),
    }
}

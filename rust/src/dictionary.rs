//! The terms of a field, and where the list of each stands: an FST (the fst crate's map)
//! from a term to twice the bytes between the start of the postings and its list, or to twice
//! the document and 1 more when there is just one and nothing else to say.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{sync_channel, SyncSender};
use std::sync::Arc;
use std::thread::JoinHandle;

use crate::container::{Bytes, Container, ContainerWriter, Span, Spill};
use crate::error::{Error, Result};
use crate::threads;

/// The terms of a field in the order of their bytes.
pub type Terms = fst::Map<Bytes>;

/// Open the terms that stand in a span, all its pages checked.
pub(crate) fn open(file: &Arc<Container>, span: Span) -> Result<Terms> {
    let damaged = |error: fst::Error| file.damaged(span.start, format!("terms: {error}"));
    fst::Map::new(Bytes::new(file, span)?).map_err(damaged)
}

/// Terms that a thread is handed at once: a millisecond's work.
const WORTH: usize = 1 << 16;
/// Batches that wait for it.
const WAITING: usize = 2;

/// Writes the terms of fields, one field behind the other, into a spill file; in a thread of its
/// own from the moment that `go_aside` is called.
pub(crate) struct TermsWriter {
    path: PathBuf,
    place: Place,
    batch: Batch,
}

enum Place {
    Here(Box<Fields>),
    Aside(SyncSender<Batch>, JoinHandle<Result<Box<Fields>>>),
    /// Lost to an error.
    Gone,
}

/// Terms of one field or several.
#[derive(Default)]
struct Batch {
    bytes: Vec<u8>,
    steps: Vec<Step>,
}

enum Step {
    /// Bytes of the term, and its value.
    Term(usize, u64),
    EndField,
}

impl TermsWriter {
    pub fn new(spill: Spill) -> Result<Self> {
        Ok(TermsWriter {
            path: spill.path().to_owned(),
            place: Place::Here(Box::new(Fields::new(spill)?)),
            batch: Batch::default(),
        })
    }

    /// Have a thread write the terms from now on.  It asks watchers of files, so whoever calls
    /// may not hold what these wait for.
    pub fn go_aside(&mut self) -> Result<()> {
        match std::mem::replace(&mut self.place, Place::Gone) {
            Place::Here(mut fields) => {
                let (batches, waiting) = sync_channel::<Batch>(WAITING);
                let work = move || {
                    waiting.iter().try_for_each(|batch| fields.take(&batch))?;
                    Ok(fields)
                };
                let thread = threads::spawn("terms", work);
                let thread = thread.map_err(|error| Error::io(&self.path, error))?;
                self.place = Place::Aside(batches, thread);
            }
            place => self.place = place,
        }
        Ok(())
    }

    /// Add a term, which has to come after those before it.
    pub fn add(&mut self, term: &[u8], value: u64) -> Result<()> {
        if let Place::Here(fields) = &mut self.place {
            return fields.add(term, value);
        }
        self.batch.bytes.extend_from_slice(term);
        self.step(Step::Term(term.len(), value))
    }

    /// Begin the next field.
    pub fn end_field(&mut self) -> Result<()> {
        if let Place::Here(fields) = &mut self.place {
            return fields.end_field();
        }
        self.step(Step::EndField)
    }

    fn step(&mut self, step: Step) -> Result<()> {
        self.batch.steps.push(step);
        if self.batch.bytes.len() < WORTH {
            return Ok(());
        }
        self.hand_over()
    }

    fn hand_over(&mut self) -> Result<()> {
        let batch = std::mem::take(&mut self.batch);
        match &self.place {
            Place::Aside(batches, _) if batches.send(batch).is_ok() => Ok(()),
            // It ends before its time by an error alone.
            _ => self.here().map(|_| ()),
        }
    }

    /// End the last field and append all terms to a file; returns where those of each
    /// field end, from the first.
    pub fn finish(&mut self, file: &mut ContainerWriter) -> Result<Vec<u64>> {
        if matches!(self.place, Place::Aside(..)) {
            self.hand_over()?;
        }
        let fields = self.here()?;
        let mut spill = fields.take_spill()?;
        file.append(&mut spill)?;
        Ok(std::mem::take(&mut fields.ends))
    }

    fn here(&mut self) -> Result<&mut Fields> {
        if matches!(self.place, Place::Aside(..)) {
            let place = std::mem::replace(&mut self.place, Place::Gone);
            if let Place::Aside(batches, thread) = place {
                drop(batches);
                let ended = thread.join();
                let fields = ended.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
                self.place = Place::Here(fields);
            }
        }
        match &mut self.place {
            Place::Here(fields) => Ok(fields),
            _ => Err(Error::Misuse("the terms were lost to an error".to_owned())),
        }
    }
}

impl Drop for TermsWriter {
    /// Wait for the thread, so that no file of it is left.
    fn drop(&mut self) {
        let _ = self.here();
    }
}

/// The fields that ended, and the one that is written.
struct Fields {
    /// None only while a field is ended.
    builder: Option<fst::MapBuilder<Spill>>,
    path: PathBuf,
    /// Where the terms of each field end.
    ends: Vec<u64>,
}

impl Fields {
    fn new(spill: Spill) -> Result<Self> {
        let path = spill.path().to_owned();
        let builder = fst::MapBuilder::new(spill).map_err(|error| failed(&path, error))?;
        Ok(Fields {
            builder: Some(builder),
            path,
            ends: Vec::new(),
        })
    }

    fn take(&mut self, batch: &Batch) -> Result<()> {
        let mut bytes = &batch.bytes[..];
        for step in &batch.steps {
            match *step {
                Step::Term(length, value) => {
                    let (term, rest) = bytes.split_at(length);
                    bytes = rest;
                    self.add(term, value)?;
                }
                Step::EndField => self.end_field()?,
            }
        }
        Ok(())
    }

    fn add(&mut self, term: &[u8], value: u64) -> Result<()> {
        let added = self.builder().insert(term, value);
        added.map_err(|error| failed(&self.path, error))
    }

    fn end_field(&mut self) -> Result<()> {
        let spill = self.take_spill()?;
        let builder = fst::MapBuilder::new(spill);
        self.builder = Some(builder.map_err(|error| failed(&self.path, error))?);
        Ok(())
    }

    fn builder(&mut self) -> &mut fst::MapBuilder<Spill> {
        self.builder.as_mut().expect("a builder between calls")
    }

    fn take_spill(&mut self) -> Result<Spill> {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Return where fields end in a file of their terms, and its bytes.
    fn written(fields: &[Vec<Vec<u8>>], aside_from: usize) -> (Vec<u64>, Vec<u8>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("segment");
        let mut terms = TermsWriter::new(Spill::create(&path, "terms").unwrap()).unwrap();
        let mut file = ContainerWriter::create(&path).unwrap();
        for (at, field) in fields.iter().enumerate() {
            if at == aside_from {
                terms.go_aside().unwrap();
            }
            for (value, term) in (0..).zip(field) {
                terms.add(term, value).unwrap();
            }
            if at + 1 < fields.len() {
                terms.end_field().unwrap();
            }
        }
        let ends = terms.finish(&mut file).unwrap();
        file.finish().unwrap();
        (ends, std::fs::read(path).unwrap())
    }

    proptest! {
        #[test]
        fn who_writes_terms_makes_no_difference(
            fields in prop::collection::vec(prop::collection::btree_set(prop::collection::vec(any::<u8>(), 0..5), 0..40), 1..4),
            aside_from in 0usize..3,
        ) {
            let fields: Vec<Vec<Vec<u8>>> = fields.into_iter().map(Vec::from_iter).collect();
            prop_assert_eq!(written(&fields, aside_from), written(&fields, usize::MAX));
        }
    }

    #[test]
    fn many_terms_are_handed_over_in_batches() {
        let several =
            |field: u32| (0..40_000u32).map(move |n| (n * 3 + field).to_be_bytes().to_vec());
        let fields: Vec<Vec<Vec<u8>>> = (0..3).map(|field| several(field).collect()).collect();
        assert!(written(&fields, 0) == written(&fields, usize::MAX));
    }

    #[test]
    fn an_error_of_the_thread_is_told_at_the_end_at_last() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("segment");
        let mut terms = TermsWriter::new(Spill::create(&path, "terms").unwrap()).unwrap();
        let mut file = ContainerWriter::create(&path).unwrap();
        terms.go_aside().unwrap();
        terms.add(b"b", 0).unwrap();
        terms.add(b"a", 0).unwrap();

        assert!(terms.finish(&mut file).is_err());
        assert!(terms.finish(&mut file).is_err());
        drop((terms, file));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

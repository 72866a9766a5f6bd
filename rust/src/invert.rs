//! Documents to a segment: what they hold, turned around, so that each term has its documents.
//!
//! `lists` and `arena` keep the postings of each term as a growing stream of bytes, `memory`
//! keeps them by field and term, `runs` puts them aside past a limit of memory, and `merge`
//! reads them in the order of a segment, together with those of segments that are copied, `ahead`
//! of who writes them.  `columns` holds the columns.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::segment::{Carries, FieldId, FieldSpec, Segment, SegmentWriter, TermPostings, ARTICLES};
use crate::threads;

mod ahead;
mod arena;
mod columns;
mod lists;
mod memory;
mod merge;
mod runs;
mod terms;
#[cfg(test)]
mod tests;

pub use columns::ColumnId;
use columns::{live, Columns};
use lists::Numbers;
use memory::Memory;
use merge::{Field, Merged, Source, Tell};
use runs::Run;
pub use terms::{TermId, Terms};

/// Fewer bytes than this aren't worth a file.
const LEAST_LIMIT: usize = 1 << 20;

/// A segment on its way, from documents that come one after another.
pub struct Builder {
    path: PathBuf,
    fields: Vec<FieldSpec>,
    writer: SegmentWriter,
    limit_bytes: usize,
    doc_count: u32,
    memory: Memory,
    /// Whether `memory` holds postings of documents that ended.
    has_postings: bool,
    /// The postings of earlier documents.
    sources: Vec<Source>,
    runs: usize,
    /// How often `memory` was begun anew; a TermId holds for one of its lives.
    life: u32,
    lengths: Vec<Vec<u32>>,
    columns: Columns,
    document: Document,
    shared: Document,
}

/// What one document adds.
#[derive(Default)]
struct Document {
    docs: Vec<(FieldId, TermId)>,
    places: Vec<(FieldId, TermId, u32)>,
    values: Vec<(FieldId, TermId, Posting)>,
    lengths: Vec<(FieldId, u32)>,
    columns: Vec<(ColumnId, u32)>,
}

impl Document {
    fn is_empty(&self) -> bool {
        self.docs.is_empty() && self.places.is_empty() && self.values.is_empty()
    }

    fn clear(&mut self) {
        self.docs.clear();
        self.places.clear();
        self.values.clear();
        self.lengths.clear();
        self.columns.clear();
    }
}

/// What a posting carries, besides positions.
#[derive(Clone, Debug, PartialEq)]
pub enum Posting {
    Frequency(u32),
    Opaque { weight: f32, value: Vec<u8> },
}

impl Builder {
    /// Begin a segment file; temporary files stand beside it.
    pub fn create(path: &Path, fields: Vec<FieldSpec>, limit_bytes: usize) -> Result<Builder> {
        threads::give_back_memory();
        let writer = SegmentWriter::create(path, fields.clone())?;
        Ok(Builder {
            path: path.to_owned(),
            memory: Memory::new(fields.iter().map(|field| field.carries)),
            lengths: vec![Vec::new(); fields.len()],
            fields,
            writer,
            limit_bytes: limit_bytes.clamp(LEAST_LIMIT, arena::MOST_BYTES / 2),
            doc_count: 0,
            has_postings: false,
            sources: Vec::new(),
            runs: 0,
            life: 0,
            columns: Columns::default(),
            document: Document::default(),
            shared: Document::default(),
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Documents that ended.
    pub fn doc_count(&self) -> u32 {
        self.doc_count
    }

    /// The number of a field.
    pub fn field(&self, name: &str) -> Result<FieldId> {
        match self.fields.iter().position(|field| field.name == name) {
            Some(at) => Ok(at as FieldId),
            None => Err(Error::Misuse(format!("the segment has no field {name:?}"))),
        }
    }

    pub fn spec(&self, field: FieldId) -> &FieldSpec {
        &self.fields[usize::from(field)]
    }

    /// Changes whenever the TermIds of before hold no more.
    pub fn life(&self) -> u32 {
        self.life
    }

    #[inline]
    pub fn intern(&mut self, field: FieldId, term: &[u8]) -> TermId {
        self.memory.intern(field, term)
    }

    /// Index a term without anything for the document being added.
    #[inline]
    pub fn add_term(&mut self, field: FieldId, term: &[u8]) {
        let id = self.memory.intern(field, term);
        self.document.docs.push((field, id));
    }

    /// Index a term at a position of a field with positions.  Those of one term rise.
    #[inline]
    pub fn add_place(&mut self, field: FieldId, term: TermId, position: u32) {
        self.document.places.push((field, term, position));
    }

    /// Index a term with what it carries; once in a document.
    pub fn add_posting(&mut self, field: FieldId, term: &[u8], posting: Posting) -> Result<()> {
        self.check_carries(field, &posting)?;
        let id = self.memory.intern(field, term);
        self.document.values.push((field, id, posting));
        Ok(())
    }

    fn check_carries(&self, field: FieldId, posting: &Posting) -> Result<()> {
        let spec = self.spec(field);
        match (posting, spec.carries) {
            (Posting::Frequency(_), Carries::Frequencies)
            | (Posting::Opaque { .. }, Carries::Opaque) => Ok(()),
            (_, carries) => {
                let message = format!("field {:?} carries {carries:?}", spec.name);
                Err(Error::Misuse(message))
            }
        }
    }

    pub fn set_length(&mut self, field: FieldId, length: u32) -> Result<()> {
        if !self.spec(field).lengths {
            let message = format!("field {:?} has no lengths", self.spec(field).name);
            return Err(Error::Misuse(message));
        }
        if length > 0 {
            self.document.lengths.push((field, length));
        }
        Ok(())
    }

    pub fn number_column(&mut self, name: &str) -> Result<ColumnId> {
        self.columns.number(name)
    }

    pub fn text_column(&mut self, name: &str) -> Result<ColumnId> {
        self.columns.text(name)
    }

    /// Give the document being added its number in a column, once.
    pub fn set_number(&mut self, column: ColumnId, value: u32) {
        if value != 0 {
            self.document.columns.push((column, value));
        }
    }

    /// Give the document being added its text in a column, once.
    pub fn set_text(&mut self, column: ColumnId, text: &str) -> Result<()> {
        let value = self.columns.intern(column, text)?;
        self.set_number(column, value);
        Ok(())
    }

    /// Let what was added since the last document be a part of each document from now on.
    pub fn share(&mut self) {
        std::mem::swap(&mut self.document, &mut self.shared);
        self.document.clear();
    }

    /// End what documents share, and the document being added.
    pub fn unshare(&mut self) -> Result<()> {
        self.shared.clear();
        self.document.clear();
        self.spill_if_full()
    }

    /// Finish the document being added; returns its number.
    pub fn end_document(&mut self, stored: &[u8]) -> Result<u32> {
        self.check_document()?;
        let doc = self.doc_count;
        if doc == u32::MAX - 1 {
            return Err(Error::Misuse("a segment of 2**32 documents".to_owned()));
        }
        self.writer.add_stored(stored)?;
        let (document, shared) = (
            std::mem::take(&mut self.document),
            std::mem::take(&mut self.shared),
        );
        self.apply(&shared, doc);
        self.apply(&document, doc);
        (self.document, self.shared) = (document, shared);
        self.document.clear();
        self.doc_count += 1;
        if self.shared.is_empty() {
            self.spill_if_full()?;
        }
        Ok(doc)
    }

    /// Refuse what would leave half a document.
    fn check_document(&mut self) -> Result<()> {
        let values = &self.document.values;
        let mut terms: Vec<_> = values
            .iter()
            .map(|&(field, term, _)| (field, term))
            .collect();
        let given = terms.len();
        terms.sort_unstable();
        terms.dedup();
        if terms.len() < given {
            return Err(Error::Misuse(
                "a term was given twice in a document".to_owned(),
            ));
        }
        Ok(())
    }

    fn apply(&mut self, document: &Document, doc: u32) {
        for &(field, term) in &document.docs {
            let (list, arena) = self.memory.list(field, term);
            list.add_doc(arena, doc);
        }
        for &(field, term, position) in &document.places {
            let (list, arena) = self.memory.list(field, term);
            list.add_place(arena, doc, position);
        }
        for (field, term, posting) in &document.values {
            let (list, arena) = self.memory.list(*field, *term);
            match posting {
                Posting::Frequency(tf) => list.add_tf(arena, doc, *tf),
                Posting::Opaque { weight, value } => list.add_value(arena, doc, *weight, value),
            }
        }
        for &(field, length) in &document.lengths {
            let lengths = &mut self.lengths[usize::from(field)];
            lengths.resize(doc as usize, 0);
            lengths.push(length);
        }
        for &(column, value) in &document.columns {
            self.columns.set(column, doc, value);
        }
        self.has_postings = true;
    }

    /// Forget what was added since the last document.
    pub fn cancel_document(&mut self) {
        self.document.clear();
    }

    /// Put the postings aside when they take more memory than they may.
    fn spill_if_full(&mut self) -> Result<()> {
        let kept = self
            .sources
            .iter()
            .any(|source| matches!(source, Source::Memory(_)));
        let limit = if kept {
            self.limit_bytes / 2
        } else {
            self.limit_bytes
        };
        if self.memory.size_bytes() > limit {
            self.spill()
        } else {
            Ok(())
        }
    }

    fn spill(&mut self) -> Result<()> {
        let path = self.path.with_extension(format!("run{}", self.runs));
        let run = Run::write(path, &self.memory)?;
        self.runs += 1;
        self.sources.push(Source::Run(run));
        self.begin_memory();
        Ok(())
    }

    fn begin_memory(&mut self) -> Memory {
        self.has_postings = false;
        self.life += 1;
        let carries = self.fields.iter().map(|field| field.carries);
        std::mem::replace(&mut self.memory, Memory::new(carries))
    }

    /// End the postings so far: others come behind them.
    fn seal(&mut self) -> Result<()> {
        self.document.clear();
        self.shared.clear();
        if !self.has_postings {
            return Ok(());
        }
        let kept = self
            .sources
            .iter()
            .any(|source| matches!(source, Source::Memory(_)));
        if kept || self.memory.size_bytes() > self.limit_bytes / 2 {
            return self.spill();
        }
        let memory = self.begin_memory();
        self.sources.push(Source::Memory(memory));
        Ok(())
    }

    /// Copy the documents of a segment that aren't among `deleted` (ascending) behind those
    /// that are there; what was added since the last document is forgotten.
    pub fn add_segment(&mut self, segment: Arc<Segment>, deleted: &[u32]) -> Result<()> {
        self.check_segment(&segment, deleted)?;
        self.seal()?;
        let newnums = self.renumber(segment.doc_count(), deleted);
        for (field, spec) in self
            .fields
            .iter()
            .enumerate()
            .filter(|(_, spec)| spec.lengths)
        {
            if let Some(theirs) = segment.field(&spec.name) {
                copy_lengths(&segment, theirs, &newnums, &mut self.lengths[field])?;
            }
        }
        self.columns.add_segment(&segment, &newnums)?;
        for (doc, new) in live(&newnums) {
            self.writer.add_stored(&segment.stored(doc)?)?;
            if new % merge::STORED_HELD == 0 {
                segment.let_go();
            }
        }
        segment.let_go();
        self.doc_count += live(&newnums).count() as u32;
        self.sources
            .push(Source::Segment(Merged { segment, newnums }));
        Ok(())
    }

    fn check_segment(&self, segment: &Segment, deleted: &[u32]) -> Result<()> {
        let misuse = |message: String| Err(Error::Misuse(message));
        let rise = deleted.windows(2).all(|pair| pair[0] < pair[1]);
        if !rise
            || deleted
                .last()
                .is_some_and(|&last| last >= segment.doc_count())
        {
            return misuse("deleted documents have to rise, and to be in the segment".to_owned());
        }
        if let Some(name) = segment.section_names().first() {
            return misuse(format!("the bytes {name:?} of a segment can't be copied"));
        }
        for field in segment.fields() {
            let ours = self.fields.iter().find(|ours| ours.name == field.name);
            if ours.is_some_and(|ours| ours.carries != field.carries) {
                return misuse(format!("field {:?} carries something else", field.name));
            }
        }
        if u64::from(self.doc_count) + u64::from(segment.doc_count()) >= u64::from(u32::MAX) {
            return misuse("a segment of 2**32 documents".to_owned());
        }
        Ok(())
    }

    fn renumber(&self, doc_count: u32, deleted: &[u32]) -> Vec<u32> {
        let mut next = self.doc_count;
        let mut gone = deleted.iter().copied().peekable();
        let number = |doc| {
            if gone.next_if_eq(&doc).is_some() {
                return u32::MAX;
            }
            next += 1;
            next - 1
        };
        (0..doc_count).map(number).collect()
    }

    pub fn add_section(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.writer.add_section(name, bytes)
    }

    /// Write the file and have it on the disk.
    pub fn finish(mut self) -> Result<()> {
        let memory = self.begin_memory();
        self.sources.push(Source::Memory(memory));
        if let Some(numbers) = self.columns.numbers(ARTICLES) {
            self.writer.count_articles(numbers);
        }
        self.write_fields()?;
        self.columns.write(&mut self.writer)?;
        self.writer.finish(self.doc_count)
    }

    fn write_fields(&mut self) -> Result<()> {
        let (fields, lengths) = (&self.fields, &mut self.lengths);
        self.writer.write_terms_aside()?;
        let (sources, writer) = (&mut self.sources, &mut self.writer);
        let read = |tell: &mut Tell<'_>| {
            let mut numbers = Numbers::default();
            (0..).zip(fields).try_for_each(|(id, spec)| {
                let (name, carries) = (&spec.name[..], spec.carries);
                merge::read_field(Field { id, name, carries }, sources, &mut numbers, tell)
            })
        };
        // The lengths of a field stand before its terms.
        let mut next = 0;
        let mut begin = |to: usize, writer: &mut SegmentWriter| {
            for at in std::mem::replace(&mut next, to)..to {
                if fields[at].lengths {
                    writer.set_lengths(at as FieldId, &std::mem::take(&mut lengths[at]))?;
                }
            }
            Ok(())
        };
        let path = writer.path().to_owned();
        let write = |field: FieldId, term: &[u8], postings: &TermPostings<'_>| {
            begin(usize::from(field) + 1, writer)?;
            writer.add_term(field, term, postings)
        };
        ahead::write_ahead(read, write, &path)?;
        begin(fields.len(), &mut self.writer)
    }
}

fn copy_lengths(
    segment: &Segment,
    field: FieldId,
    newnums: &[u32],
    into: &mut Vec<u32>,
) -> Result<()> {
    let lengths = segment.lengths(field)?;
    if lengths.is_empty() {
        return Ok(());
    }
    for (doc, new) in live(newnums) {
        let length = lengths.get(doc);
        if length > 0 {
            into.resize(new as usize, 0);
            into.push(length);
        }
    }
    Ok(())
}

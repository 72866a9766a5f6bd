//! One segment: documents that were written together and never change.

use std::path::Path;

use crate::error::Result;
use crate::postings::Postings;

pub type FieldId = u16;

/// What each posting of a field carries besides its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    /// Nothing: the document holds the term or doesn't.
    Nothing,
    /// How often it occurs.
    Frequencies,
    /// How often and at which places.
    Positions,
    /// A Whoosh value that only Whoosh reads (formats other than the ones above), and a
    /// float32 weight.
    Opaque,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FieldSpec {
    pub name: String,
    pub carries: Carries,
    /// Whether documents have a length (tokens) in it.
    pub lengths: bool,
}

/// A segment file, mapped.  Immutable and safe to share by threads.
pub struct Segment {}

impl Segment {
    pub fn open(_path: &Path) -> Result<Segment> {
        unimplemented!()
    }

    /// Documents, deleted ones and the index's own records too.
    pub fn doc_count(&self) -> u32 {
        unimplemented!()
    }

    pub fn fields(&self) -> &[FieldSpec] {
        unimplemented!()
    }

    pub fn field(&self, _name: &str) -> Option<FieldId> {
        unimplemented!()
    }

    /// Mean of the field's lengths over its documents when the segment was written; what
    /// the bounds of its postings are made with.
    pub fn mean_length(&self, _field: FieldId) -> f64 {
        unimplemented!()
    }

    /// The length of every document in a field, one u32 a document; empty without lengths.
    pub fn lengths(&self, _field: FieldId) -> Result<Numbers<'_>> {
        unimplemented!()
    }

    /// The postings of a term, None when no document holds it.
    pub fn postings(&self, _field: FieldId, _term: &[u8]) -> Result<Option<Postings<'_>>> {
        unimplemented!()
    }

    /// The terms of a field in the order of their bytes.
    pub fn terms(&self, _field: FieldId) -> Result<&fst::Map<&'static [u8]>> {
        unimplemented!()
    }

    /// A column of numbers; None when the segment has none of that name.
    pub fn numbers(&self, _name: &str) -> Result<Option<Numbers<'_>>> {
        unimplemented!()
    }

    /// A column of texts; None when the segment has none of that name.
    pub fn texts(&self, _name: &str) -> Result<Option<Texts<'_>>> {
        unimplemented!()
    }

    /// What is stored of a document, in the encoding of `stored`.
    pub fn stored(&self, _doc: u32) -> Result<Vec<u8>> {
        unimplemented!()
    }
}

/// One number a document, 0 where there is none; 1, 2 or 4 bytes each on disk.
#[derive(Clone, Copy)]
pub struct Numbers<'a> {
    _bytes: &'a [u8],
}

impl Numbers<'_> {
    #[inline]
    pub fn get(&self, _doc: u32) -> u32 {
        unimplemented!()
    }
}

/// One text a document, by its rank among the distinct texts; rank 0 is the empty text.
#[derive(Clone, Copy)]
pub struct Texts<'a> {
    _bytes: &'a [u8],
}

impl<'a> Texts<'a> {
    /// Distinct texts, the empty one included, in the order of their bytes.
    pub fn count(&self) -> u32 {
        unimplemented!()
    }

    #[inline]
    pub fn rank(&self, _doc: u32) -> u32 {
        unimplemented!()
    }

    pub fn text(&self, _rank: u32) -> Result<&'a str> {
        unimplemented!()
    }
}

/// Writes one segment: terms in order, then columns, stored documents as they come.
pub struct SegmentWriter {}

/// The postings of one term, documents ascending.
#[derive(Default)]
pub struct TermPostings<'a> {
    pub docs: &'a [u32],
    /// One a document; empty stands for all 1.
    pub tfs: &'a [u32],
    /// The positions of all documents one behind the other, tfs[i] of each; ascending in each.
    pub positions: &'a [u32],
    /// Of an opaque field: one a document.
    pub weights: &'a [f32],
    /// Of an opaque field: the end of each document's value in `values`.
    pub value_ends: &'a [u32],
    pub values: &'a [u8],
}

impl SegmentWriter {
    /// Begin a file; nothing of it is readable before `finish`.
    pub fn create(_path: &Path, _fields: Vec<FieldSpec>) -> Result<SegmentWriter> {
        unimplemented!()
    }

    /// Add what is stored of the next document (`stored` encoding; may be empty).
    pub fn add_stored(&mut self, _bytes: &[u8]) -> Result<()> {
        unimplemented!()
    }

    /// Give the lengths of a field, one a document (a shorter list stands for zeros at its
    /// end).  Before the first term of that field, whose bounds need them.
    pub fn set_lengths(&mut self, _field: FieldId, _lengths: &[u32]) -> Result<()> {
        unimplemented!()
    }

    /// Add a term: fields in their order, terms of a field in the order of their bytes.
    pub fn add_term(
        &mut self,
        _field: FieldId,
        _term: &[u8],
        _postings: &TermPostings<'_>,
    ) -> Result<()> {
        unimplemented!()
    }

    pub fn add_numbers(&mut self, _name: &str, _values: &[u32]) -> Result<()> {
        unimplemented!()
    }

    /// Add a column of texts: the distinct texts in any order, and each document's index
    /// among them.  The writer sorts.
    pub fn add_texts(&mut self, _name: &str, _texts: &[&str], _of: &[u32]) -> Result<()> {
        unimplemented!()
    }

    /// Add bytes that somebody else reads (a Whoosh column or vector), under a name.
    pub fn add_section(&mut self, _name: &str, _bytes: &[u8]) -> Result<()> {
        unimplemented!()
    }

    /// Finish the file and have it on the disk.
    pub fn finish(self, _doc_count: u32) -> Result<()> {
        unimplemented!()
    }
}

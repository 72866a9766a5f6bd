//! One segment: documents that were written together and never change.
//!
//! Its sections: `segment` (Meta), `postings` (lists one behind the other), `terms/N` and
//! `lengths/N` of field N, `numbers/NAME`, `texts/NAME`, `bytes/NAME`, `stored/packed`
//! (`stored/blocks` in older segments), `stored/index` and `stored/dictionary`.
//!
//! ```text
//! Meta  = documents:varint stored:varint fields:varint Field{fields}
//! Field = name_length:varint name carries:u8 has_lengths:u8 mean_length:f64
//!         total_length:varint
//! ```

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::columns;
pub use crate::columns::{Numbers, Texts};
use crate::container::{Container, ContainerWriter, Span, Spill};
pub use crate::dictionary::Terms;
use crate::dictionary::{self, TermsWriter};
use crate::error::{Error, Result};
use crate::posting_writer::{Lengths, ListEncoder};
use crate::postings::{ListFormat, Postings};
use crate::stored::{Block, StoredReader, StoredWriter};
use crate::varint::{put, Cursor};

pub type FieldId = u16;

/// The column of numbers that are the same in all documents of an article, which stand together.
pub const ARTICLES: &str = "article_no";

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

impl Carries {
    const ALL: [Carries; 4] = [
        Carries::Nothing,
        Carries::Frequencies,
        Carries::Positions,
        Carries::Opaque,
    ];
}

#[derive(Clone, Debug, PartialEq)]
pub struct FieldSpec {
    pub name: String,
    pub carries: Carries,
    /// Whether documents have a length (tokens) in it.
    pub lengths: bool,
}

/// A segment file, mapped.  Immutable and safe to share by threads.
pub struct Segment {
    file: Arc<Container>,
    specs: Vec<FieldSpec>,
    fields: Vec<Field>,
    doc_count: u32,
    /// Documents before this one have something stored.
    stored_count: u32,
    postings: Span,
    stored: OnceLock<StoredReader>,
}

struct Field {
    mean_length: f64,
    total_length: u64,
    terms_at: Span,
    terms: OnceLock<Terms>,
    lengths: Option<Span>,
}

impl Segment {
    /// Map a file and read its directory; nothing else of it is read before it is asked for.
    pub fn open(path: &Path) -> Result<Segment> {
        let file = Arc::new(Container::open(path)?);
        let postings = needed(&file, "postings")?;
        let mut segment = Segment {
            file: Arc::clone(&file),
            specs: Vec::new(),
            fields: Vec::new(),
            doc_count: 0,
            stored_count: 0,
            postings,
            stored: OnceLock::new(),
        };
        let meta = needed(&file, "segment")?;
        segment.read_meta(&mut Cursor::new(&file, meta.start, file.span(meta)?))?;
        Ok(segment)
    }

    fn read_meta(&mut self, cursor: &mut Cursor<'_>) -> Result<()> {
        self.doc_count = cursor.u32()?;
        self.stored_count = cursor.u32()?;
        for number in 0..cursor.varint()? {
            let length = cursor.u32()? as usize;
            let name = String::from_utf8_lossy(cursor.take(length)?).into_owned();
            let Some(&carries) = Carries::ALL.get(usize::from(cursor.byte()?)) else {
                return cursor.fail("a field of an unknown kind");
            };
            let lengths = cursor.byte()? != 0;
            self.specs.push(FieldSpec {
                name,
                carries,
                lengths,
            });
            self.fields.push(Field {
                mean_length: f64::from_le_bytes(cursor.array()?),
                total_length: cursor.varint()?,
                terms_at: needed(&self.file, &format!("terms/{number}"))?,
                terms: OnceLock::new(),
                lengths: self.file.section(&format!("lengths/{number}")),
            });
        }
        Ok(())
    }

    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Bytes of the file.
    pub fn size(&self) -> u64 {
        self.file.size()
    }

    /// A number that stands for every byte of the file.
    pub fn seal(&self) -> u32 {
        self.file.seal()
    }

    /// Fail when the file was shortened since it was opened.
    pub fn uncut(&self) -> Result<()> {
        self.file.uncut()
    }

    /// Give back the memory of what was read of the file.
    pub fn let_go(&self) {
        self.file.let_go();
    }

    /// Verify every byte of the file.
    pub fn check(&self) -> Result<()> {
        self.file.check()
    }

    /// Documents, deleted ones and the index's own records too.
    pub fn doc_count(&self) -> u32 {
        self.doc_count
    }

    /// Documents before this one have something stored.
    pub fn stored_count(&self) -> u32 {
        self.stored_count
    }

    pub fn fields(&self) -> &[FieldSpec] {
        &self.specs
    }

    pub fn field(&self, name: &str) -> Option<FieldId> {
        self.specs
            .iter()
            .position(|spec| spec.name == name)
            .map(|at| at as FieldId)
    }

    /// Mean of the field's lengths over the documents that have any, when the segment was
    /// written; what the bounds of its postings are made with.  1 without lengths.
    pub fn mean_length(&self, field: FieldId) -> f64 {
        self.fields[usize::from(field)].mean_length
    }

    /// Sum of the field's lengths over all documents.
    pub fn total_length(&self, field: FieldId) -> u64 {
        self.fields[usize::from(field)].total_length
    }

    /// The length of every document in a field, one u32 a document; empty without lengths.
    pub fn lengths(&self, field: FieldId) -> Result<Numbers<'_>> {
        match self.fields[usize::from(field)].lengths {
            Some(span) => Numbers::read(&self.file, span),
            None => Ok(Numbers::EMPTY),
        }
    }

    /// The postings of a term, None when no document holds it.
    pub fn postings(&self, field: FieldId, term: &[u8]) -> Result<Option<Postings<'_>>> {
        match self.terms(field)?.get(term) {
            Some(value) => self.list(field, value).map(Some),
            None => Ok(None),
        }
    }

    /// The postings that the value of a term in `terms` stands for.
    pub fn list(&self, field: FieldId, value: u64) -> Result<Postings<'_>> {
        let spec = &self.specs[usize::from(field)];
        let format = ListFormat::new(spec.carries, spec.lengths);
        if let Some(doc) = inlined(value) {
            return Postings::only(&self.file, self.postings.start, doc, format, self.doc_count);
        }
        let end = self.postings.start + self.postings.length;
        match self.postings.start.checked_add(value >> 1) {
            Some(start) if start < end => {
                Postings::read(&self.file, (start, end), format, self.doc_count)
            }
            _ => Err(self
                .file
                .damaged(self.postings.start, "a list behind the end")),
        }
    }

    /// The terms of a field in the order of their bytes; their values are for `list`.
    pub fn terms(&self, field: FieldId) -> Result<&Terms> {
        let field = &self.fields[usize::from(field)];
        match field.terms.get() {
            Some(terms) => Ok(terms),
            None => {
                let terms = dictionary::open(&self.file, field.terms_at)?;
                Ok(field.terms.get_or_init(|| terms))
            }
        }
    }

    /// A column of numbers; None when the segment has none of that name.
    pub fn numbers(&self, name: &str) -> Result<Option<Numbers<'_>>> {
        let span = self.file.section(&format!("numbers/{name}"));
        span.map(|span| Numbers::read(&self.file, span)).transpose()
    }

    /// A column of texts; None when the segment has none of that name.
    pub fn texts(&self, name: &str) -> Result<Option<Texts<'_>>> {
        let span = self.file.section(&format!("texts/{name}"));
        span.map(|span| Texts::read(&self.file, span)).transpose()
    }

    /// Bytes that were added under a name; None when there are none.
    pub fn section(&self, name: &str) -> Result<Option<&[u8]>> {
        let span = self.file.section(&format!("bytes/{name}"));
        span.map(|span| self.file.span(span)).transpose()
    }

    /// Names of the columns of numbers, in order.
    pub fn number_names(&self) -> Vec<&str> {
        self.names("numbers/")
    }

    /// Names of the columns of texts, in order.
    pub fn text_names(&self) -> Vec<&str> {
        self.names("texts/")
    }

    /// Names of the bytes that were added, in order.
    pub fn section_names(&self) -> Vec<&str> {
        self.names("bytes/")
    }

    fn names(&self, kind: &str) -> Vec<&str> {
        self.file
            .names()
            .into_iter()
            .filter_map(|name| name.strip_prefix(kind))
            .collect()
    }

    /// What is stored of a document, in the encoding of `stored`; empty of one that nothing
    /// was stored of.
    pub fn stored(&self, doc: u32) -> Result<Vec<u8>> {
        match self.fetch(doc)? {
            Some(block) => self.unpacked(doc, &block),
            None => Ok(Vec::new()),
        }
    }

    /// Find where a document is stored, and have it come nearer; None where nothing is.
    pub(crate) fn fetch(&self, doc: u32) -> Result<Option<Block>> {
        let reader = self.stored_reader()?;
        let block = reader.find(&self.file, doc, self.stored_count)?;
        if let Some(block) = &block {
            reader.fetch(&self.file, block)?;
        }
        Ok(block)
    }

    /// What is stored of a document that was fetched.
    pub(crate) fn unpacked(&self, doc: u32, block: &Block) -> Result<Vec<u8>> {
        self.stored_reader()?
            .unpacked(&self.file, doc, self.stored_count, block)
    }

    fn stored_reader(&self) -> Result<&StoredReader> {
        if let Some(reader) = self.stored.get() {
            return Ok(reader);
        }
        let section = |part| needed(&self.file, &format!("stored/{part}"));
        let (index, dictionary) = (section("index")?, section("dictionary")?);
        // Older segments have blocks of another kind.
        let blocks = match self.file.section("stored/blocks") {
            Some(blocks) => (blocks, false),
            None => (section("packed")?, true),
        };
        let reader = StoredReader::open(&self.file, blocks, index, dictionary)?;
        Ok(self.stored.get_or_init(|| reader))
    }
}

/// Return the only document that holds a term, when its value says so.
fn inlined(value: u64) -> Option<u64> {
    (value & 1 == 1).then_some(value >> 1)
}

fn needed(file: &Container, name: &str) -> Result<Span> {
    file.section(name)
        .ok_or_else(|| file.damaged(0, format!("no section {name}")))
}

/// Writes one segment: terms in order, then columns, stored documents as they come.
///
/// Documents should all be stored before the first term: a list is kept as a bitmap when
/// more than 1/8 of the documents that are known by then hold its term.
pub struct SegmentWriter {
    file: ContainerWriter,
    path: PathBuf,
    specs: Vec<FieldSpec>,
    /// Mean and total of each field's lengths.
    means: Vec<(f64, u64)>,
    /// Of the fields that can still get terms.
    lengths: Vec<Lengths>,
    /// The field whose terms are being added.
    current: usize,
    terms: TermsWriter,
    stored: StoredWriter,
    postings_start: Option<u64>,
    postings_end: u64,
    /// Documents that something was said of.
    seen: u32,
    /// The number of each document's article.
    articles: Option<Vec<u32>>,
    list: Vec<u8>,
}

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
    pub fn create(path: &Path, fields: Vec<FieldSpec>) -> Result<SegmentWriter> {
        let lengths = fields
            .iter()
            .map(|_| Lengths {
                of: Vec::new(),
                mean: 1.0,
            })
            .collect();
        Ok(SegmentWriter {
            file: ContainerWriter::create(path)?,
            path: path.to_owned(),
            means: vec![(1.0, 0); fields.len()],
            specs: fields,
            lengths,
            current: 0,
            terms: TermsWriter::new(Spill::create(path, "terms")?)?,
            stored: StoredWriter::new(Spill::create(path, "stored")?),
            postings_start: None,
            postings_end: 0,
            seen: 0,
            articles: None,
            list: Vec::new(),
        })
    }

    /// The name that the file will have.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Add a field behind those that are there; its terms come after theirs.
    pub fn add_field(&mut self, spec: FieldSpec) -> FieldId {
        self.specs.push(spec);
        self.means.push((1.0, 0));
        self.lengths.push(Lengths {
            of: Vec::new(),
            mean: 1.0,
        });
        (self.specs.len() - 1) as FieldId
    }

    /// Add what is stored of the next document (`stored` encoding; may be empty).
    pub fn add_stored(&mut self, bytes: &[u8]) -> Result<()> {
        self.stored.add(bytes)?;
        self.seen = self.seen.max(self.stored.count());
        Ok(())
    }

    /// Give the lengths of a field, one a document (a shorter list stands for zeros at its
    /// end).  Before the first term of that field, whose bounds need them.
    pub fn set_lengths(&mut self, field: FieldId, lengths: &[u32]) -> Result<()> {
        let at = usize::from(field);
        if !self.specs.get(at).is_some_and(|spec| spec.lengths) {
            return misuse(format!("field {field} has no lengths"));
        }
        if at < self.current || at == self.current && self.postings_end > 0 {
            return misuse(format!("the lengths of field {field} come after its terms"));
        }
        let total = lengths.iter().map(|&length| u64::from(length)).sum();
        let documents = lengths.iter().filter(|&&length| length > 0).count();
        let mean = if documents > 0 {
            total as f64 / documents as f64
        } else {
            1.0
        };
        self.means[at] = (mean, total);
        self.lengths[at] = Lengths {
            of: lengths.to_vec(),
            mean,
        };
        self.add_column(
            format!("lengths/{field}"),
            lengths.len(),
            &columns::encode_numbers(lengths),
        )
    }

    /// Give the number of each document's article, as the column `article_no` will: long lists
    /// of terms that come later say how many articles hold them.
    pub fn count_articles(&mut self, numbers: &[u32]) {
        self.articles = Some(numbers.to_vec());
    }

    /// Have a thread write the dictionary from now on; see TermsWriter::go_aside.
    pub fn write_terms_aside(&mut self) -> Result<()> {
        self.terms.go_aside()
    }

    /// Add a term: fields in their order, terms of a field in the order of their bytes.
    pub fn add_term(
        &mut self,
        field: FieldId,
        term: &[u8],
        postings: &TermPostings<'_>,
    ) -> Result<()> {
        self.advance(usize::from(field))?;
        let start = self.file.position();
        let base = *self.postings_start.get_or_insert(start);
        let spec = &self.specs[self.current];
        let encoder = ListEncoder {
            format: ListFormat::new(spec.carries, spec.lengths),
            postings,
            lengths: &self.lengths[self.current],
            articles: self.articles.as_deref(),
            doc_count: self.seen,
            start,
        };
        self.list.clear();
        let value = match encoder.inline() {
            Some(doc) => u64::from(doc) << 1 | 1,
            None => {
                encoder.encode(&mut self.list)?;
                (start - base) << 1
            }
        };
        self.terms.add(term, value)?;
        self.file.write(&self.list)?;
        self.postings_end = self.file.position();
        self.seen = self
            .seen
            .max(postings.docs.last().map_or(0, |&doc| doc + 1));
        Ok(())
    }

    /// End the fields before one.
    fn advance(&mut self, field: usize) -> Result<()> {
        if field < self.current || field >= self.specs.len() {
            return misuse(format!("field {field} comes after field {}", self.current));
        }
        while self.current < field {
            self.lengths[self.current] = Lengths::default();
            self.terms.end_field()?;
            self.current += 1;
        }
        Ok(())
    }

    pub fn add_numbers(&mut self, name: &str, values: &[u32]) -> Result<()> {
        self.add_column(
            format!("numbers/{name}"),
            values.len(),
            &columns::encode_numbers(values),
        )
    }

    /// Add a column of texts: the distinct texts in any order, and each document's index
    /// among them.  The writer sorts.
    pub fn add_texts(&mut self, name: &str, texts: &[&str], of: &[u32]) -> Result<()> {
        let column = columns::encode_texts(texts, of)?;
        self.add_column(format!("texts/{name}"), of.len(), &column)
    }

    /// Add bytes that somebody else reads (a Whoosh column or vector), under a name.
    pub fn add_section(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.file.section(format!("bytes/{name}"), bytes)
    }

    fn add_column(&mut self, name: String, documents: usize, bytes: &[u8]) -> Result<()> {
        self.seen = self.seen.max(documents as u32);
        self.file.align(8)?;
        self.file.section(name, bytes)
    }

    /// Finish the file and have it on the disk.
    pub fn finish(mut self, doc_count: u32) -> Result<()> {
        if self.seen > doc_count {
            return misuse(format!(
                "document {} of a segment of {doc_count}",
                self.seen - 1
            ));
        }
        let base = self.postings_start.unwrap_or(self.file.position());
        let postings = Span {
            start: base,
            length: self.postings_end.saturating_sub(base),
        };
        self.file.name_section("postings", postings);
        self.finish_terms()?;
        let meta = self.meta(doc_count);
        self.file.section("segment", &meta)?;
        let (mut blocks, index, dictionary) = self.stored.finish()?;
        self.file.section("stored/dictionary", &dictionary)?;
        self.file.section("stored/index", &index)?;
        let start = self.file.position();
        self.file.append(&mut blocks)?;
        self.file.end_section("stored/packed", start);
        self.file.finish()
    }

    fn finish_terms(&mut self) -> Result<()> {
        if !self.specs.is_empty() {
            self.advance(self.specs.len() - 1)?;
        }
        let start = self.file.position();
        let mut ends = self.terms.finish(&mut self.file)?;
        ends.truncate(self.specs.len());
        let mut before = 0;
        for (field, end) in ends.into_iter().enumerate() {
            let span = Span {
                start: start + before,
                length: end - before,
            };
            self.file.name_section(format!("terms/{field}"), span);
            before = end;
        }
        Ok(())
    }

    fn meta(&self, doc_count: u32) -> Vec<u8> {
        let mut out = Vec::new();
        put(&mut out, u64::from(doc_count));
        put(&mut out, u64::from(self.stored.count()));
        put(&mut out, self.specs.len() as u64);
        for (spec, (mean, total)) in self.specs.iter().zip(&self.means) {
            put(&mut out, spec.name.len() as u64);
            out.extend(spec.name.as_bytes());
            out.extend([spec.carries as u8, u8::from(spec.lengths)]);
            out.extend(mean.to_le_bytes());
            put(&mut out, *total);
        }
        out
    }
}

fn misuse<T>(message: String) -> Result<T> {
    Err(Error::Misuse(message))
}

//! What is stored of each document: values, packed into small compressed blocks.
//!
//! ```text
//! Index      = Entry{blocks}
//! Entry      = first_doc:u32 start:u40
//! Block      = zstd frame without its magic number, of Raw
//! Raw        = head:varint{documents} bytes      head = length * 4 + form
//! Document   = Value (form 0) | Facts Own (form 1) | Own (form 2), see `packed`
//! Value      = 0 (None) | 1 (False) | 2 (True)
//!            | 3 zigzag:varint (int) | 4 length:varint bytes (int, two's complement)
//!            | 5 f64 (float) | 6 length:varint utf8 (str) | 7 length:varint bytes (bytes)
//!            | 8 count:varint Value{count} (tuple) | 9 count:varint Value{count} (list)
//!            | 10 count:varint (Value Value){count} (dict)
//!            | 11 ordinal:varint (date) | 12 ordinal:varint microseconds:varint (datetime)
//!            | 13 ordinal:varint microseconds:varint zigzag:varint (datetime, its UTC
//!              offset in seconds)
//! ```
//!
//! An Own has the facts of the document of form 1 that stands before it in its block.  In the
//! blocks of older segments a head is a length, and every document a Value.
//!
//! A block holds the documents from its first_doc to before the next one's, at least one.  The
//! frames share a dictionary that was trained on the first documents; it may be empty.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};

use zstd::zstd_safe::{self, DCtx, DDict};

use crate::container::{Container, Span, Spill};
use crate::error::{Error, Result};
use crate::varint::{put, Cursor};

mod packed;
mod packing;

use packed::{unpack, Packed};
use packing::{Batch, Packer, Packing, BATCH, SAMPLES};

/// Bytes after which a block is ended; docs/native-format.md says what others cost.
const BLOCK: usize = 640;
/// Documents after which a block is ended, however small they are.
const MOST_DOCUMENTS: usize = 128;
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
const ENTRY: usize = 9;
/// Entries that are guessed at; where blocks are too unequal for that, halving finds them.
const GUESSES: u32 = 8;
/// Bytes that a processor fetches at once.
const LINE: usize = 64;
const DEEPEST: usize = 64;
const INT: u8 = 3;
const TEXT: u8 = 6;

/// A value as Python knows it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    None,
    Bool(bool),
    Int(i64),
    /// An int of any size: two's complement, little-endian, as int.to_bytes(signed=True).
    BigInt(Vec<u8>),
    Float(f64),
    Str(String),
    Bytes(Vec<u8>),
    Tuple(Vec<Value>),
    List(Vec<Value>),
    Dict(Vec<(Value, Value)>),
    /// date.toordinal()
    Date(u32),
    DateTime {
        ordinal: u32,
        /// Since midnight.
        microseconds: u64,
        /// Seconds of the UTC offset; None of a naive one.
        offset: Option<i32>,
    },
}

/// Append a value's encoding.
pub fn encode(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::None => out.push(0),
        Value::Bool(value) => out.push(1 + u8::from(*value)),
        Value::Int(value) => put_int(*value, out),
        Value::BigInt(bytes) => put_bytes(4, bytes, out),
        Value::Float(value) => {
            out.push(5);
            out.extend(value.to_le_bytes());
        }
        Value::Str(text) => put_bytes(6, text.as_bytes(), out),
        Value::Bytes(bytes) => put_bytes(7, bytes, out),
        Value::Tuple(items) => put_items(8, items, out),
        Value::List(items) => put_items(9, items, out),
        Value::Dict(items) => {
            begin_dict(items.len(), out);
            for (key, value) in items {
                encode(key, out);
                encode(value, out);
            }
        }
        Value::Date(ordinal) => {
            out.push(11);
            put(out, u64::from(*ordinal));
        }
        Value::DateTime {
            ordinal,
            microseconds,
            offset,
        } => {
            out.push(12 + u8::from(offset.is_some()));
            put(out, u64::from(*ordinal));
            put(out, *microseconds);
            if let Some(offset) = offset {
                put(out, zigzag(i64::from(*offset)));
            }
        }
    }
}

/// Append a text.
pub fn put_text(text: &str, out: &mut Vec<u8>) {
    put_bytes(TEXT, text.as_bytes(), out);
}

/// Append an int.
pub fn put_int(value: i64, out: &mut Vec<u8>) {
    out.push(INT);
    put(out, zigzag(value));
}

fn put_bytes(tag: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    put(out, bytes.len() as u64);
    out.extend(bytes);
}

/// Append what stands before the items of a tuple.
pub fn begin_tuple(count: usize, out: &mut Vec<u8>) {
    out.push(8);
    put(out, count as u64);
}

/// Append what stands before the pairs of a dict.
pub fn begin_dict(count: usize, out: &mut Vec<u8>) {
    out.push(10);
    put(out, count as u64);
}

fn put_items(tag: u8, items: &[Value], out: &mut Vec<u8>) {
    out.push(tag);
    put(out, items.len() as u64);
    items.iter().for_each(|item| encode(item, out));
}

fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

fn unzigzag(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

/// Read one value, which has to fill all the bytes; None when they aren't one.
pub fn decode(bytes: &[u8]) -> Option<Value> {
    let mut decoder = Decoder { bytes };
    let value = decoder.value(DEEPEST)?;
    decoder.bytes.is_empty().then_some(value)
}

/// Stored values one behind the other, of which only those that matter are decoded.
pub struct Cells<'a>(Decoder<'a>);

impl<'a> Cells<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Cells(Decoder { bytes })
    }

    /// Decode the next value.
    pub fn value(&mut self) -> Option<Value> {
        self.0.value(DEEPEST)
    }

    /// Read the text that comes next; None when it is no text.
    pub fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.name()?).ok()
    }

    /// Pass over the text that comes next; None when it is no text.
    #[inline]
    pub fn pass_text(&mut self) -> Option<()> {
        let text = self.name()?;
        (text.is_ascii() || std::str::from_utf8(text).is_ok()).then_some(())
    }

    /// Read the text that comes next as bytes, for what is compared alone.
    #[inline]
    pub fn name(&mut self) -> Option<&'a [u8]> {
        (self.0.byte()? == TEXT).then_some(())?;
        self.0.counted()
    }

    /// Read the int that comes next; None when it is none, or one of more than 8 bytes.
    pub fn int(&mut self) -> Option<i64> {
        (self.0.byte()? == INT).then_some(())?;
        self.0.varint().map(unzigzag)
    }

    /// Bytes that follow.
    pub fn left(&self) -> usize {
        self.0.bytes.len()
    }

    /// Step into the tuple or list that comes next, and return how many items it has.
    pub fn items(&mut self) -> Option<usize> {
        matches!(self.0.byte()?, 8 | 9).then_some(())?;
        self.0.count()
    }

    /// Step into the dict that comes next, and return how many pairs it has.
    pub fn pairs(&mut self) -> Option<usize> {
        (self.0.byte()? == 10).then_some(())?;
        self.0.count()
    }

    /// Pass over some values.
    pub fn skip(&mut self, count: usize) -> Option<()> {
        (0..count).try_for_each(|_| self.0.skip(DEEPEST))
    }
}

struct Decoder<'a> {
    bytes: &'a [u8],
}

impl<'a> Decoder<'a> {
    fn value(&mut self, deepest: usize) -> Option<Value> {
        let deeper = deepest.checked_sub(1)?;
        Some(match self.byte()? {
            0 => Value::None,
            1 => Value::Bool(false),
            2 => Value::Bool(true),
            3 => Value::Int(unzigzag(self.varint()?)),
            4 => Value::BigInt(self.counted()?.to_vec()),
            5 => Value::Float(f64::from_le_bytes(self.take(8)?.try_into().ok()?)),
            6 => Value::Str(std::str::from_utf8(self.counted()?).ok()?.to_owned()),
            7 => Value::Bytes(self.counted()?.to_vec()),
            8 => Value::Tuple(self.items(deeper)?),
            9 => Value::List(self.items(deeper)?),
            10 => Value::Dict(self.pairs(deeper)?),
            11 => Value::Date(self.u32()?),
            12 => self.datetime(false)?,
            13 => self.datetime(true)?,
            _ => return None,
        })
    }

    fn skip(&mut self, deepest: usize) -> Option<()> {
        let deeper = deepest.checked_sub(1)?;
        match self.byte()? {
            0..=2 => {}
            3 => drop(self.varint()?),
            4 | 6 | 7 => drop(self.counted()?),
            5 => drop(self.take(8)?),
            8 | 9 => (0..self.count()?).try_for_each(|_| self.skip(deeper))?,
            10 => (0..self.count()?).try_for_each(|_| self.skip(deeper).and(self.skip(deeper)))?,
            11 => drop(self.u32()?),
            12 => drop(self.datetime(false)?),
            13 => drop(self.datetime(true)?),
            _ => return None,
        }
        Some(())
    }

    fn items(&mut self, deeper: usize) -> Option<Vec<Value>> {
        let count = self.count()?;
        (0..count).map(|_| self.value(deeper)).collect()
    }

    fn pairs(&mut self, deeper: usize) -> Option<Vec<(Value, Value)>> {
        let count = self.count()?;
        (0..count)
            .map(|_| Some((self.value(deeper)?, self.value(deeper)?)))
            .collect()
    }

    fn datetime(&mut self, aware: bool) -> Option<Value> {
        let (ordinal, microseconds) = (self.u32()?, self.varint()?);
        let offset = if aware {
            Some(i32::try_from(unzigzag(self.varint()?)).ok()?)
        } else {
            None
        };
        Some(Value::DateTime {
            ordinal,
            microseconds,
            offset,
        })
    }

    /// A count of what takes at least a byte each.
    #[inline]
    fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.varint()?).ok()?;
        (count <= self.bytes.len()).then_some(count)
    }

    #[inline]
    fn counted(&mut self) -> Option<&'a [u8]> {
        let count = self.count()?;
        self.take(count)
    }

    #[inline]
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(taken)
    }

    #[inline]
    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|byte| byte[0])
    }

    fn u32(&mut self) -> Option<u32> {
        u32::try_from(self.varint()?).ok()
    }

    #[inline]
    fn varint(&mut self) -> Option<u64> {
        match self.bytes.split_first() {
            Some((&byte, rest)) if byte < 0x80 => {
                self.bytes = rest;
                Some(u64::from(byte))
            }
            _ => self.long_varint(),
        }
    }

    fn long_varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }
}

/// What a document is in its block.
const VALUE: u64 = 0;
const WITH_FACTS: u64 = 1;
const SAME_FACTS: u64 = 2;

/// Packs documents into blocks as they come.
pub(crate) struct StoredWriter {
    spill: Spill,
    index: Vec<u8>,
    block: Vec<u8>,
    heads: Vec<u64>,
    /// The facts that the block told last.
    facts: Vec<u8>,
    parts: Packed,
    /// Ended blocks that nobody has packed yet.
    batch: Batch,
    /// None before the first batch is full: a small segment needs none.
    packing: Option<Packing>,
    count: u32,
    /// Documents that stand in packed blocks.
    packed: u32,
}

impl StoredWriter {
    pub fn new(spill: Spill) -> Self {
        StoredWriter {
            spill,
            index: Vec::new(),
            block: Vec::new(),
            heads: Vec::new(),
            facts: Vec::new(),
            parts: Packed::default(),
            batch: Batch::default(),
            packing: None,
            count: 0,
            packed: 0,
        }
    }

    /// Documents added.
    pub fn count(&self) -> u32 {
        self.count
    }

    pub fn add(&mut self, bytes: &[u8]) -> Result<()> {
        self.count += 1;
        let start = self.block.len();
        let form = self.append(bytes);
        let length = self.block.len() - start;
        self.heads.push((length as u64) << 2 | form);
        if self.block.len() >= BLOCK || self.heads.len() >= MOST_DOCUMENTS {
            self.end_block()
        } else {
            Ok(())
        }
    }

    /// Append a document to the block, and tell what it is there.
    fn append(&mut self, bytes: &[u8]) -> u64 {
        if !self.parts.pack(bytes) {
            self.block.extend(bytes);
            return VALUE;
        }
        let form = if self.facts == self.parts.facts {
            SAME_FACTS
        } else {
            self.block.extend(&self.parts.facts);
            self.facts.clone_from(&self.parts.facts);
            WITH_FACTS
        };
        self.block.extend(&self.parts.own);
        form
    }

    /// Pack what waits; returns (blocks, index, dictionary).
    pub fn finish(mut self) -> Result<(Spill, Vec<u8>, Vec<u8>)> {
        self.end_block()?;
        let batch = std::mem::take(&mut self.batch);
        let dictionary = match self.packing.take() {
            Some(packing) => packing.finish(batch, |frames| self.write(&frames))?,
            None => {
                let mut packer = Packer::of(&batch);
                self.write(&packer.pack_all(&batch))?;
                packer.dictionary
            }
        };
        Ok((self.spill, self.index, dictionary))
    }

    fn end_block(&mut self) -> Result<()> {
        if self.heads.is_empty() {
            return Ok(());
        }
        self.batch.add(&self.heads, &self.block);
        self.block.clear();
        self.heads.clear();
        self.facts.clear();
        let limit = if self.packing.is_some() {
            BATCH
        } else {
            SAMPLES
        };
        if self.batch.bytes.len() >= limit {
            self.hand_over()
        } else {
            Ok(())
        }
    }

    /// Have the batch packed, and write what was packed meanwhile.
    fn hand_over(&mut self) -> Result<()> {
        let batch = std::mem::take(&mut self.batch);
        let packing = match &mut self.packing {
            Some(packing) => packing,
            none => none.insert(Packing::start(self.spill.path())?),
        };
        for frames in packing.hand_over(batch) {
            self.write(&frames)?;
        }
        Ok(())
    }

    fn write(&mut self, frames: &Batch) -> Result<()> {
        for (frame, documents) in frames.blocks() {
            self.index.extend(self.packed.to_le_bytes());
            self.index.extend(&self.spill.length().to_le_bytes()[..5]);
            self.packed += documents as u32;
            self.spill.write_all(frame)?;
        }
        Ok(())
    }
}

/// Reads documents out of their blocks.
pub(crate) struct StoredReader {
    /// Tells the blocks of this reader from others' in what a thread keeps.
    id: u64,
    blocks: Span,
    /// Whether heads tell a form.
    has_forms: bool,
    index: Span,
    dictionary: Option<DDict<'static>>,
}

static NEXT_ID: AtomicU64 = AtomicU64::new(1);

thread_local! {
    static UNPACKER: RefCell<Unpacker> = RefCell::new(Unpacker::new());
}

/// What a thread keeps between documents: a context, and the last block.
struct Unpacker {
    context: DCtx<'static>,
    frame: Vec<u8>,
    raw: Vec<u8>,
    /// The reader and the block that `raw` is of.
    holds: (u64, usize),
}

impl Unpacker {
    fn new() -> Self {
        Unpacker {
            context: DCtx::create(),
            frame: Vec::new(),
            raw: Vec::new(),
            holds: (0, 0),
        }
    }

    /// Unpack a frame into `raw`; None when it isn't one.
    fn unpack(&mut self, packed: &[u8], dictionary: Option<&DDict<'static>>) -> Option<()> {
        self.holds = (0, 0);
        self.frame.clear();
        self.frame.extend(MAGIC);
        self.frame.extend(packed);
        let size = zstd_safe::get_frame_content_size(&self.frame).ok()??;
        self.raw.clear();
        self.raw.try_reserve(usize::try_from(size).ok()?).ok()?;
        let count = match dictionary {
            Some(dictionary) => {
                self.context
                    .decompress_using_ddict(&mut self.raw, &self.frame, dictionary)
            }
            None => self.context.decompress(&mut self.raw, &self.frame),
        };
        (count.ok()? as u64 == size).then_some(())
    }
}

impl StoredReader {
    /// `blocks` with whether their heads tell a form.
    pub fn open(
        file: &Container,
        (blocks, has_forms): (Span, bool),
        index: Span,
        dictionary: Span,
    ) -> Result<Self> {
        let dictionary = file.span(dictionary)?;
        let dictionary = (!dictionary.is_empty()).then(|| DDict::create(dictionary));
        let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
        Ok(StoredReader {
            id,
            blocks,
            has_forms,
            index,
            dictionary,
        })
    }

    /// Have the memory that a block is in come nearer.
    pub fn fetch(&self, file: &Container, block: &Block) -> Result<()> {
        let packed = file.part(self.blocks, block.start, block.end - block.start)?;
        std::hint::black_box(
            packed
                .iter()
                .step_by(LINE)
                .fold(0u8, |sum, byte| sum ^ byte),
        );
        Ok(())
    }

    /// What is stored of a document of the first `count`, which is in a block.
    pub fn unpacked(
        &self,
        file: &Container,
        doc: u32,
        count: u32,
        block: &Block,
    ) -> Result<Vec<u8>> {
        UNPACKER.with_borrow_mut(|unpacker| {
            if unpacker.holds != (self.id, block.at) {
                let packed = file.part(self.blocks, block.start, block.end - block.start)?;
                let unpacked = unpacker.unpack(packed, self.dictionary.as_ref());
                unpacked.ok_or_else(|| self.damaged(file, block))?;
                unpacker.holds = (self.id, block.at);
            }
            let count = block.count(count);
            self.cut(
                file,
                block,
                &unpacker.raw,
                (doc - block.first_doc) as usize,
                count,
            )
        })
    }

    /// Cut one document out of a block of at most `count`.
    fn cut(
        &self,
        file: &Container,
        block: &Block,
        raw: &[u8],
        at: usize,
        count: u32,
    ) -> Result<Vec<u8>> {
        let mut heads = Cursor::new(file, self.blocks.start + block.start, raw);
        let (mut next, mut facts, mut own) = (0u64, (0, 0), (0, 0, VALUE));
        for document in 0..count as usize {
            let (length, form) = self.head(heads.varint()?);
            let end = next.saturating_add(length);
            if document <= at && form == WITH_FACTS {
                facts = (next, end);
            }
            if document == at {
                own = (next, end, form);
            }
            next = end;
        }
        let bodies = &raw[heads.position()..];
        document(bodies, facts, own).ok_or_else(|| self.damaged(file, block))
    }

    /// Return how many bytes a document has in its block, and what it is there.
    fn head(&self, head: u64) -> (u64, u64) {
        if self.has_forms {
            (head >> 2, head & 3)
        } else {
            (head, VALUE)
        }
    }

    /// Find the block of one of so many stored documents; None behind the last.
    pub fn find(&self, file: &Container, doc: u32, stored: u32) -> Result<Option<Block>> {
        let count = self.index.length as usize / ENTRY;
        if count == 0 || doc >= stored {
            return Ok(None);
        }
        let (mut low, mut high) = (
            Bound::at(0, self.entry(file, 0)?),
            Bound::end(count, stored),
        );
        if low.doc > doc {
            return Ok(None);
        }
        let mut guesses = GUESSES;
        while high.at - low.at > 1 {
            let at = low.guess(&high, doc, &mut guesses);
            let found = Bound::at(at, self.entry(file, at)?);
            match found.doc <= doc {
                true => low = found,
                false => high = found,
            }
        }
        let (next_doc, end) = match high.at < count {
            true => (high.doc, high.start),
            false => (u32::MAX, self.blocks.length),
        };
        if end < low.start {
            return Err(file.damaged(self.index.start, "blocks of documents that don't ascend"));
        }
        Ok(Some(Block {
            at: low.at,
            first_doc: low.doc,
            next_doc,
            start: low.start,
            end,
        }))
    }

    #[inline]
    fn entry(&self, file: &Container, at: usize) -> Result<(u32, u64)> {
        let entry = file.part(self.index, (at * ENTRY) as u64, ENTRY as u64)?;
        let first_doc = u32::from_le_bytes(entry[..4].try_into().expect("4 bytes"));
        let mut start = [0; 8];
        start[..5].copy_from_slice(&entry[4..]);
        Ok((first_doc, u64::from_le_bytes(start)))
    }

    fn damaged(&self, file: &Container, block: &Block) -> Error {
        file.damaged(
            self.blocks.start + block.start,
            "a stored document that can't be read",
        )
    }
}

/// Return a document of a block, of which `facts` and `own` are places; None when it is none.
fn document(bodies: &[u8], facts: (u64, u64), own: (u64, u64, u64)) -> Option<Vec<u8>> {
    let part = |start: u64, end: u64| bodies.get(start as usize..end as usize);
    let bytes = part(own.0, own.1)?;
    let mut whole = Vec::new();
    match own.2 {
        VALUE => whole.extend(bytes),
        WITH_FACTS => unpack(bytes, None, &mut whole)?,
        SAME_FACTS => unpack(part(facts.0, facts.1)?, Some(bytes), &mut whole)?,
        _ => return None,
    }
    Some(whole)
}

/// An entry of the index that the search for a block came to.
struct Bound {
    at: usize,
    doc: u32,
    start: u64,
}

impl Bound {
    fn at(at: usize, (doc, start): (u32, u64)) -> Bound {
        Bound { at, doc, start }
    }

    fn end(count: usize, stored: u32) -> Bound {
        Bound {
            at: count,
            doc: stored,
            start: 0,
        }
    }

    /// Where between two entries a document is likely to be: blocks hold about equally many.
    fn guess(&self, high: &Bound, doc: u32, guesses: &mut u32) -> usize {
        let (from, to) = (self.at + 1, high.at - 1);
        let documents = high.doc.saturating_sub(self.doc);
        if *guesses == 0 || documents == 0 {
            return from + (to - from) / 2;
        }
        *guesses -= 1;
        let share = u64::from(doc - self.doc) * (high.at - self.at) as u64 / u64::from(documents);
        (self.at + share as usize).clamp(from, to)
    }
}

/// Where a block is, and which documents are in it.
pub(crate) struct Block {
    at: usize,
    first_doc: u32,
    /// The first document of the next block, if there is one.
    next_doc: u32,
    start: u64,
    end: u64,
}

impl Block {
    fn count(&self, stored: u32) -> u32 {
        self.next_doc.min(stored).saturating_sub(self.first_doc)
    }
}

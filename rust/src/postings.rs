//! Posting lists: which documents hold a term, how often, and where.
//!
//! A list is cut into blocks of 128 postings.  The directory of a list says of each
//! block its first and last document and an upper bound of its score, so a search can
//! pass over a block without touching it.
//!
//! ```text
//! List      = head:varint (Short | Long)         head = df * 2 + (every tf is 1)
//! Short     = first:varint span:varint[df > 1] Totals impact:u8[scored]
//!             extra_at:varint[df > 1 and carries positions or values] Few Extra
//! Long      = Totals flags:u8 data_length:varint articles:varint[counted]
//!             zeros (to a multiple of 8 of the file)
//!             words:u64 bitmap:u64{words}  [dense]
//!             last_doc:u32{blocks} Entry{blocks} data extra
//! Totals    = (total_tf - df):varint[not every tf is 1] max_tf:varint[the same, df > 1]
//!             (total_weight:f64 max_weight:f32)[opaque]
//! Entry     = first_doc:u32 data_at:u32 extra_at:u32[positions or values]
//!             doc_bits:u8 tf_bits:u8 max_tf:u16 impact:u8
//! Few       = gap:varint{count - 2} (tf - 1):varint{count}[not every tf is 1, df > 1]
//! Extra     = gap:varint{tf}           of the only posting of a list, with positions
//!           | width:u8 gap:width bits  of a block with positions
//!           | raw:varint packed:varint bytes   of an opaque block
//! ```
//!
//! flags is 1 for a dense list and 2 for a counted one, which says how many articles hold its
//! term (`article_no`), added up.
//!
//! Few is a block of fewer than 128 postings; its first and last document stand before it, a gap
//! is the difference of two documents less 1.  A full block is 128 gaps of doc_bits and then the
//! tfs, each less 1, of tf_bits in the layout of BitPacker4x.  In a dense list the documents are
//! the set bits of the bitmap.  A position's gap is from the one before it in the same document,
//! of the first from 0.  max_tf of an entry is 65535 for all that and more.

use bitpacking::{BitPacker, BitPacker4x};

use crate::bits;
use crate::container::Container;
use crate::error::{Error, Result};
use crate::segment::Carries;
use crate::varint::Cursor;

/// Postings in a block; only the last block of a list has fewer.
pub const BLOCK: usize = 128;

/// More than the head of any list and the documents of a short one take.
const WINDOW: u64 = 2048;
pub(crate) const MOST_TF: u32 = 0xffff;

/// Flags of a long list: it has a bitmap; it says how many articles hold the term.
pub(crate) const DENSE: u8 = 1;
pub(crate) const COUNTED: u8 = 2;

/// The numbers of the bits that are set in each byte, in order, and how many.  A table, since
/// the processors that a build has to run on needn't count bits themselves.
static SET_BITS: [([u32; 8], usize); 256] = set_bits();

const fn set_bits() -> [([u32; 8], usize); 256] {
    let mut all = [([0; 8], 0); 256];
    let mut at = 0;
    while at < 256 * 8 {
        let (byte, bit) = (at / 8, at % 8);
        if (byte >> bit) & 1 == 1 {
            let found = all[byte].1;
            all[byte].0[found] = bit as u32;
            all[byte].1 += 1;
        }
        at += 1;
    }
    all
}

/// What the directory of a list says of one block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BlockInfo {
    pub first_doc: u32,
    pub last_doc: u32,
    /// Postings in it, 1 to BLOCK.
    pub len: u32,
    /// Exact up to 65534; else the most of the whole list.
    pub max_tf: u32,
    /// An upper bound of tf / (tf + K1 * (1 - B + B * length / mean)) over the block, where
    /// `mean` is the mean length that the segment was written with (`Segment::mean_length`).
    /// For another mean m the bound is `max_impact * max(1, m / mean)`.  1 in a field without
    /// lengths.
    pub max_impact: f32,
}

/// One posting list, its directory read, its blocks not yet.
#[derive(Clone)]
pub struct Postings<'a> {
    file: &'a Container,
    carries: Carries,
    df: u32,
    ones: bool,
    total_tf: u64,
    max_tf: u32,
    total_weight: f64,
    max_weight: f32,
    shape: Shape<'a>,
}

#[derive(Clone)]
enum Shape<'a> {
    Short {
        first: u32,
        last: u32,
        impact: f32,
        few: Cursor<'a>,
        extra_at: u64,
    },
    Long(Long<'a>),
}

#[derive(Clone)]
struct Long<'a> {
    lasts: &'a [u8],
    entries: &'a [u8],
    entry: usize,
    bitmap: Option<&'a [u8]>,
    articles: Option<u32>,
    /// Words of a bitmap over all documents.
    words: usize,
    data_at: u64,
    extra_at: u64,
}

/// What a reader of lists has to know of their field.
#[derive(Clone, Copy)]
pub(crate) struct ListFormat {
    pub carries: Carries,
    /// Whether blocks have a bound of their scores.
    pub scored: bool,
}

impl ListFormat {
    pub fn new(carries: Carries, lengths: bool) -> Self {
        let counted = matches!(carries, Carries::Frequencies | Carries::Positions);
        ListFormat {
            carries,
            scored: counted && lengths,
        }
    }

    pub fn has_extra(self) -> bool {
        matches!(self.carries, Carries::Positions | Carries::Opaque)
    }

    pub fn entry(self) -> usize {
        if self.has_extra() {
            17
        } else {
            13
        }
    }
}

/// Return the bound that a byte stands for.
pub(crate) fn impact_of(code: u8) -> f32 {
    f32::from(code) / 255.0
}

impl<'a> Postings<'a> {
    /// Read the head of the list that stands at `start` of a file, and before `end`.
    pub(crate) fn read(
        file: &'a Container,
        (start, end): (u64, u64),
        format: ListFormat,
        doc_count: u32,
    ) -> Result<Self> {
        let window = file.bytes(start, WINDOW.min(end.saturating_sub(start)))?;
        let mut cursor = Cursor::new(file, start, window);
        let head = cursor.varint()?;
        let mut list = Postings {
            file,
            carries: format.carries,
            df: 0,
            ones: head & 1 == 1,
            total_tf: 0,
            max_tf: 1,
            total_weight: 0.0,
            max_weight: 1.0,
            shape: Shape::Short {
                first: 0,
                last: 0,
                impact: 1.0,
                few: cursor.clone(),
                extra_at: 0,
            },
        };
        list.df = match u32::try_from(head >> 1) {
            Ok(df) if df > 0 && df <= doc_count => df,
            _ => return cursor.fail("a wrong number of documents"),
        };
        if (list.df as usize) < BLOCK {
            list.read_short(&mut cursor, format)?;
        } else {
            list.read_long(&mut cursor, format, doc_count)?;
        }
        Ok(list)
    }

    /// The list of a term that only one document holds, and once.
    pub(crate) fn only(
        file: &'a Container,
        at: u64,
        doc: u64,
        format: ListFormat,
        doc_count: u32,
    ) -> Result<Self> {
        let few = Cursor::new(file, at, &[]);
        let Some(first) = u32::try_from(doc).ok().filter(|&doc| doc < doc_count) else {
            return few.fail("a term of a document that isn't there");
        };
        Ok(Postings {
            file,
            carries: format.carries,
            df: 1,
            ones: true,
            total_tf: 1,
            max_tf: 1,
            total_weight: 1.0,
            max_weight: 1.0,
            shape: Shape::Short {
                first,
                last: first,
                impact: 1.0,
                few,
                extra_at: 0,
            },
        })
    }

    fn read_short(&mut self, cursor: &mut Cursor<'a>, format: ListFormat) -> Result<()> {
        let first = cursor.u32()?;
        let span = if self.df > 1 { cursor.u32()? } else { 0 };
        let Some(last) = first.checked_add(span) else {
            return cursor.fail("a document over 32 bits");
        };
        self.read_totals(cursor)?;
        let impact = if format.scored {
            impact_of(cursor.byte()?)
        } else {
            1.0
        };
        let sized = self.df > 1 && format.has_extra();
        let few_length = if sized { cursor.varint()? } else { 0 };
        if few_length > WINDOW {
            return cursor.fail("a short list that is too long");
        }
        let extra_at = cursor.offset() + few_length;
        self.shape = Shape::Short {
            first,
            last,
            impact,
            few: cursor.clone(),
            extra_at,
        };
        Ok(())
    }

    fn read_totals(&mut self, cursor: &mut Cursor<'a>) -> Result<()> {
        self.total_tf = u64::from(self.df);
        if !self.ones {
            self.total_tf += cursor.varint()?;
            self.max_tf = match self.df {
                1 => self
                    .total_tf
                    .try_into()
                    .or_else(|_| cursor.fail("a number over 32 bits"))?,
                _ => cursor.u32()?,
            };
        }
        self.total_weight = self.total_tf as f64;
        self.max_weight = self.max_tf as f32;
        if self.carries == Carries::Opaque {
            self.total_weight = f64::from_le_bytes(cursor.array()?);
            self.max_weight = f32::from_le_bytes(cursor.array()?);
        }
        Ok(())
    }

    fn read_long(
        &mut self,
        cursor: &mut Cursor<'a>,
        format: ListFormat,
        doc_count: u32,
    ) -> Result<()> {
        self.read_totals(cursor)?;
        let flags = cursor.byte()?;
        if flags & !(DENSE | COUNTED) != 0 {
            return cursor.fail("a list of an unknown kind");
        }
        let data_length = cursor.varint()?;
        if data_length > self.file.body_end() {
            return cursor.fail("a list longer than the file");
        }
        let articles = match flags & COUNTED {
            0 => None,
            _ => Some(cursor.u32()?),
        };
        if articles.is_some_and(|articles| articles > self.df) {
            return cursor.fail("more articles than documents");
        }
        let mut at = cursor.offset().next_multiple_of(8);
        let mut bitmap = None;
        if flags & DENSE != 0 {
            let words = u64::from(le_u32(self.file.bytes(at, 8)?, 0));
            bitmap = Some(self.file.bytes(at + 8, words * 8)?);
            at += 8 + words * 8;
        }
        let (blocks, entry) = (self.block_count() as u64, format.entry());
        let lasts = self.file.bytes(at, blocks * 4)?;
        let entries = self.file.bytes(at + blocks * 4, blocks * entry as u64)?;
        let data_at = at + blocks * (4 + entry as u64);
        let words = doc_count.div_ceil(64) as usize;
        let extra_at = data_at + data_length;
        let long = Long {
            lasts,
            entries,
            entry,
            bitmap,
            articles,
            words,
            data_at,
            extra_at,
        };
        self.shape = Shape::Long(long);
        Ok(())
    }

    /// Documents that hold the term, deleted ones too.
    #[inline]
    pub fn df(&self) -> u32 {
        self.df
    }

    /// How many articles hold the term, those of deleted documents too; None where the list
    /// doesn't say so.
    pub fn articles(&self) -> Option<u32> {
        match &self.shape {
            Shape::Short { .. } => None,
            Shape::Long(long) => long.articles,
        }
    }

    /// Occurrences in all documents; of an opaque field the documents.
    pub fn total_tf(&self) -> u64 {
        self.total_tf
    }

    /// Most occurrences in a document.
    pub fn max_tf(&self) -> u32 {
        self.max_tf
    }

    /// The sum of all weights: of an opaque field as given, else of the tfs.
    pub fn total_weight(&self) -> f64 {
        self.total_weight
    }

    /// The most weight: of an opaque field as given, else the most tf.
    pub fn max_weight(&self) -> f32 {
        self.max_weight
    }

    pub fn first_doc(&self) -> u32 {
        self.info(0).first_doc
    }

    pub fn last_doc(&self) -> u32 {
        self.info(self.block_count() - 1).last_doc
    }

    #[inline]
    pub fn block_count(&self) -> usize {
        (self.df as usize).div_ceil(BLOCK)
    }

    /// What the directory says of a block; panics past the last.
    #[inline]
    pub fn info(&self, block: usize) -> BlockInfo {
        match &self.shape {
            Shape::Short {
                first,
                last,
                impact,
                ..
            } => {
                assert_eq!(block, 0, "a short list has one block");
                BlockInfo {
                    first_doc: *first,
                    last_doc: *last,
                    len: self.df,
                    max_tf: self.max_tf,
                    max_impact: *impact,
                }
            }
            Shape::Long(long) => self.long_info(long, block),
        }
    }

    #[inline]
    fn long_info(&self, long: &Long<'_>, block: usize) -> BlockInfo {
        let entry = long.entry(block);
        let tail = &entry[long.entry - 3..];
        let max_tf = u32::from(u16::from_le_bytes([tail[0], tail[1]]));
        BlockInfo {
            first_doc: le_u32(entry, 0),
            last_doc: le_u32(long.lasts, block * 4),
            len: self.len(block) as u32,
            max_tf: if max_tf == MOST_TF {
                self.max_tf
            } else {
                max_tf
            },
            max_impact: impact_of(tail[2]),
        }
    }

    #[inline]
    fn len(&self, block: usize) -> usize {
        (self.df as usize - block * BLOCK).min(BLOCK)
    }

    /// The first block, from `from` on, whose last document is `doc` or after it;
    /// `block_count()` when there is none.  Gallops from `from`.
    #[inline]
    pub fn find_block(&self, from: usize, doc: u32) -> usize {
        match &self.shape {
            Shape::Short { last, .. } => usize::from(from > 0 || *last < doc),
            Shape::Long(long) => long.find_block(from, doc),
        }
    }

    /// Decode the documents of a block, ascending; returns how many.
    pub fn docs(&self, block: usize, out: &mut [u32; BLOCK]) -> Result<usize> {
        let info = self.info(block);
        match &self.shape {
            Shape::Short { few, .. } => read_few_docs(&mut few.clone(), &info, out)?,
            Shape::Long(long) => match long.bitmap {
                Some(bitmap) => self.bitmap_docs(bitmap, &info, out)?,
                None if info.len as usize == BLOCK => self.packed_docs(long, block, &info, out)?,
                None => read_few_docs(&mut self.few(long, block)?, &info, out)?,
            },
        }
        Ok(info.len as usize)
    }

    #[inline]
    fn packed_docs(
        &self,
        long: &Long<'_>,
        block: usize,
        info: &BlockInfo,
        out: &mut [u32; BLOCK],
    ) -> Result<()> {
        let (at, doc_bits, _) = self.widths(long, block)?;
        let packed = self.file.bytes(at, 16 * u64::from(doc_bits))?;
        let before = info.first_doc.checked_sub(1);
        BitPacker4x::new().decompress_strictly_sorted(before, packed, out, doc_bits);
        Ok(())
    }

    fn bitmap_docs(&self, bitmap: &[u8], info: &BlockInfo, out: &mut [u32; BLOCK]) -> Result<()> {
        let (mut found, wanted) = (0, info.len as usize);
        let mut docs = [0; BLOCK + 8];
        let first = info.first_doc as usize / 8;
        let mut mask = 0xff << (info.first_doc % 8);
        for (byte, at) in bitmap
            .get(first..)
            .unwrap_or_default()
            .iter()
            .zip(first as u32..)
        {
            let (bits, count) = &SET_BITS[usize::from(byte & mask)];
            for (doc, bit) in docs[found..found + 8].iter_mut().zip(bits) {
                *doc = at * 8 + bit;
            }
            found += count;
            if found >= wanted {
                out[..wanted].copy_from_slice(&docs[..wanted]);
                return Ok(());
            }
            mask = 0xff;
        }
        self.damaged("a bitmap with too few documents")
    }

    /// Decode how often the term occurs in each document of a block; all 1 in a field
    /// without frequencies.
    pub fn tfs(&self, block: usize, out: &mut [u32; BLOCK]) -> Result<usize> {
        let len = self.len(block);
        if self.ones {
            out[..len].fill(1);
            return Ok(len);
        }
        match &self.shape {
            Shape::Short { .. } if self.df == 1 => out[0] = self.max_tf,
            Shape::Short { few, .. } => read_few_tfs(&mut few.clone(), len, len, out)?,
            Shape::Long(long) if len == BLOCK => self.packed_tfs(long, block, out)?,
            Shape::Long(long) => {
                let gaps = if long.bitmap.is_some() { 2 } else { len };
                read_few_tfs(&mut self.few(long, block)?, gaps, len, out)?;
            }
        }
        Ok(len)
    }

    /// How often the term occurs in the document of posting `at` of a block; costs less than
    /// `tfs` where only a few are asked for.
    #[inline]
    pub fn tf(&self, block: usize, at: usize) -> Result<u32> {
        match &self.shape {
            _ if self.ones => Ok(1),
            Shape::Long(long) if self.len(block) == BLOCK => self.packed_tf(long, block, at),
            _ => {
                let mut tfs = [0; BLOCK];
                self.tfs(block, &mut tfs)?;
                Ok(tfs[at])
            }
        }
    }

    /// Numbers of a full block are packed in four lanes of words, each from the lowest bit up;
    /// every fourth number is in the same lane.
    #[inline]
    fn packed_tf(&self, long: &Long<'_>, block: usize, at: usize) -> Result<u32> {
        let (start, doc_bits, tf_bits) = self.widths(long, block)?;
        let start = start + 16 * u64::from(doc_bits);
        let packed = self.file.bytes(start, 16 * u64::from(tf_bits))?;
        let bit = at / 4 * usize::from(tf_bits);
        let word = |number: usize| {
            let place = 16 * number + at % 4 * 4;
            let word = packed.get(place..place + 4);
            word.map_or(0, |word| u64::from(le_u32(word, 0)))
        };
        let both = word(bit / 32) | word(bit / 32 + 1) << 32;
        let less_one = (both >> (bit % 32)) & ((1 << tf_bits) - 1);
        Ok((less_one as u32).wrapping_add(1))
    }

    #[inline]
    fn packed_tfs(&self, long: &Long<'_>, block: usize, out: &mut [u32; BLOCK]) -> Result<()> {
        let (at, doc_bits, tf_bits) = self.widths(long, block)?;
        let start = at + 16 * u64::from(doc_bits);
        let packed = self.file.bytes(start, 16 * u64::from(tf_bits))?;
        BitPacker4x::new().decompress(packed, out, tf_bits);
        for tf in out {
            *tf = tf.wrapping_add(1);
        }
        Ok(())
    }

    /// Decode documents and occurrences of a block at once; returns how many.
    pub fn both(
        &self,
        block: usize,
        docs: &mut [u32; BLOCK],
        tfs: &mut [u32; BLOCK],
    ) -> Result<usize> {
        match &self.shape {
            Shape::Long(long)
                if long.bitmap.is_none() && !self.ones && self.len(block) == BLOCK =>
            {
                self.packed_both(long, block, docs, tfs)?;
                Ok(BLOCK)
            }
            _ => {
                self.docs(block, docs)?;
                self.tfs(block, tfs)
            }
        }
    }

    fn packed_both(
        &self,
        long: &Long<'_>,
        block: usize,
        docs: &mut [u32; BLOCK],
        tfs: &mut [u32; BLOCK],
    ) -> Result<()> {
        let (at, doc_bits, tf_bits) = self.widths(long, block)?;
        let packed = self
            .file
            .bytes(at, 16 * (u64::from(doc_bits) + u64::from(tf_bits)))?;
        let (of_docs, of_tfs) = packed.split_at(16 * usize::from(doc_bits));
        let before = le_u32(long.entry(block), 0).checked_sub(1);
        let packer = BitPacker4x::new();
        packer.decompress_strictly_sorted(before, of_docs, docs, doc_bits);
        packer.decompress(of_tfs, tfs, tf_bits);
        for tf in tfs {
            *tf = tf.wrapping_add(1);
        }
        Ok(())
    }

    /// Append the positions of posting `at` of a block to `out`, ascending; `tfs` are the
    /// block's.  Nothing in a field without positions.
    pub fn positions(
        &self,
        block: usize,
        at: usize,
        tfs: &[u32],
        out: &mut Vec<u32>,
    ) -> Result<()> {
        let before = if self.ones {
            at as u64
        } else {
            sum(&tfs[..at])
        };
        self.block_positions(block, tfs)?
            .append(before, tfs[at], out)
    }

    /// The positions of all postings of a block, whose `tfs` are given.
    pub fn block_positions(&self, block: usize, tfs: &[u32]) -> Result<Positions<'a>> {
        if self.carries != Carries::Positions {
            return Ok(Positions(Packing::None));
        }
        let at = self.extra_at(block);
        if self.df == 1 {
            let length = u64::from(tfs[0]) * 5;
            let length = length.min(self.file.body_end().saturating_sub(at));
            let cursor = Cursor::new(self.file, at, self.file.bytes(at, length)?);
            return Ok(Positions(Packing::Few(cursor)));
        }
        let width = self.file.bytes(at, 1)?[0];
        if width > 32 {
            return self.damaged("positions of over 32 bits");
        }
        let count = sum(&tfs[..self.len(block)]);
        let packed = self
            .file
            .bytes(at + 1, (count * u64::from(width)).div_ceil(8))?;
        Ok(Positions(Packing::Bits { packed, width }))
    }

    /// Decode the weights of a block: of an opaque field as they were given, else the tfs.
    pub fn weights(&self, block: usize, out: &mut [f32; BLOCK]) -> Result<usize> {
        let len = self.len(block);
        if self.carries == Carries::Opaque {
            let opaque = self.opaque(block)?;
            for (weight, bytes) in out.iter_mut().zip(opaque[..4 * len].chunks_exact(4)) {
                *weight = f32::from_le_bytes(bytes.try_into().expect("4 bytes"));
            }
            return Ok(len);
        }
        let mut tfs = [0; BLOCK];
        self.tfs(block, &mut tfs)?;
        for (weight, tf) in out.iter_mut().zip(&tfs[..len]) {
            *weight = *tf as f32;
        }
        Ok(len)
    }

    /// Decode the values of a block of an opaque field; in another field they are empty.
    pub fn values(&self, block: usize) -> Result<Vec<Vec<u8>>> {
        let len = self.len(block);
        if self.carries != Carries::Opaque {
            return Ok(vec![Vec::new(); len]);
        }
        let opaque = self.opaque(block)?;
        let ends = &opaque[4 * len..8 * len];
        let bytes = &opaque[8 * len..];
        let mut start = 0;
        ends.chunks_exact(4)
            .map(|end| {
                let end = le_u32(end, 0) as usize;
                let value = bytes.get(start..end).map(<[u8]>::to_vec);
                start = end;
                value.map_or_else(|| self.damaged("a value out of its block"), Ok)
            })
            .collect()
    }

    /// Return weights, ends of values and values of a block.
    fn opaque(&self, block: usize) -> Result<Vec<u8>> {
        let at = self.extra_at(block);
        let head = self
            .file
            .bytes(at, 20.min(self.file.body_end().saturating_sub(at)))?;
        let mut cursor = Cursor::new(self.file, at, head);
        let (raw, packed) = (cursor.varint()?, cursor.varint()?);
        let bytes = self.file.bytes(cursor.offset(), packed)?;
        let mut opaque = Vec::new();
        if opaque.try_reserve_exact(raw as usize).is_ok() {
            // What went wrong shows in the length.
            let _ = zstd::zstd_safe::decompress(&mut opaque, bytes);
        }
        if opaque.len() as u64 != raw || opaque.len() < 8 * self.len(block) {
            return self.damaged("values that can't be decompressed");
        }
        Ok(opaque)
    }

    /// For the list of a term that many documents hold: one bit a document, little-endian
    /// u64 words, `doc_count` bits rounded up to whole words; None for a list of deltas.
    #[inline]
    pub fn bitmap(&self) -> Option<&'a [u8]> {
        match &self.shape {
            Shape::Short { .. } => None,
            Shape::Long(long) => long.bitmap?.get(..long.words * 8),
        }
    }

    fn extra_at(&self, block: usize) -> u64 {
        match &self.shape {
            Shape::Short { extra_at, .. } => *extra_at,
            Shape::Long(long) => long.extra_at + u64::from(le_u32(long.entry(block), 8)),
        }
    }

    /// Return where the data of a block stands and the widths of its documents and tfs.
    #[inline]
    fn widths(&self, long: &Long<'_>, block: usize) -> Result<(u64, u8, u8)> {
        let entry = long.entry(block);
        let (doc_bits, tf_bits) = (entry[long.entry - 5], entry[long.entry - 4]);
        if doc_bits > 32 || tf_bits > 32 {
            return self.damaged("a block of over 32 bits a number");
        }
        Ok((
            long.data_at + u64::from(le_u32(entry, 4)),
            doc_bits,
            tf_bits,
        ))
    }

    /// Return a cursor on the data of the last block, which isn't full.
    fn few(&self, long: &Long<'a>, block: usize) -> Result<Cursor<'a>> {
        let at = long.data_at + u64::from(le_u32(long.entry(block), 4));
        let length = long.extra_at.saturating_sub(at);
        Ok(Cursor::new(self.file, at, self.file.bytes(at, length)?))
    }

    #[cold]
    fn damaged<T>(&self, found: &str) -> Result<T> {
        let at = match &self.shape {
            Shape::Short { few, .. } => few.offset(),
            Shape::Long(long) => long.data_at,
        };
        Err::<T, Error>(self.file.damaged(at, found))
    }
}

/// Where a term stands in the documents of a block.
pub struct Positions<'a>(Packing<'a>);

enum Packing<'a> {
    /// Of a field without positions.
    None,
    /// Of a list of one document.
    Few(Cursor<'a>),
    Bits {
        packed: &'a [u8],
        width: u8,
    },
}

impl Positions<'_> {
    /// Append the positions, ascending, of a posting with `tf` of them that stand behind
    /// `before` others in the block.
    pub fn append(&self, before: u64, tf: u32, out: &mut Vec<u32>) -> Result<()> {
        self.each(before, tf, |position| out.push(position))
    }

    /// Call `found` with each of the positions that `append` appends.
    #[inline]
    pub fn each(&self, before: u64, tf: u32, mut found: impl FnMut(u32)) -> Result<()> {
        let mut position = 0u32;
        match &self.0 {
            Packing::None => {}
            Packing::Few(cursor) => {
                let mut cursor = cursor.clone();
                for _ in 0..tf {
                    position = position.wrapping_add(cursor.u32()?);
                    found(position);
                }
            }
            Packing::Bits { packed, width } => {
                let mut bit = before as usize * usize::from(*width);
                for _ in 0..tf {
                    position = position.wrapping_add(bits::get(packed, bit, *width));
                    bit += usize::from(*width);
                    found(position);
                }
            }
        }
        Ok(())
    }
}

impl<'a> Long<'a> {
    #[inline]
    fn entry(&self, block: usize) -> &'a [u8] {
        &self.entries[block * self.entry..][..self.entry]
    }

    #[inline]
    fn last(&self, block: usize) -> u32 {
        le_u32(self.lasts, block * 4)
    }

    #[inline]
    fn find_block(&self, from: usize, doc: u32) -> usize {
        let count = self.lasts.len() / 4;
        if from >= count || self.last(from) >= doc {
            return from.min(count);
        }
        let (mut low, mut step) = (from, 1);
        while low + step < count && self.last(low + step) < doc {
            low += step;
            step *= 2;
        }
        let mut high = (low + step).min(count);
        // The last document of `low` is before `doc`, that of `high` isn't.
        while low + 1 < high {
            let middle = low + (high - low) / 2;
            if self.last(middle) < doc {
                low = middle;
            } else {
                high = middle;
            }
        }
        high
    }
}

#[inline]
fn le_u32(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("4 bytes"))
}

/// The sum of up to 128 tfs; in 32 bits when it is sure to fit, which goes four times as fast.
#[inline]
fn sum(tfs: &[u32]) -> u64 {
    if tfs.iter().fold(0, |all, tf| all | tf) < 1 << 24 {
        u64::from(tfs.iter().sum::<u32>())
    } else {
        tfs.iter().map(|&tf| u64::from(tf)).sum()
    }
}

fn read_few_docs(cursor: &mut Cursor<'_>, info: &BlockInfo, out: &mut [u32; BLOCK]) -> Result<()> {
    let last = info.len as usize - 1;
    let mut doc = info.first_doc;
    out[0] = doc;
    out[last] = info.last_doc;
    for slot in out.iter_mut().take(last).skip(1) {
        doc = doc.wrapping_add(cursor.u32()?).wrapping_add(1);
        *slot = doc;
    }
    if last > 0 && doc >= info.last_doc {
        return cursor.fail("documents that don't ascend");
    }
    Ok(())
}

/// Pass over the gaps of a block, two less than `gaps`, and read its tfs.
fn read_few_tfs(
    cursor: &mut Cursor<'_>,
    gaps: usize,
    count: usize,
    out: &mut [u32; BLOCK],
) -> Result<()> {
    for _ in 2..gaps {
        cursor.varint()?;
    }
    for tf in &mut out[..count] {
        *tf = cursor.u32()?.wrapping_add(1);
    }
    Ok(())
}

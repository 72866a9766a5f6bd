//! Columns: a number or a text of every document.
//!
//! ```text
//! Numbers = width:u8 zero:u8{7} value:width bytes{documents}
//! Texts   = width:u8 zero:u8{3} distinct:u32 documents:u32 zero:u32
//!           rank:width bytes{documents} end:u32{distinct} text
//! ```
//!
//! Values are little-endian, of 1, 2 or 4 bytes by the greatest.  Documents behind the last value
//! have 0.  `text` is all distinct texts in the order of their bytes, one behind the other; `end`
//! says where each ends, and the first of them is empty.

use crate::container::{Container, Span};
use crate::error::{Error, Result};

const NUMBERS_HEAD: usize = 8;
const TEXTS_HEAD: usize = 16;

/// One number a document, 0 where there is none; 1, 2 or 4 bytes each on disk.
#[derive(Clone, Copy, Debug)]
pub struct Numbers<'a> {
    bytes: &'a [u8],
    width: usize,
}

impl<'a> Numbers<'a> {
    /// A column without values.
    pub const EMPTY: Numbers<'static> = Numbers {
        bytes: &[],
        width: 1,
    };

    pub(crate) fn read(file: &'a Container, span: Span) -> Result<Self> {
        let bytes = file.span(span)?;
        let width = usize::from(bytes.first().copied().unwrap_or(0));
        match bytes.get(NUMBERS_HEAD..) {
            Some(values) => Numbers::new(file, span, values, width),
            None => Err(file.damaged(span.start, "a column without its head")),
        }
    }

    fn new(file: &Container, span: Span, bytes: &'a [u8], width: usize) -> Result<Self> {
        if !matches!(width, 1 | 2 | 4) || bytes.len() % width > 0 {
            return Err(file.damaged(span.start, format!("a column of {width} bytes a number")));
        }
        Ok(Numbers { bytes, width })
    }

    /// The number of a document; 0 behind the last value.
    #[inline]
    pub fn get(&self, doc: u32) -> u32 {
        let doc = doc as usize;
        match self.width {
            1 => self.bytes.get(doc).map_or(0, |&byte| u32::from(byte)),
            2 => match self.bytes.get(2 * doc..2 * doc + 2) {
                Some(bytes) => u32::from(u16::from_le_bytes([bytes[0], bytes[1]])),
                None => 0,
            },
            _ => match self.bytes.get(4 * doc..4 * doc + 4) {
                Some(bytes) => u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]),
                None => 0,
            },
        }
    }

    /// Values that are there; documents behind them have 0.
    pub fn len(&self) -> usize {
        self.bytes.len() / self.width
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Bytes of each value: 1, 2 or 4.
    #[inline]
    pub fn width(&self) -> usize {
        self.width
    }

    /// All values as they stand on disk, little-endian.
    #[inline]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }
}

/// One text a document, by its rank among the distinct texts; rank 0 is the empty text.
#[derive(Clone, Copy)]
pub struct Texts<'a> {
    file: &'a Container,
    ranks: Numbers<'a>,
    ends: &'a [u8],
    text: &'a [u8],
}

impl<'a> Texts<'a> {
    pub(crate) fn read(file: &'a Container, span: Span) -> Result<Self> {
        let damaged = || file.damaged(span.start, "a column of texts that is cut");
        let bytes = file.span(span)?;
        let head = bytes.get(..TEXTS_HEAD).ok_or_else(damaged)?;
        let width = usize::from(head[0]);
        let (distinct, documents) = (le_u32(head, 4) as usize, le_u32(head, 8) as usize);
        let (ranks, rest) = bytes[TEXTS_HEAD..]
            .split_at_checked(documents * width)
            .ok_or_else(damaged)?;
        let (ends, text) = rest.split_at_checked(distinct * 4).ok_or_else(damaged)?;
        if distinct == 0 {
            return Err(file.damaged(span.start, "a column without the empty text"));
        }
        Ok(Texts {
            file,
            ranks: Numbers::new(file, span, ranks, width)?,
            ends,
            text,
        })
    }

    /// Distinct texts, the empty one included, in the order of their bytes.
    pub fn count(&self) -> u32 {
        (self.ends.len() / 4) as u32
    }

    #[inline]
    pub fn rank(&self, doc: u32) -> u32 {
        self.ranks.get(doc)
    }

    /// The ranks of all documents.
    #[inline]
    pub fn ranks(&self) -> Numbers<'a> {
        self.ranks
    }

    /// The text of a rank; an error from `count()` on.
    pub fn text(&self, rank: u32) -> Result<&'a str> {
        let damaged = || {
            self.file
                .damaged(0, format!("a text of rank {rank} that isn't there"))
        };
        if rank >= self.count() {
            return Err(damaged());
        }
        let end = le_u32(self.ends, rank as usize * 4) as usize;
        let start = if rank == 0 {
            0
        } else {
            le_u32(self.ends, rank as usize * 4 - 4) as usize
        };
        let bytes = self.text.get(start..end).ok_or_else(damaged)?;
        std::str::from_utf8(bytes).map_err(|_| damaged())
    }

    /// The rank of a text, None when no document has it.
    pub fn find(&self, text: &str) -> Result<Option<u32>> {
        let (mut low, mut high) = (0, self.count());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.text(middle)? < text {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok((low < self.count() && self.text(low)? == text).then_some(low))
    }
}

fn le_u32(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("4 bytes"))
}

/// Return the bytes of a column of numbers.
pub(crate) fn encode_numbers(values: &[u32]) -> Vec<u8> {
    let width = width_of(values.iter().copied().max().unwrap_or(0));
    let mut out = vec![width as u8, 0, 0, 0, 0, 0, 0, 0];
    put_numbers(values, width, &mut out);
    out
}

/// Return the bytes of a column of texts: the distinct ones, and the index of each document's.
pub(crate) fn encode_texts(texts: &[&str], of: &[u32]) -> Result<Vec<u8>> {
    let mut sorted: Vec<&str> = texts.iter().copied().chain([""]).collect();
    sorted.sort_unstable();
    sorted.dedup();
    let ranks = ranks_of(texts, of, &sorted)?;
    let width = width_of(sorted.len() as u32 - 1);
    let mut out = vec![width as u8, 0, 0, 0];
    out.extend((sorted.len() as u32).to_le_bytes());
    out.extend((ranks.len() as u32).to_le_bytes());
    out.extend([0; 4]);
    put_numbers(&ranks, width, &mut out);
    let mut end = 0;
    for text in &sorted {
        end += text.len();
        let end = u32::try_from(end).map_err(|_| misuse("a column of over 4 GiB of texts"))?;
        out.extend(end.to_le_bytes());
    }
    sorted.iter().for_each(|text| out.extend(text.as_bytes()));
    Ok(out)
}

fn ranks_of(texts: &[&str], of: &[u32], sorted: &[&str]) -> Result<Vec<u32>> {
    let rank = |text: &&str| {
        sorted
            .binary_search(text)
            .expect("every text was sorted in") as u32
    };
    let ranks: Vec<u32> = texts.iter().map(rank).collect();
    let rank_of = |&text: &u32| ranks.get(text as usize).copied();
    of.iter()
        .map(rank_of)
        .collect::<Option<_>>()
        .ok_or_else(|| misuse("a text that isn't there"))
}

fn misuse(message: &str) -> Error {
    Error::Misuse(message.to_owned())
}

fn width_of(most: u32) -> usize {
    match most {
        0..=0xff => 1,
        0x100..=0xffff => 2,
        _ => 4,
    }
}

fn put_numbers(values: &[u32], width: usize, out: &mut Vec<u8>) {
    out.reserve(values.len() * width);
    values
        .iter()
        .for_each(|value| out.extend(&value.to_le_bytes()[..width]));
}

//! The postings of one term, as a stream of bytes while documents come, and as numbers again.
//!
//! Each posting begins with its document's distance from the one before (the first, from 0):
//!
//!     Nothing       step
//!     Frequencies   2 * step + (tf = 1), then tf where it isn't 1
//!     Positions     2 * step + 1, position; for each further position 2 * distance
//!     Opaque        step, weight: f32, length, value
//!
//! All numbers but the weight are varints.  A term of a field without anything that one
//! document holds needs no stream: its state says which.

use crate::error::{Error, Result};
use crate::invert::arena::{Arena, Stream};
use crate::segment::Carries;
use crate::varint;

/// A list that grows.
#[derive(Clone, Copy, Default)]
pub struct List {
    stream: Stream,
    last_doc: u32,
    last_position: u32,
    df: u32,
}

impl List {
    pub fn is_empty(&self) -> bool {
        self.df == 0
    }

    fn step(&self, doc: u32) -> u64 {
        u64::from(doc - self.last_doc)
    }

    fn begin(&mut self, doc: u32) {
        self.last_doc = doc;
        self.df += 1;
    }

    /// Add a document once, however often it is given.
    #[inline]
    pub fn add_doc(&mut self, arena: &mut Arena, doc: u32) {
        if self.df > 0 && self.last_doc == doc {
            return;
        }
        if self.df == 1 {
            arena.push_number(&mut self.stream, u64::from(self.last_doc));
        }
        if self.df > 0 {
            let step = self.step(doc);
            arena.push_number(&mut self.stream, step);
        }
        self.begin(doc);
    }

    pub fn add_tf(&mut self, arena: &mut Arena, doc: u32, tf: u32) {
        let head = self.step(doc) << 1 | u64::from(tf == 1);
        arena.push_number(&mut self.stream, head);
        if tf != 1 {
            arena.push_number(&mut self.stream, u64::from(tf));
        }
        self.begin(doc);
    }

    /// Add one place; those of a document rise.
    #[inline]
    pub fn add_place(&mut self, arena: &mut Arena, doc: u32, position: u32) {
        if self.df > 0 && self.last_doc == doc {
            let distance = u64::from(position - self.last_position);
            arena.push_number(&mut self.stream, distance << 1);
        } else {
            let head = self.step(doc) << 1 | 1;
            arena.push_number(&mut self.stream, head);
            arena.push_number(&mut self.stream, u64::from(position));
            self.begin(doc);
        }
        self.last_position = position;
    }

    pub fn add_value(&mut self, arena: &mut Arena, doc: u32, weight: f32, value: &[u8]) {
        let step = self.step(doc);
        arena.push_number(&mut self.stream, step);
        arena.push_bytes(&mut self.stream, &weight.to_le_bytes());
        arena.push_number(&mut self.stream, value.len() as u64);
        arena.push_bytes(&mut self.stream, value);
        self.begin(doc);
    }

    /// Append the list's bytes.
    pub fn read(&self, carries: Carries, arena: &Arena, into: &mut Vec<u8>) {
        if carries == Carries::Nothing && self.df == 1 {
            varint::put(into, u64::from(self.last_doc));
        } else {
            arena.read(&self.stream, into);
        }
    }
}

/// A list as numbers; see segment::TermPostings.
#[derive(Default)]
pub struct Numbers {
    pub docs: Vec<u32>,
    pub tfs: Vec<u32>,
    pub positions: Vec<u32>,
    pub weights: Vec<f32>,
    pub value_ends: Vec<u32>,
    pub values: Vec<u8>,
}

impl Numbers {
    pub fn clear(&mut self) {
        self.docs.clear();
        self.tfs.clear();
        self.positions.clear();
        self.weights.clear();
        self.value_ends.clear();
        self.values.clear();
    }

    /// How many they are, more or less: those of four bytes each.
    pub fn size(&self) -> usize {
        self.docs.len()
            + self.tfs.len()
            + self.positions.len()
            + self.weights.len()
            + self.value_ends.len()
            + self.values.len() / 4
    }

    /// Add those of another list behind these.
    pub fn append(&mut self, other: &Numbers) {
        self.docs.extend_from_slice(&other.docs);
        self.tfs.extend_from_slice(&other.tfs);
        self.positions.extend_from_slice(&other.positions);
        self.weights.extend_from_slice(&other.weights);
        self.value_ends.extend_from_slice(&other.value_ends);
        self.values.extend_from_slice(&other.values);
    }

    /// Append the list of some bytes.
    pub fn decode(&mut self, carries: Carries, bytes: &[u8]) -> Result<()> {
        let mut bytes = Bytes(bytes);
        let mut doc = 0;
        while !bytes.0.is_empty() {
            match carries {
                Carries::Nothing => {
                    doc += bytes.number()?;
                    self.docs.push(doc as u32);
                }
                Carries::Frequencies => self.decode_tf(&mut bytes, &mut doc)?,
                Carries::Positions => self.decode_place(&mut bytes, &mut doc)?,
                Carries::Opaque => self.decode_value(&mut bytes, &mut doc)?,
            }
        }
        Ok(())
    }

    fn decode_tf(&mut self, bytes: &mut Bytes<'_>, doc: &mut u64) -> Result<()> {
        let head = bytes.number()?;
        *doc += head >> 1;
        let tf = if head & 1 == 1 { 1 } else { bytes.number()? };
        self.docs.push(*doc as u32);
        self.tfs.push(tf as u32);
        Ok(())
    }

    fn decode_place(&mut self, bytes: &mut Bytes<'_>, doc: &mut u64) -> Result<()> {
        let head = bytes.number()?;
        if head & 1 == 1 {
            *doc += head >> 1;
            self.docs.push(*doc as u32);
            self.tfs.push(1);
            self.positions.push(bytes.number()? as u32);
            return Ok(());
        }
        let (Some(tf), Some(&before)) = (self.tfs.last_mut(), self.positions.last()) else {
            return Err(torn());
        };
        *tf += 1;
        self.positions.push(before + (head >> 1) as u32);
        Ok(())
    }

    fn decode_value(&mut self, bytes: &mut Bytes<'_>, doc: &mut u64) -> Result<()> {
        *doc += bytes.number()?;
        let weight = bytes.take(4)?;
        let length = bytes.number()?;
        self.docs.push(*doc as u32);
        self.weights.push(f32::from_le_bytes([
            weight[0], weight[1], weight[2], weight[3],
        ]));
        self.values.extend_from_slice(bytes.take(length as usize)?);
        self.value_ends.push(self.values.len() as u32);
        Ok(())
    }
}

/// Bytes that are read from the front.
pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    #[inline]
    pub fn number(&mut self) -> Result<u64> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let (&byte, rest) = self.0.split_first().ok_or_else(torn)?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
            shift += 7;
            if shift > 63 {
                return Err(torn());
            }
        }
    }

    pub fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or_else(torn)?;
        self.0 = rest;
        Ok(taken)
    }
}

/// Only a temporary file that somebody else wrote into can hold such bytes.
fn torn() -> Error {
    Error::Misuse("postings that were put aside are torn; index again".to_owned())
}

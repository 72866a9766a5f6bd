//! Posting lists: which documents hold a term, how often, and where.
//!
//! A list is cut into blocks of 128 postings.  The directory of a list says of each
//! block its first and last document and an upper bound of its score, so a search can
//! pass over a block without touching it.

use crate::error::Result;

/// Postings in a block; only the last block of a list has fewer.
pub const BLOCK: usize = 128;

/// What the directory of a list says of one block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BlockInfo {
    pub first_doc: u32,
    pub last_doc: u32,
    /// Postings in it, 1 to BLOCK.
    pub len: u32,
    pub max_tf: u32,
    /// An upper bound of tf / (tf + K1 * (1 - B + B * length / mean)) over the block, where
    /// `mean` is the mean length that the segment was written with (`Segment::mean_length`).
    /// For another mean m the bound is `max_impact * max(1, m / mean)`.  1 in a field without
    /// lengths.
    pub max_impact: f32,
}

/// One posting list, its directory read, its blocks not yet.
pub struct Postings<'a> {
    _data: &'a [u8],
}

impl<'a> Postings<'a> {
    /// Documents that hold the term, deleted ones too.
    pub fn df(&self) -> u32 {
        unimplemented!()
    }

    /// Occurrences in all documents.
    pub fn total_tf(&self) -> u64 {
        unimplemented!()
    }

    pub fn block_count(&self) -> usize {
        unimplemented!()
    }

    /// What the directory says of a block; panics past the last.
    pub fn info(&self, _block: usize) -> BlockInfo {
        unimplemented!()
    }

    /// The first block, from `from` on, whose last document is `doc` or after it;
    /// `block_count()` when there is none.  Gallops from `from`.
    pub fn find_block(&self, _from: usize, _doc: u32) -> usize {
        unimplemented!()
    }

    /// Decode the documents of a block, ascending; returns how many.
    pub fn docs(&self, _block: usize, _out: &mut [u32; BLOCK]) -> Result<usize> {
        unimplemented!()
    }

    /// Decode how often the term occurs in each document of a block; all 1 in a field
    /// without frequencies.
    pub fn tfs(&self, _block: usize, _out: &mut [u32; BLOCK]) -> Result<usize> {
        unimplemented!()
    }

    /// Append the positions of posting `at` of a block to `out`, ascending; `tfs` are the
    /// block's.  Nothing in a field without positions.
    pub fn positions(
        &self,
        _block: usize,
        _at: usize,
        _tfs: &[u32; BLOCK],
        _out: &mut Vec<u32>,
    ) -> Result<()> {
        unimplemented!()
    }

    /// For the list of a term that many documents hold: one bit a document, little-endian
    /// u64 words, `doc_count` bits rounded up to whole words; None for a list of deltas.
    pub fn bitmap(&self) -> Option<&'a [u8]> {
        unimplemented!()
    }
}

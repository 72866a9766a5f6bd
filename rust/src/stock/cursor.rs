//! A place in a posting list that goes forward, and decodes the blocks that it comes to.

use crate::error::Result;
use crate::postings::{Postings, BLOCK};

pub struct PostingCursor<'a> {
    list: Postings<'a>,
    block: usize,
    at: usize,
    /// Documents of the block; 0 before the first one is read.
    len: usize,
    docs: [u32; BLOCK],
    weights: [f32; BLOCK],
    tfs: [u32; BLOCK],
    has_weights: bool,
    has_tfs: bool,
}

impl<'a> PostingCursor<'a> {
    pub fn new(list: Postings<'a>) -> Self {
        PostingCursor {
            list,
            block: 0,
            at: 0,
            len: 0,
            docs: [0; BLOCK],
            weights: [0.0; BLOCK],
            tfs: [0; BLOCK],
            has_weights: false,
            has_tfs: false,
        }
    }

    /// The first document of the list, from here on, that isn't before `doc`.
    pub fn seek(&mut self, doc: u32) -> Result<Option<u32>> {
        if self.len == 0 || self.docs[self.len - 1] < doc {
            let from = self.block + usize::from(self.len > 0);
            let block = self.list.find_block(from, doc);
            if block >= self.list.block_count() {
                return Ok(None);
            }
            self.read(block)?;
        }
        let rest = &self.docs[self.at..self.len];
        self.at += rest.partition_point(|&other| other < doc);
        Ok(self.docs[..self.len].get(self.at).copied())
    }

    fn read(&mut self, block: usize) -> Result<()> {
        self.len = self.list.docs(block, &mut self.docs)?;
        self.block = block;
        self.at = 0;
        self.has_weights = false;
        self.has_tfs = false;
        Ok(())
    }

    /// The weight of the current posting.
    pub fn weight(&mut self) -> Result<f32> {
        if !self.has_weights {
            self.list.weights(self.block, &mut self.weights)?;
            self.has_weights = true;
        }
        Ok(self.weights[self.at])
    }

    /// The places of the current posting, ascending, instead of what `out` holds.
    pub fn positions(&mut self, out: &mut Vec<u32>) -> Result<()> {
        if !self.has_tfs {
            self.list.tfs(self.block, &mut self.tfs)?;
            self.has_tfs = true;
        }
        out.clear();
        self.list.positions(self.block, self.at, &self.tfs, out)
    }

    /// Call `each` with all documents and weights of a list.
    pub fn all(list: &Postings<'_>, scored: bool, mut each: impl FnMut(u32, f32)) -> Result<()> {
        let (mut docs, mut weights) = ([0; BLOCK], [0.0; BLOCK]);
        for block in 0..list.block_count() {
            let len = list.docs(block, &mut docs)?;
            if scored {
                list.weights(block, &mut weights)?;
            }
            for (&doc, &weight) in docs[..len].iter().zip(&weights) {
                each(doc, weight);
            }
        }
        Ok(())
    }
}

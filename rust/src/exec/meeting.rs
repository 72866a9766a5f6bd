//! Ascending documents beside a posting list: which of them it holds, how often and where.
//!
//! Both go block by block, and a block that no document falls into isn't decoded.  Within a
//! block each document is looked for by itself, without branches that a processor could guess
//! wrong: so it looks for several at once, which is sooner done than to merge the two.  In a block
//! of a bitmap that only a few documents fall into, the set bits before each of them are counted.

use std::ops::Range;

use crate::error::Result;
use crate::postings::{Postings, BLOCK};

use super::bits::{byte_has, count_bytes};
use super::docs::{gallop, retain};
use super::lists::listed;

/// When there are so many times as many documents as postings, the postings are looked for.
const SPARSE: usize = 8;

/// So few documents are looked for in a bitmap sooner than a block of it is decoded.
const FEW: usize = 12;

/// So few occurrences are read one by one sooner than those of a whole block.
const FEW_TFS: usize = 6;

/// Where documents and postings of a block are the same, ascending.
struct Met {
    /// One more than can be, for what is written before it is known to be the same.
    docs: [u32; BLOCK + 1],
    postings: [u32; BLOCK + 1],
    len: usize,
}

impl Met {
    fn new() -> Met {
        Met {
            docs: [0; BLOCK + 1],
            postings: [0; BLOCK + 1],
            len: 0,
        }
    }

    fn find(&mut self, docs: &[u32], block: &Block) {
        self.len = 0;
        if block.len * SPARSE < docs.len() {
            self.find_postings(docs, block.docs());
        } else {
            self.find_docs(docs, block);
        }
    }

    fn find_docs(&mut self, docs: &[u32], block: &Block) {
        for (at, doc) in docs.iter().enumerate() {
            let posting = block.lower_bound(*doc);
            self.offer(at, posting, block.docs[posting] == *doc);
        }
    }

    fn find_postings(&mut self, docs: &[u32], block: &[u32]) {
        let mut at = 0;
        for (posting, doc) in block.iter().enumerate() {
            at += gallop(&docs[at..], *doc);
            self.offer(at, posting, docs.get(at) == Some(doc));
        }
    }

    /// Look for documents in a bitmap, in a block that begins with `first`.
    fn find_bits(&mut self, docs: &[u32], bitmap: &[u8], first: u32) {
        self.len = 0;
        let (mut from, mut posting) = (first, 0);
        for (at, &doc) in docs.iter().enumerate() {
            posting += count_bytes(bitmap, from, doc);
            from = doc;
            // A damaged bitmap may have more bits than its block has documents.
            self.offer(at, posting.min(BLOCK - 1), byte_has(bitmap, doc));
        }
    }

    /// Take all documents of a block for those that were looked for.
    fn take_all(&mut self, len: usize) {
        for at in 0..len.min(BLOCK) {
            (self.docs[at], self.postings[at]) = (at as u32, at as u32);
        }
        self.len = len.min(BLOCK);
    }

    /// Add a pair if it is the same, without a branch.
    #[inline]
    fn offer(&mut self, doc: usize, posting: usize, is_same: bool) {
        let slot = self.len.min(BLOCK);
        self.docs[slot] = doc as u32;
        self.postings[slot] = posting as u32;
        self.len = slot + usize::from(is_same);
    }

    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let both = self.docs.iter().zip(&self.postings).take(self.len);
        both.map(|(doc, posting)| (*doc as usize, *posting as usize))
    }
}

/// The documents of one block, and behind the last what no document is.
struct Block {
    docs: [u32; BLOCK],
    len: usize,
}

impl Block {
    fn read(&mut self, list: &Postings<'_>, block: usize) -> Result<()> {
        self.len = list.docs(block, &mut self.docs)?;
        self.docs[self.len..].fill(u32::MAX);
        Ok(())
    }

    fn docs(&self) -> &[u32] {
        &self.docs[..self.len]
    }

    /// The first posting that doesn't come before a document, or the last one.
    #[inline]
    fn lower_bound(&self, doc: u32) -> usize {
        let mut at = 0;
        for step in [64, 32, 16, 8, 4, 2, 1] {
            let is_before = self.docs[(at + step - 1) % BLOCK] < doc;
            at += step * usize::from(is_before);
        }
        at
    }
}

/// Call `each` with the blocks that hold any of some documents: which documents fall into one,
/// and where the same are among these; with `held` the list holds all documents.
fn each_block(
    docs: &[u32],
    list: &Postings<'_>,
    held: bool,
    mut each: impl FnMut(Range<usize>, usize, &Met) -> Result<()>,
) -> Result<()> {
    let (mut at, mut block) = (0, 0);
    let mut postings = Block {
        docs: [0; BLOCK],
        len: 0,
    };
    let mut met = Met::new();
    while let Some(doc) = docs.get(at) {
        block = list.find_block(block, *doc);
        if block == list.block_count() {
            break;
        }
        let info = list.info(block);
        at += gallop(&docs[at..], info.first_doc);
        let end = at + gallop(&docs[at..], info.last_doc.saturating_add(1));
        if at < end {
            match list.bitmap() {
                _ if held && end - at == info.len as usize => met.take_all(end - at),
                Some(bitmap) if end - at <= FEW => {
                    met.find_bits(&docs[at..end], bitmap, info.first_doc);
                }
                _ => {
                    postings.read(list, block)?;
                    met.find(&docs[at..end], &postings);
                }
            }
            if met.len > 0 {
                each(at..end, block, &met)?;
            }
        }
        (at, block) = (end, block + 1);
    }
    Ok(())
}

/// Keep of ascending documents those that a list holds.
pub fn keep(docs: &mut Vec<u32>, list: &Postings<'_>) -> Result<()> {
    let mut kept = Vec::with_capacity(docs.len().min(list.df() as usize));
    each_block(docs, list, false, |range, _, met| {
        let here = &docs[range];
        kept.extend(met.docs[..met.len].iter().map(|at| here[*at as usize]));
        Ok(())
    })?;
    *docs = kept;
    Ok(())
}

/// How many of ascending documents a list holds.
pub fn count(docs: &[u32], list: &Postings<'_>) -> Result<u64> {
    let mut count = 0;
    each_block(docs, list, false, |_, _, met| {
        count += met.len as u64;
        Ok(())
    })?;
    Ok(count)
}

/// Call `found` with each of ascending documents that a list holds, by its number among them,
/// and how often the term occurs there.
pub fn occurrences(docs: &[u32], list: &Postings<'_>, found: impl FnMut(usize, u32)) -> Result<()> {
    each_occurrence(docs, list, false, found)
}

/// The same for documents that the list is known to hold.
pub fn held_occurrences(
    docs: &[u32],
    list: &Postings<'_>,
    found: impl FnMut(usize, u32),
) -> Result<()> {
    each_occurrence(docs, list, true, found)
}

fn each_occurrence(
    docs: &[u32],
    list: &Postings<'_>,
    held: bool,
    mut found: impl FnMut(usize, u32),
) -> Result<()> {
    let mut tfs = [0; BLOCK];
    each_block(docs, list, held, |range, block, met| {
        if met.len <= FEW_TFS {
            for (doc, posting) in met.pairs() {
                found(range.start + doc, list.tf(block, posting)?);
            }
            return Ok(());
        }
        list.tfs(block, &mut tfs)?;
        for (doc, posting) in met.pairs() {
            found(range.start + doc, tfs[posting]);
        }
        Ok(())
    })
}

/// Call `found` with each place where the term of a list stands in ascending documents: the
/// number of the document among them, and the position; both ascend.
pub fn positions(
    docs: &[u32],
    list: &Postings<'_>,
    mut found: impl FnMut(usize, u32),
) -> Result<()> {
    let (mut tfs, mut before) = ([0; BLOCK], [0; BLOCK]);
    each_block(docs, list, false, |range, block, met| {
        list.tfs(block, &mut tfs)?;
        let positions = list.block_positions(block, &tfs)?;
        let last = met.postings[met.len - 1] as usize;
        sum_before(&tfs, last, &mut before);
        for (doc, posting) in met.pairs() {
            positions.each(before[posting], tfs[posting], |position| {
                found(range.start + doc, position);
            })?;
        }
        Ok(())
    })
}

/// Documents that each of some lists holds, and where they stand in it: the number of the
/// posting.  So what was met is looked into later without looking for it again.
pub struct Together {
    /// Ascending.
    pub docs: Vec<u32>,
    /// Of each list, as many as documents; None of a bitmap, where to count bits costs more than
    /// to test them.
    pub places: Vec<Option<Vec<u32>>>,
}

impl Together {
    /// All documents of a list.
    pub fn of(list: &Postings<'_>) -> Result<Together> {
        let docs = listed(list)?;
        let places = (0..docs.len() as u32).collect();
        Ok(Together {
            docs,
            places: vec![Some(places)],
        })
    }

    /// Keep the documents that another list holds, too.
    pub fn keep(&mut self, list: &Postings<'_>) -> Result<()> {
        if let Some(bitmap) = list.bitmap() {
            let mut held: Vec<u32> = (0..self.docs.len() as u32).collect();
            retain(&mut held, |at| byte_has(bitmap, self.docs[at as usize]));
            self.keep_these(&held);
            self.places.push(None);
            return Ok(());
        }
        let (mut kept, mut places) = (Vec::new(), Vec::new());
        each_block(&self.docs, list, false, |range, block, met| {
            kept.extend(met.pairs().map(|(doc, _)| (range.start + doc) as u32));
            places.extend(met.pairs().map(|(_, at)| (block * BLOCK + at) as u32));
            Ok(())
        })?;
        self.keep_these(&kept);
        self.places.push(Some(places));
        Ok(())
    }

    fn keep_these(&mut self, kept: &[u32]) {
        if kept.len() < self.docs.len() {
            keep_places(&mut self.docs, kept);
            let places = self.places.iter_mut().flatten();
            places.for_each(|list| keep_places(list, kept));
        }
    }
}

/// Keep of a list what stands at some places, which ascend.
pub fn keep_places<T: Copy>(list: &mut Vec<T>, places: &[u32]) {
    for (to, from) in places.iter().enumerate() {
        list[to] = list[*from as usize];
    }
    list.truncate(places.len());
}

/// Call `found` with how often a term occurs at each of some places of its list, ascending.
pub fn occurrences_at(
    places: &[u32],
    list: &Postings<'_>,
    mut found: impl FnMut(usize, u32),
) -> Result<()> {
    let mut tfs = [0; BLOCK];
    let mut at = 0;
    for here in places.chunk_by(are_of_a_block) {
        let block = here[0] as usize / BLOCK;
        if here.len() > FEW_TFS {
            list.tfs(block, &mut tfs)?;
        }
        for place in here {
            let posting = *place as usize % BLOCK;
            let tf = if here.len() > FEW_TFS {
                tfs[posting]
            } else {
                list.tf(block, posting)?
            };
            found(at, tf);
            at += 1;
        }
    }
    Ok(())
}

/// Call `found` with each position at each of some places of a list, ascending.
pub fn positions_at(
    places: &[u32],
    list: &Postings<'_>,
    mut found: impl FnMut(usize, u32),
) -> Result<()> {
    let (mut tfs, mut before) = ([0; BLOCK], [0; BLOCK]);
    let mut at = 0;
    for here in places.chunk_by(are_of_a_block) {
        let block = here[0] as usize / BLOCK;
        list.tfs(block, &mut tfs)?;
        let positions = list.block_positions(block, &tfs)?;
        let last = here[here.len() - 1] as usize % BLOCK;
        sum_before(&tfs, last, &mut before);
        for place in here {
            let posting = *place as usize % BLOCK;
            positions.each(before[posting], tfs[posting], |position| {
                found(at, position)
            })?;
            at += 1;
        }
    }
    Ok(())
}

fn are_of_a_block(one: &u32, other: &u32) -> bool {
    *one as usize / BLOCK == *other as usize / BLOCK
}

/// Sum up, for each posting up to `last`, the occurrences of those before it.
fn sum_before(tfs: &[u32; BLOCK], last: usize, before: &mut [u64; BLOCK]) {
    for at in 0..last.min(BLOCK - 1) {
        before[at + 1] = before[at] + u64::from(tfs[at]);
    }
}

//! What sets of documents and posting lists do to each other.

use crate::error::{Error, Result};
use crate::postings::{Postings, BLOCK};

use super::bits::{byte_has, Bits};
use super::docs::Docs;
use super::meeting;

/// A way through one list, forward only.
pub struct Cursor<'l, 's> {
    list: &'l Postings<'s>,
    bitmap: Option<&'s [u8]>,
    blocks: usize,
    block: usize,
    len: usize,
    at: usize,
    docs: [u32; BLOCK],
    tfs: [u32; BLOCK],
    has_tfs: bool,
}

impl<'l, 's> Cursor<'l, 's> {
    pub fn new(list: &'l Postings<'s>) -> Self {
        Cursor {
            list,
            bitmap: list.bitmap(),
            blocks: list.block_count(),
            block: usize::MAX,
            len: 0,
            at: 0,
            docs: [0; BLOCK],
            tfs: [0; BLOCK],
            has_tfs: false,
        }
    }

    /// Go to a document; whether the list holds it.  Documents must not descend.
    #[inline]
    pub fn seek(&mut self, doc: u32) -> Result<bool> {
        if self.bitmap.is_some_and(|bytes| !byte_has(bytes, doc)) {
            return Ok(false);
        }
        if self.len == 0 || self.docs[self.len - 1] < doc {
            let from = self.block.wrapping_add(1).min(self.blocks);
            if !self.load(self.list.find_block(from, doc))? {
                return Ok(false);
            }
            if self.docs[self.len - 1] < doc {
                return Err(contradiction());
            }
        }
        while self.docs[self.at] < doc {
            self.at += 1;
            if self.at & 3 == 0 {
                self.at += self.docs[self.at..self.len].partition_point(|d| *d < doc);
            }
        }
        Ok(self.docs[self.at] == doc)
    }

    fn load(&mut self, block: usize) -> Result<bool> {
        if block >= self.blocks {
            self.block = self.blocks.wrapping_sub(1);
            self.len = 0;
            return Ok(false);
        }
        self.len = self.list.docs(block, &mut self.docs)?;
        self.block = block;
        self.at = 0;
        self.has_tfs = false;
        Ok(true)
    }

    /// How often the term occurs in the document that `seek` found.
    #[inline]
    pub fn tf(&mut self) -> Result<u32> {
        self.need_tfs()?;
        Ok(self.tfs[self.at])
    }

    #[inline]
    fn need_tfs(&mut self) -> Result<()> {
        if !self.has_tfs {
            self.list.tfs(self.block, &mut self.tfs)?;
            self.has_tfs = true;
        }
        Ok(())
    }

    /// Append where the term stands in the document that `seek` found.
    pub fn positions(&mut self, out: &mut Vec<u32>) -> Result<()> {
        self.need_tfs()?;
        self.list.positions(self.block, self.at, &self.tfs, out)
    }
}

#[cold]
fn contradiction() -> Error {
    Error::Misuse("a posting list contradicts its directory; run: searcher check".to_owned())
}

/// All documents of a list.
pub fn documents(list: &Postings<'_>, len: u32) -> Result<Docs> {
    if let Some(bytes) = list.bitmap() {
        return Ok(Docs::Many(Bits::of_bytes(bytes, len)));
    }
    if Docs::is_few(u64::from(list.df()), len) {
        return Ok(Docs::Few(listed(list)?));
    }
    let mut bits = Bits::none(len);
    add_to(list, &mut bits)?;
    Ok(Docs::Many(bits))
}

/// All documents of a list, ascending.
pub fn listed(list: &Postings<'_>) -> Result<Vec<u32>> {
    let mut docs = Vec::with_capacity(list.df() as usize);
    let mut block_docs = [0; BLOCK];
    for block in 0..list.block_count() {
        let count = list.docs(block, &mut block_docs)?;
        docs.extend_from_slice(&block_docs[..count]);
    }
    Ok(docs)
}

/// Add the documents of a list.
pub fn add_to(list: &Postings<'_>, bits: &mut Bits) -> Result<()> {
    if let Some(bytes) = list.bitmap() {
        bits.add_bytes(bytes);
        return Ok(());
    }
    let mut block_docs = [0; BLOCK];
    for block in 0..list.block_count() {
        let count = list.docs(block, &mut block_docs)?;
        bits.add_all(&block_docs[..count]);
    }
    Ok(())
}

/// Keep of a set what a list holds.
pub fn keep(docs: Docs, list: &Postings<'_>, len: u32) -> Result<Docs> {
    match docs {
        Docs::Few(docs) => Ok(Docs::Few(keep_few(docs, list)?)),
        Docs::Many(mut bits) => match list.bitmap() {
            Some(bytes) => {
                bits.and_bytes(bytes);
                Ok(Docs::Many(bits))
            }
            None => Ok(documents(list, len)?.and(&Docs::Many(bits))),
        },
    }
}

fn keep_few(mut docs: Vec<u32>, list: &Postings<'_>) -> Result<Vec<u32>> {
    match list.bitmap() {
        Some(bytes) => docs.retain(|doc| byte_has(bytes, *doc)),
        None => meeting::keep(&mut docs, list)?,
    }
    Ok(docs)
}

/// Keep of a set what any of some lists holds.
pub fn keep_any(docs: Docs, found: &[Postings<'_>], len: u32) -> Result<Docs> {
    match (docs, found) {
        (docs, [list]) => keep(docs, list, len),
        (Docs::Few(docs), found) => found.iter().try_fold(Docs::none(), |kept, list| {
            Ok(kept.or(Docs::Few(keep_few(docs.clone(), list)?), len))
        }),
        (docs, found) => Ok(docs.and(&union(found, len)?)),
    }
}

/// All documents of some lists.
pub fn union(lists: &[Postings<'_>], len: u32) -> Result<Docs> {
    let total: u64 = lists.iter().map(|list| u64::from(list.df())).sum();
    if let [list] = lists {
        return documents(list, len);
    }
    if Docs::is_few(total, len) {
        return Ok(Docs::Few(few_united(lists)?));
    }
    let mut bits = Bits::none(len);
    for list in lists {
        add_to(list, &mut bits)?;
    }
    Ok(Docs::Many(bits))
}

fn few_united(lists: &[Postings<'_>]) -> Result<Vec<u32>> {
    let mut docs = Vec::new();
    for list in lists {
        docs.append(&mut listed(list)?);
    }
    docs.sort_unstable();
    docs.dedup();
    Ok(docs)
}

/// Of a segment of this many documents for each posting, sorting them costs less than bits.
const SPARSE: usize = 64;

/// The documents of some lists, each with its occurrences in all of them.
pub fn summed(lists: &[Postings<'_>], len: u32) -> Result<(Vec<u32>, Vec<f64>)> {
    if lists.len() < 2 {
        return lists.first().map_or(Ok(Default::default()), counted);
    }
    let total: usize = lists.iter().map(|list| list.df() as usize).sum();
    if total * SPARSE < len as usize {
        return few_summed(lists, total);
    }
    many_summed(lists, len)
}

/// The documents of one list, each with its occurrences.
pub fn counted(list: &Postings<'_>) -> Result<(Vec<u32>, Vec<f64>)> {
    let mut found = (Vec::new(), Vec::new());
    let (mut docs, mut tfs) = ([0; BLOCK], [0; BLOCK]);
    for block in 0..list.block_count() {
        let count = list.docs(block, &mut docs)?;
        list.tfs(block, &mut tfs)?;
        found.0.extend_from_slice(&docs[..count]);
        found.1.extend(tfs[..count].iter().map(|tf| f64::from(*tf)));
    }
    Ok(found)
}

fn few_summed(lists: &[Postings<'_>], total: usize) -> Result<(Vec<u32>, Vec<f64>)> {
    let mut pairs: Vec<u64> = Vec::with_capacity(total);
    let (mut docs, mut tfs) = ([0; BLOCK], [0; BLOCK]);
    for list in lists {
        for block in 0..list.block_count() {
            let count = list.docs(block, &mut docs)?;
            list.tfs(block, &mut tfs)?;
            let found = docs[..count].iter().zip(&tfs);
            pairs.extend(found.map(|(doc, tf)| u64::from(*doc) << 32 | u64::from(*tf)));
        }
    }
    pairs.sort_unstable();
    let mut found = (Vec::with_capacity(total), Vec::<f64>::with_capacity(total));
    for pair in pairs {
        let (doc, tf) = ((pair >> 32) as u32, pair as u32);
        if found.0.last() == Some(&doc) {
            *found.1.last_mut().expect("one a document") += f64::from(tf);
        } else {
            found.0.push(doc);
            found.1.push(f64::from(tf));
        }
    }
    Ok(found)
}

fn many_summed(lists: &[Postings<'_>], len: u32) -> Result<(Vec<u32>, Vec<f64>)> {
    let mut bits = Bits::none(len);
    let mut sums = vec![0u32; len as usize];
    let (mut docs, mut tfs) = ([0; BLOCK], [0; BLOCK]);
    for list in lists {
        for block in 0..list.block_count() {
            let count = list.docs(block, &mut docs)?;
            list.tfs(block, &mut tfs)?;
            for (doc, tf) in docs[..count].iter().zip(&tfs) {
                if let Some(sum) = sums.get_mut(*doc as usize) {
                    *sum = sum.saturating_add(*tf);
                    bits.add(*doc);
                }
            }
        }
    }
    let docs = bits.to_vec();
    let tfs = docs.iter().map(|doc| f64::from(sums[*doc as usize]));
    let tfs = tfs.collect();
    Ok((docs, tfs))
}

//! What sets of documents and posting lists do to each other.

use std::cell::RefCell;

use crate::error::{Error, Result};
use crate::postings::{Postings, BLOCK};

use super::bits::{byte_has, Bits};
use super::docs::{retain, Docs};
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

/// The documents of a list that are in a set, ascending.
fn listed_in(list: &Postings<'_>, bits: &Bits) -> Result<Vec<u32>> {
    let mut found = Vec::new();
    let mut docs = [0; BLOCK];
    for block in 0..list.block_count() {
        let count = list.docs(block, &mut docs)?;
        let mut kept = 0;
        for at in 0..count {
            let doc = docs[at];
            docs[kept] = doc;
            kept += usize::from(bits.has(doc));
        }
        found.extend_from_slice(&docs[..kept]);
    }
    Ok(found)
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
            None => Ok(Docs::of_listed(listed_in(list, &bits)?, len)),
        },
    }
}

fn keep_few(mut docs: Vec<u32>, list: &Postings<'_>) -> Result<Vec<u32>> {
    match list.bitmap() {
        Some(bytes) => retain(&mut docs, |doc| byte_has(bytes, doc)),
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

/// The documents of some lists, each with its occurrences in all of them.
pub fn summed(lists: &[Postings<'_>], len: u32) -> Result<(Vec<u32>, Vec<f64>)> {
    if lists.len() < 2 {
        return lists.first().map_or(Ok(Default::default()), counted);
    }
    let total: usize = lists.iter().map(|list| list.df() as usize).sum();
    if total < MOST_SORTED {
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

/// To sort so few postings costs less than to look for their sums.
const MOST_SORTED: usize = 128;

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

thread_local! {
    /// Empty between two uses: to make so many sums anew takes longer than to add to them.
    static SUMS: RefCell<Sums> = RefCell::default();
}

/// A sum for each document of a segment.
#[derive(Default)]
struct Sums {
    of: Vec<u8>,
    /// The documents that have one, as bits; and the words of bits that have any.
    held: Vec<u64>,
    words: Vec<u64>,
    count: usize,
}

impl Sums {
    fn fit(&mut self, len: usize) {
        if self.of.len() < len {
            self.of.resize(len, 0);
            self.held.resize(len.div_ceil(64), 0);
            self.words.resize(len.div_ceil(64 * 64), 0);
        }
    }

    fn add(&mut self, list: &Postings<'_>, len: usize) -> Result<()> {
        let (mut docs, mut tfs) = ([0; BLOCK], [0; BLOCK]);
        let of = &mut self.of[..len];
        for block in 0..list.block_count() {
            let count = list.docs(block, &mut docs)?;
            list.tfs(block, &mut tfs)?;
            for (doc, tf) in docs[..count].iter().zip(&tfs) {
                let at = *doc as usize;
                if let Some(sum) = of.get_mut(at) {
                    *sum = sum.saturating_add((*tf).min(255) as u8);
                    let held = &mut self.held[at / 64];
                    self.count += (!*held >> (at % 64) & 1) as usize;
                    *held |= 1 << (at % 64);
                    self.words[at / (64 * 64)] |= 1 << (at / 64 % 64);
                }
            }
        }
        Ok(())
    }

    /// Take all sums out, in the order of documents.
    fn take(&mut self, docs: &mut Vec<u32>, tfs: &mut Vec<f64>) {
        let count = std::mem::take(&mut self.count);
        docs.resize(count, 0);
        tfs.resize(count, 0.0);
        let mut slots = docs.iter_mut().zip(tfs);
        for (words, base) in self.words.iter_mut().zip((0..).step_by(64)) {
            let mut words = std::mem::take(words);
            while words != 0 {
                let word = base + words.trailing_zeros() as usize;
                words &= words - 1;
                let mut held = std::mem::take(&mut self.held[word]);
                while held != 0 {
                    let doc = word * 64 + held.trailing_zeros() as usize;
                    held &= held - 1;
                    if let Some((slot, tf)) = slots.next() {
                        *slot = doc as u32;
                        *tf = f64::from(std::mem::take(&mut self.of[doc]));
                    }
                }
            }
        }
    }
}

fn many_summed(lists: &[Postings<'_>], len: u32) -> Result<(Vec<u32>, Vec<f64>)> {
    let (mut docs, mut tfs) = (Vec::new(), Vec::new());
    SUMS.with_borrow_mut(|sums| {
        sums.fit(len as usize);
        let mut each = lists.iter();
        let added = each.try_for_each(|list| sums.add(list, len as usize));
        if added.is_err() {
            *sums = Sums::default();
        }
        sums.take(&mut docs, &mut tfs);
        added
    })?;
    sum_greater(lists, &docs, &mut tfs)?;
    Ok((docs, tfs))
}

/// Sum once more what was too great for a byte.
fn sum_greater(lists: &[Postings<'_>], docs: &[u32], tfs: &mut [f64]) -> Result<()> {
    let is_greater = |at: &usize| tfs[*at] >= f64::from(u8::MAX);
    let greater: Vec<usize> = (0..docs.len()).filter(is_greater).collect();
    if greater.is_empty() {
        return Ok(());
    }
    let these: Vec<u32> = greater.iter().map(|at| docs[*at]).collect();
    greater.iter().for_each(|at| tfs[*at] = 0.0);
    lists.iter().try_for_each(|list| {
        meeting::occurrences(&these, list, |at, tf| tfs[greater[at]] += f64::from(tf))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::{Carries, FieldSpec, Segment, SegmentWriter, TermPostings};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn written(lists: &[BTreeMap<u32, u32>], len: u32, path: &std::path::Path) -> Segment {
        let spec = FieldSpec {
            name: "text".to_owned(),
            carries: Carries::Frequencies,
            lengths: false,
        };
        let mut writer = SegmentWriter::create(path, vec![spec]).unwrap();
        for (at, held) in lists.iter().enumerate() {
            let postings = TermPostings {
                docs: &Vec::from_iter(held.keys().copied()),
                tfs: &Vec::from_iter(held.values().copied()),
                ..TermPostings::default()
            };
            writer.add_term(0, &[at as u8], &postings).unwrap();
        }
        writer.finish(len).unwrap();
        Segment::open(path).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn occurrences_of_several_lists_add_up_however_many_there_are(
            lists in prop::collection::vec(
                prop::collection::btree_map(0u32..500, prop_oneof![9 => 1u32..9, 1 => 200u32..400], 1..200),
                1..5,
            ),
            len in prop_oneof![Just(500u32), Just(100_000)],
        ) {
            let folder = tempfile::tempdir().unwrap();
            let segment = written(&lists, len, &folder.path().join("one.nat"));
            let read = |at: usize| segment.postings(0, &[at as u8]).unwrap().unwrap();
            let found = Vec::from_iter((0..lists.len()).map(read));
            let mut naive = BTreeMap::<u32, f64>::new();
            for (doc, tf) in lists.iter().flatten() {
                *naive.entry(*doc).or_default() += f64::from(*tf);
            }
            // Twice, since sums are kept between two uses.
            for _ in 0..2 {
                let (docs, tfs) = summed(&found, len).unwrap();
                prop_assert_eq!(docs.into_iter().zip(tfs).collect::<BTreeMap<_, _>>(), naive.clone());
            }
        }
    }
}

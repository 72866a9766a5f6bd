//! What sets of documents and posting lists do to each other.

use crate::error::{Error, Result};
use crate::postings::{Postings, BLOCK};

use super::bits::{byte_has, Bits};
use super::docs::{retain, Docs};
use super::meeting;

/// A way through one list, forward only.  A wildcard has thousands of them, of short lists, so
/// it holds no more room than its list has documents.
pub struct Cursor<'l, 's> {
    list: &'l Postings<'s>,
    bitmap: Option<&'s [u8]>,
    blocks: usize,
    block: usize,
    at: usize,
    docs: Vec<u32>,
    /// Of the same documents; empty until one is asked for.
    tfs: Vec<u32>,
}

impl<'l, 's> Cursor<'l, 's> {
    pub fn new(list: &'l Postings<'s>) -> Self {
        Cursor {
            list,
            bitmap: list.bitmap(),
            blocks: list.block_count(),
            block: usize::MAX,
            at: 0,
            docs: Vec::new(),
            tfs: Vec::new(),
        }
    }

    /// Go to a document; whether the list holds it.  Documents must not descend.
    #[inline]
    pub fn seek(&mut self, doc: u32) -> Result<bool> {
        if self.bitmap.is_some_and(|bytes| !byte_has(bytes, doc)) {
            return Ok(false);
        }
        if self.docs.last().is_none_or(|last| *last < doc) {
            let from = self.block.wrapping_add(1).min(self.blocks);
            if !self.load(self.list.find_block(from, doc))? {
                return Ok(false);
            }
            if self.docs.last().is_none_or(|last| *last < doc) {
                return Err(contradiction());
            }
        }
        while self.docs[self.at] < doc {
            self.at += 1;
            if self.at & 3 == 0 {
                self.at += self.docs[self.at..].partition_point(|d| *d < doc);
            }
        }
        Ok(self.docs[self.at] == doc)
    }

    fn load(&mut self, block: usize) -> Result<bool> {
        self.docs.clear();
        self.tfs.clear();
        self.at = 0;
        if block >= self.blocks {
            self.block = self.blocks.wrapping_sub(1);
            return Ok(false);
        }
        let mut docs = [0; BLOCK];
        let len = self.list.docs(block, &mut docs)?;
        take(&mut self.docs, &docs[..len]);
        self.block = block;
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
        if self.tfs.is_empty() {
            let mut tfs = [0; BLOCK];
            self.list.tfs(self.block, &mut tfs)?;
            take(&mut self.tfs, &tfs[..self.docs.len()]);
        }
        Ok(())
    }

    /// Append where the term stands in the document that `seek` found.
    pub fn positions(&mut self, out: &mut Vec<u32>) -> Result<()> {
        self.need_tfs()?;
        self.list.positions(self.block, self.at, &self.tfs, out)
    }
}

/// Fill an empty list, which takes up no more than it has to.
fn take(into: &mut Vec<u32>, numbers: &[u32]) {
    into.reserve_exact(numbers.len());
    into.extend_from_slice(numbers);
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

/// The documents of some lists, ascending, each with its occurrences in all of them.
pub fn summed<'l, 's: 'l>(
    mut lists: impl Iterator<Item = &'l Postings<'s>> + Clone,
    len: u32,
) -> Result<(Vec<u32>, Vec<f64>)> {
    let each = lists.clone();
    match (lists.next(), lists.next()) {
        (None, _) => Ok(Default::default()),
        (Some(list), None) => counted(list),
        _ => {
            let total = each.clone().map(|list| list.df() as usize).sum();
            match total < len as usize {
                true => sorted_and_summed(each, total),
                false => all_summed(each, len),
            }
        }
    }
}

/// As `summed`, with room for every document: more postings than there are documents would take
/// more.
fn all_summed<'l, 's: 'l>(
    lists: impl Iterator<Item = &'l Postings<'s>>,
    len: u32,
) -> Result<(Vec<u32>, Vec<f64>)> {
    let mut sums = vec![0u32; len as usize];
    let (mut docs, mut tfs) = ([0; BLOCK], [0; BLOCK]);
    for list in lists {
        for block in 0..list.block_count() {
            let count = list.both(block, &mut docs, &mut tfs)?;
            for (doc, tf) in docs[..count].iter().zip(&tfs) {
                if let Some(sum) = sums.get_mut(*doc as usize) {
                    *sum = sum.saturating_add(*tf);
                }
            }
        }
    }
    let held = (0..len).zip(sums).filter(|(_, sum)| *sum > 0);
    Ok(held.map(|(doc, sum)| (doc, f64::from(sum))).unzip())
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

fn sorted_and_summed<'l, 's: 'l>(
    lists: impl Iterator<Item = &'l Postings<'s>>,
    total: usize,
) -> Result<(Vec<u32>, Vec<f64>)> {
    let mut pairs: Vec<u64> = Vec::with_capacity(total);
    let (mut docs, mut tfs) = ([0; BLOCK], [0; BLOCK]);
    for list in lists {
        for block in 0..list.block_count() {
            let count = list.both(block, &mut docs, &mut tfs)?;
            let found = docs[..count].iter().zip(&tfs);
            pairs.extend(found.map(|(doc, tf)| u64::from(*doc) << 32 | u64::from(*tf)));
        }
    }
    sort_by_doc(&mut pairs);
    let mut found = (Vec::with_capacity(total), Vec::<f64>::with_capacity(total));
    for pair in pairs {
        let (doc, tf) = ((pair >> 32) as u32, f64::from(pair as u32));
        match found.1.last_mut() {
            Some(sum) if found.0.last() == Some(&doc) => *sum += tf,
            _ => {
                found.0.push(doc);
                found.1.push(tf);
            }
        }
    }
    Ok(found)
}

/// So few are sorted sooner by comparing them.
const COMPARED: usize = 96;

/// The bits of a document that one pass sorts by: what is counted stays in the cache.
const DIGIT: u32 = 10;

/// Sort what has a document in its upper half, by that alone: one pass for each ten bits, so
/// that nothing but the pairs themselves is touched however many documents there are.
fn sort_by_doc(pairs: &mut Vec<u64>) {
    if pairs.len() < COMPARED {
        pairs.sort_unstable();
        return;
    }
    let most = pairs.iter().fold(0, |most, pair| most | pair >> 32);
    let mut sorted = vec![0; pairs.len()];
    for shift in (32..64 - most.leading_zeros() + 32).step_by(DIGIT as usize) {
        let digit = |pair: u64| (pair >> shift) as usize % (1 << DIGIT);
        let mut ends = [0u32; 1 << DIGIT];
        pairs.iter().for_each(|pair| ends[digit(*pair)] += 1);
        let mut start = 0;
        for end in &mut ends {
            start += std::mem::replace(end, start);
        }
        for pair in pairs.iter() {
            let slot = &mut ends[digit(*pair)];
            sorted[*slot as usize] = *pair;
            *slot += 1;
        }
        std::mem::swap(pairs, &mut sorted);
    }
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
            len in prop_oneof![Just(500u32), Just(100_000), Just(5_000_000)],
        ) {
            let folder = tempfile::tempdir().unwrap();
            let spread = |list: BTreeMap<u32, u32>| {
                list.into_iter().map(|(doc, tf)| (doc * (len / 500), tf)).collect()
            };
            let lists: Vec<BTreeMap<u32, u32>> = lists.into_iter().map(spread).collect();
            let segment = written(&lists, len, &folder.path().join("one.nat"));
            let read = |at: usize| segment.postings(0, &[at as u8]).unwrap().unwrap();
            let found = Vec::from_iter((0..lists.len()).map(read));
            let mut naive = BTreeMap::<u32, f64>::new();
            for (doc, tf) in lists.iter().flatten() {
                *naive.entry(*doc).or_default() += f64::from(*tf);
            }
            let (docs, tfs) = summed(found.iter(), len).unwrap();
            prop_assert!(docs.is_sorted());
            prop_assert_eq!(docs.into_iter().zip(tfs).collect::<BTreeMap<_, _>>(), naive);
        }
    }
}

//! Sets of documents of one segment: a list where they are few, bits where they are many.

use super::bits::Bits;

/// Of a segment of this many documents for each one, a list costs less than bits.
const SPARSE: u64 = 48;

/// The same of a list that is there already.
const LISTED: u64 = 16;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Docs {
    /// Ascending.
    Few(Vec<u32>),
    Many(Bits),
}

impl Docs {
    pub fn none() -> Docs {
        Docs::Few(Vec::new())
    }

    /// Whether so many documents of a segment of `len` are kept as a list.
    pub fn is_few(count: u64, len: u32) -> bool {
        count * SPARSE < u64::from(len) || count < 256
    }

    /// A set of ascending documents that are listed already: so more of them are kept as a
    /// list than where bits are as near.
    pub fn of_listed(docs: Vec<u32>, len: u32) -> Docs {
        if Docs::is_listed(docs.len(), len) {
            Docs::Few(docs)
        } else {
            Docs::Many(Bits::of(&docs, len))
        }
    }

    /// Whether so many documents of a segment of `len` that are listed already are kept so.
    pub fn is_listed(count: usize, len: u32) -> bool {
        count as u64 * LISTED < u64::from(len) || count < 256
    }

    pub fn count(&self) -> u64 {
        match self {
            Docs::Few(docs) => docs.len() as u64,
            Docs::Many(bits) => bits.count(),
        }
    }

    pub fn is_empty(&self) -> bool {
        match self {
            Docs::Few(docs) => docs.is_empty(),
            Docs::Many(bits) => bits.is_empty(),
        }
    }

    #[inline]
    pub fn has(&self, doc: u32) -> bool {
        match self {
            Docs::Few(docs) => docs.binary_search(&doc).is_ok(),
            Docs::Many(bits) => bits.has(doc),
        }
    }

    pub fn to_vec(&self) -> Vec<u32> {
        match self {
            Docs::Few(docs) => docs.clone(),
            Docs::Many(bits) => bits.to_vec(),
        }
    }

    pub fn into_vec(self) -> Vec<u32> {
        match self {
            Docs::Few(docs) => docs,
            Docs::Many(bits) => bits.to_vec(),
        }
    }

    pub fn into_bits(self, len: u32) -> Bits {
        match self {
            Docs::Few(docs) => Bits::of(&docs, len),
            Docs::Many(bits) => bits,
        }
    }

    /// Append the documents from `start` to before `end`.
    pub fn append_range(&self, start: u32, end: u32, out: &mut Vec<u32>) {
        match self {
            Docs::Few(docs) => {
                let first = docs.partition_point(|doc| *doc < start);
                let last = docs.partition_point(|doc| *doc < end);
                out.extend_from_slice(&docs[first.min(last)..last]);
            }
            Docs::Many(bits) => bits.append_range(start, end, out),
        }
    }

    /// The windows of 2^shift documents, at least 64, that any of them is in, ascending.
    pub fn windows(&self, shift: u32) -> Vec<u32> {
        match self {
            Docs::Few(docs) => {
                let mut windows: Vec<u32> = docs.iter().map(|doc| doc >> shift).collect();
                windows.dedup();
                windows
            }
            Docs::Many(bits) => {
                let words = bits.words().chunks(1 << shift.saturating_sub(6));
                let windows = words.zip(0..);
                let held = windows.filter(|(words, _)| words.iter().any(|word| *word != 0));
                held.map(|(_, window)| window).collect()
            }
        }
    }

    pub fn and(self, other: &Docs) -> Docs {
        match (self, other) {
            (Docs::Few(docs), other) => Docs::Few(kept(docs, |d| other.has(d), other)),
            (Docs::Many(bits), Docs::Few(docs)) => {
                let mut docs = docs.clone();
                retain(&mut docs, |doc| bits.has(doc));
                Docs::Few(docs)
            }
            (Docs::Many(mut bits), Docs::Many(other)) => {
                bits.and(other);
                Docs::Many(bits)
            }
        }
    }

    pub fn minus(self, other: &Docs) -> Docs {
        match (self, other) {
            (docs, Docs::Few(others)) if others.is_empty() => docs,
            (Docs::Few(mut docs), Docs::Few(others)) => {
                let mut others = others.iter().copied().peekable();
                docs.retain(|doc| {
                    while others.next_if(|other| other < doc).is_some() {}
                    others.peek() != Some(doc)
                });
                Docs::Few(docs)
            }
            (Docs::Few(mut docs), Docs::Many(bits)) => {
                retain(&mut docs, |doc| !bits.has(doc));
                Docs::Few(docs)
            }
            (Docs::Many(mut bits), Docs::Few(docs)) => {
                bits.remove_all(docs);
                Docs::Many(bits)
            }
            (Docs::Many(mut bits), Docs::Many(other)) => {
                bits.minus(other);
                Docs::Many(bits)
            }
        }
    }

    pub fn or(self, other: Docs, len: u32) -> Docs {
        match (self, other) {
            (Docs::Few(one), Docs::Few(other)) => {
                if Docs::is_few((one.len() + other.len()) as u64, len) {
                    Docs::Few(merged(&one, &other))
                } else {
                    let mut bits = Bits::of(&one, len);
                    bits.add_all(&other);
                    Docs::Many(bits)
                }
            }
            (Docs::Many(mut bits), Docs::Few(docs)) | (Docs::Few(docs), Docs::Many(mut bits)) => {
                bits.add_all(&docs);
                Docs::Many(bits)
            }
            (Docs::Many(mut bits), Docs::Many(other)) => {
                bits.or(&other);
                Docs::Many(bits)
            }
        }
    }
}

fn kept(mut docs: Vec<u32>, has: impl Fn(u32) -> bool, other: &Docs) -> Vec<u32> {
    match other {
        Docs::Few(others) => intersection(&docs, others),
        Docs::Many(_) => {
            retain(&mut docs, has);
            docs
        }
    }
}

/// Keep the documents that pass a test; without branches, since which pass can't be guessed.
pub fn retain(docs: &mut Vec<u32>, has: impl Fn(u32) -> bool) {
    let mut kept = 0;
    for at in 0..docs.len() {
        let doc = docs[at];
        docs[kept] = doc;
        kept += usize::from(has(doc));
    }
    docs.truncate(kept);
}

/// The documents of both lists.
pub fn intersection(one: &[u32], other: &[u32]) -> Vec<u32> {
    let (short, long) = if one.len() <= other.len() {
        (one, other)
    } else {
        (other, one)
    };
    let mut found = Vec::with_capacity(short.len());
    let mut rest = long;
    for &doc in short {
        rest = &rest[gallop(rest, doc)..];
        match rest.first() {
            Some(&first) if first == doc => found.push(doc),
            Some(_) => {}
            None => break,
        }
    }
    found
}

/// The documents of either list, each once.
pub fn merged(one: &[u32], other: &[u32]) -> Vec<u32> {
    let mut found = Vec::with_capacity(one.len() + other.len());
    let (mut a, mut b) = (0, 0);
    while a < one.len() && b < other.len() {
        let (x, y) = (one[a], other[b]);
        found.push(x.min(y));
        a += usize::from(x <= y);
        b += usize::from(y <= x);
    }
    found.extend_from_slice(&one[a..]);
    found.extend_from_slice(&other[b..]);
    found
}

/// How many documents at the front of a list come before `doc`; cheap where they are few.
#[inline]
pub fn gallop(docs: &[u32], doc: u32) -> usize {
    let mut step = 1;
    while step < docs.len() && docs[step - 1] < doc {
        step *= 2;
    }
    let from = step / 2;
    let to = step.min(docs.len());
    from + docs[from..to].partition_point(|d| *d < doc)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn made(docs: &BTreeSet<u32>, many: bool) -> Docs {
        let docs: Vec<u32> = docs.iter().copied().collect();
        if many {
            Docs::Many(Bits::of(&docs, 700))
        } else {
            Docs::Few(docs)
        }
    }

    proptest! {
        #[test]
        fn lists_and_bits_are_the_same_sets(
            one in prop::collection::btree_set(0u32..700, 0..400),
            other in prop::collection::btree_set(0u32..700, 0..100),
            kinds: (bool, bool),
        ) {
            let (a, b) = (made(&one, kinds.0), made(&other, kinds.1));
            prop_assert_eq!(a.clone().and(&b).to_vec(), Vec::from_iter(&one & &other));
            prop_assert_eq!(a.clone().minus(&b).to_vec(), Vec::from_iter(&one - &other));
            prop_assert_eq!(a.clone().or(b.clone(), 700).to_vec(), Vec::from_iter(&one | &other));
            prop_assert_eq!(a.count(), one.len() as u64);
            prop_assert_eq!(a.is_empty(), one.is_empty());
            let windows: BTreeSet<u32> = one.iter().map(|doc| doc >> 7).collect();
            prop_assert_eq!(a.windows(7), Vec::from_iter(windows));
        }

        #[test]
        fn galloping_finds_the_place_of_a_document(
            docs in prop::collection::btree_set(0u32..700, 0..400), doc in 0u32..720,
        ) {
            let docs = Vec::from_iter(docs);
            prop_assert_eq!(gallop(&docs, doc), docs.partition_point(|d| *d < doc));
        }
    }
}

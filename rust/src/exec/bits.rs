//! Sets of documents as one bit each.

use super::wide;

/// A set of the documents 0 to `len` of a segment; bits behind `len` are never set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
    len: u32,
}

impl Bits {
    /// No documents of a segment of `len`.
    pub fn none(len: u32) -> Bits {
        Bits {
            words: vec![0; len.div_ceil(64) as usize],
            len,
        }
    }

    /// Every document of a segment of `len`.
    pub fn all(len: u32) -> Bits {
        let mut bits = Bits {
            words: vec![u64::MAX; len.div_ceil(64) as usize],
            len,
        };
        bits.trim();
        bits
    }

    /// The documents of a list; those behind `len` are left out.
    pub fn of(docs: &[u32], len: u32) -> Bits {
        let mut bits = Bits::none(len);
        bits.add_all(docs);
        bits
    }

    /// The documents of a bitmap of little-endian words; what it lacks is not set.
    pub fn of_bytes(bytes: &[u8], len: u32) -> Bits {
        let mut bits = Bits::none(len);
        for (word, bytes) in bits.words.iter_mut().zip(bytes.chunks_exact(8)) {
            *word = word_of(bytes);
        }
        bits.trim();
        bits
    }

    fn trim(&mut self) {
        let tail = self.len % 64;
        if let (Some(last), true) = (self.words.last_mut(), tail != 0) {
            *last &= (1 << tail) - 1;
        }
    }

    /// Documents of the segment.
    pub fn len(&self) -> u32 {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// The words, the lowest documents first.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    #[inline]
    pub fn has(&self, doc: u32) -> bool {
        self.words
            .get(doc as usize / 64)
            .is_some_and(|word| word >> (doc % 64) & 1 == 1)
    }

    #[inline]
    pub fn add(&mut self, doc: u32) {
        if doc < self.len {
            self.words[doc as usize / 64] |= 1 << (doc % 64);
        }
    }

    /// Add documents; ascending ones by quarters in turn, so that one need not wait for what
    /// the one before it did to the same word.
    pub fn add_all(&mut self, docs: &[u32]) {
        let quarter = docs.len() / 4;
        let (first, rest) = docs.split_at(quarter);
        let (second, rest) = rest.split_at(quarter);
        let (third, rest) = rest.split_at(quarter);
        let pairs = first.iter().zip(second);
        for ((a, b), (c, d)) in pairs.zip(third.iter().zip(rest)) {
            self.add(*a);
            self.add(*b);
            self.add(*c);
            self.add(*d);
        }
        rest[quarter..].iter().for_each(|doc| self.add(*doc));
    }

    pub fn add_bytes(&mut self, bytes: &[u8]) {
        for (word, bytes) in self.words.iter_mut().zip(bytes.chunks_exact(8)) {
            *word |= word_of(bytes);
        }
        self.trim();
    }

    pub fn remove(&mut self, doc: u32) {
        if let Some(word) = self.words.get_mut(doc as usize / 64) {
            *word &= !(1 << (doc % 64));
        }
    }

    pub fn remove_all(&mut self, docs: &[u32]) {
        for &doc in docs {
            self.remove(doc);
        }
    }

    pub fn count(&self) -> u64 {
        wide::count(&self.words)
    }

    pub fn and(&mut self, other: &Bits) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= other;
        }
    }

    pub fn and_bytes(&mut self, bytes: &[u8]) {
        let kept = bytes.len() / 8;
        for (word, bytes) in self.words.iter_mut().zip(bytes.chunks_exact(8)) {
            *word &= word_of(bytes);
        }
        for word in self.words.iter_mut().skip(kept) {
            *word = 0;
        }
    }

    pub fn or(&mut self, other: &Bits) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }

    pub fn minus(&mut self, other: &Bits) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
    }

    /// Whether any document from `from` to before `to` is set.
    #[inline(always)]
    pub fn has_any(&self, from: u32, to: u32) -> bool {
        let at = from as usize / 64;
        let word = |at: usize| self.words.get(at).copied().unwrap_or(0);
        let (shift, gap) = (from % 64, to.saturating_sub(from));
        // The 64 documents from `from` on; in two steps, as none is shifted by 64.
        let near = word(at) >> shift | word(at + 1) << 1 << (63 - shift);
        let mask = if gap < 64 { (1 << gap) - 1 } else { u64::MAX };
        near & mask != 0 || gap > 64 && self.has_far(from + 64, to)
    }

    #[cold]
    fn has_far(&self, from: u32, to: u32) -> bool {
        let (first, last) = (from as usize / 64, (to as usize - 1) / 64);
        let words = self.words.get(first..=last).unwrap_or_default();
        let before = u64::MAX << (from % 64);
        let after = u64::MAX >> (63 - (to - 1) % 64);
        match words {
            [] => false,
            [word] => word & before & after != 0,
            [head, middle @ .., tail] => {
                head & before != 0 || tail & after != 0 || middle.iter().any(|word| *word != 0)
            }
        }
    }

    /// Keep only what `test` says of each word: its number to the bits that may stay.
    pub fn mask(&mut self, mut test: impl FnMut(usize, u64) -> u64) {
        for (at, word) in self.words.iter_mut().enumerate() {
            if *word != 0 {
                *word &= test(at, *word);
            }
        }
    }

    /// Append the documents from `start` to before `end`, ascending.
    pub fn append_range(&self, start: u32, end: u32, out: &mut Vec<u32>) {
        let end = end.min(self.len);
        if start >= end {
            return;
        }
        let (first, last) = (start as usize / 64, (end as usize - 1) / 64);
        for at in first..=last {
            let mut word = self.words[at];
            if at == first {
                word &= u64::MAX << (start % 64);
            }
            if at == last {
                word &= u64::MAX >> (63 - (end - 1) % 64);
            }
            append_word(word, at as u32 * 64, out);
        }
    }

    pub fn to_vec(&self) -> Vec<u32> {
        let mut docs = Vec::with_capacity(self.count() as usize);
        self.append_range(0, self.len, &mut docs);
        docs
    }

    /// How many documents are here, and how many articles have one; `ends` are the last
    /// documents of articles.
    pub fn counts(&self, ends: &Bits) -> (u64, u64) {
        wide::counts(&self.words, &ends.words)
    }
}

/// Append the documents of one word whose lowest bit is `base`.
#[inline]
pub fn append_word(mut word: u64, base: u32, out: &mut Vec<u32>) {
    while word != 0 {
        out.push(base + word.trailing_zeros());
        word &= word - 1;
    }
}

#[inline]
fn word_of(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().unwrap_or_default())
}

/// Whether a bitmap of little-endian words has a document.
#[inline]
pub fn byte_has(bytes: &[u8], doc: u32) -> bool {
    bytes
        .get(doc as usize / 8)
        .is_some_and(|byte| byte >> (doc % 8) & 1 == 1)
}

/// How many documents from `from` to before `to` a bitmap of little-endian words has.
#[inline]
pub fn count_bytes(bytes: &[u8], from: u32, to: u32) -> usize {
    if from >= to {
        return 0;
    }
    let (first, last) = (from / 64, (to - 1) / 64);
    let mut count = 0;
    for at in first..=last {
        let start = at as usize * 8;
        let mut word = bytes.get(start..start + 8).map_or(0, word_of);
        if at == first {
            word &= u64::MAX << (from % 64);
        }
        if at == last {
            word &= u64::MAX >> (63 - (to - 1) % 64);
        }
        count += word.count_ones() as usize;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn articles_are_counted_as_a_set_of_their_numbers_counts_them(
            sizes in prop::collection::vec(1u32..200, 1..20),
            picks in prop::collection::vec(0u32..4000, 0..60),
        ) {
            let article_of: Vec<usize> = sizes
                .iter()
                .enumerate()
                .flat_map(|(at, size)| std::iter::repeat_n(at, *size as usize))
                .collect();
            let len = article_of.len() as u32;
            let mut ends = Bits::none(len);
            let mut end = 0;
            for size in &sizes {
                end += size;
                ends.add(end - 1);
            }
            let docs: BTreeSet<u32> = picks.into_iter().filter(|d| *d < len).collect();
            let held: Vec<u32> = docs.iter().copied().collect();
            let naive: BTreeSet<usize> = held.iter().map(|d| article_of[*d as usize]).collect();
            let counts = (held.len() as u64, naive.len() as u64);
            prop_assert_eq!(Bits::of(&held, len).counts(&ends), counts);
        }

        #[test]
        fn a_range_of_bits_is_the_documents_in_it(
            docs in prop::collection::btree_set(0u32..300, 0..80), start in 0u32..320, end in 0u32..320,
        ) {
            let held: Vec<u32> = docs.into_iter().collect();
            let mut found = Vec::new();
            Bits::of(&held, 300).append_range(start, end, &mut found);
            let held_again = held.clone();
            let words = Bits::of(&held, 300).words().to_vec();
            let naive: Vec<u32> = held.into_iter().filter(|d| (start..end).contains(d)).collect();
            let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
            prop_assert_eq!(Bits::of(&held_again, 300).has_any(start, end), !naive.is_empty());
            prop_assert_eq!(count_bytes(&bytes, start, end), naive.len());
            prop_assert_eq!(found, naive);
        }
    }
}

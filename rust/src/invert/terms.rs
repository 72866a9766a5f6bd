//! Distinct byte strings, numbered as they come.

use std::hash::Hasher;

use rustc_hash::FxHasher;

pub type TermId = u32;

/// A set of byte strings in a few large allocations.
#[derive(Default)]
pub struct Terms {
    /// Hash of a string and its number plus one, by hash; 0 is free.  A power of two long.
    slots: Vec<u64>,
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

impl Terms {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub fn size_bytes(&self) -> usize {
        8 * self.slots.capacity() + 4 * self.ends.capacity() + self.bytes.capacity()
    }

    pub fn get(&self, id: TermId) -> &[u8] {
        let id = id as usize;
        let start = id.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start as usize..self.ends[id] as usize]
    }

    /// Return the number of a string, the next one if it is new.
    #[inline]
    pub fn intern(&mut self, term: &[u8]) -> TermId {
        if self.ends.len() * 4 >= self.slots.len() * 3 {
            self.grow();
        }
        let hash = hash_of(term);
        match self.look(term, hash) {
            Ok(id) => id,
            Err(slot) => self.add(slot, hash, term),
        }
    }

    /// Return the number of a string, if it has one.
    #[inline]
    pub fn find(&self, term: &[u8]) -> Option<TermId> {
        if self.slots.is_empty() {
            None
        } else {
            self.look(term, hash_of(term)).ok()
        }
    }

    /// Return the number of a string, or the slot that it would take.
    #[inline]
    fn look(&self, term: &[u8], hash: u32) -> Result<TermId, usize> {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let held = self.slots[slot];
            if held == 0 {
                return Err(slot);
            }
            let id = held as u32 - 1;
            if (held >> 32) as u32 == hash && self.get(id) == term {
                return Ok(id);
            }
            slot = (slot + 1) & mask;
        }
    }

    fn add(&mut self, slot: usize, hash: u32, term: &[u8]) -> TermId {
        let id = self.ends.len() as TermId;
        self.bytes.extend_from_slice(term);
        self.ends.push(self.bytes.len() as u32);
        self.slots[slot] = u64::from(hash) << 32 | u64::from(id + 1);
        id
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(16);
        let before = std::mem::replace(&mut self.slots, vec![0; size]);
        for held in before.into_iter().filter(|&held| held != 0) {
            let mut slot = (held >> 32) as usize & (size - 1);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            self.slots[slot] = held;
        }
    }

    /// The numbers of all strings in the order of their bytes.
    pub fn sorted(&self) -> Vec<TermId> {
        let ids = 0..self.len() as TermId;
        // Most strings differ in their first bytes, which then needn't be looked up.
        let mut keyed: Vec<(u64, TermId)> = ids.map(|id| (head(self.get(id)), id)).collect();
        keyed.sort_unstable_by(|&(a, one), &(b, other)| {
            a.cmp(&b).then_with(|| self.get(one).cmp(self.get(other)))
        });
        keyed.into_iter().map(|(_, id)| id).collect()
    }
}

/// The first eight bytes of a string, so that numbers sort as strings do.
fn head(term: &[u8]) -> u64 {
    let mut bytes = [0; 8];
    let length = term.len().min(8);
    bytes[..length].copy_from_slice(&term[..length]);
    u64::from_be_bytes(bytes)
}

#[inline]
fn hash_of(term: &[u8]) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(term);
    hasher.finish() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_strings_have_one_number() {
        let mut terms = Terms::default();
        let words: Vec<String> = (0..1000).map(|n| format!("w{}", n * 7 % 500)).collect();
        let ids: Vec<TermId> = words
            .iter()
            .map(|word| terms.intern(word.as_bytes()))
            .collect();

        assert_eq!(terms.len(), 500);
        for (word, id) in words.iter().zip(ids) {
            assert_eq!(terms.get(id), word.as_bytes());
        }
    }

    #[test]
    fn they_sort_by_bytes() {
        let mut terms = Terms::default();
        for word in [
            "b",
            "é",
            "",
            "a\0",
            "abcdefghj",
            "a",
            "abcdefgh",
            "abcdefghi",
        ] {
            terms.intern(word.as_bytes());
        }
        let sorted: Vec<&[u8]> = terms.sorted().into_iter().map(|id| terms.get(id)).collect();

        let expected = [
            "",
            "a",
            "a\0",
            "abcdefgh",
            "abcdefghi",
            "abcdefghj",
            "b",
            "é",
        ];
        assert_eq!(sorted, expected.map(str::as_bytes));
    }
}

//! The keys under which near-duplicates meet, as searcher/duplicates/keys.py and shingles.py
//! make them.  Constants are theirs.  A key is a term of six bytes, big-endian.

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
const OTHER_HASHES: [u64; 2] = [0xD1B5_4A32_D192_ED03, 0xABC9_8388_FB8F_AC03];
const LEAST_WORDS: usize = 10;
const BODY: [&str; 3] = ["text", "quote", "list"];
const HEADLINE: &str = "headline";
const PARAGRAPH_KEYS: usize = 3;
/// What the last four bits of a first key are (OF_PARAGRAPH, OF_ARTICLE).
const OF_PARAGRAPH: u64 = 0;
const OF_ARTICLE: u64 = 8;
const NAMED: u64 = (1 << 40) - 1;

/// The least shingle under each of six orders, if there is a shingle.
type Lowest = Option<[u64; 6]>;

/// The keys of an article's paragraphs, one after another, and then its own.
#[derive(Default)]
pub struct Keys {
    lowest: Lowest,
    words: usize,
}

impl Keys {
    /// Add the next paragraph, and tell its keys if it is compared by itself.
    pub fn add(
        &mut self,
        kind: &str,
        hashes: impl ExactSizeIterator<Item = u64>,
        tell: impl FnMut(&[u8]),
    ) {
        let is_body = BODY.contains(&kind);
        if !is_body && kind != HEADLINE {
            return;
        }
        let words = hashes.len();
        let found = lowest(hashes);
        self.lowest = merged(self.lowest, found);
        self.words += words;
        if is_body && words >= LEAST_WORDS {
            named(found, OF_PARAGRAPH, PARAGRAPH_KEYS, tell);
        }
    }

    /// Tell the keys of the article so far, if it is long enough to be compared.
    pub fn article(&self, tell: impl FnMut(&[u8])) {
        if self.words >= LEAST_WORDS {
            named(self.lowest, OF_ARTICLE, 6, tell);
        }
    }
}

fn lowest(mut hashes: impl ExactSizeIterator<Item = u64>) -> Lowest {
    let words = hashes.len();
    let mut a = hashes.next()?;
    let mut lowest = [u64::MAX; 6];
    if words < 3 {
        let last = hashes.next().unwrap_or(a);
        take(&mut lowest, a.wrapping_mul(STEP).wrapping_add(last));
        return Some(lowest);
    }
    let mut b = hashes.next()?;
    for c in hashes {
        let pair = a.wrapping_mul(STEP).wrapping_add(b);
        take(&mut lowest, pair.wrapping_mul(STEP).wrapping_add(c));
        (a, b) = (b, c);
    }
    Some(lowest)
}

#[inline]
fn take(lowest: &mut [u64; 6], shingle: u64) {
    let [first, second] = OTHER_HASHES;
    let orders = [
        shingle,
        shingle.wrapping_mul(first),
        shingle.wrapping_mul(second),
    ];
    for (at, number) in orders.into_iter().enumerate() {
        lowest[at] = lowest[at].min(number);
        lowest[at + 3] = lowest[at + 3].min(!number);
    }
}

fn merged(one: Lowest, other: Lowest) -> Lowest {
    match (one, other) {
        (Some(one), Some(other)) => Some(std::array::from_fn(|at| one[at].min(other[at]))),
        (one, other) => one.or(other),
    }
}

fn named(lowest: Lowest, role: u64, count: usize, mut tell: impl FnMut(&[u8])) {
    let Some(lowest) = lowest else { return };
    for (at, number) in (0..).zip(lowest.iter().take(count)) {
        let key = (number & NAMED) << 4 | (role + at);
        tell(&key.to_be_bytes()[2..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_named_as_python_names_them() {
        let mut lowest = [u64::MAX; 6];
        for shingle in [5, 9] {
            take(&mut lowest, shingle);
        }
        let mut keys = Vec::new();
        named(Some(lowest), OF_PARAGRAPH, 3, |key| {
            keys.push(key.to_owned())
        });

        let wanted = [0x50u64, 0xfe17dea10f1, 0xd0d80d0c1b2];
        assert_eq!(keys, wanted.map(|key| key.to_be_bytes()[2..].to_owned()));
    }

    #[test]
    fn no_word_has_no_key() {
        assert_eq!(lowest([].into_iter()), None);
    }
}

//! The terms under which near-duplicates meet, as searcher/duplicates/keys.py and shingles.py
//! make them.  Constants are theirs.

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
const OTHER_HASHES: [u64; 2] = [0xD1B5_4A32_D192_ED03, 0xABC9_8388_FB8F_AC03];
const LEAST_WORDS: usize = 10;
const BODY: [&str; 3] = ["text", "quote", "list"];
const HEADLINE: &str = "headline";
const PARAGRAPH_KEYS: usize = 3;
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
        tell: impl FnMut(&str),
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
            named(found, 'p', PARAGRAPH_KEYS, tell);
        }
    }

    /// Tell the keys of the article so far, if it is long enough to be compared.
    pub fn article(&self, tell: impl FnMut(&str)) {
        if self.words >= LEAST_WORDS {
            named(self.lowest, 'a', 6, tell);
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

fn named(lowest: Lowest, role: char, count: usize, mut tell: impl FnMut(&str)) {
    let Some(lowest) = lowest else { return };
    for (at, number) in lowest.iter().take(count).enumerate() {
        tell(&name(role, at, number & NAMED));
    }
}

/// The role, the order, and ten hexadecimal digits.
fn name(role: char, at: usize, number: u64) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut name = String::with_capacity(12);
    name.push(role);
    name.push(char::from(DIGITS[at]));
    for shift in (0..40).step_by(4).rev() {
        name.push(char::from(DIGITS[(number >> shift) as usize & 15]));
    }
    name
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
        named(Some(lowest), 'p', 3, |key| keys.push(key.to_owned()));

        assert_eq!(keys, ["p00000000005", "p1fe17dea10f", "p2d0d80d0c1b"]);
    }

    #[test]
    fn no_word_has_no_key() {
        assert_eq!(lowest([].into_iter()), None);
    }
}

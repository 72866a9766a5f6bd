//! Which terms of a field a wildcard or a fuzzy word stands for.
//!
//! A test reads a term character by character and says when no longer term can match; it
//! runs over the field's FST, so terms that can't match are never visited.  The rules are
//! those of searcher/query/expressions.py.

mod edits;
mod glob;
mod reading;
mod walk;

use fst::Map;

pub use edits::Edits;
pub use glob::AnyGlob;
pub use walk::each_passing;

/// A test of a word, read from its first character on.
pub trait Test {
    type State: Clone;

    fn start(&self) -> Self::State;

    /// The state after one more character; None when nothing that begins so can match.
    fn step(&self, state: &Self::State, char: char) -> Option<Self::State>;

    fn accepts(&self, state: &Self::State) -> bool;

    /// Add the characters that may come next, in any order; false when others may, too.
    fn following(&self, _state: &Self::State, _chars: &mut Vec<char>) -> bool {
        false
    }
}

/// Return up to `most` + 1 terms that pass a test, in order; with `possessive` those too
/// that pass it without their 's.
pub fn passing<D: AsRef<[u8]>, T: Test>(
    terms: &Map<D>,
    test: &T,
    possessive: bool,
    most: usize,
) -> Vec<String> {
    let mut found = Vec::new();
    each_passing(terms, test, possessive, |term, _| {
        found.push(String::from_utf8_lossy(term).into_owned());
        found.len() <= most
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(words: &[&str]) -> Map<Vec<u8>> {
        let mut words = words.to_vec();
        words.sort_unstable();
        words.dedup();
        Map::from_iter(words.iter().map(|word| (word, 0))).unwrap()
    }

    #[test]
    fn a_word_stands_for_its_possessive_too() {
        let terms = terms(&["'s", "oil", "oil's", "oils", "oil's's", "soil"]);
        let found = |possessive| passing(&terms, &AnyGlob::new("?il"), possessive, 9);

        assert_eq!(found(false), ["oil"]);
        assert_eq!(found(true), ["oil", "oil's"]);
    }

    #[test]
    fn one_more_than_asked_for_tells_that_there_are_more() {
        let terms = terms(&["a", "b", "c", "d"]);

        assert_eq!(
            passing(&terms, &AnyGlob::new("*"), false, 2),
            ["a", "b", "c"]
        );
    }
}

//! Which terms of a field a wildcard or a fuzzy word stands for.
//!
//! A test reads a term character by character and says when no longer term can match; it
//! runs over the field's FST, so terms that can't match are never visited.  The rules are
//! those of searcher/query/expressions.py.

mod edits;
mod glob;

use fst::automaton::Automaton;
use fst::{IntoStreamer, Map, Streamer};

pub use edits::Edits;
pub use glob::AnyGlob;

/// A test of a word, read from its first character on.
pub trait Test {
    type State: Clone;

    fn start(&self) -> Self::State;

    /// The state after one more character; None when nothing that begins so can match.
    fn step(&self, state: &Self::State, char: char) -> Option<Self::State>;

    fn accepts(&self, state: &Self::State) -> bool;
}

/// Return up to `most` + 1 terms that pass a test, in order; with `possessive` those too
/// that pass it without their 's.
pub fn passing<D: AsRef<[u8]>, T: Test>(
    terms: &Map<D>,
    test: &T,
    possessive: bool,
    most: usize,
) -> Vec<String> {
    let mut stream = terms.search(Reading { test, possessive }).into_stream();
    let mut found = Vec::new();
    while let Some((term, _)) = stream.next() {
        found.push(String::from_utf8_lossy(term).into_owned());
        if found.len() > most {
            break;
        }
    }
    found
}

/// A test as an automaton over the bytes of UTF-8.
struct Reading<'a, T> {
    test: &'a T,
    possessive: bool,
}

#[derive(Clone)]
struct At<S> {
    state: Option<S>,
    ending: Ending,
    is_empty: bool,
    /// Of a character that isn't whole yet: its bits so far, and bytes that are missing.
    bits: u32,
    missing: u8,
}

/// What was read of a possessive behind a word that passes the test.
#[derive(Clone, Copy, PartialEq)]
enum Ending {
    None,
    Apostrophe,
    Whole,
}

impl<T: Test> Reading<'_, T> {
    fn character(&self, at: &At<T::State>, char: char) -> At<T::State> {
        At {
            state: at
                .state
                .as_ref()
                .and_then(|state| self.test.step(state, char)),
            ending: self.ending(at, char),
            is_empty: false,
            bits: 0,
            missing: 0,
        }
    }

    fn ending(&self, at: &At<T::State>, char: char) -> Ending {
        match (at.ending, char) {
            (Ending::Apostrophe, 's') => Ending::Whole,
            (_, '\'') if self.possessive && !at.is_empty && self.passes(at) => Ending::Apostrophe,
            _ => Ending::None,
        }
    }

    fn passes(&self, at: &At<T::State>) -> bool {
        at.state
            .as_ref()
            .is_some_and(|state| self.test.accepts(state))
    }
}

fn dead<S>(at: &At<S>) -> At<S> {
    At {
        state: None,
        ending: Ending::None,
        is_empty: at.is_empty,
        bits: 0,
        missing: 0,
    }
}

impl<T: Test> Automaton for Reading<'_, T> {
    type State = At<T::State>;

    fn start(&self) -> Self::State {
        let state = Some(self.test.start());
        At {
            state,
            ending: Ending::None,
            is_empty: true,
            bits: 0,
            missing: 0,
        }
    }

    fn is_match(&self, at: &Self::State) -> bool {
        at.missing == 0 && (at.ending == Ending::Whole || self.passes(at))
    }

    fn can_match(&self, at: &Self::State) -> bool {
        at.state.is_some() || at.ending != Ending::None
    }

    fn accept(&self, at: &Self::State, byte: u8) -> Self::State {
        let (bits, missing) = match (at.missing, byte) {
            (0, 0..=0x7f) => return self.character(at, char::from(byte)),
            (0, 0xc0..=0xdf) => (u32::from(byte & 0x1f), 1),
            (0, 0xe0..=0xef) => (u32::from(byte & 0x0f), 2),
            (0, 0xf0..=0xf7) => (u32::from(byte & 0x07), 3),
            (1.., 0x80..=0xbf) => (at.bits << 6 | u32::from(byte & 0x3f), at.missing - 1),
            _ => return dead(at),
        };
        match (missing, char::from_u32(bits)) {
            (0, Some(char)) => self.character(at, char),
            (0, None) => dead(at),
            _ => At {
                bits,
                missing,
                ..at.clone()
            },
        }
    }
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

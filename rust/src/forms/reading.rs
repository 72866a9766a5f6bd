//! A test of words read byte by byte: characters of UTF-8, and the possessive behind them.

use super::Test;

/// A test over the bytes of UTF-8.
pub struct Reading<'t, T> {
    pub test: &'t T,
    /// Whether words pass that do without their 's.
    pub possessive: bool,
}

/// What was read of a term.
#[derive(Clone)]
pub struct At<S> {
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
    pub fn start(&self) -> At<T::State> {
        At {
            state: Some(self.test.start()),
            ending: Ending::None,
            is_empty: true,
            bits: 0,
            missing: 0,
        }
    }

    /// What is read with one more byte; None when nothing that begins so can match.
    pub fn accept(&self, at: &At<T::State>, byte: u8) -> Option<At<T::State>> {
        let (bits, missing) = match (at.missing, byte) {
            (0, 0..=0x7f) => return self.character(at, char::from(byte)),
            (0, 0xc0..=0xdf) => (u32::from(byte & 0x1f), 1),
            (0, 0xe0..=0xef) => (u32::from(byte & 0x0f), 2),
            (0, 0xf0..=0xf7) => (u32::from(byte & 0x07), 3),
            (1.., 0x80..=0xbf) => ((at.bits << 6) | u32::from(byte & 0x3f), at.missing - 1),
            _ => return None,
        };
        if missing == 0 {
            return self.character(at, char::from_u32(bits)?);
        }
        let state = at.state.clone();
        Some(At {
            state,
            bits,
            missing,
            ..*at
        })
    }

    fn character(&self, at: &At<T::State>, char: char) -> Option<At<T::State>> {
        let state = at.state.as_ref();
        let state = state.and_then(|state| self.test.step(state, char));
        let ending = self.ending(at, char);
        (state.is_some() || ending != Ending::None).then_some(At {
            state,
            ending,
            is_empty: false,
            bits: 0,
            missing: 0,
        })
    }

    fn ending(&self, at: &At<T::State>, char: char) -> Ending {
        match (at.ending, char) {
            (Ending::Apostrophe, 's') => Ending::Whole,
            (_, '\'') if self.may_end(at) => Ending::Apostrophe,
            _ => Ending::None,
        }
    }

    fn may_end(&self, at: &At<T::State>) -> bool {
        self.possessive && !at.is_empty && self.passes(at)
    }

    fn passes(&self, at: &At<T::State>) -> bool {
        let state = at.state.as_ref();
        state.is_some_and(|state| self.test.accepts(state))
    }

    /// Whether what was read is a whole term that passes.
    pub fn is_match(&self, at: &At<T::State>) -> bool {
        at.missing == 0 && (at.ending == Ending::Whole || self.passes(at))
    }

    /// Add the characters that may come next; false when others may, too.
    pub fn following(&self, at: &At<T::State>, chars: &mut Vec<char>) -> bool {
        if at.ending == Ending::Apostrophe {
            chars.push('s');
        }
        if self.may_end(at) {
            chars.push('\'');
        }
        let state = at.state.as_ref();
        at.missing == 0 && state.is_none_or(|state| self.test.following(state, chars))
    }
}

//! Patterns in which `*` is any characters and `?` is one.

use super::Test;
use crate::error::{Error, Result};

/// Characters of the longest pattern, runs of `*` counted once.
const LONGEST: usize = 127;

/// A pattern; bit `i` of a state says that its first `i` parts match what was read.
pub struct Glob {
    /// The parts that are `*`, that are `?`, and those that are each character.
    any: u128,
    one: u128,
    chars: Vec<(char, u128)>,
    whole: u128,
}

impl Glob {
    /// Read a pattern.  Error: it is too long.
    pub fn new(pattern: &str) -> Result<Glob> {
        let mut parts: Vec<char> = pattern.chars().collect();
        parts.dedup_by(|part, before| *part == '*' && *before == '*');
        if parts.len() > LONGEST {
            let found = format!("a pattern of {} characters; at most {LONGEST}", parts.len());
            return Err(Error::Misuse(found));
        }
        let mut glob = Glob {
            any: 0,
            one: 0,
            chars: Vec::new(),
            whole: 1 << parts.len(),
        };
        for (at, &part) in parts.iter().enumerate() {
            *glob.mask(part) |= 1 << at;
        }
        Ok(glob)
    }

    fn mask(&mut self, part: char) -> &mut u128 {
        match part {
            '*' => &mut self.any,
            '?' => &mut self.one,
            _ => self.char_mask(part),
        }
    }

    fn char_mask(&mut self, char: char) -> &mut u128 {
        let at = self.chars.iter().position(|&(other, _)| other == char);
        let at = at.unwrap_or_else(|| {
            self.chars.push((char, 0));
            self.chars.len() - 1
        });
        &mut self.chars[at].1
    }

    /// A `*` may stand for nothing.
    fn with_nothing(&self, state: u128) -> u128 {
        state | (state & self.any) << 1
    }
}

impl Test for Glob {
    type State = u128;

    fn start(&self) -> u128 {
        self.with_nothing(1)
    }

    fn step(&self, state: &u128, char: char) -> Option<u128> {
        let same = self.chars.iter().find(|&&(other, _)| other == char);
        let passed = self.one | same.map_or(0, |&(_, mask)| mask);
        let next = (state & passed) << 1 | state & self.any;
        (next != 0).then(|| self.with_nothing(next))
    }

    fn accepts(&self, state: &u128) -> bool {
        state & self.whole != 0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(pattern: &str, word: &str) -> bool {
        let glob = Glob::new(pattern).unwrap();
        let mut state = Some(glob.start());
        for char in word.chars() {
            state = state.and_then(|state| glob.step(&state, char));
        }
        state.is_some_and(|state| glob.accepts(&state))
    }

    fn naive(pattern: &[char], word: &[char]) -> bool {
        match pattern.split_first() {
            None => word.is_empty(),
            Some(('*', rest)) => (0..=word.len()).any(|at| naive(rest, &word[at..])),
            Some((part, rest)) => {
                let first = word.first();
                first.is_some_and(|char| *part == '?' || part == char) && naive(rest, &word[1..])
            }
        }
    }

    #[test]
    fn a_pattern_that_is_too_long_is_refused() {
        assert!(Glob::new(&"?".repeat(127)).is_ok());
        assert!(Glob::new(&"?".repeat(128)).is_err());
        assert!(Glob::new(&"*".repeat(1000)).is_ok());
    }

    proptest! {
        #[test]
        fn it_matches_what_trying_everything_matches(
            pattern in "[ab?*é]{0,7}",
            word in "[abé]{0,7}",
        ) {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(matches(&pattern, &word), naive(&chars(&pattern), &chars(&word)));
        }
    }
}

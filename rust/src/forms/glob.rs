//! Patterns in which `*` is any characters and `?` is one.

use super::Test;

/// Characters of the longest pattern whose states are bits, runs of `*` counted once.
const LONGEST: usize = 127;

/// A pattern of any length.
pub enum AnyGlob {
    Short(Glob),
    Long(LongGlob),
}

impl AnyGlob {
    pub fn new(pattern: &str) -> AnyGlob {
        let mut parts: Vec<char> = pattern.chars().collect();
        parts.dedup_by(|part, before| *part == '*' && *before == '*');
        match parts.len() {
            ..=LONGEST => AnyGlob::Short(Glob::new(&parts)),
            _ => AnyGlob::Long(LongGlob { parts }),
        }
    }
}

/// State of the pattern it is of.
#[derive(Clone)]
pub enum AnyState {
    Short(u128),
    Long(Vec<usize>),
}

impl Test for AnyGlob {
    type State = AnyState;

    fn start(&self) -> AnyState {
        match self {
            AnyGlob::Short(glob) => AnyState::Short(glob.start()),
            AnyGlob::Long(glob) => AnyState::Long(glob.start()),
        }
    }

    fn step(&self, state: &AnyState, char: char) -> Option<AnyState> {
        match (self, state) {
            (AnyGlob::Short(glob), AnyState::Short(at)) => glob.step(at, char).map(AnyState::Short),
            (AnyGlob::Long(glob), AnyState::Long(at)) => glob.step(at, char).map(AnyState::Long),
            _ => None,
        }
    }

    fn accepts(&self, state: &AnyState) -> bool {
        match (self, state) {
            (AnyGlob::Short(glob), AnyState::Short(at)) => glob.accepts(at),
            (AnyGlob::Long(glob), AnyState::Long(at)) => glob.accepts(at),
            _ => false,
        }
    }

    fn following(&self, state: &AnyState, chars: &mut Vec<char>) -> bool {
        match (self, state) {
            (AnyGlob::Short(glob), AnyState::Short(at)) => glob.following(at, chars),
            _ => false,
        }
    }
}

/// A pattern; a state lists, ascending, how many of its first parts match what was read.
pub struct LongGlob {
    parts: Vec<char>,
}

impl LongGlob {
    fn reach(&self, mut at: usize, state: &mut Vec<usize>) {
        loop {
            if state.last() != Some(&at) {
                state.push(at);
            }
            if self.parts.get(at) != Some(&'*') {
                return;
            }
            at += 1;
        }
    }
}

impl Test for LongGlob {
    type State = Vec<usize>;

    fn start(&self) -> Vec<usize> {
        let mut state = Vec::new();
        self.reach(0, &mut state);
        state
    }

    fn step(&self, state: &Vec<usize>, char: char) -> Option<Vec<usize>> {
        let mut next = Vec::new();
        for &at in state {
            match self.parts.get(at) {
                Some('*') => self.reach(at, &mut next),
                Some(&part) if part == '?' || part == char => self.reach(at + 1, &mut next),
                _ => {}
            }
        }
        next.sort_unstable();
        next.dedup();
        (!next.is_empty()).then_some(next)
    }

    fn accepts(&self, state: &Vec<usize>) -> bool {
        state.last() == Some(&self.parts.len())
    }
}

/// A pattern; bit `i` of a state says that its first `i` parts match what was read.
pub struct Glob {
    /// The parts that are `*`, that are `?`, and those that are each character.
    any: u128,
    one: u128,
    chars: Vec<(char, u128)>,
    whole: u128,
}

impl Glob {
    fn new(parts: &[char]) -> Glob {
        let mut glob = Glob {
            any: 0,
            one: 0,
            chars: Vec::new(),
            whole: 1 << parts.len(),
        };
        for (at, &part) in parts.iter().enumerate() {
            *glob.mask(part) |= 1 << at;
        }
        glob
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

    fn following(&self, state: &u128, chars: &mut Vec<char>) -> bool {
        if state & (self.any | self.one) != 0 {
            return false;
        }
        let wanted = self.chars.iter().filter(|(_, mask)| state & mask != 0);
        chars.extend(wanted.map(|&(char, _)| char));
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches<T: Test>(glob: &T, word: &str) -> bool {
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
    fn a_pattern_may_be_long() {
        let word = "ab".repeat(500);
        for pattern in [
            "ab".repeat(500),
            "?".repeat(1000),
            format!("{}*b", "a?".repeat(400)),
        ] {
            assert!(matches(&AnyGlob::new(&pattern), &word));
            assert!(!matches(&AnyGlob::new(&pattern), &word[1..]));
        }
    }

    proptest! {
        #[test]
        fn it_matches_what_trying_everything_matches(
            pattern in "[ab?*é]{0,7}",
            word in "[abé]{0,7}",
        ) {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            let expected = naive(&chars(&pattern), &chars(&word));
            let long = LongGlob { parts: chars(&pattern) };
            prop_assert_eq!(matches(&AnyGlob::new(&pattern), &word), expected);
            prop_assert_eq!(matches(&long, &word), expected);
        }
    }
}

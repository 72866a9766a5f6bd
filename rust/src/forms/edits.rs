//! Words within some edits: insertions, deletions, replacements, swaps of neighbours.
//!
//! The optimal string alignment distance (Boytsov 2011, "Indexing methods for approximate
//! dictionary searching", section 2) by a nondeterministic automaton whose states are bits (Wu
//! and Manber 1992, "Fast text searching allowing errors"; Hyyrö 2003 for swaps), a row of bits
//! for each number of edits.  Of a row only the bits within `MOST` of the diagonal are kept, as
//! the others are over any limit: so words may be of any length.

use super::Test;
use crate::error::{Error, Result};

/// The most edits that can be asked for.
pub const MOST: usize = 4;

const BAND: usize = 2 * MOST + 1;

/// Stands around the word; no character.
const NONE: u32 = u32::MAX;

/// Words within some edits of a word.
pub struct Edits {
    /// Its characters, with room for the band around them.
    word: Vec<u32>,
    len: usize,
    distance: usize,
}

/// Bit `k` of `reached[e]`: what was read is within `e` edits of the first `read + k - MOST`
/// characters of the word.
#[derive(Clone, Copy)]
pub struct Rows {
    read: usize,
    reached: [u16; MOST + 1],
    /// The same of before the last character, where that was the second of a swap.
    swapping: [u16; MOST],
}

impl Edits {
    /// Error: too many edits.
    pub fn new(word: &str, distance: usize) -> Result<Edits> {
        if distance > MOST {
            return Err(Error::Misuse(format!("{distance} edits; at most {MOST}")));
        }
        let mut padded = vec![NONE; MOST];
        padded.extend(word.chars().map(u32::from));
        let len = padded.len() - MOST;
        padded.resize(padded.len() + BAND + 1, NONE);
        Ok(Edits {
            word: padded,
            len,
            distance,
        })
    }

    /// The characters of the word that the bits of a row wait for, and one more.
    fn window(&self, read: usize) -> Option<&[u32; BAND + 1]> {
        self.word.get(read..)?.first_chunk()
    }

    /// The bits that stand for a part of the word.
    fn inside(&self, read: usize) -> u16 {
        let after = (self.len + MOST + 1).saturating_sub(read);
        ((1u32 << after.min(BAND)) - 1) as u16
    }
}

/// A bit for each character that is the one sought.
fn same(window: &[u32], char: u32) -> u16 {
    let bits = window.iter().enumerate();
    bits.fold(0, |bits, (at, other)| {
        bits | (u16::from(*other == char) << at)
    })
}

impl Test for Edits {
    type State = Rows;

    fn start(&self) -> Rows {
        let mut reached = [0; MOST + 1];
        for (edits, row) in reached.iter_mut().enumerate() {
            *row = (((2 << edits) - 1) << MOST) & self.inside(0);
        }
        Rows {
            read: 0,
            reached,
            swapping: [0; MOST],
        }
    }

    /// A bit keeps its place when both the word and what is read go on by one.
    fn step(&self, rows: &Rows, char: char) -> Option<Rows> {
        let window = self.window(rows.read)?;
        let here = same(&window[..BAND], u32::from(char));
        let next = same(&window[1..], u32::from(char));
        let inside = self.inside(rows.read + 1);
        let mut after = Rows {
            read: rows.read + 1,
            reached: [rows.reached[0] & here; MOST + 1],
            swapping: [0; MOST],
        };
        for edits in 1..=self.distance {
            let less = rows.reached[edits - 1];
            let inserted_or_replaced = (less >> 1) | less;
            let deleted = after.reached[edits - 1] << 1;
            let swapped = (rows.swapping[edits - 1] & here) << 1;
            let same = rows.reached[edits] & here;
            after.reached[edits] = (same | inserted_or_replaced | deleted | swapped) & inside;
            after.swapping[edits - 1] = (less & next) >> 1;
        }
        after.is_alive(self.distance).then_some(after)
    }

    fn accepts(&self, rows: &Rows) -> bool {
        let bit = (self.len + MOST).checked_sub(rows.read);
        bit.is_some_and(|bit| bit < BAND && rows.reached[self.distance] >> bit & 1 == 1)
    }

    /// Those that the word goes on with, once no edit is left.
    fn following(&self, rows: &Rows, chars: &mut Vec<char>) -> bool {
        if self.distance > 0 && rows.reached[self.distance - 1] != 0 {
            return false;
        }
        let mut waiting = rows.reached[self.distance];
        if self.distance > 0 {
            waiting |= rows.swapping[self.distance - 1];
        }
        let Some(window) = self.window(rows.read) else {
            return true;
        };
        while waiting != 0 {
            chars.extend(char::from_u32(
                window[waiting.trailing_zeros() as usize % BAND],
            ));
            waiting &= waiting - 1;
        }
        true
    }
}

impl Rows {
    fn is_alive(&self, distance: usize) -> bool {
        let swapping = distance > 0 && self.swapping[distance - 1] != 0;
        self.reached[distance] != 0 || swapping
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_within(word: &str, form: &str, distance: usize) -> bool {
        let edits = Edits::new(word, distance).unwrap();
        let mut state = Some(edits.start());
        for char in form.chars() {
            state = state.and_then(|state| edits.step(&state, char));
        }
        state.is_some_and(|state| edits.accepts(&state))
    }

    fn naive(left: &[char], right: &[char]) -> usize {
        let (Some((a, lefts)), Some((b, rights))) = (left.split_last(), right.split_last()) else {
            return left.len() + right.len();
        };
        let mut least = naive(lefts, rights) + usize::from(a != b);
        least = least
            .min(naive(lefts, right) + 1)
            .min(naive(left, rights) + 1);
        if left.len() > 1 && right.len() > 1 {
            let (c, d) = (left[left.len() - 2], right[right.len() - 2]);
            if *a == d && *b == c {
                let ends = (left.len() - 2, right.len() - 2);
                least = least.min(naive(&left[..ends.0], &right[..ends.1]) + 1);
            }
        }
        least
    }

    #[test]
    fn a_swap_is_one_edit_and_nothing_is_edited_inside_it() {
        assert!(is_within("englnad", "england", 1));
        assert!(!is_within("ca", "abc", 2));
        assert!(is_within("ca", "abc", 3));
    }

    #[test]
    fn a_long_word_is_found_by_itself() {
        let word = "é".repeat(1000);
        assert!(is_within(&word, &word, 0));
        assert!(is_within(&word, &word[2..], 1));
    }

    proptest! {
        #[test]
        fn it_is_the_distance_of_trying_everything(
            word in "[abcé]{0,6}",
            form in "[abcé]{0,6}",
            distance in 0..=MOST,
        ) {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            let expected = naive(&chars(&word), &chars(&form)) <= distance;
            prop_assert_eq!(is_within(&word, &form, distance), expected);
        }
    }
}

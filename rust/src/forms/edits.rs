//! Words within some edits: insertions, deletions, replacements, swaps of neighbours.
//!
//! The optimal string alignment distance (Boytsov 2011, "Indexing methods for approximate
//! dictionary searching", section 2), computed row by row as a word is read.  Of a row only
//! the cells within `MOST` of the diagonal are kept; the others are over any limit.

use super::Test;
use crate::error::{Error, Result};

/// The most edits that can be asked for.
pub const MOST: usize = 4;

const BAND: usize = 2 * MOST + 1;
const OVER: u8 = u8::MAX / 2;

/// Words within some edits of a word.
pub struct Edits {
    word: Vec<char>,
    distance: u8,
}

/// Cell `k` of a row of `read` characters is the distance to the first `read + k - MOST`
/// characters of the word.
#[derive(Clone)]
pub struct Rows {
    read: usize,
    row: [u8; BAND],
    before: [u8; BAND],
    last: char,
}

impl Edits {
    /// Error: too many edits.
    pub fn new(word: &str, distance: usize) -> Result<Edits> {
        if distance > MOST {
            return Err(Error::Misuse(format!("{distance} edits; at most {MOST}")));
        }
        Ok(Edits {
            word: word.chars().collect(),
            distance: distance as u8,
        })
    }

    /// How many characters of the word a cell compares; None beside the word.
    fn compared(&self, read: usize, cell: usize) -> Option<usize> {
        (read + cell)
            .checked_sub(MOST)
            .filter(|&count| count <= self.word.len())
    }

    fn cell(&self, rows: &Rows, row: &[u8; BAND], cell: usize, char: char) -> u8 {
        let Some(count) = self.compared(rows.read + 1, cell) else {
            return OVER;
        };
        let left = if cell > 0 { row[cell - 1] } else { OVER };
        let above = rows.row.get(cell + 1).copied().unwrap_or(OVER);
        let inserted_or_deleted = left.min(above) + 1;
        if count == 0 {
            return inserted_or_deleted;
        }
        let replaced = rows.row[cell] + u8::from(self.word[count - 1] != char);
        let swapped = if self.is_swap(rows, count, char) {
            rows.before[cell] + 1
        } else {
            OVER
        };
        inserted_or_deleted.min(replaced).min(swapped).min(OVER)
    }

    fn is_swap(&self, rows: &Rows, count: usize, char: char) -> bool {
        let is_second = rows.read > 0 && count > 1;
        is_second && self.word[count - 2] == char && self.word[count - 1] == rows.last
    }

    fn is_alive(&self, rows: &Rows) -> bool {
        let least = |row: &[u8; BAND]| row.iter().copied().min().unwrap_or(OVER);
        least(&rows.row) <= self.distance || least(&rows.before) < self.distance
    }
}

impl Test for Edits {
    type State = Rows;

    fn start(&self) -> Rows {
        let mut row = [OVER; BAND];
        for (cell, value) in row.iter_mut().enumerate() {
            if let Some(count) = self.compared(0, cell) {
                *value = count as u8;
            }
        }
        Rows {
            read: 0,
            row,
            before: [OVER; BAND],
            last: '\0',
        }
    }

    fn step(&self, rows: &Rows, char: char) -> Option<Rows> {
        let mut row = [OVER; BAND];
        for cell in 0..BAND {
            row[cell] = self.cell(rows, &row, cell, char);
        }
        let next = Rows {
            read: rows.read + 1,
            row,
            before: rows.row,
            last: char,
        };
        self.is_alive(&next).then_some(next)
    }

    fn accepts(&self, rows: &Rows) -> bool {
        let cell = (self.word.len() + MOST).checked_sub(rows.read);
        cell.and_then(|cell| rows.row.get(cell))
            .is_some_and(|&found| found <= self.distance)
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

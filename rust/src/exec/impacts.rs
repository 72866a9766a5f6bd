//! What a posting adds to a score at most, from tables over occurrences and norms.
//!
//! A norm is a byte that says of a document what bounds have to know: how many words it has,
//! exactly up to 95, and whether its kind lowers its scores.

use super::scoring::{bm25, saturation, K1, KIND_WEIGHT};

/// Occurrences that are told apart; the last row is for all above.
const TFS: usize = 8;
const NORMS: usize = 256;

/// The norm's bit of a document whose kind lowers its scores.
pub const LOWERED: u8 = 0x80;

/// Lengths below are norms of their own, the others share one by eights.
const EXACT: u32 = 96;
const COARSE: u32 = 8;

/// What rounding to float32 may lose.
pub const ROUNDING: f32 = 1e-6;

/// A bound for a weight of 1, by occurrences and norm.
pub type Table = [f32; TFS * NORMS];

/// The norm of a document of so many words.
#[inline]
pub fn norm(length: u32) -> u8 {
    let coarse = EXACT + length.saturating_sub(EXACT) / COARSE;
    length.min(coarse).min(u32::from(LOWERED) - 1) as u8
}

/// The fewest words that a document of a norm may have.
fn least_length(norm: u8) -> u32 {
    let norm = u32::from(norm & !LOWERED);
    norm.max(EXACT) * COARSE - EXACT * COARSE + norm.min(EXACT)
}

/// Whether all documents of a norm have as many words.
#[inline]
pub fn is_exact(norm: u8) -> bool {
    u32::from(norm & !LOWERED) < EXACT
}

/// Where a table says what a posting adds.
#[inline]
pub fn place(tf: u32, norm: u8) -> usize {
    let row = tf.wrapping_sub(1).min(TFS as u32 - 1);
    row as usize * NORMS + usize::from(norm)
}

/// A float32 that isn't under a score.
pub fn above(score: f64) -> f32 {
    score as f32 * (1.0 + ROUNDING)
}

/// The tables of an index.
pub struct Impacts {
    /// Of occurrences in the text.
    pub text: Box<Table>,
    /// Of those in headline and heading, where length doesn't matter.
    pub bonus: Box<Table>,
}

impl Impacts {
    /// The tables for a mean length of documents.
    pub fn new(mean_length: f64) -> Impacts {
        let text = |tf, length| bm25(1.0, tf, length, mean_length);
        Impacts {
            text: table(text),
            bonus: table(|tf, _| saturation(1.0, tf)),
        }
    }
}

/// The table of a score that grows with occurrences and falls with length.
fn table(score: impl Fn(f64, f64) -> f64) -> Box<Table> {
    let mut table = Box::new([0.0; TFS * NORMS]);
    for (at, bound) in table.iter_mut().enumerate() {
        let (tf, norm) = (at / NORMS + 1, (at % NORMS) as u8);
        // No number of occurrences in the last row reaches what the score tends to.
        let most = if tf == TFS {
            K1 + 1.0
        } else {
            score(tf as f64, f64::from(least_length(norm)))
        };
        let kind = if norm & LOWERED > 0 { KIND_WEIGHT } else { 1.0 };
        *bound = above(most * kind);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_posting_adds_more_than_its_bound(
            tf in 1u32..40, length in 0u32..2000, mean in 0.5f64..200.0, lowered: bool,
        ) {
            let impacts = Impacts::new(mean);
            let (kind, bit) = if lowered { (KIND_WEIGHT, LOWERED) } else { (1.0, 0) };
            let at = place(tf, norm(length) | bit);
            let exact = bm25(1.0, f64::from(tf), f64::from(length), mean) * kind;
            prop_assert!(f64::from(impacts.text[at]) >= exact);
            prop_assert!(f64::from(impacts.bonus[at]) >= saturation(1.0, f64::from(tf)) * kind);
        }

        #[test]
        fn a_norm_stands_for_no_length_under_its_least(length in 0u32..5000) {
            prop_assert!(least_length(norm(length)) <= length);
            prop_assert_eq!(is_exact(norm(length)), length < EXACT);
            prop_assert!(length >= EXACT || least_length(norm(length)) == length);
        }
    }
}

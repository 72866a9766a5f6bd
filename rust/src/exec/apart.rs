//! Forms of a word whose long lists are left apart.
//!
//! Where a wildcard stands for words of many documents, all documents are wanted for the count, and
//! the occurrences of few: those that may be among the first hits.  So of the long lists only the
//! documents are read at first; what the short ones hold is summed at once.

use std::sync::Arc;

use crate::postings::{Postings, BLOCK};

use super::matching::Counted;

/// What a leaf of many documents stands for: of its long lists only the documents were looked at.
#[derive(Debug)]
pub struct Apart {
    /// What its short lists hold.
    pub short: Arc<Counted>,
    /// How many live documents hold any of its terms.
    pub df: u64,
    /// What the others have at least.
    pub long: u32,
}

/// Which forms of a leaf are left apart: to go through windows of documents takes its time
/// however little is found in them.
#[derive(Clone, Copy, Debug)]
pub struct Apartness {
    /// Lists of so many documents are looked into only where it matters, ...
    pub long: u32,
    /// ... if together they have so many postings, ...
    pub many: u64,
    /// ... and one for so many documents of the segment.
    pub near: u64,
}

impl Default for Apartness {
    fn default() -> Self {
        Apartness {
            long: 4 * BLOCK as u32,
            many: 12_000,
            near: 64,
        }
    }
}

/// The long ones of some lists.
pub fn long<'l, 's>(
    found: &'l [Postings<'s>],
    least: u32,
) -> impl Iterator<Item = &'l Postings<'s>> + Clone {
    found.iter().filter(move |list| list.df() >= least)
}

/// The short ones of some lists.
pub fn short<'l, 's>(
    found: &'l [Postings<'s>],
    least: u32,
) -> impl Iterator<Item = &'l Postings<'s>> + Clone {
    found.iter().filter(move |list| list.df() < least)
}

//! Words side by side: phrases of known words without others among them.
//!
//! Of each word is read where a phrase would begin that it belongs to; where the beginnings of
//! all words are the same, there is one.  The rarest word goes first, and the others are read
//! in the documents only that are left.

use crate::error::Result;
use crate::postings::Postings;

use super::clock::Clock;
use super::matching::Counted;
use super::meeting::{self, Together};
use super::phrases::{count_of, Lists};

/// Documents between two looks at the clock; what is read of them stays in the cache.
const STEP: usize = 1024;

/// A place of a phrase: its number, and the lists of the words that may fill it.
type Known<'p, 's> = (u32, &'p [Postings<'s>]);

/// The places of a phrase, the rarest first; None where one takes any word.
pub fn known<'p, 's>(places: &'p [Lists<'s>]) -> Option<Vec<Known<'p, 's>>> {
    let numbered = (0..).zip(places);
    let mut known: Vec<Known<'p, 's>> = numbered
        .map(|(number, found)| Some((number, &found.as_deref()?[..])))
        .collect::<Option<_>>()?;
    known.sort_by_key(|(_, found)| count_of(found));
    Some(known)
}

/// How often a phrase stands in each of some documents; those without it are left out.
pub fn counted(clock: &Clock, places: &[Known<'_, '_>], docs: &[u32]) -> Result<Counted> {
    let mut counted = Counted::default();
    for docs in docs.chunks(STEP) {
        clock.check()?;
        for begin in begins(places, docs)?.chunk_by(|one, other| doc_of(*one) == doc_of(*other)) {
            counted.docs.push(doc_of(begin[0]));
            counted.tfs.push(begin.len() as f64);
        }
    }
    Ok(counted)
}

/// The same over all documents, where each place has but one word and the rarest of them isn't
/// in too many; None elsewhere.
pub fn counted_of_all(clock: &Clock, places: &[Known<'_, '_>]) -> Result<Option<Counted>> {
    let mut lists = Vec::with_capacity(places.len());
    for (number, found) in places {
        match found {
            [list] => lists.push((*number, list)),
            _ => return Ok(None),
        }
    }
    let Some(((_, rarest), rest)) = lists.split_first() else {
        return Ok(None);
    };
    if rarest.bitmap().is_some() {
        return Ok(None);
    }
    let mut together = Together::of(rarest)?;
    for (_, list) in rest {
        clock.check()?;
        together.keep(list)?;
    }
    let mut counted = Counted::default();
    for start in (0..together.docs.len()).step_by(STEP) {
        clock.check()?;
        let end = together.docs.len().min(start + STEP);
        let begins = begins_among(&together, &lists, (start as u32..end as u32).collect())?;
        for begin in begins.chunk_by(|one, other| doc_of(*one) == doc_of(*other)) {
            counted.docs.push(together.docs[doc_of(begin[0]) as usize]);
            counted.tfs.push(begin.len() as f64);
        }
    }
    Ok(Some(counted))
}

/// Where the phrase begins in some of the documents that hold its words, by their numbers.
fn begins_among(
    together: &Together,
    lists: &[(u32, &Postings<'_>)],
    mut numbers: Vec<u32>,
) -> Result<Vec<u64>> {
    let mut found: Option<Vec<u64>> = None;
    for ((number, list), places) in lists.iter().zip(&together.places) {
        let mut begins = Vec::with_capacity(numbers.len() * 2);
        let each = |at: usize, position: u32| {
            if let Some(first) = position.checked_sub(*number) {
                begins.push(u64::from(numbers[at]) << 32 | u64::from(first));
            }
        };
        match places {
            Some(places) => meeting::positions_at(&these(places, &numbers), list, each)?,
            None => meeting::positions(&these(&together.docs, &numbers), list, each)?,
        }
        let left = match found.take() {
            Some(mut found) => {
                keep_common(&mut found, &begins);
                found
            }
            None => begins,
        };
        numbers.clear();
        numbers.extend(left.iter().map(|begin| doc_of(*begin)));
        numbers.dedup();
        found = Some(left);
    }
    Ok(found.unwrap_or_default())
}

fn these(list: &[u32], places: &[u32]) -> Vec<u32> {
    places.iter().map(|at| list[*at as usize]).collect()
}

/// Where the phrase begins: the document in the upper half, the position in the lower.
fn begins(places: &[Known<'_, '_>], docs: &[u32]) -> Result<Vec<u64>> {
    let Some((first, rest)) = places.split_first() else {
        return Ok(Vec::new());
    };
    let mut found = begins_of(first, docs)?;
    for place in rest {
        let mut docs: Vec<u32> = found.iter().map(|begin| doc_of(*begin)).collect();
        docs.dedup();
        keep_common(&mut found, &begins_of(place, &docs)?);
    }
    Ok(found)
}

/// Where a phrase would begin that a word belongs to, ascending.
fn begins_of((number, found): &Known<'_, '_>, docs: &[u32]) -> Result<Vec<u64>> {
    let mut begins = Vec::with_capacity(docs.len() * 2);
    for list in *found {
        meeting::positions(docs, list, |at, position| {
            if let Some(first) = position.checked_sub(*number) {
                begins.push(u64::from(docs[at]) << 32 | u64::from(first));
            }
        })?;
    }
    if found.len() > 1 {
        begins.sort_unstable();
    }
    Ok(begins)
}

fn doc_of(begin: u64) -> u32 {
    (begin >> 32) as u32
}

/// Keep of an ascending list what is in another one, too.
fn keep_common(list: &mut Vec<u64>, other: &[u64]) {
    let (mut at, mut next, mut kept) = (0, 0, 0);
    while at < list.len() && next < other.len() {
        // Without branches, since what comes next can't be guessed.
        let (one, two) = (list[at], other[next]);
        list[kept] = one;
        kept += usize::from(one == two);
        at += usize::from(one <= two);
        next += usize::from(two <= one);
    }
    list.truncate(kept);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    use super::*;

    proptest! {
        #[test]
        fn what_is_common_is_what_both_hold(
            one in prop::collection::btree_set(0u64..60, 0..40),
            other in prop::collection::btree_set(0u64..60, 0..40),
        ) {
            let mut kept = Vec::from_iter(one.clone());
            keep_common(&mut kept, &Vec::from_iter(other.clone()));
            prop_assert_eq!(BTreeSet::from_iter(kept), &one & &other);
        }
    }
}

//! The first hits of a search, scoring no more than can matter.

use rustc_hash::FxHashMap;

use crate::error::Result;

use super::docs::Docs;
use super::index::Searched;
use super::matching::Matcher;
use super::order::{Candidate, Sort, Top};
use super::pruned::pruned;
use super::ranked::ranked;
use super::rating::Rater;
use super::scoring::{Fading, Weights};

/// What is wanted of a search.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    pub sort: Sort,
    /// How many hits, those passed over too.
    pub count: usize,
    pub fading: Option<Fading>,
}

/// To score a document takes as long as to bound so many.
const SCORING: u64 = 8;

/// Documents that are scored together.
pub const CHUNK: usize = 4096;

/// The hits among which the first `ask.count` are, unordered; given what is found, and how many
/// that are.
pub fn best<'m>(
    searched: &'m Searched<'m>,
    matchers: &'m [Matcher<'m, 'm>],
    weights: &'m [Weights],
    (found, total): (&'m [Docs], u64),
    ask: &Ask,
) -> Result<Vec<Candidate>> {
    let index = searched.index;
    if total <= index.few.max(ask.count as u64) {
        return best_of_all(searched, matchers, weights, found, ask);
    }
    if ask.sort != Sort::Score {
        let newest = by_day(matchers, found, ask)?;
        return best_of_all(searched, matchers, weights, &newest, ask);
    }
    if weights.is_empty() {
        return unscored(matchers, found, ask);
    }
    let first = match ranked(searched, matchers, weights, found, ask)? {
        Some(hits) => Some(hits),
        None if index.is_sparse(total.saturating_mul(SCORING)) => None,
        None => pruned(searched, matchers, weights, Some(found), ask)?,
    };
    match first {
        Some(hits) => Ok(hits),
        None => best_of_all(searched, matchers, weights, found, ask),
    }
}

fn best_of_all<'m>(
    searched: &'m Searched<'m>,
    matchers: &'m [Matcher<'m, 'm>],
    weights: &'m [Weights],
    found: &[Docs],
    ask: &Ask,
) -> Result<Vec<Candidate>> {
    let mut top = Top::new(ask.count);
    each_scored(searched, matchers, weights, found, ask, |hit| {
        top.offer(hit)
    })?;
    Ok(top.into_hits())
}

/// The hits of the first days in order, all of the last of them.
fn by_day(matchers: &[Matcher<'_, '_>], found: &[Docs], ask: &Ask) -> Result<Vec<Docs>> {
    let mut top = Top::new(ask.count);
    each_unscored(matchers, found, ask, |hit| top.offer(hit))?;
    let mut docs = vec![Vec::new(); found.len()];
    for hit in top.into_hits() {
        docs[hit.segment as usize].push(hit.doc);
    }
    let sorted = docs.into_iter().map(|mut docs: Vec<u32>| {
        docs.sort_unstable();
        Docs::Few(docs)
    });
    Ok(sorted.collect())
}

fn unscored(matchers: &[Matcher<'_, '_>], found: &[Docs], ask: &Ask) -> Result<Vec<Candidate>> {
    let mut top = Top::new(ask.count);
    each_unscored(matchers, found, ask, |hit| top.offer(hit))?;
    Ok(top.into_hits())
}

fn each_unscored(
    matchers: &[Matcher<'_, '_>],
    found: &[Docs],
    ask: &Ask,
    mut each: impl FnMut(Candidate),
) -> Result<()> {
    for (at, matcher) in matchers.iter().enumerate() {
        let days = matcher.view.column("date")?;
        for docs in found[at].to_vec().chunks(CHUNK) {
            matcher.clock.check()?;
            for doc in docs {
                each(Candidate::new(ask.sort, 0.0, days.get(*doc), at, *doc));
            }
        }
    }
    Ok(())
}

/// Call `each` with every hit, segment by segment, documents ascending.
pub fn each_scored<'m>(
    searched: &'m Searched<'m>,
    matchers: &'m [Matcher<'m, 'm>],
    weights: &'m [Weights],
    found: &[Docs],
    ask: &Ask,
    mut each: impl FnMut(Candidate),
) -> Result<()> {
    let mean_length = searched.index.totals.mean_length();
    let mut factors = Factors::new(ask.fading);
    for (at, matcher) in matchers.iter().enumerate() {
        let rater = Rater::new(matcher, weights, mean_length)?;
        let days = matcher.view.column("date")?;
        for docs in found[at].to_vec().chunks(CHUNK) {
            let scores = rater.rate(&searched.roots[at], docs)?;
            for (&doc, score) in docs.iter().zip(scores) {
                let day = days.get(doc);
                let score = factors.faded(score, day);
                each(Candidate::new(ask.sort, score, day, at, doc));
            }
        }
    }
    Ok(())
}

/// What is left of scores with age, each day worked out once.
pub struct Factors {
    fading: Option<Fading>,
    known: FxHashMap<u32, f64>,
}

impl Factors {
    pub fn new(fading: Option<Fading>) -> Factors {
        Factors {
            fading,
            known: FxHashMap::default(),
        }
    }

    #[inline]
    pub fn faded(&mut self, score: f64, day: u32) -> f64 {
        match &self.fading {
            None => score,
            Some(fading) => score * *self.known.entry(day).or_insert_with(|| fading.factor(day)),
        }
    }
}

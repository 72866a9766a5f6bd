//! The first hits of a search, scoring no more than can matter.

use rustc_hash::FxHashMap;

use crate::error::Result;

use super::bounds::{margin, postings, sources, windows, Source, SHIFT, WINDOW};
use super::docs::Docs;
use super::index::Searched;
use super::matching::Matcher;
use super::order::{Candidate, Sort, Top};
use super::rating::Rater;
use super::resolved::Part;
use super::scoring::{Fading, Weights, KIND_WEIGHT};
use super::view::Column;
use super::weights::words_of;

/// What is wanted of a search.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    pub sort: Sort,
    /// How many hits, those passed over too.
    pub count: usize,
    pub fading: Option<Fading>,
}

/// Documents that are scored together.
pub const CHUNK: usize = 4096;

/// So few documents of a window are scored sooner than bounded more tightly.
const SOONER: usize = 8;

/// Sums that are compared at once.
const RUN: usize = 32;

/// As many postings are bounded in the time that one hit is scored in.
const WORTH: u64 = 4;

/// The hits among which the first `ask.count` are, unordered.
pub fn best<'m>(
    searched: &'m Searched<'m>,
    matchers: &'m [Matcher<'m, 'm>],
    weights: &'m [Weights],
    found: &'m [Docs],
    ask: &Ask,
) -> Result<Vec<Candidate>> {
    let total: u64 = found.iter().map(Docs::count).sum();
    if total <= searched.index.few.max(ask.count as u64) {
        return best_of_all(searched, matchers, weights, found, ask);
    }
    if ask.sort != Sort::Score {
        let newest = by_day(matchers, found, ask)?;
        return best_of_all(searched, matchers, weights, &newest, ask);
    }
    if weights.is_empty() {
        return unscored(matchers, found, ask);
    }
    match pruned(searched, matchers, weights, found, ask)? {
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

/// The first hits by score, few others scored; None where there are no bounds, or where to
/// work them out costs more than it saves.
fn pruned<'m>(
    searched: &'m Searched<'m>,
    matchers: &'m [Matcher<'m, 'm>],
    weights: &'m [Weights],
    found: &'m [Docs],
    ask: &Ask,
) -> Result<Option<Vec<Candidate>>> {
    let mut segments = Vec::with_capacity(matchers.len());
    for (at, matcher) in matchers.iter().enumerate() {
        let rater = Rater::new(matcher, weights, searched.index.totals.mean_length())?;
        let root = &searched.roots[at];
        let Some(bounded) = Bounded::new(rater, root, &found[at], searched.index.few == 0)? else {
            return Ok(None);
        };
        segments.push(bounded);
    }
    Pruned::new(ask).run(&segments).map(Some)
}

/// One segment with the bounds of its scores.
struct Bounded<'m> {
    root: &'m Part<'m>,
    found: &'m Docs,
    rater: Rater<'m, 'm>,
    sources: Vec<Source<'m, 'm>>,
    days: Column<'m>,
    margin: f32,
}

impl<'m> Bounded<'m> {
    fn new(
        rater: Rater<'m, 'm>,
        root: &'m Part<'m>,
        found: &'m Docs,
        always: bool,
    ) -> Result<Option<Self>> {
        let words = words_of(root);
        let dear = found.count() * WORTH < postings(&rater, &words);
        if dear && !always {
            return Ok(None);
        }
        let Some(sources) = sources(&rater, &words)? else {
            return Ok(None);
        };
        Ok(Some(Bounded {
            root,
            found,
            days: rater.matcher.view.column("date")?,
            rater,
            margin: margin(sources.len()),
            sources,
        }))
    }

    /// What no score of a window exceeds.
    fn bound(&self, window: usize) -> f32 {
        let bounds = self.sources.iter().map(|source| source.bounds[window]);
        bounds.sum::<f32>() * self.margin
    }

    /// The sources with something in a window, those with the greatest bounds first.
    fn foremost(&self, window: usize) -> Vec<(f32, &Source<'m, 'm>)> {
        let bounds = self.sources.iter().map(|source| source.bounds[window]);
        let mut order: Vec<_> = bounds.zip(&self.sources).collect();
        order.retain(|(bound, _)| *bound > 0.0);
        order.sort_unstable_by(|one, other| other.0.total_cmp(&one.0));
        order
    }

    /// What the sums of a document have to reach for a score of `least`, when what isn't added
    /// up yet is at most `rest`.
    fn need(&self, least: f64, rest: f32) -> f32 {
        (least / f64::from(self.margin) - f64::from(rest)) as f32
    }

    /// Whether a document's sum may be enough.  What `need` left for the rest is lowered
    /// already where it is a lowered kind's.
    #[inline]
    fn reaches(&self, doc: u32, sum: f32, need: f32) -> bool {
        sum >= need && (sum * KIND_WEIGHT as f32 >= need || !self.rater.is_weighed(doc))
    }
}

/// (bound, segment, window) of each window, the greatest bound first.
fn ordered(segments: &[Bounded<'_>]) -> Vec<(f32, usize, usize)> {
    let mut order = Vec::new();
    for (at, segment) in segments.iter().enumerate() {
        let windows = 0..windows(segment.rater.matcher.view.len());
        order.extend(windows.map(|window| (segment.bound(window), at, window)));
    }
    order.sort_unstable_by(|one, other| other.0.total_cmp(&one.0));
    order
}

/// A search by score that looks at windows of documents.
struct Pruned {
    count: usize,
    top: Top,
    factors: Factors,
    /// What the documents of a window get from the sources that are added up.
    sums: Box<[f32; WINDOW]>,
    docs: Vec<u32>,
}

impl Pruned {
    fn new(ask: &Ask) -> Pruned {
        Pruned {
            count: ask.count,
            top: Top::new(ask.count),
            factors: Factors::new(ask.fading),
            sums: Box::new([0.0; WINDOW]),
            docs: Vec::new(),
        }
    }

    /// Look at windows, the greatest bounds first, until no other can hold a first hit.
    fn run(mut self, segments: &[Bounded<'_>]) -> Result<Vec<Candidate>> {
        for (bound, at, window) in ordered(segments) {
            if f64::from(bound) < self.top.least() {
                break;
            }
            segments[at].rater.matcher.clock.check()?;
            self.docs.clear();
            if self.top.least() > 0.0 {
                self.collect(&segments[at], window)?;
            } else {
                self.begin(&segments[at], at, window)?;
            }
            self.score(&segments[at], at)?;
        }
        Ok(self.top.into_hits())
    }

    /// Score `docs`, which ascend.
    fn score(&mut self, segment: &Bounded<'_>, at: usize) -> Result<()> {
        if self.docs.is_empty() {
            return Ok(());
        }
        let scores = segment.rater.rate(segment.root, &self.docs)?;
        for (&doc, score) in self.docs.iter().zip(scores) {
            let day = segment.days.get(doc);
            let score = self.factors.faded(score, day);
            let hit = Candidate::new(Sort::Score, score, day, at, doc);
            self.top.offer(hit);
        }
        self.top.shrink();
        Ok(())
    }

    /// Of a window's documents score the best by their bounds, as nothing is known to be behind
    /// yet; put the others that may be among the first hits in `docs`.
    fn begin(&mut self, segment: &Bounded<'_>, at: usize, window: usize) -> Result<()> {
        let start = (window << SHIFT) as u32;
        let end = start + WINDOW as u32;
        segment.found.append_range(start, end, &mut self.docs);
        if self.docs.len() <= self.count.saturating_mul(2).max(SOONER) {
            return Ok(());
        }
        self.sums.fill(0.0);
        for (_, source) in segment.foremost(window) {
            source.add(&segment.rater, window, &mut self.sums)?;
        }
        let sums = &self.sums;
        let sum = |doc: &u32| sums[*doc as usize % WINDOW];
        self.docs
            .select_nth_unstable_by(self.count, |one, other| sum(other).total_cmp(&sum(one)));
        let mut others = self.docs.split_off(self.count);
        self.docs.sort_unstable();
        self.score(segment, at)?;
        let need = segment.need(self.top.least(), 0.0);
        let sums = &self.sums;
        others.retain(|doc| segment.reaches(*doc, sums[*doc as usize % WINDOW], need));
        others.sort_unstable();
        self.docs = others;
        Ok(())
    }

    /// Put the documents of a window that may be among the first hits in `docs`: the lists are
    /// added up, the greatest bounds first, and what is still to come is taken at its bound.
    fn collect(&mut self, segment: &Bounded<'_>, window: usize) -> Result<()> {
        let least = self.top.least();
        let order = segment.foremost(window);
        let mut collected = false;
        self.sums.fill(0.0);
        for (at, (_, source)) in order.iter().enumerate() {
            source.add(&segment.rater, window, &mut self.sums)?;
            let rest: f32 = order[at + 1..].iter().map(|(bound, _)| bound).sum();
            let need = segment.need(least, rest);
            if need <= 0.0 {
                continue;
            }
            if collected {
                let sums = &self.sums;
                let sum = |doc: u32| sums[doc as usize % WINDOW];
                self.docs
                    .retain(|doc| segment.reaches(*doc, sum(*doc), need));
            } else {
                self.gather(segment, window, need);
                collected = true;
            }
            if self.docs.len() <= SOONER {
                break;
            }
        }
        Ok(())
    }

    /// Put the hits of a window whose sums are enough in `docs`.
    fn gather(&mut self, segment: &Bounded<'_>, window: usize, need: f32) {
        let start = (window << SHIFT) as u32;
        if let Docs::Few(_) = segment.found {
            let (end, sums) = (start + WINDOW as u32, &self.sums);
            segment.found.append_range(start, end, &mut self.docs);
            self.docs
                .retain(|doc| segment.reaches(*doc, sums[*doc as usize % WINDOW], need));
            return;
        }
        for (at, sums) in self.sums.chunks_exact(RUN).enumerate() {
            // Without branches, so that it is done for some at once.
            if !sums.iter().fold(false, |any, sum| any | (*sum >= need)) {
                continue;
            }
            let docs = (start + (at * RUN) as u32)..;
            let reaching = docs
                .zip(sums)
                .filter(|(doc, sum)| segment.reaches(*doc, **sum, need) && segment.found.has(*doc));
            self.docs.extend(reaching.map(|(doc, _)| doc));
        }
    }
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

//! The first hits by score, scoring no more than can be among them.
//!
//! A segment is gone through in windows of documents.  What a window may get at most is known
//! beforehand, so most are passed over.  In another the units are added up, those of the
//! greatest weights first; as soon as what is left can't lift a document to the first hits by
//! itself, only the documents whose sums may still get there are looked at.  Those that are
//! left in the end are scored exactly, the greatest bounds first.

use crate::error::Result;

use super::best::{Ask, Factors};
use super::bounds::{margin, units, Hit, Sums, Unit, SHIFT, WINDOW};
use super::docs::Docs;
use super::index::Searched;
use super::matching::Matcher;
use super::order::{Candidate, Sort, Top};
use super::rating::Rater;
use super::resolved::Part;
use super::scoring::Weights;
use super::view::Column;
use super::weights::words_of;

/// So many documents wait for their exact scores at most.
const WAITING: usize = 64;

/// Windows that are looked at first, those of the greatest bounds, so that most others can be
/// passed over.
const SEEDS: usize = 2;

/// Windows between two looks at the clock.
const UNWATCHED: usize = 32;

/// The share of the least score that units may give which are only looked into: the more, the
/// more documents there are to look for.
const LOOKED_INTO: f64 = 0.6;

/// How much dearer it is to look for a document in a unit than to add a posting.
const LOOKUP: usize = 4;

/// The hits among which the first are, unordered; None where there are no bounds.  `found` is
/// None where everything that holds the only word is found.
pub fn pruned<'m>(
    searched: &'m Searched<'m>,
    matchers: &'m [Matcher<'m, 'm>],
    weights: &'m [Weights],
    found: Option<&'m [Docs]>,
    ask: &Ask,
) -> Result<Option<Vec<Candidate>>> {
    let mut segments = Vec::with_capacity(matchers.len());
    for (at, matcher) in matchers.iter().enumerate() {
        let index = searched.index;
        let rater = Rater::new(matcher, weights, index.totals.mean_length())?;
        let root = &searched.roots[at];
        let Some(units) = units(&rater, index.impacts(), &words_of(root))? else {
            return Ok(None);
        };
        let is_bare = |unit: &Unit<'_, '_>| !unit.is_positive();
        if found.is_none() && units.iter().any(is_bare) {
            return Ok(None);
        }
        let found = found.map(|found| &found[at]);
        segments.push(Bounded {
            at,
            root,
            found,
            days: matcher.view.column("date")?,
            is_sought: found.is_some_and(|found| is_sought(found, &units)),
            rater,
            units,
        });
    }
    Pruned::new(ask).run(&mut segments).map(Some)
}

/// One segment whose scores are bounded.
struct Bounded<'m> {
    at: usize,
    root: &'m Part<'m>,
    /// None for all that the only unit holds.
    found: Option<&'m Docs>,
    rater: Rater<'m, 'm>,
    days: Column<'m>,
    units: Vec<Unit<'m, 'm>>,
    /// Whether the documents found are looked for, rather than those of the units.
    is_sought: bool,
}

impl Bounded<'_> {
    /// The windows with hits.
    fn windows(&self) -> Vec<u32> {
        match (self.found, self.units.first()) {
            (Some(found), _) => found.windows(SHIFT),
            (None, Some(unit)) => unit.held().collect(),
            (None, None) => Vec::new(),
        }
    }

    fn has(&self, doc: u32) -> bool {
        self.found.is_none_or(|found| found.has(doc))
    }

    /// Append the documents that are found in a window.
    fn append_found(&self, start: u32, out: &mut Vec<u32>) {
        let end = start.saturating_add(WINDOW as u32);
        if let Some(found) = self.found {
            found.append_range(start, end, out);
        }
    }
}

/// Whether so few documents are found that they are sooner looked for than all are added up.
fn is_sought(found: &Docs, units: &[Unit<'_, '_>]) -> bool {
    let postings: usize = units.iter().map(Unit::postings).sum();
    match found {
        Docs::Few(docs) => docs.len() * units.len() * LOOKUP < postings,
        Docs::Many(_) => false,
    }
}

/// A window with hits.
#[derive(Clone, Copy)]
struct Window {
    /// What no score in it exceeds.
    bound: f32,
    segment: usize,
    start: u32,
}

/// The places of the windows with the greatest bounds, those first.
fn foremost(windows: &[Window]) -> Vec<usize> {
    let mut places: Vec<usize> = (0..windows.len()).collect();
    let by_bound =
        |one: &usize, other: &usize| windows[*other].bound.total_cmp(&windows[*one].bound);
    if places.len() > SEEDS {
        places.select_nth_unstable_by(SEEDS, by_bound);
        places.truncate(SEEDS);
    }
    places.sort_unstable_by(by_bound);
    places
}

/// The windows with hits of all segments, in order.
fn windows(segments: &[Bounded<'_>]) -> Vec<Window> {
    let mut windows = Vec::new();
    for (at, segment) in segments.iter().enumerate() {
        for window in segment.windows() {
            let bounds = segment.units.iter().map(|unit| unit.bound(window as usize));
            windows.push(Window {
                bound: bounds.sum(),
                segment: at,
                start: window << SHIFT,
            });
        }
    }
    windows
}

/// A search by score.
struct Pruned {
    count: usize,
    top: Top,
    factors: Factors,
    sums: Sums,
    /// What a window's units give at most, and what those behind each give together.
    bounds: Vec<(f32, f32)>,
    /// Documents of a window that may be among the first hits.
    hits: Vec<Hit>,
    docs: Vec<u32>,
    /// Those of earlier windows of the same segment, each with its bound.
    waiting: Vec<Hit>,
    margin: f32,
}

impl Pruned {
    fn new(ask: &Ask) -> Pruned {
        Pruned {
            count: ask.count,
            top: Top::new(ask.count),
            factors: Factors::new(ask.fading),
            sums: Sums::new(),
            bounds: Vec::new(),
            hits: Vec::new(),
            docs: Vec::new(),
            waiting: Vec::new(),
            margin: margin(0),
        }
    }

    /// What a float32 sum of bounds has to reach.
    fn need(&self) -> f64 {
        self.top.least() / f64::from(self.margin)
    }

    fn run(mut self, segments: &mut [Bounded<'_>]) -> Result<Vec<Candidate>> {
        let sources = |segment: &Bounded<'_>| segment.units.iter().map(Unit::sources).sum();
        let most = segments.iter().map(sources).max();
        self.margin = margin(most.unwrap_or(0));
        let windows = windows(segments);
        let seeds = foremost(&windows);
        for &seed in &seeds {
            self.look(segments, windows[seed])?;
            self.score(&segments[windows[seed].segment])?;
        }
        for (at, window) in windows.iter().enumerate() {
            if at % UNWATCHED == 0 {
                segments[window.segment].rater.matcher.clock.check()?;
            }
            if !seeds.contains(&at) {
                self.look(segments, *window)?;
            }
            let is_last = windows
                .get(at + 1)
                .is_none_or(|next| next.segment != window.segment);
            if is_last || self.waiting.len() >= WAITING {
                self.score(&segments[window.segment])?;
            }
        }
        Ok(self.top.into_hits())
    }

    /// Let those documents of a window wait that may be among the first hits.
    fn look(&mut self, segments: &mut [Bounded<'_>], window: Window) -> Result<()> {
        let need = self.need();
        if f64::from(window.bound) < need {
            return Ok(());
        }
        let segment = &mut segments[window.segment];
        self.bound(segment, window.start);
        self.hits.clear();
        let gathered = if segment.is_sought {
            self.seek(segment, window.start);
            0
        } else if need > 0.0 || segment.found.is_none() {
            self.gather(segment, window.start, need.max(f32::MIN_POSITIVE.into()))?
        } else {
            self.gather_all(segment, window.start)?
        };
        self.narrow(segment, gathered, need)?;
        self.waiting.append(&mut self.hits);
        Ok(())
    }

    /// Work out what each unit gives a window, and what those behind it give.
    fn bound(&mut self, segment: &mut Bounded<'_>, start: u32) {
        self.bounds.resize(segment.units.len(), (0.0, 0.0));
        let mut rest = 0.0;
        for (unit, bounds) in segment.units.iter_mut().zip(&mut self.bounds).rev() {
            unit.enter(start);
            let bound = unit.bound((start >> SHIFT) as usize);
            *bounds = (bound, rest);
            rest += bound;
        }
    }

    /// Take the documents that are found in a window.
    fn seek(&mut self, segment: &Bounded<'_>, start: u32) {
        self.docs.clear();
        segment.append_found(start, &mut self.docs);
        self.hits.extend(self.docs.iter().map(|doc| Hit {
            doc: *doc,
            sum: 0.0,
        }));
    }

    /// Add up all units, and take the documents that are found.
    fn gather_all(&mut self, segment: &mut Bounded<'_>, start: u32) -> Result<usize> {
        self.add_up(&mut segment.units, start)?;
        self.docs.clear();
        segment.append_found(start, &mut self.docs);
        self.sums.take_all(&self.docs, &mut self.hits);
        Ok(segment.units.len())
    }

    /// Add up the first units, up to where those left don't reach what is needed by themselves,
    /// and take the documents that may reach it; returns how many were added.
    fn gather(&mut self, segment: &mut Bounded<'_>, start: u32, need: f64) -> Result<usize> {
        let is_rest = |(_, rest): &(f32, f32)| f64::from(*rest) <= need * LOOKED_INTO;
        let count = 1 + self.bounds.iter().position(is_rest).unwrap_or(0);
        let need = self.left(need, count);
        let mut held = (0..count).filter(|at| self.bounds[*at].0 > 0.0);
        match (held.next(), held.next()) {
            (None, _) => {}
            (Some(only), None) => {
                let unit = &mut segment.units[only];
                unit.append_reaching(start, need, &mut self.sums, &mut self.hits)?;
                self.hits
                    .retain(|hit| hit.sum >= need && segment.has(hit.doc));
            }
            _ => {
                self.add_up(&mut segment.units[..count], start)?;
                let has = |doc| segment.has(doc);
                self.sums.take_reaching(start, need, has, &mut self.hits);
            }
        }
        Ok(count)
    }

    fn add_up(&mut self, units: &mut [Unit<'_, '_>], start: u32) -> Result<()> {
        for unit in units.iter_mut() {
            unit.add(start, &mut self.sums)?;
        }
        for unit in units {
            unit.add_bonus(start, &mut self.sums)?;
        }
        Ok(())
    }

    /// What documents need to have when the first units are added.
    fn left(&self, need: f64, added: usize) -> f32 {
        let rest = added.checked_sub(1).map_or(0.0, |last| self.bounds[last].1);
        ((need - f64::from(rest)) as f32).max(f32::MIN_POSITIVE)
    }

    /// Add the units from `added` on to the documents of a window as long as they may reach
    /// what is needed.
    fn narrow(&mut self, segment: &mut Bounded<'_>, added: usize, need: f64) -> Result<()> {
        for at in added..segment.units.len() {
            if self.hits.is_empty() {
                break;
            }
            let least = (need - f64::from(self.bounds[at].1)) as f32;
            if self.bounds[at].0 > 0.0 {
                segment.units[at].add_to(&mut self.hits, least)?;
            }
            self.hits.retain(|hit| hit.sum >= least);
        }
        Ok(())
    }

    /// Score what waits, the greatest bounds first, as long as it can be among the first hits.
    fn score(&mut self, segment: &Bounded<'_>) -> Result<()> {
        let mut waiting = std::mem::take(&mut self.waiting);
        let mut batch = self.count.max(8);
        while !waiting.is_empty() {
            let need = self.need();
            waiting.retain(|hit| f64::from(hit.sum) >= need);
            let first = waiting.len().saturating_sub(batch);
            if first > 0 {
                waiting.select_nth_unstable_by(first, |one, other| one.sum.total_cmp(&other.sum));
            }
            self.docs.clear();
            self.docs.extend(waiting.drain(first..).map(|hit| hit.doc));
            self.docs.sort_unstable();
            self.rate(segment)?;
            batch *= 4;
        }
        self.waiting = waiting;
        Ok(())
    }

    /// Score `docs`, which ascend.
    fn rate(&mut self, segment: &Bounded<'_>) -> Result<()> {
        if self.docs.is_empty() {
            return Ok(());
        }
        let scores = segment.rater.rate(segment.root, &self.docs)?;
        for (&doc, score) in self.docs.iter().zip(scores) {
            let day = segment.days.get(doc);
            let score = self.factors.faded(score, day);
            self.top
                .offer(Candidate::new(Sort::Score, score, day, segment.at, doc));
        }
        self.top.shrink();
        Ok(())
    }
}

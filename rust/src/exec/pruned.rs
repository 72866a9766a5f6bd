//! The first hits by score, scoring no more than can be among them.
//!
//! A segment is gone through in windows of documents.  What a window may get at most is known
//! beforehand, so most are passed over.  In another the sources are added up, the shortest
//! first; as soon as what is left can't lift a document to the first hits by itself, only the
//! documents whose sums may still get there are looked at.  Those that are left
//! in the end are scored exactly, the greatest bounds first.

use crate::error::Result;

use super::best::{Ask, Factors};
use super::bounds::{margin, sources, Source, Sums, SHIFT, WINDOW};
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
const SEEDS: usize = 4;

/// Windows between two looks at the clock.
const UNWATCHED: usize = 32;

/// The hits among which the first are, unordered; None where there are no bounds.
pub fn pruned<'m>(
    searched: &'m Searched<'m>,
    matchers: &'m [Matcher<'m, 'm>],
    weights: &'m [Weights],
    found: &'m [Docs],
    ask: &Ask,
) -> Result<Option<Vec<Candidate>>> {
    let mut segments = Vec::with_capacity(matchers.len());
    for (at, matcher) in matchers.iter().enumerate() {
        let index = searched.index;
        let rater = Rater::new(matcher, weights, index.totals.mean_length())?;
        let root = &searched.roots[at];
        let Some(sources) = sources(&rater, index.impacts(), &words_of(root))? else {
            return Ok(None);
        };
        segments.push(Bounded {
            at,
            root,
            found: &found[at],
            days: matcher.view.column("date")?,
            rater,
            sources,
        });
    }
    Pruned::new(ask).run(&mut segments).map(Some)
}

/// One segment whose scores are bounded.
struct Bounded<'m> {
    at: usize,
    root: &'m Part<'m>,
    found: &'m Docs,
    rater: Rater<'m, 'm>,
    days: Column<'m>,
    sources: Vec<Source<'m, 'm>>,
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

/// A search by score.
struct Pruned {
    count: usize,
    top: Top,
    factors: Factors,
    sums: Sums,
    /// What a window's sources give at most, and what those behind each give together.
    bounds: Vec<(f32, f32)>,
    /// Documents of a window that may be among the first hits.
    docs: Vec<u32>,
    /// Those of earlier windows of the same segment, each with its bound.
    waiting: Vec<(f32, u32)>,
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
        let most = segments.iter().map(|segment| segment.sources.len()).max();
        self.margin = margin(most.unwrap_or(0));
        let windows = self.windows(segments);
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

    /// The windows with hits of all segments, in order.
    fn windows(&mut self, segments: &mut [Bounded<'_>]) -> Vec<Window> {
        let mut windows = Vec::new();
        for (at, segment) in segments.iter_mut().enumerate() {
            for window in segment.found.windows(SHIFT) {
                let start = window << SHIFT;
                let bound = self.enter(&mut segment.sources, start);
                windows.push(Window {
                    bound,
                    segment: at,
                    start,
                });
            }
        }
        windows
    }

    /// Let all sources go to a window; returns what a document gets at most.
    fn enter(&mut self, sources: &mut [Source<'_, '_>], start: u32) -> f32 {
        self.bounds.resize(sources.len(), (0.0, 0.0));
        let mut rest = 0.0;
        for (source, bounds) in sources.iter_mut().zip(&mut self.bounds).rev() {
            let bound = source.enter(start);
            *bounds = (bound, rest);
            rest += bound;
        }
        rest
    }

    /// Let those documents of a window wait that may be among the first hits.
    fn look(&mut self, segments: &mut [Bounded<'_>], window: Window) -> Result<()> {
        if f64::from(window.bound) < self.need() {
            return Ok(());
        }
        let segment = &mut segments[window.segment];
        self.enter(&mut segment.sources, window.start);
        self.docs.clear();
        self.add_up(segment, window.start)?;
        let sums = &self.sums;
        let bounded = self.docs.iter().map(|doc| (sums.get(*doc), *doc));
        self.waiting.extend(bounded);
        self.sums.clear();
        Ok(())
    }

    /// Put the documents of a window in `docs` that may be among the first hits.
    fn add_up(&mut self, segment: &mut Bounded<'_>, start: u32) -> Result<()> {
        let mut chosen = self.choose(segment, start);
        for (at, source) in segment.sources.iter_mut().enumerate() {
            let (bound, rest) = self.bounds[at];
            if bound == 0.0 {
                continue;
            }
            let need = (self.need() - f64::from(rest)) as f32;
            if chosen && !source.is_worth(self.docs.len()) {
                source.add_to(&self.docs, need, &mut self.sums)?;
            } else {
                source.add(start, &mut self.sums)?;
            }
            if chosen {
                let sums = &self.sums;
                self.docs.retain(|doc| sums.get(*doc) >= need);
            } else if need > 0.0 {
                self.sums.append_reaching(start, need, &mut self.docs);
                self.docs.retain(|doc| segment.found.has(*doc));
                chosen = true;
            }
            if chosen && self.docs.is_empty() {
                break;
            }
        }
        Ok(())
    }

    /// Whether the documents of a window are chosen beforehand: where few are found in it, or
    /// even those may be first that get nothing.
    fn choose(&mut self, segment: &Bounded<'_>, start: u32) -> bool {
        let is_few = matches!(segment.found, Docs::Few(_));
        if !is_few && self.top.least() > 0.0 {
            return false;
        }
        let end = start.saturating_add(WINDOW as u32);
        segment.found.append_range(start, end, &mut self.docs);
        true
    }

    /// Score what waits, the greatest bounds first, as long as it can be among the first hits.
    fn score(&mut self, segment: &Bounded<'_>) -> Result<()> {
        let mut waiting = std::mem::take(&mut self.waiting);
        let mut batch = self.count.max(8);
        while !waiting.is_empty() {
            let need = self.need();
            waiting.retain(|(bound, _)| f64::from(*bound) >= need);
            let first = waiting.len().saturating_sub(batch);
            if first > 0 {
                waiting.select_nth_unstable_by(first, |one, other| one.0.total_cmp(&other.0));
            }
            self.docs.clear();
            self.docs.extend(waiting.drain(first..).map(|(_, doc)| doc));
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

//! The first hits by score of a search all of whose words every hit holds.
//!
//! The hits are known before, so they are gone through as a list: each source (`Source`) adds what
//! its postings give at most, the shortest first, and what can't reach the first hits by all that
//! is still to come is dropped.  The few that are left are scored exactly, the greatest bounds
//! first, from the occurrences that were met on the way: no list is looked into again.

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::Result;
use crate::postings::Postings;

use super::best::{Ask, Factors};
use super::bounds::{is_bounded, margin, whole};
use super::docs::Docs;
use super::impacts::{above, is_exact, place, Impacts, Table};
use super::index::{Index, Searched};
use super::matching::{Counted, Matcher, Met};
use super::meeting::{self, keep_places};
use super::order::{Candidate, Sort, Top};
use super::rating::{scores, Rater};
use super::resolved::{Part, Sought};
use super::scoring::{saturation, Weights, SECTION_WEIGHT, TITLE_WEIGHT};
use super::view::Column;
use super::weights::words_of;

/// Hits that are gone through together; what is known of them stays in the cache.
const CHUNK: usize = 1 << 14;

/// A stem with this many times more postings than hits is looked up at the hits alone.
const SPARSE: u64 = 4;

/// So many are scored first, so that the others have to reach what the last of them got.
const FIRST: usize = 16;

/// So many documents have their days looked up together: what one waits for, all wait for at once.
const OFFERED: usize = 64;

/// As many norms as there are.
const NORMS: usize = 256;

/// The hits among which the first are, unordered; None where words may be missing from hits, or
/// there are no bounds, or windows (`pruned`) do better.
pub fn ranked<'m>(
    searched: &'m Searched<'m>,
    matchers: &'m [Matcher<'m, 'm>],
    weights: &'m [Weights],
    found: &'m [Docs],
    ask: &Ask,
) -> Result<Option<Vec<Candidate>>> {
    let mut segments = Vec::with_capacity(matchers.len());
    for (at, matcher) in matchers.iter().enumerate() {
        let (index, root) = (searched.index, &searched.roots[at]);
        if !holds_all(root) {
            return Ok(None);
        }
        let rater = Rater::new(matcher, weights, index.totals.mean_length())?;
        let words = words_of(root);
        if is_of_windows(index, &words, &found[at]) {
            return Ok(None);
        }
        let Some(sources) = sources(&rater, index.impacts(), &words) else {
            return Ok(None);
        };
        segments.push(Segment {
            at,
            root,
            rests: rests(&sources),
            of_leaves: of_leaves(&sources, words.len()),
            sources,
            norms: matcher.view.norms()?,
            days: matcher.view.column("date")?,
            rater,
        });
    }
    let mut ranked = Ranked::new(ask);
    for (segment, found) in segments.iter().zip(found) {
        ranked.run(segment, found)?;
    }
    Ok(Some(ranked.top.into_hits()))
}

/// Whether what matches a part holds each of its words that score.
fn holds_all(part: &Part<'_>) -> bool {
    match part {
        Part::And(parts) => parts.iter().all(|part| holds_all(part) || !scores(part)),
        Part::Word { .. } | Part::Given { .. } => true,
        _ => false,
    }
}

/// Whether blocks of lists bound the hits sooner: where these are most of the documents of one
/// stem that has many, or stems meet in a good part of all documents.
fn is_of_windows(index: &Index, words: &[Option<&Sought<'_>>], found: &Docs) -> bool {
    match words {
        [Some(Sought::Stem(Some(list)))] => {
            let df = u64::from(list.df());
            found.count() * SPARSE > df && !index.is_sparse(df)
        }
        words => {
            let are_stems = words
                .iter()
                .all(|word| matches!(word, Some(Sought::Stem(_))));
            are_stems && matches!(found, Docs::Many(_))
        }
    }
}

/// What a source says of a leaf: how often it occurs in the text, in headline, in heading.
#[derive(Clone, Copy)]
enum Role {
    Text,
    Title,
    Section,
}

/// A list that adds to scores.
struct Source<'l, 's> {
    leaf: usize,
    role: Role,
    held: Held<'l, 's>,
    weight: f32,
    table: &'l Table,
    /// The most that the term occurs in a document.
    most: u32,
}

enum Held<'l, 's> {
    List(&'l Postings<'s>),
    /// With what the search met of it.
    Met(&'l Postings<'s>, Arc<Met>),
    Counted(Arc<Counted>),
}

impl Source<'_, '_> {
    fn len(&self) -> usize {
        match &self.held {
            Held::List(list) | Held::Met(list, _) => list.df() as usize,
            Held::Counted(counted) => counted.docs.len(),
        }
    }

    /// Whether each hit is in it.
    fn is_sure(&self) -> bool {
        matches!(self.role, Role::Text)
    }

    /// Call `found` with the occurrences in each of some documents, which ascend: of a leaf
    /// that was counted, with the place of its count.
    fn each_of(&self, docs: &[u32], mut found: impl FnMut(usize, u32, u32)) -> Result<()> {
        let both = |at: usize, tf: u32| found(at, tf, tf);
        match &self.held {
            Held::Met(list, met) => met.occurrences(docs, list, both),
            Held::List(list) if self.is_sure() => meeting::held_occurrences(docs, list, both),
            Held::List(list) => meeting::occurrences(docs, list, both),
            Held::Counted(counted) => {
                let tfs = &counted.tfs;
                counted.each_of(docs, |at, place| found(at, whole(tfs[place]), place as u32));
                Ok(())
            }
        }
    }

    /// What a document of each norm gets at most.
    fn bounds(&self) -> &[f32] {
        &self.table[place(self.most, 0)..][..NORMS]
    }
}

/// The sources of all leaves of one segment, the shortest first; None where there are no bounds.
fn sources<'l, 's>(
    rater: &Rater<'l, 's>,
    impacts: &'l Impacts,
    words: &[Option<&'l Sought<'s>>],
) -> Option<Vec<Source<'l, 's>>> {
    let mut found = Vec::with_capacity(3 * words.len());
    for (leaf, word) in words.iter().enumerate() {
        if !is_bounded(rater, leaf) {
            return None;
        }
        let (held, weights) = (&rater.matcher.leaves[leaf], &rater.weights[leaf]);
        let mut add = |role, list: Held<'l, 's>, weight: f64, table| {
            let most = match &list {
                Held::List(list) | Held::Met(list, _) => list.max_tf(),
                Held::Counted(_) => u32::MAX,
            };
            found.push(Source {
                leaf,
                role,
                held: list,
                weight: above(held.boost * weight),
                table,
                most,
            });
        };
        let text = match word {
            Some(Sought::Stem(list)) => match rater.matcher.met(leaf) {
                Some(met) => Held::Met(list.as_ref()?, met),
                None => Held::List(list.as_ref()?),
            },
            _ => Held::Counted(rater.matcher.kept(leaf)?),
        };
        add(Role::Text, text, weights.text, &impacts.text);
        if let Some(list) = &held.title {
            let weight = TITLE_WEIGHT * weights.title;
            add(Role::Title, Held::List(list), weight, &impacts.bonus);
        }
        if let Some(list) = &held.section {
            let weight = SECTION_WEIGHT * weights.section;
            add(Role::Section, Held::List(list), weight, &impacts.bonus);
        }
    }
    found.sort_by_key(Source::len);
    Some(found)
}

/// The sources of text, title and section of each leaf.
fn of_leaves(sources: &[Source<'_, '_>], leaves: usize) -> Vec<[Option<usize>; 3]> {
    let mut found = vec![[None; 3]; leaves];
    for (at, source) in sources.iter().enumerate() {
        found[source.leaf][source.role as usize] = Some(at);
    }
    found
}

/// What the sources behind each give together at most, by norm.
fn rests(sources: &[Source<'_, '_>]) -> Vec<[f32; NORMS]> {
    let mut rest = [0.0; NORMS];
    let mut rests = Vec::with_capacity(sources.len());
    for source in sources.iter().rev() {
        rests.push(rest);
        for (rest, bound) in rest.iter_mut().zip(source.bounds()) {
            *rest += source.weight * bound;
        }
    }
    rests.reverse();
    rests
}

/// One segment whose hits hold every word.
struct Segment<'m> {
    at: usize,
    root: &'m Part<'m>,
    rater: Rater<'m, 'm>,
    days: Column<'m>,
    norms: &'m [u8],
    sources: Vec<Source<'m, 'm>>,
    of_leaves: Vec<[Option<usize>; 3]>,
    rests: Vec<[f32; NORMS]>,
}

impl Segment<'_> {
    /// The documents of a leaf that was counted, where they are those that were found.
    fn same_as(&self, found: &Docs) -> Option<&[u32]> {
        let count = found.count();
        let mut counted = self.sources.iter().filter_map(|source| match &source.held {
            Held::Counted(counted) => Some(&counted.docs[..]),
            _ => None,
        });
        counted.find(|docs| docs.len() as u64 == count)
    }

    /// How often the term of a source occurs, by what the source said.
    fn tf(&self, source: usize, said: u32) -> f64 {
        match &self.sources[source].held {
            Held::Counted(counted) => counted.tfs[said as usize],
            _ => f64::from(said),
        }
    }

    /// The score of a document in a part, from the occurrences in each source: the same
    /// operations in the same order as `Rater`'s.
    fn exact(&self, part: &Part<'_>, doc: u32, tf: &impl Fn(usize) -> f64) -> f64 {
        match part {
            Part::And(parts) => {
                let parts = parts.iter().filter(|part| scores(part));
                parts.fold(0.0, |sum, part| sum + self.exact(part, doc, tf))
            }
            Part::Word { leaf, .. } | Part::Given { leaf, .. } => {
                leaf.map_or(0.0, |leaf| self.exact_leaf(leaf, doc, tf))
            }
            _ => 0.0,
        }
    }

    fn exact_leaf(&self, leaf: usize, doc: u32, tf: &impl Fn(usize) -> f64) -> f64 {
        let [text, title, section] = self.of_leaves[leaf];
        let weights = &self.rater.weights[leaf];
        let tf_of = |source: Option<usize>| source.map_or(0.0, tf);
        let mut score = self.rater.bm25(weights.text, tf_of(text), doc);
        let bonuses = [
            (title, TITLE_WEIGHT, weights.title),
            (section, SECTION_WEIGHT, weights.section),
        ];
        for (source, factor, weight) in bonuses {
            let tf = tf_of(source);
            if tf > 0.0 {
                score += factor * saturation(weight, tf);
            }
        }
        let boost = self.rater.matcher.leaves[leaf].boost;
        if boost != 1.0 {
            score *= boost;
        }
        score
    }
}

/// The documents that may be among the first hits.
#[derive(Default)]
struct Left {
    docs: Vec<u32>,
    norms: Vec<u8>,
    /// What each gets at most of the sources that were met.
    sums: Vec<f32>,
    /// What each source that was met said of each: its occurrences, 0 for none.
    said: Vec<Vec<u32>>,
}

impl Left {
    fn begin(&mut self, docs: &[u32], norms: &[u8]) {
        self.docs.clear();
        self.docs.extend_from_slice(docs);
        self.norms.clear();
        let norm = |doc: &u32| norms.get(*doc as usize).copied().unwrap_or(0);
        self.norms.extend(docs.iter().map(norm));
        self.sums.clear();
        self.sums.resize(docs.len(), 0.0);
        self.said.clear();
    }

    fn meet(&mut self, source: &Source<'_, '_>) -> Result<()> {
        let mut said = vec![0; self.docs.len()];
        let (sums, norms) = (&mut self.sums[..], &self.norms[..]);
        source.each_of(&self.docs, |at, tf, saying| {
            sums[at] += source.weight * source.table[place(tf, norms[at])];
            said[at] = saying;
        })?;
        self.said.push(said);
        Ok(())
    }

    /// Keep what reaches a need with the most that is still to come, by norm.
    fn keep(&mut self, need: f32, rest: &[f32; NORMS]) {
        let mut kept = vec![0; self.docs.len()];
        let mut len = 0;
        // Without branches, since which are kept can't be guessed.
        for (at, (sum, norm)) in (0..).zip(self.sums.iter().zip(&self.norms)) {
            kept[len] = at;
            len += usize::from(sum + rest[usize::from(*norm)] >= need);
        }
        if len == self.docs.len() {
            return;
        }
        kept.truncate(len);
        keep_places(&mut self.docs, &kept);
        keep_places(&mut self.norms, &kept);
        keep_places(&mut self.sums, &kept);
        for said in &mut self.said {
            keep_places(said, &kept);
        }
    }

    /// Take some out, by their places.
    fn drop(&mut self, places: &[usize]) {
        for at in places {
            self.sums[*at] = f32::NEG_INFINITY;
        }
        self.keep(f32::MIN, &[0.0; NORMS]);
    }
}

/// A document that was scored, with all that its score depends on.  In an archive of notices many
/// are alike, and what is known of one needn't be looked up for the others.
#[derive(Default)]
struct Known {
    norm: u8,
    /// How often the term of each source occurs in it.
    tfs: Vec<f64>,
    score: f64,
}

impl Known {
    /// Whether a document gets the same score.
    fn is_like(&self, norm: u8, sources: usize, tf: impl Fn(usize) -> f64) -> bool {
        let is_same = |(at, known): (usize, &f64)| *known == tf(at);
        norm == self.norm
            && is_exact(norm)
            && sources == self.tfs.len()
            && self.tfs.iter().enumerate().all(is_same)
    }
}

/// A search by score.
struct Ranked {
    count: usize,
    top: Top,
    factors: Factors,
    margin: f32,
    left: Left,
    known: Known,
    /// Documents with their scores, whose days are yet to be looked up.
    offered: Vec<(u32, f64)>,
}

impl Ranked {
    fn new(ask: &Ask) -> Ranked {
        Ranked {
            count: ask.count,
            top: Top::new(ask.count),
            factors: Factors::new(ask.fading),
            margin: margin(0),
            left: Left::default(),
            known: Known::default(),
            offered: Vec::with_capacity(OFFERED),
        }
    }

    /// What a float32 sum of bounds has to reach.
    fn need(&self) -> f32 {
        (self.top.least() / f64::from(self.margin)) as f32
    }

    fn run(&mut self, segment: &Segment<'_>, found: &Docs) -> Result<()> {
        self.margin = margin(segment.sources.len());
        self.known = Known::default();
        let docs: Cow<'_, [u32]> = match (segment.same_as(found), found) {
            (Some(docs), _) => docs.into(),
            (None, Docs::Few(docs)) => docs.into(),
            (None, Docs::Many(bits)) => bits.to_vec().into(),
        };
        let mut chunks = docs.chunks(CHUNK);
        chunks.try_for_each(|docs| self.look(segment, docs))
    }

    /// Score those of some hits that may be among the first.
    fn look(&mut self, segment: &Segment<'_>, docs: &[u32]) -> Result<()> {
        segment.rater.matcher.clock.check()?;
        self.left.begin(docs, segment.norms);
        for (source, rest) in segment.sources.iter().zip(&segment.rests) {
            self.left.meet(source)?;
            if self.left.said.len() == segment.sources.len() {
                break;
            }
            if source.is_sure() && self.top.least() == f64::NEG_INFINITY {
                self.take_first(segment)?;
            }
            if self.top.least() > f64::NEG_INFINITY {
                self.left.keep(self.need(), rest);
            }
        }
        self.score(segment);
        Ok(())
    }

    /// Score those with the most so far, so that most others can be dropped soon.
    fn take_first(&mut self, segment: &Segment<'_>) -> Result<()> {
        let mut first = foremost(&self.left.sums, self.count);
        first.sort_unstable();
        let docs: Vec<u32> = first.iter().map(|at| self.left.docs[*at]).collect();
        let scores = segment.rater.rate(segment.root, &docs)?;
        for (doc, score) in docs.into_iter().zip(scores) {
            self.offer(segment, doc, score);
        }
        self.shrink(segment);
        self.left.drop(&first);
        Ok(())
    }

    /// Score what is left, those with the greatest bounds first: so most needn't be.
    fn score(&mut self, segment: &Segment<'_>) {
        let first = foremost(&self.left.sums, self.count.max(FIRST));
        first.iter().for_each(|at| self.score_one(segment, *at));
        self.shrink(segment);
        for at in first {
            self.left.sums[at] = f32::NEG_INFINITY;
        }
        for at in 0..self.left.docs.len() {
            let sum = self.left.sums[at];
            if sum > f32::NEG_INFINITY && sum >= self.need() {
                self.score_one(segment, at);
            }
        }
        self.date(segment);
    }

    fn score_one(&mut self, segment: &Segment<'_>, at: usize) {
        let (doc, norm) = (self.left.docs[at], self.left.norms[at]);
        let said = &self.left.said;
        let tf = |source: usize| segment.tf(source, said[source][at]);
        if !self.known.is_like(norm, said.len(), tf) {
            let score = segment.exact(segment.root, doc, &tf);
            self.known.score = segment.rater.lowered(doc, score);
            self.known.norm = norm;
            self.known.tfs.clear();
            self.known.tfs.extend((0..said.len()).map(tf));
        }
        self.offer(segment, doc, self.known.score);
    }

    fn offer(&mut self, segment: &Segment<'_>, doc: u32, score: f64) {
        // Nothing gains with age, and days aren't near in memory.
        if score < self.top.least() {
            return;
        }
        self.offered.push((doc, score));
        if self.offered.len() == OFFERED {
            self.date(segment);
        }
    }

    /// Look up the days of what is offered, and let the first hits be among it.
    fn date(&mut self, segment: &Segment<'_>) {
        let mut days = [0; OFFERED];
        for (day, (doc, _)) in days.iter_mut().zip(&self.offered) {
            *day = segment.days.get(*doc);
        }
        for ((doc, score), day) in self.offered.drain(..).zip(days) {
            let score = self.factors.faded(score, day);
            let hit = Candidate::new(Sort::Score, score, day, segment.at, doc);
            self.top.offer(hit);
        }
    }

    fn shrink(&mut self, segment: &Segment<'_>) {
        self.date(segment);
        self.top.shrink();
    }
}

/// Where the greatest of some sums stand, `count` of them where there are so many.
fn foremost(sums: &[f32], count: usize) -> Vec<usize> {
    let full = count.saturating_mul(2).saturating_add(16);
    let (mut found, mut least) = (Vec::new(), f32::NEG_INFINITY);
    for (at, sum) in sums.iter().enumerate() {
        if *sum > least {
            found.push((*sum, at));
            if found.len() == full {
                least = keep_greatest(&mut found, count);
            }
        }
    }
    keep_greatest(&mut found, count);
    found.into_iter().map(|(_, at)| at).collect()
}

/// Keep the `count` greatest sums; returns the least of them.
fn keep_greatest(found: &mut Vec<(f32, usize)>, count: usize) -> f32 {
    if found.len() <= count {
        return f32::NEG_INFINITY;
    }
    let by_sum = |one: &(f32, usize), other: &(f32, usize)| other.0.total_cmp(&one.0);
    found.select_nth_unstable_by(count, by_sum);
    found.truncate(count);
    let sums = found.iter().map(|(sum, _)| *sum);
    sums.fold(f32::INFINITY, f32::min)
}

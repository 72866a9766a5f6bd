//! Upper bounds of scores, by windows of documents: what can't reach the first hits need not
//! be scored.
//!
//! A unit is what one leaf adds: a source of its text, which has to hold a document, and what
//! headline and heading add to that.  The directory of a text's blocks bounds what each window
//! gets, and only blocks of windows that matter are decoded; of them every posting is bounded
//! (`impacts`).  Bounds are float32; `margin` makes up for what rounding loses.

use std::sync::Arc;

use crate::error::Result;
use crate::postings::{Postings, BLOCK};

use super::apart::{long, Apart};
use super::bits::byte_has;
use super::impacts::{above, place, Impacts, Table, ROUNDING};
use super::matching::Counted;
use super::rating::Rater;
use super::resolved::{LeafKind, Sought, FORMS, STEMS};
use super::scoring::{K1, SECTION_WEIGHT, TITLE_WEIGHT};

/// Documents of a window, as a power of 2.
pub const SHIFT: u32 = 13;
pub const WINDOW: usize = 1 << SHIFT;

/// Weights between which a float32 is as exact as `margin` takes it to be.
const LEAST_WEIGHT: f64 = 1e-30;
const MOST_WEIGHT: f64 = 1e30;

/// How much dearer it is to look for a document in the bonuses than to add one of theirs.
const LOOKUP: f32 = 4.0;

/// So many documents are compared at once.
const EIGHT: usize = 8;

/// No block of a list.
const NO_BLOCK: u32 = u32::MAX;

/// The factor that makes a float32 sum of bounds of `sources` a bound.
pub fn margin(sources: usize) -> f32 {
    1.0 + ROUNDING * (sources as f32 + 8.0)
}

/// A document with what its score is at most, as far as it is added up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    pub doc: u32,
    pub sum: f32,
}

/// What the documents of a window may get.
pub struct Sums {
    of: Box<[f32; WINDOW]>,
    /// The documents that were added to, some of them several times.
    touched: Vec<u32>,
}

impl Sums {
    pub fn new() -> Sums {
        Sums {
            of: Box::new([0.0; WINDOW]),
            touched: Vec::new(),
        }
    }

    #[inline]
    fn of(&mut self, doc: u32) -> &mut f32 {
        &mut self.of[doc as usize % WINDOW]
    }

    /// Append the documents found, counted from `start`, whose sums are `need`, which is over 0,
    /// or more; ascending.  All sums are 0 afterwards.
    pub fn take_reaching(
        &mut self,
        start: u32,
        need: f32,
        is_found: impl Fn(u32) -> bool,
        out: &mut Vec<Hit>,
    ) {
        let mut reaching = [0u64; WINDOW / 64];
        for doc in &self.touched {
            let at = *doc as usize % WINDOW;
            if self.of[at] >= need {
                reaching[at / 64] |= 1 << (at % 64);
            } else {
                self.of[at] = 0.0;
            }
        }
        self.touched.clear();
        for (bits, base) in reaching.iter().zip((start..).step_by(64)) {
            let mut rest = *bits;
            while rest != 0 {
                let doc = base + rest.trailing_zeros();
                let sum = std::mem::take(self.of(doc));
                if is_found(doc) {
                    out.push(Hit { doc, sum });
                }
                rest &= rest - 1;
            }
        }
    }

    /// Append some documents of the window with their sums, which are all 0 afterwards.
    pub fn take_all(&mut self, docs: &[u32], out: &mut Vec<Hit>) {
        out.extend(docs.iter().map(|doc| Hit {
            doc: *doc,
            sum: *self.of(*doc),
        }));
        self.clear();
    }

    fn clear(&mut self) {
        for doc in &self.touched {
            self.of[*doc as usize % WINDOW] = 0.0;
        }
        self.touched.clear();
    }
}

/// A block of a list: its first and last document, and the most that one of them gets.
#[derive(Clone, Copy)]
struct Span {
    first: u32,
    last: u32,
    most: f32,
}

impl Span {
    /// Behind the last block.
    const NONE: Span = Span {
        first: u32::MAX,
        last: u32::MAX,
        most: 0.0,
    };
}

/// The postings of a source.
enum List<'l, 's> {
    Postings {
        list: &'l Postings<'s>,
        /// What a block gets for its impact; None where it depends on occurrences alone.
        scale: Option<f32>,
    },
    Counted {
        counted: Arc<Counted>,
        spans: Vec<Span>,
    },
}

/// A block that was decoded.
struct Decoded {
    block: usize,
    len: usize,
    /// Where the next document that is looked for may stand.
    at: usize,
    docs: [u32; BLOCK],
    tfs: [u32; BLOCK],
}

/// A list that adds to scores, read window by window; to go back costs a search for the block.
struct Source<'l, 's> {
    list: List<'l, 's>,
    weight: f32,
    table: &'l Table,
    norms: &'l [u8],
    blocks: usize,
    /// The block in which the last document was looked for, with what it spans.
    block: usize,
    span: Span,
    /// Where the last window started.
    entered: u32,
    decoded: Box<Decoded>,
}

/// What a list gives a window: at most so much, from a block on.
#[derive(Clone, Copy)]
struct Given {
    most: f32,
    /// What headline and heading may add to that.
    bonus: f32,
    block: u32,
}

/// What one leaf adds to scores.
pub struct Unit<'l, 's> {
    text: Source<'l, 's>,
    /// Headline and heading, which add only to what the text holds.
    bonuses: Vec<Source<'l, 's>>,
    /// What they add together at most in the window that was entered.
    bonus: f32,
    windows: Vec<Given>,
}

/// The units of all leaves of one segment, those of the greatest weight first; None where
/// bounds would be wrong, as for a negative boost.
pub fn units<'l, 's>(
    rater: &Rater<'l, 's>,
    impacts: &'l Impacts,
    words: &[Option<&'l Sought<'s>>],
) -> Result<Option<Vec<Unit<'l, 's>>>> {
    if !(0..words.len()).all(|at| is_bounded(rater, at)) {
        return Ok(None);
    }
    let made = Made {
        rater,
        impacts,
        norms: rater.matcher.view.norms()?,
    };
    let mut found = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        match (word, rater.matcher.apart(at)) {
            (Some(Sought::Stem(Some(list))), _) => found.push(made.stem(at, list)),
            (Some(Sought::Stem(None)), _) => {}
            (Some(Sought::Forms(lists)), Some(apart)) => made.apart(at, lists, &apart, &mut found),
            _ => {
                let kept = rater.matcher.kept(at);
                found.extend(kept.and_then(|kept| made.counted(at, kept)));
            }
        }
    }
    found.sort_by(|one: &Unit, other: &Unit| other.text.weight.total_cmp(&one.text.weight));
    Ok(Some(found))
}

/// Whether what a leaf adds to scores has bounds.
pub fn is_bounded(rater: &Rater<'_, '_>, at: usize) -> bool {
    let weights = &rater.weights[at];
    let boost = rater.matcher.leaves[at].boost;
    let factors = [weights.text, weights.title, weights.section].map(|weight| boost * weight);
    let fits = |factor: &f64| *factor == 0.0 || (LEAST_WEIGHT..MOST_WEIGHT).contains(factor);
    // A sum of 0 says that the text doesn't hold a document.
    let is_told = factors[0] > 0.0 || factors == [0.0; 3];
    is_told && factors.iter().all(fits) && are_counts(&rater.matcher.leaves[at].kind)
}

/// Whether what a caller gave are counts; those that are counted here are.
fn are_counts(kind: &LeafKind<'_>) -> bool {
    match kind {
        LeafKind::Given { tfs, .. } => tfs.iter().all(|tf| tf.is_finite() && *tf >= 0.0),
        LeafKind::Word => true,
    }
}

/// What the units of one segment are made of.
struct Made<'r, 'l, 's> {
    rater: &'r Rater<'l, 's>,
    impacts: &'l Impacts,
    norms: &'l [u8],
}

impl<'l, 's> Made<'_, 'l, 's> {
    /// The unit of a stem: of the text, and of headlines and headings with it.
    fn stem(&self, at: usize, list: &'l Postings<'s>) -> Unit<'l, 's> {
        let (leaf, weights) = (&self.rater.matcher.leaves[at], &self.rater.weights[at]);
        let text = self.text(list, leaf.boost * weights.text, STEMS);
        let bonuses = [
            (&leaf.title, TITLE_WEIGHT, weights.title),
            (&leaf.section, SECTION_WEIGHT, weights.section),
        ];
        let bonuses = bonuses.into_iter().filter_map(|(list, factor, weight)| {
            let list = List::Postings {
                list: list.as_ref()?,
                scale: None,
            };
            Some(self.source(list, leaf.boost * factor * weight, &self.impacts.bonus))
        });
        self.unit(text, bonuses.collect())
    }

    /// The source of a list of a field whose lengths are those of the text.
    fn text(&self, list: &'l Postings<'s>, weight: f64, field: &str) -> Source<'l, 's> {
        let scale = Some(above(weight * (K1 + 1.0) * self.stretch(field)));
        let postings = List::Postings { list, scale };
        self.source(postings, weight, &self.impacts.text)
    }

    /// The units of a leaf whose long lists were left apart.  A document in several gets less for
    /// all its occurrences than for those of each list, so their sum is a bound.
    fn apart(
        &self,
        at: usize,
        lists: &'l [Postings<'s>],
        apart: &Apart,
        out: &mut Vec<Unit<'l, 's>>,
    ) {
        let (leaf, weights) = (&self.rater.matcher.leaves[at], &self.rater.weights[at]);
        let weight = leaf.boost * weights.text;
        let sources = long(lists, apart.long).map(|list| self.text(list, weight, FORMS));
        out.extend(sources.map(|text| self.unit(text, Vec::new())));
        out.extend(self.counted(at, Arc::clone(&apart.short)));
    }

    /// The unit of what was counted for a leaf; None where that is nothing.
    fn counted(&self, at: usize, counted: Arc<Counted>) -> Option<Unit<'l, 's>> {
        let weight = self.rater.matcher.leaves[at].boost * self.rater.weights[at].text;
        let (table, norms) = (&*self.impacts.text, self.norms);
        let blocks = counted.docs.chunks(BLOCK).zip(counted.tfs.chunks(BLOCK));
        let spans = blocks.map(|(docs, tfs)| {
            let both = docs.iter().zip(tfs);
            let parts = both.map(|(doc, tf)| table[place(whole(*tf), norm_of(norms, *doc))]);
            Span {
                first: docs[0],
                last: docs[docs.len() - 1],
                most: parts.fold(0.0, f32::max) * above(weight),
            }
        });
        let spans: Vec<Span> = spans.collect();
        if spans.is_empty() {
            return None;
        }
        let text = self.source(List::Counted { counted, spans }, weight, table);
        Some(self.unit(text, Vec::new()))
    }

    fn unit(&self, text: Source<'l, 's>, bonuses: Vec<Source<'l, 's>>) -> Unit<'l, 's> {
        let mut windows = text.windows(self.norms.len().div_ceil(WINDOW));
        for bonus in &bonuses {
            let added = bonus.windows(windows.len());
            let both = windows.iter_mut().zip(added);
            both.for_each(|(given, added)| given.bonus += added.most);
        }
        Unit {
            text,
            bonuses,
            bonus: 0.0,
            windows,
        }
    }

    fn source(&self, list: List<'l, 's>, weight: f64, table: &'l Table) -> Source<'l, 's> {
        let decoded = Decoded {
            block: usize::MAX,
            len: 0,
            at: 0,
            docs: [0; BLOCK],
            tfs: [0; BLOCK],
        };
        let mut source = Source {
            blocks: list.blocks(),
            list,
            weight: above(weight),
            table,
            norms: self.norms,
            block: 0,
            span: Span::NONE,
            entered: 0,
            decoded: Box::new(decoded),
        };
        source.go_to(0);
        source
    }

    /// By how much the bounds of blocks fall short of those at another mean length.
    fn stretch(&self, field: &str) -> f64 {
        let segment = &self.rater.matcher.view.segment;
        let field = segment.field(field);
        let written = field.map_or(1.0, |id| segment.mean_length(id));
        (self.rater.mean_length / written).max(1.0)
    }
}

/// Counts that the caller gave may be fractions: the bound is that of the next whole.
pub fn whole(tf: f64) -> u32 {
    let below = tf as u32;
    below.saturating_add(u32::from(f64::from(below) < tf))
}

#[inline]
fn norm_of(norms: &[u8], doc: u32) -> u8 {
    norms.get(doc as usize).copied().unwrap_or(0)
}

impl List<'_, '_> {
    fn len(&self) -> usize {
        match self {
            List::Postings { list, .. } => list.df() as usize,
            List::Counted { counted, .. } => counted.docs.len(),
        }
    }

    fn blocks(&self) -> usize {
        match self {
            List::Postings { list, .. } => list.block_count(),
            List::Counted { spans, .. } => spans.len(),
        }
    }

    /// The first block, from `from` on, whose last document is `doc` or after it.
    fn find_block(&self, from: usize, doc: u32) -> usize {
        match self {
            List::Postings { list, .. } => list.find_block(from, doc),
            List::Counted { spans, .. } => {
                from + spans[from..].partition_point(|span| span.last < doc)
            }
        }
    }

    /// Whether a document is known not to be in the list without looking into a block.
    #[inline]
    fn lacks(&self, doc: u32) -> bool {
        match self {
            List::Postings { list, .. } => list.bitmap().is_some_and(|bytes| !byte_has(bytes, doc)),
            List::Counted { .. } => false,
        }
    }

    fn decode(&self, block: usize, to: &mut Decoded) -> Result<()> {
        match self {
            List::Postings { list, .. } => {
                to.len = list.both(block, &mut to.docs, &mut to.tfs)?;
            }
            List::Counted { counted, .. } => {
                let from = block * BLOCK;
                to.len = (counted.docs.len() - from).min(BLOCK);
                to.docs[..to.len].copy_from_slice(&counted.docs[from..][..to.len]);
                for (tf, given) in to.tfs.iter_mut().zip(&counted.tfs[from..][..to.len]) {
                    *tf = whole(*given);
                }
            }
        }
        (to.block, to.at) = (block, 0);
        Ok(())
    }
}

impl Unit<'_, '_> {
    /// How many postings its text has.
    pub fn postings(&self) -> usize {
        self.text.list.len()
    }

    /// How many lists it adds up.
    pub fn sources(&self) -> usize {
        1 + self.bonuses.len()
    }

    /// Whether every document of its text gets any.
    pub fn is_positive(&self) -> bool {
        self.text.weight > 0.0
    }

    /// The windows into which its text reaches, ascending.
    pub fn held(&self) -> impl Iterator<Item = u32> + '_ {
        let windows = self.windows.iter().zip(0..);
        let held = windows.filter(|(given, _)| given.block != NO_BLOCK);
        held.map(|(_, window)| window)
    }

    /// The most that a document of a window gets, 0 where there is none.
    #[inline]
    pub fn bound(&self, window: usize) -> f32 {
        match self.windows.get(window) {
            Some(given) if given.block != NO_BLOCK => given.most + given.bonus,
            _ => 0.0,
        }
    }

    /// Go to a window.
    pub fn enter(&mut self, start: u32) {
        let given = self.windows.get((start >> SHIFT) as usize);
        self.bonus = given.map_or(0.0, |given| given.bonus);
        self.text.enter(start);
        self.bonuses.iter_mut().for_each(|bonus| bonus.enter(start));
    }

    fn first_block(&self, start: u32) -> usize {
        let given = self.windows.get((start >> SHIFT) as usize);
        given.map_or(usize::MAX, |given| given.block as usize)
    }

    /// Append the documents of the window that was entered which get `need` or more.
    pub fn append_reaching(
        &mut self,
        start: u32,
        need: f32,
        sums: &mut Sums,
        out: &mut Vec<Hit>,
    ) -> Result<()> {
        let (from, first) = (out.len(), self.first_block(start));
        if self.bonus == 0.0 || self.has_few(start, need - self.bonus) {
            let text = &mut self.text;
            text.append_reaching(first, start, need - self.bonus, out)?;
            return self.raise(&mut out[from..]);
        }
        for bonus in &mut self.bonuses {
            let block = bonus.block_at(start);
            bonus.add(block, start, sums)?;
        }
        let text = &mut self.text;
        text.append_raised(first, start, (need, self.bonus), sums, out)?;
        sums.clear();
        Ok(())
    }

    /// Whether so few documents of a window get `need` from the text that it is sooner looked
    /// into the bonuses than added to them.
    fn has_few(&self, start: u32, need: f32) -> bool {
        let given = self.windows.get((start >> SHIFT) as usize);
        let most = given.map_or(0.0, |given| given.most);
        let share = (1.0 - need / most).clamp(0.0, 1.0);
        let bonuses: usize = self.bonuses.iter().map(|bonus| bonus.list.len()).sum();
        share * share * LOOKUP * self.postings() as f32 <= bonuses as f32
    }

    fn raise(&mut self, hits: &mut [Hit]) -> Result<()> {
        for hit in hits {
            hit.sum += self.bonus_of(hit.doc)?;
        }
        Ok(())
    }

    /// Add what each document of the window that was entered gets for its text.
    pub fn add(&mut self, start: u32, sums: &mut Sums) -> Result<()> {
        self.text.add(self.first_block(start), start, sums)
    }

    /// Add what headline and heading add to documents that got any.
    pub fn add_bonus(&mut self, start: u32, sums: &mut Sums) -> Result<()> {
        let bonuses = self.bonuses.iter_mut();
        bonuses
            .into_iter()
            .try_for_each(|bonus| bonus.lift(start, sums))
    }

    /// Add what some documents of the window get, ascending, where with it they may reach
    /// `need`.
    pub fn add_to(&mut self, hits: &mut [Hit], need: f32) -> Result<()> {
        for hit in hits {
            let part = self.text.part_of(hit.doc, need - hit.sum - self.bonus)?;
            if part > 0.0 {
                hit.sum += part + self.bonus_of(hit.doc)?;
            }
        }
        Ok(())
    }

    #[inline]
    fn bonus_of(&mut self, doc: u32) -> Result<f32> {
        let parts = self.bonuses.iter_mut();
        parts.map(|bonus| bonus.part_of(doc, 0.0)).sum()
    }
}

impl Source<'_, '_> {
    fn span_of(&self, block: usize) -> Span {
        match &self.list {
            List::Counted { spans, .. } => spans[block],
            List::Postings { list, scale } => {
                let info = list.info(block);
                let most = match scale {
                    Some(scale) => scale * info.max_impact,
                    None => self.weight * self.table[place(info.max_tf, 0)],
                };
                Span {
                    first: info.first_doc,
                    last: info.last_doc,
                    most,
                }
            }
        }
    }

    /// What each window gets at most, and the first block that reaches into it.
    fn windows(&self, count: usize) -> Vec<Given> {
        let nothing = Given {
            most: 0.0,
            bonus: 0.0,
            block: NO_BLOCK,
        };
        let mut windows = vec![nothing; count];
        for block in 0..self.blocks {
            let span = self.span_of(block);
            let first = (span.first >> SHIFT) as usize;
            let end = count.min((span.last >> SHIFT) as usize + 1);
            for given in windows.get_mut(first..end).unwrap_or_default() {
                given.most = given.most.max(span.most);
                given.block = given.block.min(block as u32);
            }
        }
        windows
    }

    fn go_to(&mut self, block: usize) {
        self.block = block;
        self.span = if block < self.blocks {
            self.span_of(block)
        } else {
            Span::NONE
        };
        self.decoded.at = 0;
    }

    fn enter(&mut self, start: u32) {
        if start < self.entered {
            self.go_to(0);
        }
        self.entered = start;
    }

    fn decode(&mut self, block: usize) -> Result<()> {
        if self.decoded.block != block {
            self.list.decode(block, &mut self.decoded)?;
        }
        Ok(())
    }

    #[inline]
    fn part(&self, doc: u32, tf: u32) -> f32 {
        self.weight * self.table[place(tf, norm_of(self.norms, doc))]
    }

    /// What each posting of a block adds.
    #[inline]
    fn parts(&self, docs: &[u32], tfs: &[u32], out: &mut [f32; BLOCK]) {
        let (table, norms) = (self.table, self.norms);
        for (part, (doc, tf)) in out.iter_mut().zip(docs.iter().zip(tfs)) {
            *part = table[place(*tf, norm_of(norms, *doc))];
        }
        out.iter_mut().for_each(|part| *part *= self.weight);
    }

    /// Call `each` with the source once a block of a window is decoded, from `block` on, where
    /// one of its documents may get `need`.
    fn each_block(
        &mut self,
        mut block: usize,
        start: u32,
        need: f32,
        mut each: impl FnMut(&Self, &[u32], &[u32]),
    ) -> Result<()> {
        let end = start.saturating_add(WINDOW as u32);
        while block < self.blocks {
            let span = self.span_of(block);
            if span.first >= end {
                break;
            }
            if span.most >= need {
                self.decode(block)?;
                let (docs, tfs) = self.decoded.within(start, end);
                each(self, docs, tfs);
            }
            block += 1;
        }
        Ok(())
    }

    fn append_reaching(
        &mut self,
        block: usize,
        start: u32,
        need: f32,
        out: &mut Vec<Hit>,
    ) -> Result<()> {
        self.each_block(block, start, need, |source, docs, tfs| {
            let mut sums = [0.0; BLOCK];
            source.parts(docs, tfs, &mut sums);
            push_reaching(docs, &sums, need, out);
        })
    }

    fn add(&mut self, block: usize, start: u32, sums: &mut Sums) -> Result<()> {
        self.each_block(block, start, 0.0, |source, docs, tfs| {
            for (doc, tf) in docs.iter().zip(tfs) {
                *sums.of(*doc) += source.part(*doc, *tf);
            }
            sums.touched.extend_from_slice(docs);
        })
    }

    /// As `append_reaching`, where each document has a sum already, at most `bonus`.
    fn append_raised(
        &mut self,
        block: usize,
        start: u32,
        (need, bonus): (f32, f32),
        sums: &mut Sums,
        out: &mut Vec<Hit>,
    ) -> Result<()> {
        self.each_block(block, start, need - bonus, |source, docs, tfs| {
            let mut raised = [0.0; BLOCK];
            source.parts(docs, tfs, &mut raised);
            let both = raised.iter_mut().zip(docs);
            both.for_each(|(sum, doc)| *sum += *sums.of(*doc));
            push_reaching(docs, &raised, need, out);
        })
    }

    /// The first block that may reach into a window that was entered.
    fn block_at(&mut self, start: u32) -> usize {
        if self.span.last < start {
            self.go_to(self.list.find_block(self.block, start));
        }
        self.block
    }

    /// Add to the documents of a window that got any.
    fn lift(&mut self, start: u32, sums: &mut Sums) -> Result<()> {
        let block = self.block_at(start);
        self.each_block(block, start, 0.0, |source, docs, tfs| {
            for (doc, tf) in docs.iter().zip(tfs) {
                let part = source.part(*doc, *tf);
                let sum = sums.of(*doc);
                *sum += if *sum > 0.0 { part } else { 0.0 };
            }
        })
    }

    /// What a document gets, which must not come before another that was asked for in the
    /// window; 0 where the source doesn't hold it, or the block gives less than `enough`.
    #[inline]
    fn part_of(&mut self, doc: u32, enough: f32) -> Result<f32> {
        if self.list.lacks(doc) {
            return Ok(0.0);
        }
        if self.span.last < doc {
            self.go_to(self.list.find_block(self.block, doc));
        }
        if self.span.first > doc || self.span.most < enough {
            return Ok(0.0);
        }
        self.decode(self.block)?;
        let tf = self.decoded.find(doc);
        Ok(tf.map_or(0.0, |tf| self.part(doc, tf)))
    }
}

/// Append the documents of a block whose sums are `need` or more.
#[inline]
fn push_reaching(docs: &[u32], sums: &[f32; BLOCK], need: f32, out: &mut Vec<Hit>) {
    for (docs, sums) in docs.chunks(2 * EIGHT).zip(sums.chunks(2 * EIGHT)) {
        // Without branches, so that some are compared at once; most often none reaches it.
        if !sums.iter().fold(false, |any, sum| any | (*sum >= need)) {
            continue;
        }
        let both = docs.iter().zip(sums);
        let reaching = both.filter(|(_, sum)| **sum >= need);
        out.extend(reaching.map(|(doc, sum)| Hit {
            doc: *doc,
            sum: *sum,
        }));
    }
}

impl Decoded {
    /// The postings from `start` to before `end`.
    fn within(&self, start: u32, end: u32) -> (&[u32], &[u32]) {
        let (docs, tfs) = (&self.docs[..self.len], &self.tfs[..self.len]);
        let from = match docs.first() {
            Some(first) if *first < start => docs.partition_point(|doc| *doc < start),
            _ => 0,
        };
        let to = match docs.last() {
            Some(last) if *last >= end => from + docs[from..].partition_point(|doc| *doc < end),
            _ => docs.len(),
        };
        (&docs[from..to], &tfs[from..to])
    }

    /// How often the term occurs in a document, which must not come before another that was
    /// looked for; None where the block lacks it.
    #[inline]
    fn find(&mut self, doc: u32) -> Option<u32> {
        let docs = &self.docs[..self.len];
        while docs
            .get(self.at + EIGHT - 1)
            .is_some_and(|last| *last < doc)
        {
            self.at += EIGHT;
        }
        let next = docs[self.at..].iter().take(EIGHT);
        self.at += next.map(|next| usize::from(*next < doc)).sum::<usize>();
        (docs.get(self.at) == Some(&doc)).then(|| self.tfs[self.at])
    }
}

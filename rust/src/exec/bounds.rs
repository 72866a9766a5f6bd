//! Upper bounds of scores, by windows of documents: what can't reach the first hits need not
//! be scored.
//!
//! A source is one list that adds to scores: of a stem its text, title and section lists, of
//! another leaf the documents that it counted.  The directory of its blocks bounds what a window
//! gets, and only blocks of windows that matter are decoded; of them every posting is bounded
//! (`impacts`).  Bounds are float32; `margin` makes up for what rounding loses.

use std::sync::Arc;

use crate::error::Result;
use crate::postings::{Postings, BLOCK};

use super::bits::byte_has;
use super::docs::gallop;
use super::impacts::{above, place, Impacts, Table, ROUNDING};
use super::matching::Counted;
use super::rating::Rater;
use super::resolved::{Sought, STEMS};
use super::scoring::{K1, SECTION_WEIGHT, TITLE_WEIGHT};

/// Documents of a window, as a power of 2.
pub const SHIFT: u32 = 12;
pub const WINDOW: usize = 1 << SHIFT;

/// As many postings are added in the time that it takes to look for one document.
const LOOKUP: usize = 4;

/// Weights between which a float32 is as exact as `margin` takes it to be.
const LEAST_WEIGHT: f64 = 1e-30;
const MOST_WEIGHT: f64 = 1e30;

/// The factor that makes a float32 sum of bounds of `sources` a bound.
pub fn margin(sources: usize) -> f32 {
    1.0 + ROUNDING * (sources as f32 + 8.0)
}

/// What the documents of a window may get.
pub struct Sums {
    of: Box<[f32; WINDOW]>,
    /// The documents that have any, as bits.
    held: [u64; WINDOW / 64],
}

impl Sums {
    pub fn new() -> Sums {
        Sums {
            of: Box::new([0.0; WINDOW]),
            held: [0; WINDOW / 64],
        }
    }

    #[inline]
    pub fn get(&self, doc: u32) -> f32 {
        self.of[doc as usize % WINDOW]
    }

    #[inline]
    fn add(&mut self, doc: u32, part: f32) {
        let at = doc as usize % WINDOW;
        self.of[at] += part;
        self.held[at / 64] |= 1 << (at % 64);
    }

    pub fn clear(&mut self) {
        for (held, sums) in self.held.iter_mut().zip(self.of.chunks_exact_mut(64)) {
            if *held != 0 {
                sums.fill(0.0);
                *held = 0;
            }
        }
    }

    /// Append the documents, counted from `start`, whose sums are `need` or more.
    pub fn append_reaching(&self, start: u32, need: f32, out: &mut Vec<u32>) {
        let words = self.held.iter().zip(self.of.chunks_exact(64));
        for ((held, sums), base) in words.zip((start..).step_by(64)) {
            let mut rest = *held;
            if is_many(rest) && !any_reaches(sums, need) {
                continue;
            }
            while rest != 0 {
                let at = rest.trailing_zeros();
                if sums[at as usize] >= need {
                    out.push(base + at);
                }
                rest &= rest - 1;
            }
        }
    }
}

/// Whether more than four bits are set: then to compare all sums at once is quicker.
#[inline]
fn is_many(bits: u64) -> bool {
    let rest = (0..4).fold(bits, |bits, _| bits & bits.wrapping_sub(1));
    rest != 0
}

/// Without branches, so that some are compared at once.
#[inline]
fn any_reaches(sums: &[f32], need: f32) -> bool {
    sums.iter().fold(false, |any, sum| any | (*sum >= need))
}

/// A block of a list: its first and last document, and the most that one of them gets.
#[derive(Clone, Copy)]
struct Span {
    first: u32,
    last: u32,
    most: f32,
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
pub struct Source<'l, 's> {
    list: List<'l, 's>,
    weight: f32,
    table: &'l Table,
    norms: &'l [u8],
    blocks: usize,
    /// The first block that may reach into the window, with what it spans.
    block: usize,
    span: Span,
    entered: u32,
    decoded: Box<Decoded>,
}

/// The sources of all leaves of one segment, the shortest first; None where bounds would be
/// wrong, as for a negative boost.
pub fn sources<'l, 's>(
    rater: &Rater<'l, 's>,
    impacts: &'l Impacts,
    words: &[Option<&'l Sought<'s>>],
) -> Result<Option<Vec<Source<'l, 's>>>> {
    if !(0..words.len()).all(|at| is_bounded(rater, at)) {
        return Ok(None);
    }
    let made = Made {
        rater,
        impacts,
        norms: rater.matcher.view.norms()?,
    };
    let mut found = Vec::with_capacity(3 * words.len());
    for (at, word) in words.iter().enumerate() {
        match word {
            Some(Sought::Stem(Some(list))) => made.add_stem(at, list, &mut found),
            Some(Sought::Stem(None)) => {}
            _ => found.extend(made.counted(at)),
        }
    }
    found.retain(|source| source.blocks > 0);
    found.sort_by_key(Source::postings);
    Ok(Some(found))
}

/// Whether what a leaf adds to scores has bounds.
pub fn is_bounded(rater: &Rater<'_, '_>, at: usize) -> bool {
    let weights = &rater.weights[at];
    let boost = rater.matcher.leaves[at].boost;
    let factors = [weights.text, weights.title, weights.section];
    let fits = |factor: f64| factor == 0.0 || (LEAST_WEIGHT..MOST_WEIGHT).contains(&factor);
    let kept = rater.matcher.kept(at);
    factors.iter().all(|factor| fits(boost * factor))
        && kept.is_none_or(|kept| kept.tfs.iter().all(|tf| tf.is_finite() && *tf >= 0.0))
}

/// What the sources of one segment are made of.
struct Made<'r, 'l, 's> {
    rater: &'r Rater<'l, 's>,
    impacts: &'l Impacts,
    norms: &'l [u8],
}

impl<'l, 's> Made<'_, 'l, 's> {
    /// Add the lists of a stem: of the text, and of headlines and headings with it.
    fn add_stem(&self, at: usize, list: &'l Postings<'s>, found: &mut Vec<Source<'l, 's>>) {
        let (leaf, weights) = (&self.rater.matcher.leaves[at], &self.rater.weights[at]);
        let weight = leaf.boost * weights.text;
        let scale = Some(above(weight * (K1 + 1.0) * self.stretch()));
        let text = List::Postings { list, scale };
        found.push(self.source(text, weight, &self.impacts.text));
        let bonuses = [
            (&leaf.title, TITLE_WEIGHT, weights.title),
            (&leaf.section, SECTION_WEIGHT, weights.section),
        ];
        for (list, factor, weight) in bonuses {
            if let Some(list) = list {
                let list = List::Postings { list, scale: None };
                found.push(self.source(list, leaf.boost * factor * weight, &self.impacts.bonus));
            }
        }
    }

    /// The source of a leaf that was counted.
    fn counted(&self, at: usize) -> Option<Source<'l, 's>> {
        let counted = self.rater.matcher.kept(at)?;
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
        let spans = spans.collect();
        Some(self.source(List::Counted { counted, spans }, weight, table))
    }

    fn source(&self, list: List<'l, 's>, weight: f64, table: &'l Table) -> Source<'l, 's> {
        let span = Span {
            first: 0,
            last: 0,
            most: 0.0,
        };
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
            span,
            entered: 0,
            decoded: Box::new(decoded),
        };
        if source.blocks > 0 {
            source.span = source.span_of(0);
        }
        source
    }

    /// By how much the bounds of blocks fall short of those at another mean length.
    fn stretch(&self) -> f64 {
        let segment = &self.rater.matcher.view.segment;
        let stems = segment.field(STEMS);
        let written = stems.map_or(1.0, |id| segment.mean_length(id));
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
                to.len = list.docs(block, &mut to.docs)?;
                list.tfs(block, &mut to.tfs)?;
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

impl Source<'_, '_> {
    /// How many postings it has.
    pub fn postings(&self) -> usize {
        self.list.len()
    }

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

    /// Go to a window; returns the most that one of its documents gets, 0 where there is none.
    pub fn enter(&mut self, start: u32) -> f32 {
        let last = start | (WINDOW as u32 - 1);
        if start < self.entered {
            (self.block, self.span) = (0, self.span_of(0));
        }
        self.entered = start;
        if self.span.last < start {
            self.block = self.list.find_block(self.block.min(self.blocks), start);
            if self.block >= self.blocks {
                return 0.0;
            }
            self.span = self.span_of(self.block);
        }
        if self.span.first > last {
            return 0.0;
        }
        let (mut most, mut end) = (self.span.most, self.span.last);
        for block in self.block + 1..self.blocks {
            if end >= last {
                break;
            }
            let span = self.span_of(block);
            if span.first > last {
                break;
            }
            (most, end) = (most.max(span.most), span.last);
        }
        most
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

    /// Add what each document of the window that was entered gets.
    pub fn add(&mut self, start: u32, sums: &mut Sums) -> Result<()> {
        let end = start.saturating_add(WINDOW as u32);
        let mut block = self.block;
        while block < self.blocks && (block == self.block || self.span_of(block).first < end) {
            self.decode(block)?;
            let (docs, tfs) = self.decoded.within(start, end);
            for (doc, tf) in docs.iter().zip(tfs) {
                sums.add(*doc, self.part(*doc, *tf));
            }
            block += 1;
        }
        Ok(())
    }

    /// Add what some documents of the window get, ascending, where with it they may reach
    /// `need`.
    pub fn add_to(&mut self, docs: &[u32], need: f32, sums: &mut Sums) -> Result<()> {
        let (mut block, mut span) = (self.block, self.span);
        self.decoded.at = 0;
        for &doc in docs {
            if self.list.lacks(doc) {
                continue;
            }
            if span.last < doc {
                block = self.list.find_block(block, doc);
                if block >= self.blocks {
                    break;
                }
                span = self.span_of(block);
            }
            if span.first > doc || sums.get(doc) + span.most < need {
                continue;
            }
            if self.decoded.block != block {
                self.decode(block)?;
            }
            if let Some(tf) = self.decoded.find(doc) {
                sums.add(doc, self.part(doc, tf));
            }
        }
        Ok(())
    }

    /// Whether to add all of a window is quicker than to look for so many documents of it.
    pub fn is_shorter(&self, docs: usize) -> bool {
        self.postings() * WINDOW < docs * LOOKUP * self.norms.len()
    }
}

impl Decoded {
    /// The postings from `start` to before `end`.
    fn within(&self, start: u32, end: u32) -> (&[u32], &[u32]) {
        let (docs, tfs) = (&self.docs[..self.len], &self.tfs[..self.len]);
        if docs.first() >= Some(&start) && docs.last() < Some(&end) {
            return (docs, tfs);
        }
        let from = docs.partition_point(|doc| *doc < start);
        let to = from + docs[from..].partition_point(|doc| *doc < end);
        (&docs[from..to], &tfs[from..to])
    }

    /// How often the term occurs in a document, which must not come before another that was
    /// looked for; None where the block lacks it.
    #[inline]
    fn find(&mut self, doc: u32) -> Option<u32> {
        let docs = &self.docs[..self.len];
        self.at += gallop(&docs[self.at..], doc);
        (docs.get(self.at) == Some(&doc)).then(|| self.tfs[self.at])
    }
}

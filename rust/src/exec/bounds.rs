//! Upper bounds of scores, by windows of documents: what can't reach the first hits need not
//! be scored.
//!
//! A source is one list that adds to scores: of a stem its text, title and section lists, of
//! another leaf the documents that it counted.  Of a short list every posting's bound is worked
//! out, of a long one the directory of its blocks says enough until a window is looked at.
//! Bounds are float32; `margin` makes up for what rounding loses.

use crate::error::Result;
use crate::postings::{BlockInfo, Postings, BLOCK};

use super::rating::Rater;
use super::resolved::{Sought, STEMS};
use super::scoring::{bm25, saturation, K1, KIND_WEIGHT, SECTION_WEIGHT, TITLE_WEIGHT};

/// Documents of a window, as a power of 2.
pub const SHIFT: u32 = 11;
pub const WINDOW: usize = 1 << SHIFT;

/// A list of more than one in so many documents is long.
const LONG: u32 = 40;

/// Bounds of a leaf by occurrences and by length, which is halved.
const TFS: usize = 8;
const LENGTHS: usize = 128;

/// What rounding up to float32, and adding, may lose for each source.
const ROUNDING: f32 = 1e-6;

/// The factor that makes a float32 sum of bounds of `sources` a bound.
pub fn margin(sources: usize) -> f32 {
    1.0 + ROUNDING * (sources as f32 + 8.0)
}

/// Bounds of what one posting adds to a score, by occurrences and, if that matters, by length.
struct Table {
    bounds: Box<[f32]>,
    lengths: usize,
}

impl Table {
    /// Args: scores of an occurrence and a length, which grow with the one and fall with the
    /// other; what none exceeds; how many lengths are told apart.
    fn of(score: impl Fn(f64, f64) -> f64, most: f64, lengths: usize) -> Table {
        let mut bounds = vec![above(most); TFS * lengths];
        for (at, bound) in bounds.iter_mut().enumerate().take((TFS - 1) * lengths) {
            let (tf, length) = (at / lengths + 1, at % lengths * 2);
            *bound = above(score(tf as f64, length as f64));
        }
        Table {
            bounds: bounds.into_boxed_slice(),
            lengths,
        }
    }

    #[inline]
    fn get(&self, tf: u32, length: u32) -> f32 {
        let row = (tf.max(1) as usize).min(TFS) - 1;
        self.bounds[row * self.lengths + (length as usize / 2).min(self.lengths - 1)]
    }
}

fn above(score: f64) -> f32 {
    score as f32 * (1.0 + ROUNDING)
}

/// A list that adds to scores.
pub struct Source<'l, 's> {
    /// Of a long list.
    list: Option<(&'l Postings<'s>, Table)>,
    /// Of a short one, each with its bound.
    docs: Vec<u32>,
    parts: Vec<f32>,
    /// Where each window begins in `docs`, or its first block.
    starts: Vec<u32>,
    /// The most that a document of each window gets; 0 where there is none.
    pub bounds: Vec<f32>,
}

/// How many postings have to be looked at, at most, for the bounds of one segment.
pub fn postings<'s>(rater: &Rater<'_, 's>, words: &[Option<&Sought<'s>>]) -> u64 {
    let count = |(at, word): (usize, &Option<&Sought<'s>>)| match word {
        Some(Sought::Stem(list)) => list.as_ref().map_or(0, |list| u64::from(list.df())),
        _ => rater
            .matcher
            .kept(at)
            .map_or(0, |kept| kept.docs.len() as u64),
    };
    words.iter().enumerate().map(count).sum()
}

/// The sources of all leaves of one segment; None where bounds would be wrong, as for a
/// negative boost.
pub fn sources<'l, 's>(
    rater: &Rater<'l, 's>,
    words: &[Option<&'l Sought<'s>>],
) -> Result<Option<Vec<Source<'l, 's>>>> {
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if !is_bounded(rater, at) {
            return Ok(None);
        }
        match word {
            Some(Sought::Stem(Some(list))) => add_stem(rater, at, list, &mut found)?,
            Some(Sought::Stem(None)) => {}
            _ => found.extend(counted(rater, at)),
        }
    }
    Ok(Some(found))
}

fn is_bounded(rater: &Rater<'_, '_>, at: usize) -> bool {
    let weights = &rater.weights[at];
    let boost = rater.matcher.leaves[at].boost;
    let factors = [boost, weights.text, weights.title, weights.section];
    let fits = |factor: &f64| factor.is_finite() && *factor >= 0.0;
    let kept = rater.matcher.kept(at);
    factors.iter().all(fits) && kept.is_none_or(|kept| kept.tfs.iter().all(fits))
}

/// Bounds of what a leaf adds for its occurrences in the text.
fn text_table(rater: &Rater<'_, '_>, at: usize) -> Table {
    let (boost, weight) = (rater.matcher.leaves[at].boost, rater.weights[at].text);
    let score = |tf, length| boost * bm25(weight, tf, length, rater.mean_length);
    Table::of(score, boost * weight * (K1 + 1.0), LENGTHS)
}

/// Add the lists of a stem: of the text, and of headlines and headings with it.
fn add_stem<'l, 's>(
    rater: &Rater<'l, 's>,
    at: usize,
    list: &'l Postings<'s>,
    found: &mut Vec<Source<'l, 's>>,
) -> Result<()> {
    let (leaf, weights) = (&rater.matcher.leaves[at], &rater.weights[at]);
    let scale = leaf.boost * weights.text * (K1 + 1.0) * stretch(rater);
    let bound = |info: BlockInfo| scale * f64::from(info.max_impact);
    found.push(Source::of_list(rater, list, text_table(rater, at), bound)?);
    let bonuses = [
        (&leaf.title, TITLE_WEIGHT, weights.title),
        (&leaf.section, SECTION_WEIGHT, weights.section),
    ];
    for (list, factor, weight) in bonuses {
        let Some(list) = list else { continue };
        let factor = factor * leaf.boost;
        let bonus = |tf: f64| factor * saturation(weight, tf);
        let table = Table::of(|tf, _| bonus(tf), factor * weight * (K1 + 1.0), 1);
        let bound = |info: BlockInfo| bonus(f64::from(info.max_tf));
        found.push(Source::of_list(rater, list, table, bound)?);
    }
    Ok(())
}

/// The source of a leaf that was counted.
fn counted<'l, 's>(rater: &Rater<'l, 's>, at: usize) -> Option<Source<'l, 's>> {
    let counted = rater.matcher.kept(at)?;
    // Counts of a Given may be fractions: the bound is that of the next whole.
    let tfs = counted.tfs.iter().map(|tf| tf.ceil() as u32);
    let docs = counted.docs.clone();
    Some(Source::short(rater, docs, tfs, &text_table(rater, at)))
}

/// By how much the bounds of blocks fall short of those at another mean length.
fn stretch(rater: &Rater<'_, '_>) -> f64 {
    let segment = &rater.matcher.view.segment;
    let stems = segment.field(STEMS);
    let written = stems.map_or(1.0, |id| segment.mean_length(id));
    (rater.mean_length / written).max(1.0)
}

impl<'l, 's> Source<'l, 's> {
    fn of_list(
        rater: &Rater<'l, 's>,
        list: &'l Postings<'s>,
        table: Table,
        bound: impl Fn(BlockInfo) -> f64,
    ) -> Result<Self> {
        if list.df() > rater.matcher.view.len() / LONG && list.df() as usize > BLOCK {
            return Ok(Source::long(rater, list, table, bound));
        }
        let (mut docs, mut counts) = (Vec::new(), Vec::new());
        let (mut block_docs, mut tfs) = ([0; BLOCK], [0; BLOCK]);
        for block in 0..list.block_count() {
            let count = list.docs(block, &mut block_docs)?;
            list.tfs(block, &mut tfs)?;
            docs.extend_from_slice(&block_docs[..count]);
            counts.extend_from_slice(&tfs[..count]);
        }
        Ok(Source::short(rater, docs, counts.into_iter(), &table))
    }

    fn long(
        rater: &Rater<'l, 's>,
        list: &'l Postings<'s>,
        table: Table,
        bound: impl Fn(BlockInfo) -> f64,
    ) -> Self {
        let windows = windows(rater.matcher.view.len());
        let mut bounds = vec![0f32; windows];
        let mut starts = vec![u32::MAX; windows];
        for block in 0..list.block_count() {
            let info = list.info(block);
            let here = above(bound(info));
            let (first, last) = (info.first_doc >> SHIFT, info.last_doc >> SHIFT);
            for window in first as usize..=(last as usize).min(windows - 1) {
                bounds[window] = bounds[window].max(here);
                starts[window] = starts[window].min(block as u32);
            }
        }
        Source {
            list: Some((list, table)),
            docs: Vec::new(),
            parts: Vec::new(),
            starts,
            bounds,
        }
    }

    fn short(
        rater: &Rater<'l, 's>,
        docs: Vec<u32>,
        tfs: impl Iterator<Item = u32>,
        table: &Table,
    ) -> Self {
        let windows = windows(rater.matcher.view.len());
        let mut bounds = vec![0f32; windows];
        let mut starts = vec![0u32; windows + 1];
        let mut parts = Vec::with_capacity(docs.len());
        for (doc, tf) in docs.iter().zip(tfs) {
            let part = table.get(tf, rater.words.get(*doc));
            let window = (doc >> SHIFT) as usize;
            starts[window + 1] += 1;
            let kept = if rater.is_weighed(*doc) {
                part * KIND_WEIGHT as f32
            } else {
                part
            };
            bounds[window] = bounds[window].max(kept);
            parts.push(part);
        }
        for window in 0..windows {
            starts[window + 1] += starts[window];
        }
        Source {
            list: None,
            docs,
            parts,
            starts,
            bounds,
        }
    }

    /// Add what the documents of a window may get.
    pub fn add(
        &self,
        rater: &Rater<'_, '_>,
        window: usize,
        sums: &mut [f32; WINDOW],
    ) -> Result<()> {
        if self.bounds[window] == 0.0 {
            return Ok(());
        }
        if let Some((list, table)) = &self.list {
            return add_blocks(rater, list, table, (self.starts[window], window), sums);
        }
        let range = self.starts[window] as usize..self.starts[window + 1] as usize;
        for (doc, part) in self.docs[range.clone()].iter().zip(&self.parts[range]) {
            sums[*doc as usize % WINDOW] += part;
        }
        Ok(())
    }
}

/// Add what the documents of a window get from a list, whose block `first` is the first there.
fn add_blocks(
    rater: &Rater<'_, '_>,
    list: &Postings<'_>,
    table: &Table,
    (first, window): (u32, usize),
    sums: &mut [f32; WINDOW],
) -> Result<()> {
    let (mut docs, mut tfs) = ([0; BLOCK], [0; BLOCK]);
    for block in first as usize..list.block_count() {
        if (list.info(block).first_doc >> SHIFT) as usize > window {
            break;
        }
        let count = list.docs(block, &mut docs)?;
        list.tfs(block, &mut tfs)?;
        for (doc, tf) in docs[..count].iter().zip(&tfs) {
            if (doc >> SHIFT) as usize == window {
                sums[*doc as usize % WINDOW] += table.get(*tf, rater.words.get(*doc));
            }
        }
    }
    Ok(())
}

/// Windows of a segment.
pub fn windows(len: u32) -> usize {
    len.div_ceil(WINDOW as u32) as usize
}

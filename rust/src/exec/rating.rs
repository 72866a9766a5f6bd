//! Exact scores of some documents: the plan's sums, from left to right as it is written.

use std::sync::Arc;

use crate::error::Result;
use crate::postings::Postings;

use super::apart::{long, Apart};
use super::docs::{gallop, Docs};
use super::matching::{Counted, Matcher};
use super::meeting;
use super::resolved::{Leaf, Part, Sought};
use super::scoring::{bm25, saturation, Weights, KIND_WEIGHT, SECTION_WEIGHT, TITLE_WEIGHT};
use super::view::Column;

/// What stands for the score of a document that doesn't match.
const ABSENT: f64 = f64::NAN;

/// Scores documents of one segment.
pub struct Rater<'r, 's> {
    pub matcher: &'r Matcher<'r, 's>,
    pub weights: &'r [Weights],
    pub mean_length: f64,
    pub words: Column<'s>,
    weighed: &'s Docs,
}

impl<'r, 's> Rater<'r, 's> {
    pub fn new(
        matcher: &'r Matcher<'r, 's>,
        weights: &'r [Weights],
        mean_length: f64,
    ) -> Result<Self> {
        let words = matcher.view.column("words")?;
        Ok(Rater {
            matcher,
            weights,
            mean_length,
            words,
            weighed: matcher.view.weighed()?,
        })
    }

    /// Whether the score of a document is lowered for its kind.
    #[inline]
    fn is_weighed(&self, doc: u32) -> bool {
        self.weighed.has(doc)
    }

    /// The scores of documents that match a plan, ascending.
    pub fn rate(&self, root: &Part<'s>, docs: &[u32]) -> Result<Vec<f64>> {
        let mut scores = self.part(root, docs, true)?;
        for (score, doc) in scores.iter_mut().zip(docs) {
            *score = self.lowered(*doc, *score);
        }
        Ok(scores)
    }

    /// What a document's kind leaves of its score.
    #[inline]
    pub fn lowered(&self, doc: u32, score: f64) -> f64 {
        if self.is_weighed(doc) {
            score * KIND_WEIGHT
        } else {
            score
        }
    }

    /// The scores of documents in a part, ABSENT where it doesn't match; `sure` when all are
    /// known to match.
    fn part(&self, part: &Part<'s>, docs: &[u32], sure: bool) -> Result<Vec<f64>> {
        self.matcher.clock.check()?;
        match part {
            Part::And(parts) => self.all(parts, docs, sure),
            Part::Or(parts) => self.any(parts, docs, sure),
            Part::Article { wanted, .. } => {
                let sums = self.any(wanted, docs, true)?;
                if sure {
                    return Ok(sums);
                }
                let held = self.membership(part, docs)?;
                Ok(sums
                    .iter()
                    .zip(held)
                    .map(|(sum, held)| sum + held)
                    .collect())
            }
            Part::Word {
                leaf: Some(leaf),
                word,
            } => self.leaf(*leaf, Some(word), docs),
            Part::Given {
                leaf: Some(leaf), ..
            } => self.leaf(*leaf, None, docs),
            _ if sure => Ok(vec![0.0; docs.len()]),
            part => self.membership(part, docs),
        }
    }

    fn membership(&self, part: &Part<'s>, docs: &[u32]) -> Result<Vec<f64>> {
        let held = self
            .matcher
            .narrow(Docs::Few(docs.to_vec()), part)?
            .into_vec();
        let mut scores = vec![ABSENT; docs.len()];
        let mut at = 0;
        for doc in held {
            at += gallop(&docs[at..], doc);
            scores[at] = 0.0;
        }
        Ok(scores)
    }

    fn all(&self, parts: &[Part<'s>], docs: &[u32], sure: bool) -> Result<Vec<f64>> {
        let mut sums = vec![0.0; docs.len()];
        for part in parts {
            if sure && !scores(part) {
                continue;
            }
            let found = self.part(part, docs, sure)?;
            for (sum, score) in sums.iter_mut().zip(found) {
                // What is ABSENT in one part is so in the sum.
                *sum += score;
            }
        }
        Ok(sums)
    }

    fn any(&self, parts: &[Part<'s>], docs: &[u32], sure: bool) -> Result<Vec<f64>> {
        let mut sums = vec![if sure { 0.0 } else { ABSENT }; docs.len()];
        for part in parts {
            if sure && !scores(part) {
                continue;
            }
            let found = self.part(part, docs, false)?;
            for (sum, score) in sums.iter_mut().zip(found) {
                if !score.is_nan() {
                    *sum = if sum.is_nan() { score } else { *sum + score };
                }
            }
        }
        Ok(sums)
    }

    fn leaf(&self, at: usize, word: Option<&Sought<'s>>, docs: &[u32]) -> Result<Vec<f64>> {
        let leaf = &self.matcher.leaves[at];
        let mut scores = match word {
            Some(Sought::Stem(list)) => match list {
                Some(list) => self.stem(at, list, docs)?,
                None => vec![ABSENT; docs.len()],
            },
            Some(Sought::Forms(found)) => match self.matcher.apart(at) {
                Some(apart) => self.apart(&apart, found, self.weights[at].text, docs)?,
                None => self.counted(self.matcher.kept(at), self.weights[at].text, docs),
            },
            _ => self.counted(self.matcher.kept(at), self.weights[at].text, docs),
        };
        self.add_bonus(leaf, &self.weights[at], docs, &mut scores)?;
        if leaf.boost != 1.0 {
            scores.iter_mut().for_each(|score| *score *= leaf.boost);
        }
        Ok(scores)
    }

    fn stem(&self, leaf: usize, list: &Postings<'s>, docs: &[u32]) -> Result<Vec<f64>> {
        let mut scores = vec![ABSENT; docs.len()];
        let weight = self.weights[leaf].text;
        let score = |at: usize, tf| scores[at] = self.bm25(weight, f64::from(tf), docs[at]);
        match self.matcher.met(leaf) {
            Some(met) => met.occurrences(docs, list, score)?,
            None => meeting::occurrences(docs, list, score)?,
        }
        Ok(scores)
    }

    #[inline]
    pub fn bm25(&self, weight: f64, tf: f64, doc: u32) -> f64 {
        bm25(weight, tf, f64::from(self.words.get(doc)), self.mean_length)
    }

    fn counted(&self, counted: Option<Arc<Counted>>, weight: f64, docs: &[u32]) -> Vec<f64> {
        let mut scores = vec![ABSENT; docs.len()];
        if let Some(counted) = counted {
            let tfs = &counted.tfs;
            counted.each_of(docs, |at, place| {
                scores[at] = self.bm25(weight, tfs[place], docs[at]);
            });
        }
        scores
    }

    fn apart(
        &self,
        apart: &Apart,
        found: &[Postings<'s>],
        weight: f64,
        docs: &[u32],
    ) -> Result<Vec<f64>> {
        let mut tfs = vec![0.0; docs.len()];
        let short = &apart.short;
        short.each_of(docs, |at, place| tfs[at] += short.tfs[place]);
        for list in long(found, apart.long) {
            meeting::occurrences(docs, list, |at, tf| tfs[at] += f64::from(tf))?;
        }
        let both = tfs.iter().zip(docs);
        let scores = both.map(|(tf, doc)| match *tf {
            0.0 => ABSENT,
            tf => self.bm25(weight, tf, *doc),
        });
        Ok(scores.collect())
    }

    /// Add what headline and heading add; to what is ABSENT they add nothing.
    fn add_bonus(
        &self,
        leaf: &Leaf<'s>,
        weights: &Weights,
        docs: &[u32],
        scores: &mut [f64],
    ) -> Result<()> {
        let bonuses = [
            (&leaf.title, TITLE_WEIGHT, weights.title),
            (&leaf.section, SECTION_WEIGHT, weights.section),
        ];
        for (list, factor, weight) in bonuses {
            let Some(list) = list else { continue };
            meeting::occurrences(docs, list, |at, tf| {
                if !scores[at].is_nan() {
                    scores[at] += factor * saturation(weight, f64::from(tf));
                }
            })?;
        }
        Ok(())
    }
}

/// Whether a part adds to scores.
pub fn scores(part: &Part<'_>) -> bool {
    match part {
        Part::And(parts) | Part::Or(parts) | Part::Article { wanted: parts, .. } => {
            parts.iter().any(scores)
        }
        Part::Word { leaf, .. } | Part::Given { leaf, .. } => leaf.is_some(),
        _ => false,
    }
}

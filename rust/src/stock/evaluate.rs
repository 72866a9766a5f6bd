//! What a plan finds in one segment.

use std::sync::Arc;

use fst::Streamer;

use crate::error::Result;
use crate::postings::Postings;
use crate::segment::Segment;

use super::cursor::PostingCursor;
use super::found::{union, Found};
use super::phrase::PhraseFinder;
use super::plan::{Node, Scorer, Term};
use super::segment::LengthCodes;

/// Postings that are read in the time that it takes to seek one.
const SEEKS: usize = 16;

pub struct Evaluator<'i> {
    pub segment: &'i Segment,
    /// Ascending.
    pub deleted: &'i [u32],
    pub codes: &'i LengthCodes,
}

impl<'i> Evaluator<'i> {
    /// The live documents that a plan finds.
    pub fn live(&self, node: &Node, scored: bool) -> Result<Found> {
        let found = self.found(node, scored)?;
        if self.deleted.is_empty() {
            return Ok(found);
        }
        Ok(found.among(self.deleted, false))
    }

    /// What a plan finds, deleted documents too.
    fn found(&self, node: &Node, scored: bool) -> Result<Found> {
        Ok(match node {
            Node::Nothing => Found::default(),
            Node::Term(term) => self.term(term, scored)?,
            Node::And(parts) => self.and(parts, scored)?,
            Node::Or(parts) => {
                let parts: Result<Vec<_>> =
                    parts.iter().map(|part| self.found(part, scored)).collect();
                union(&parts?, scored)
            }
            Node::Any {
                field,
                terms,
                score,
            } => Found::constant(self.any(field, terms)?, *score, scored),
            Node::Not(node) => {
                let found = self.found(node, false)?;
                Found::constant(self.every(), 1.0, scored).among(&found.docs, false)
            }
            Node::AndNot(a, b) => {
                let excluded = self.found(b, false)?;
                self.found(a, scored)?.among(&excluded.docs, false)
            }
            Node::AndMaybe(a, b) => {
                let mut found = self.found(a, scored)?;
                if scored {
                    found.add(&self.within(b, &found.docs, true)?);
                }
                found
            }
            Node::Require(a, b) => {
                let found = self.found(a, scored)?;
                let required = self.within(b, &found.docs, false)?;
                found.among(&required.docs, true)
            }
            Node::Otherwise(a, b) => match self.live(a, scored)? {
                found if found.docs.is_empty() => self.found(b, scored)?,
                found => found,
            },
            Node::Every(score) => Found::constant(self.every(), *score, scored),
            Node::Fielded { field, score } => Found::constant(self.fielded(field)?, *score, scored),
            Node::Constant(node, score) => {
                Found::constant(self.found(node, false)?.docs, *score, scored)
            }
            Node::Boost(node, factor) => self.found(node, scored)?.boosted(*factor),
            Node::Phrase { terms, slop } => self.phrase(terms, *slop, scored)?,
            Node::Given { docs, scores } => Found::new(
                docs.clone(),
                if scored { scores.clone() } else { Vec::new() },
            ),
        })
    }

    /// What a plan finds among some documents, which ascend.
    fn within(&self, node: &Node, docs: &[u32], scored: bool) -> Result<Found> {
        match node {
            Node::Term(term) => self.term_within(term, docs, scored),
            Node::Not(node) => {
                let found = self.within(node, docs, false)?;
                let rest = Found::constant(docs.to_vec(), 1.0, scored);
                Ok(rest.among(&found.docs, false))
            }
            Node::Constant(node, score) => {
                let found = self.within(node, docs, false)?;
                Ok(Found::constant(found.docs, *score, scored))
            }
            Node::Boost(node, factor) => Ok(self.within(node, docs, scored)?.boosted(*factor)),
            node => Ok(self.found(node, scored)?.among(docs, true)),
        }
    }

    // Lists.

    fn list(&self, field: &str, text: &[u8]) -> Result<Option<Postings<'i>>> {
        match self.segment.field(field) {
            Some(id) => self.segment.postings(id, text),
            None => Ok(None),
        }
    }

    fn term(&self, term: &Term, scored: bool) -> Result<Found> {
        let Some(list) = self.list(&term.field, &term.text)? else {
            return Ok(Found::default());
        };
        let score = self.scoring(term)?;
        let df = list.df() as usize;
        let mut found = Found::new(
            Vec::with_capacity(df),
            Vec::with_capacity(if scored { df } else { 0 }),
        );
        PostingCursor::all(&list, scored, |doc, weight| {
            found.docs.push(doc);
            if scored {
                found.scores.push(score.of(doc, weight));
            }
        })?;
        Ok(found)
    }

    fn term_within(&self, term: &Term, docs: &[u32], scored: bool) -> Result<Found> {
        let mut found = Found::default();
        let Some(list) = self.list(&term.field, &term.text)? else {
            return Ok(found);
        };
        if (list.df() as usize) < SEEKS * docs.len() {
            return Ok(self.term(term, scored)?.among(docs, true));
        }
        let score = self.scoring(term)?;
        let mut cursor = PostingCursor::new(list);
        for &doc in docs {
            match cursor.seek(doc)? {
                Some(here) if here == doc => {
                    found.docs.push(doc);
                    if scored {
                        found.scores.push(score.of(doc, cursor.weight()?));
                    }
                }
                Some(_) => {}
                None => break,
            }
        }
        Ok(found)
    }

    fn any(&self, field: &str, terms: &[Vec<u8>]) -> Result<Vec<u32>> {
        let lists: Result<Vec<_>> = terms.iter().map(|term| self.list(field, term)).collect();
        self.held(lists?.into_iter().flatten())
    }

    fn fielded(&self, field: &str) -> Result<Vec<u32>> {
        let Some(id) = self.segment.field(field) else {
            return Ok(Vec::new());
        };
        let (mut lists, mut terms) = (Vec::new(), self.segment.terms(id)?.stream());
        while let Some((_, value)) = terms.next() {
            lists.push(self.segment.list(id, value)?);
        }
        self.held(lists.into_iter())
    }

    /// The documents of some lists, ascending.
    fn held(&self, lists: impl Iterator<Item = Postings<'i>>) -> Result<Vec<u32>> {
        let count = self.segment.doc_count();
        let mut held = vec![0_u64; count.div_ceil(64) as usize];
        for list in lists {
            PostingCursor::all(&list, false, |doc, _| {
                if let Some(word) = held.get_mut(doc as usize / 64) {
                    *word |= 1 << (doc % 64);
                }
            })?;
        }
        let is_held = |doc: &u32| held[*doc as usize / 64] >> (doc % 64) & 1 == 1;
        Ok((0..count).filter(is_held).collect())
    }

    /// Live documents.
    fn every(&self) -> Vec<u32> {
        let all = (0..self.segment.doc_count()).collect();
        Found::new(all, Vec::new()).among(self.deleted, false).docs
    }

    // Several terms.

    /// The rarest part is found whole, the others among what is left; scores add up in the
    /// order of the query, so that equal documents score equally in every segment.
    fn and(&self, parts: &[Node], scored: bool) -> Result<Found> {
        let sizes = self.sizes(parts)?;
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|&at| sizes[at]);
        let mut found: Vec<Found> = parts.iter().map(|_| Found::default()).collect();
        let mut docs: Option<Vec<u32>> = None;
        for at in order {
            found[at] = match &docs {
                None => self.found(&parts[at], scored)?,
                Some(docs) => self.within(&parts[at], docs, scored)?,
            };
            docs = Some(found[at].docs.clone());
        }
        let docs = docs.unwrap_or_default();
        let mut sum = Found::constant(docs, 0.0, scored);
        found.iter().for_each(|one| sum.add(one));
        Ok(sum)
    }

    /// At most so many documents; what can't be told costs as much as all.
    fn size(&self, node: &Node) -> Result<u64> {
        let list = |term: &Term| self.list(&term.field, &term.text);
        Ok(match node {
            Node::Nothing => 0,
            Node::Term(term) => list(term)?.map_or(0, |list| u64::from(list.df())),
            Node::Phrase { terms, .. } => {
                let mut least = u64::MAX;
                for term in terms {
                    least = least.min(list(term)?.map_or(0, |list| u64::from(list.df())));
                }
                least
            }
            Node::And(parts) => self.sizes(parts)?.into_iter().min().unwrap_or(0),
            Node::Or(parts) => self.sizes(parts)?.into_iter().sum(),
            Node::Boost(node, _) | Node::Constant(node, _) => self.size(node)?,
            Node::AndNot(a, _) | Node::AndMaybe(a, _) => self.size(a)?,
            Node::Require(a, b) => self.size(a)?.min(self.size(b)?),
            Node::Given { docs, .. } => docs.len() as u64,
            _ => u64::from(self.segment.doc_count()),
        })
    }

    fn sizes(&self, parts: &[Node]) -> Result<Vec<u64>> {
        parts.iter().map(|part| self.size(part)).collect()
    }

    fn phrase(&self, terms: &[Term], slop: u32, scored: bool) -> Result<Found> {
        let mut found = Found::default();
        let (mut cursors, mut scores) = (Vec::new(), Vec::new());
        for term in terms {
            let Some(list) = self.list(&term.field, &term.text)? else {
                return Ok(found);
            };
            cursors.push(PostingCursor::new(list));
            scores.push(self.scoring(term)?);
        }
        if cursors.is_empty() {
            return Ok(found);
        }
        let mut finder = PhraseFinder::new(cursors, slop);
        let mut next = finder.meet(0)?;
        while let Some(doc) = next {
            if finder.stands()? {
                found.docs.push(doc);
                if scored {
                    let mut sum = 0.0;
                    for (cursor, score) in finder.cursors.iter_mut().zip(&scores) {
                        sum += score.of(doc, cursor.weight()?);
                    }
                    found.scores.push(sum);
                }
            }
            next = match doc.checked_add(1) {
                Some(doc) => finder.meet(doc)?,
                None => None,
            };
        }
        Ok(found)
    }

    // Scores.

    fn scoring(&self, term: &Term) -> Result<Scoring> {
        let (factor, mean, b, k1) = match term.scorer {
            Scorer::Weight(factor) => return Ok(Scoring::Weight(factor)),
            Scorer::Bm25 {
                factor,
                mean,
                b,
                k1,
            } => (factor, mean, b, k1),
        };
        let codes = self.codes.of(self.segment, &term.field)?;
        let norms = self.codes.table.map(|length| {
            // Whoosh takes a document without a length for one of length 1.
            let length = f64::from(length.max(1));
            k1 * ((1.0 - b) + b * length / mean)
        });
        let gain = k1 + 1.0;
        Ok(Scoring::Bm25 {
            factor,
            gain,
            codes,
            norms: Box::new(norms),
        })
    }
}

/// A scorer with the lengths of its field.
enum Scoring {
    Weight(f64),
    Bm25 {
        factor: f64,
        gain: f64,
        codes: Arc<Vec<u8>>,
        norms: Box<[f64; 256]>,
    },
}

impl Scoring {
    #[inline]
    fn of(&self, doc: u32, weight: f32) -> f64 {
        let weight = f64::from(weight);
        match self {
            Scoring::Weight(factor) => factor * weight,
            Scoring::Bm25 {
                factor,
                gain,
                codes,
                norms,
            } => {
                let code = codes.get(doc as usize).copied().unwrap_or(0);
                factor * ((weight * gain) / (weight + norms[usize::from(code)]))
            }
        }
    }
}

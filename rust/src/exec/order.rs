//! The order of hits, and the first few of them.

use std::cell::RefCell;
use std::cmp::Ordering;

use crate::error::{Error, Result};
use crate::segment::Texts;

use super::view::{Column, View};

/// What hits are ordered by; ties go to the higher score, the newer date, the id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Score,
    Newest,
    Oldest,
}

impl Sort {
    pub fn named(name: &str) -> Result<Sort> {
        match name {
            "score" => Ok(Sort::Score),
            "newest" => Ok(Sort::Newest),
            "oldest" => Ok(Sort::Oldest),
            _ => {
                let message = format!("sort is score, newest or oldest, not {name:?}");
                Err(Error::Misuse(message))
            }
        }
    }

    /// What a hit of a score and a day (yyyymmdd, 0 undated) is sorted by, the greater first.
    #[inline]
    pub fn keys(self, score: f64, day: u32) -> (f64, f64) {
        let day = f64::from(day);
        match self {
            Sort::Score => (score, day),
            Sort::Newest => (day, score),
            Sort::Oldest if day == 0.0 => (f64::NEG_INFINITY, score),
            Sort::Oldest => (-day, score),
        }
    }
}

/// A hit with what it is sorted by, the greater first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    pub major: f64,
    pub minor: f64,
    pub score: f64,
    pub segment: u32,
    pub doc: u32,
}

impl Candidate {
    pub fn new(sort: Sort, score: f64, day: u32, segment: usize, doc: u32) -> Candidate {
        let (major, minor) = sort.keys(score, day);
        Candidate {
            major,
            minor,
            score,
            segment: segment as u32,
            doc,
        }
    }

    /// The order of two by score and date alone.
    pub fn before(&self, other: &Candidate) -> Ordering {
        let major = other.major.total_cmp(&self.major);
        major.then(other.minor.total_cmp(&self.minor))
    }
}

/// The hits that may be among the first `count`.
pub struct Top {
    count: usize,
    hits: Vec<Candidate>,
    /// When there are so many, those behind are dropped.
    full: usize,
    floor: Option<(f64, f64)>,
}

impl Top {
    pub fn new(count: usize) -> Top {
        Top {
            count,
            hits: Vec::new(),
            full: count.saturating_mul(2).saturating_add(64),
            floor: None,
        }
    }

    /// What a hit's major must reach to be among the first; -inf while there is room.
    #[inline]
    pub fn least(&self) -> f64 {
        self.floor.map_or(f64::NEG_INFINITY, |floor| floor.0)
    }

    #[inline]
    pub fn offer(&mut self, hit: Candidate) {
        if self
            .floor
            .is_some_and(|floor| (hit.major, hit.minor) < floor)
        {
            return;
        }
        self.hits.push(hit);
        if self.hits.len() >= self.full {
            self.shrink();
            self.full = self.full.max(self.hits.len().saturating_mul(2));
        }
    }

    /// Drop what is behind the first `count`, ties at the end stay.
    pub fn shrink(&mut self) {
        if self.count == 0 {
            self.hits.clear();
            self.floor = Some((f64::INFINITY, f64::INFINITY));
        } else if self.hits.len() >= self.count {
            let (_, last, _) = self
                .hits
                .select_nth_unstable_by(self.count - 1, Candidate::before);
            let last = *last;
            self.floor = Some((last.major, last.minor));
            self.hits
                .retain(|hit| hit.before(&last) != Ordering::Greater);
        }
    }

    pub fn into_hits(mut self) -> Vec<Candidate> {
        self.shrink();
        self.hits
    }
}

/// What parts ties: the ids of articles, then the numbers of paragraphs.
pub struct Names<'s> {
    segments: Vec<(Option<Texts<'s>>, Column<'s>)>,
    failed: RefCell<Option<Error>>,
}

impl<'s> Names<'s> {
    pub fn new(views: &'s [View]) -> Result<Names<'s>> {
        let columns = |view: &'s View| {
            let articles = view.segment.texts("article")?;
            Ok((articles, view.column("number")?))
        };
        let segments: Result<_> = views.iter().map(columns).collect();
        Ok(Names {
            segments: segments?,
            failed: RefCell::new(None),
        })
    }

    /// Put hits in their order.
    pub fn sort(&self, hits: &mut [Candidate]) -> Result<()> {
        hits.sort_by(|one, other| one.before(other).then_with(|| self.compare(one, other)));
        self.failed.take().map_or(Ok(()), Err)
    }

    /// The first of a page, in order.
    pub fn page(
        &self,
        mut hits: Vec<Candidate>,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<Candidate>> {
        self.sort(&mut hits)?;
        Ok(hits.into_iter().skip(offset).take(limit).collect())
    }

    fn compare(&self, one: &Candidate, other: &Candidate) -> Ordering {
        let (a, b) = (one.segment as usize, other.segment as usize);
        let article = if a == b {
            let rank = |doc| self.segments[a].0.map_or(0, |texts| texts.rank(doc));
            rank(one.doc).cmp(&rank(other.doc))
        } else {
            self.article(a, one.doc).cmp(self.article(b, other.doc))
        };
        let number = |at: usize, doc| self.segments[at].1.get(doc);
        let number = || number(a, one.doc).cmp(&number(b, other.doc));
        // Only a damaged index has an id and a number twice; its order is one all the same.
        article
            .then_with(number)
            .then_with(|| (a, one.doc).cmp(&(b, other.doc)))
    }

    fn article(&self, at: usize, doc: u32) -> &'s str {
        let Some(texts) = self.segments[at].0 else {
            return "";
        };
        texts.text(texts.rank(doc)).unwrap_or_else(|error| {
            self.failed.replace(Some(error));
            ""
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_first_few_are_those_of_the_whole_order_with_ties(
            keys in prop::collection::vec((0u32..5, 0u32..4), 0..400), count in 0usize..20,
        ) {
            let hits: Vec<Candidate> = keys
                .iter()
                .enumerate()
                .map(|(at, key)| Candidate::new(Sort::Score, f64::from(key.0), key.1, 0, at as u32))
                .collect();
            let mut top = Top::new(count);
            hits.iter().for_each(|hit| top.offer(*hit));
            let mut sorted = hits.clone();
            sorted.sort_by(Candidate::before);
            let mut naive: Vec<u32> = match count.checked_sub(1).and_then(|at| sorted.get(at)) {
                Some(last) => sorted
                    .iter()
                    .filter(|hit| hit.before(last) != Ordering::Greater)
                    .map(|hit| hit.doc)
                    .collect(),
                None if count == 0 => Vec::new(),
                None => sorted.iter().map(|hit| hit.doc).collect(),
            };
            let mut found: Vec<u32> = top.into_hits().iter().map(|hit| hit.doc).collect();
            naive.sort_unstable();
            found.sort_unstable();
            prop_assert_eq!(found, naive);
        }
    }
}

//! The documents that a plan matched, and what is asked of them later.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::error::{Error, Result};

use super::best::{best, each_scored, Ask};
use super::clock::Clock;
use super::docs::Docs;
use super::index::{Index, Kept, Searched};
use super::matching::Matcher;
use super::order::{Candidate, Names, Sort, Top};
use super::plan::Node;
use super::scoring::{Fading, Weights};
use super::weights::{words_of, Weigher};

/// What a plan matches in all segments; nothing is scored before it is asked for.
pub struct Matches {
    index: Arc<Index>,
    plan: Node,
    clock: Clock,
    found: Vec<Docs>,
    kept: Mutex<Vec<Kept>>,
    total: u64,
    articles: u64,
}

/// An article: how many hits it has, and the first of them.
pub type Group = (usize, Vec<Candidate>);

impl Matches {
    /// Match a plan; the calls that are made later share its `seconds`.
    pub fn new(index: Arc<Index>, plan: Node, seconds: f64) -> Result<Matches> {
        let clock = Clock::start(seconds);
        let (found, kept) = {
            let searched = Searched::new(&index, &plan)?;
            let matchers = searched.matchers(&clock, false);
            let found = searched.matched(&matchers)?;
            (
                found,
                matchers.into_iter().map(Matcher::into_kept).collect(),
            )
        };
        let (total, articles) = index.counts(&found)?;
        Ok(Matches {
            index,
            plan,
            clock,
            found,
            kept: Mutex::new(kept),
            total,
            articles,
        })
    }

    pub fn total(&self) -> u64 {
        self.total
    }

    pub fn articles(&self) -> u64 {
        self.articles
    }

    /// The documents in a segment.
    pub fn docs(&self, segment: usize) -> Result<Vec<u32>> {
        match self.found.get(segment) {
            Some(docs) => Ok(docs.to_vec()),
            None => Err(Error::Misuse(format!("there is no segment {segment}"))),
        }
    }

    /// Run with matchers that go on from what was kept, and with the weights.
    fn scored<R>(
        &self,
        run: impl for<'a> FnOnce(&'a Searched<'a>, &'a [Matcher<'a, 'a>], &'a [Weights]) -> Result<R>,
    ) -> Result<R> {
        let searched = Searched::new(&self.index, &self.plan)?;
        let matchers = searched.matchers(&self.clock, true);
        {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            matchers
                .iter()
                .zip(kept.iter())
                .for_each(|(matcher, kept)| matcher.go_on(kept));
        }
        let weights = searched.weights(&matchers)?;
        let done = run(&searched, &matchers, &weights)?;
        let kept = matchers.into_iter().map(Matcher::into_kept).collect();
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = kept;
        Ok(done)
    }

    /// Hits in order.
    pub fn hits(
        &self,
        sort: Sort,
        offset: usize,
        limit: usize,
        fading: Option<Fading>,
    ) -> Result<Vec<Candidate>> {
        if limit == 0 || offset as u64 >= self.total {
            return Ok(Vec::new());
        }
        let ask = Ask {
            sort,
            count: offset.saturating_add(limit),
            fading,
        };
        let hits = self.scored(|searched, matchers, weights| {
            let found = (&self.found[..], self.total);
            best(searched, matchers, weights, found, &ask)
        })?;
        Names::new(&self.index.views)?.page(hits, offset, limit)
    }

    /// Articles in the order of their best hits.
    pub fn groups(
        &self,
        sort: Sort,
        (offset, limit): (usize, usize),
        each: usize,
        fading: Option<Fading>,
    ) -> Result<Vec<Group>> {
        let ask = Ask {
            sort,
            count: usize::MAX,
            fading,
        };
        let mut hits = Vec::with_capacity(self.total as usize);
        self.scored(|searched, matchers, weights| {
            each_scored(searched, matchers, weights, &self.found, &ask, |hit| {
                hits.push(hit);
            })
        })?;
        let runs = self.runs(&hits)?;
        let chosen = self.foremost(&hits, &runs, offset, limit)?;
        let names = Names::new(&self.index.views)?;
        let group = |run: &(usize, usize)| {
            let hits = &hits[run.0..run.1];
            let mut top = Top::new(each);
            hits.iter().for_each(|hit| top.offer(*hit));
            Ok((hits.len(), names.page(top.into_hits(), 0, each)?))
        };
        chosen.iter().map(group).collect()
    }

    /// Where the hits of each article stand among all, which are in order of documents.
    fn runs(&self, hits: &[Candidate]) -> Result<Vec<(usize, usize)>> {
        let columns: Result<Vec<_>> = self
            .index
            .views
            .iter()
            .map(|view| view.column("article_no"))
            .collect();
        let columns = columns?;
        let number = |hit: &Candidate| (hit.segment, columns[hit.segment as usize].get(hit.doc));
        let mut runs: Vec<(usize, usize)> = Vec::new();
        let mut last = None;
        for (at, hit) in hits.iter().enumerate() {
            let here = Some(number(hit));
            match runs.last_mut() {
                Some(run) if here == last => run.1 = at + 1,
                _ => runs.push((at, at + 1)),
            }
            last = here;
        }
        Ok(runs)
    }

    fn foremost(
        &self,
        hits: &[Candidate],
        runs: &[(usize, usize)],
        offset: usize,
        limit: usize,
    ) -> Result<Vec<(usize, usize)>> {
        let mut top = Top::new(offset.saturating_add(limit));
        let mut run_of = FxHashMap::default();
        for run in runs {
            let firsts = hits[run.0..run.1].iter().copied();
            if let Some(hit) = firsts.reduce(|a, b| if b.before(&a).is_lt() { b } else { a }) {
                run_of.insert((hit.segment, hit.doc), *run);
                top.offer(hit);
            }
        }
        let page = Names::new(&self.index.views)?.page(top.into_hits(), offset, limit)?;
        Ok(page
            .iter()
            .map(|hit| run_of[&(hit.segment, hit.doc)])
            .collect())
    }

    /// (day as yyyymmdd or 0, paragraphs, articles) of each day with hits, ascending.
    pub fn days(&self) -> Result<Vec<(u32, u64, u64)>> {
        let mut counts: FxHashMap<u32, (u64, u64)> = FxHashMap::default();
        for (view, found) in self.index.views.iter().zip(&self.found) {
            let (days, articles) = (view.column("date")?, view.column("article_no")?);
            let mut last = None;
            for doc in found.to_vec() {
                let day = days.get(doc);
                let count = counts.entry(day).or_default();
                count.0 += 1;
                let article = Some((articles.get(doc), day));
                count.1 += u64::from(article != last);
                last = article;
            }
        }
        let mut days: Vec<_> = counts.into_iter().map(|(day, n)| (day, n.0, n.1)).collect();
        days.sort_unstable();
        Ok(days)
    }

    /// (value, paragraphs, articles) of each distinct value of a text column, ascending; the
    /// empty text is that of paragraphs without one.
    pub fn counts(&self, column: &str) -> Result<Vec<(String, u64, u64)>> {
        let mut counts: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        let mut is_there = self.index.views.is_empty();
        for (at, found) in self.found.iter().enumerate() {
            is_there |= self.count_segment(at, found, column, &mut counts)?;
        }
        if !is_there {
            let message = format!("there is no column of texts {column:?}");
            return Err(Error::Misuse(message));
        }
        Ok(counts
            .into_iter()
            .map(|(value, n)| (value, n.0, n.1))
            .collect())
    }

    fn count_segment(
        &self,
        at: usize,
        found: &Docs,
        column: &str,
        counts: &mut BTreeMap<String, (u64, u64)>,
    ) -> Result<bool> {
        let view = &self.index.views[at];
        let texts = view.segment.texts(column)?;
        let articles = view.column("article_no")?;
        let ranks = texts.map_or(1, |texts| texts.count().max(1)) as usize;
        // Paragraphs, articles, and the article last counted plus one, by rank.
        let mut by_rank = vec![(0u64, 0u64, 0u64); ranks];
        for doc in found.to_vec() {
            let rank = texts.map_or(0, |texts| texts.rank(doc));
            let article = u64::from(articles.get(doc)) + 1;
            if let Some(count) = by_rank.get_mut(rank as usize) {
                count.0 += 1;
                count.1 += u64::from(count.2 != article);
                count.2 = article;
            }
        }
        for (rank, count) in by_rank.iter().enumerate().filter(|(_, count)| count.0 > 0) {
            let value = texts.map_or(Ok(""), |texts| texts.text(rank as u32))?;
            let sum = counts.entry(value.to_owned()).or_default();
            *sum = (sum.0 + count.0, sum.1 + count.1);
        }
        Ok(texts.is_some())
    }

    /// (df, weights) of each leaf that scores, in the plan's order.
    pub fn weights(&self) -> Result<Vec<(u64, Weights)>> {
        let searched = Searched::new(&self.index, &self.plan)?;
        let matchers = searched.matchers(&self.clock, true);
        let weights = searched.weights(&matchers)?;
        let words: Vec<_> = searched.roots.iter().map(words_of).collect();
        let weigher = Weigher {
            matchers: &matchers,
            totals: self.index.totals,
        };
        let mut rows = Vec::with_capacity(weights.len());
        for (leaf, weights) in weights.into_iter().enumerate() {
            let here: Option<Vec<_>> = words.iter().map(|words| words[leaf]).collect();
            let df = match here {
                Some(words) => weigher.holding(&words)?,
                None => matchers.iter().map(|m| given_count(m, leaf)).sum(),
            };
            rows.push((df, weights));
        }
        Ok(rows)
    }
}

fn given_count(matcher: &Matcher<'_, '_>, leaf: usize) -> u64 {
    let docs = matcher
        .kept(leaf)
        .map_or(Vec::new(), |kept| kept.docs.clone());
    matcher.view.without_deleted(Docs::Few(docs)).count()
}

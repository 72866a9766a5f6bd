//! The live paragraphs of some segments, to search.

use std::sync::{Arc, OnceLock};

use crate::error::{Error, Result};
use crate::segment::Segment;

use super::alone;
use super::apart::Apartness;
use super::best::{best, Ask};
use super::bounds::SHIFT;
use super::clock::Clock;
use super::docs::Docs;
use super::expansion;
use super::impacts::Impacts;
use super::matching::{Counted, Matcher};
use super::order::{Candidate, Names, Sort};
use super::plan::Node;
use super::pruned::pruned;
use super::ranked::ranked;
use super::resolved::{Leaf, Part, Resolver};
use super::scoring::{Totals, Weights};
use super::view::View;
use super::weights::{words_of, Weigher};

/// Segments without their deleted documents, as they were when it was made.
pub struct Index {
    pub views: Vec<View>,
    pub totals: Totals,
    /// So few hits are scored sooner than bounded; 0 bounds whatever it costs.
    pub few: u64,
    /// So few documents of a word, for each window of all documents, are gone through sooner than
    /// the windows.
    pub sparse: u64,
    pub apartness: Apartness,
    impacts: OnceLock<Impacts>,
}

/// Hits that are scored sooner than bounded, unless said otherwise.
const FEW: u64 = 256;

/// To enter a window takes as long as to bound so many documents.
const SPARSE: u64 = 32;

/// What the leaves of one segment counted.
pub type Kept = Vec<Option<Arc<Counted>>>;

/// One page: paragraphs and articles that match, exact, and the hits in order.
pub struct Page {
    pub total: u64,
    pub articles: u64,
    pub hits: Vec<Candidate>,
}

impl Index {
    /// Args: segments in their order; of each the deleted documents, ascending; live
    /// paragraphs and their tokens.
    pub fn new(
        segments: Vec<Arc<Segment>>,
        deleted: Vec<Vec<u32>>,
        totals: Totals,
    ) -> Result<Index> {
        if segments.len() != deleted.len() {
            let message = "deleted documents have to be given for each segment";
            return Err(Error::Misuse(message.to_owned()));
        }
        let views = segments.into_iter().zip(deleted);
        let views: Result<_> = views
            .map(|(segment, deleted)| View::new(segment, deleted))
            .collect();
        Ok(Index {
            views: views?,
            totals,
            few: FEW,
            sparse: SPARSE,
            apartness: Apartness::default(),
            impacts: OnceLock::new(),
        })
    }

    /// Fail when the file of a segment was shortened since it was opened.
    pub fn uncut(&self) -> Result<()> {
        self.views.iter().try_for_each(|view| view.segment.uncut())
    }

    /// What postings add to scores at most.
    pub(super) fn impacts(&self) -> &Impacts {
        let mean_length = self.totals.mean_length();
        self.impacts.get_or_init(|| Impacts::new(mean_length))
    }

    /// How many live documents hold a term.
    pub fn df(&self, field: &str, term: &[u8]) -> Result<u64> {
        let dfs = self
            .views
            .iter()
            .map(|view| match view.postings(field, term)? {
                Some(list) => view.df(&list),
                None => Ok(0),
            });
        dfs.sum()
    }

    /// Whether there are so few documents that the windows of all take longer.
    pub(super) fn is_sparse(&self, docs: u64) -> bool {
        let windows: u64 = self
            .views
            .iter()
            .map(|view| u64::from(view.len() >> SHIFT))
            .sum();
        docs < windows.saturating_mul(self.sparse)
    }

    /// Match a plan and return a page by score.
    pub fn page(&self, plan: &Node, seconds: f64, offset: usize, limit: usize) -> Result<Page> {
        let clock = Clock::start(seconds);
        let searched = Searched::new(self, plan)?;
        let matchers = searched.matchers(&clock, limit > 0);
        if let Some(page) = self.page_alone(&searched, &matchers, offset, limit)? {
            return Ok(page);
        }
        let found = searched.matched(&matchers)?;
        let (total, articles) = self.counts(&found)?;
        if total == 0 || limit == 0 {
            let hits = Vec::new();
            return Ok(Page {
                total,
                articles,
                hits,
            });
        }
        let ask = Ask {
            sort: Sort::Score,
            count: offset.saturating_add(limit),
            fading: None,
        };
        let weights = searched.weights(&matchers)?;
        let hits = best(&searched, &matchers, &weights, (&found, total), &ask)?;
        let hits = Names::new(&self.views)?.page(hits, offset, limit)?;
        Ok(Page {
            total,
            articles,
            hits,
        })
    }

    /// The page of a plan whose counts its lists say, if it is such a plan.
    fn page_alone<'m>(
        &self,
        searched: &'m Searched<'m>,
        matchers: &'m [Matcher<'m, 'm>],
        offset: usize,
        limit: usize,
    ) -> Result<Option<Page>> {
        let Some((total, articles)) = alone::counts(searched) else {
            return Ok(None);
        };
        let ask = Ask {
            sort: Sort::Score,
            count: offset.saturating_add(limit),
            fading: None,
        };
        if total <= self.few.max(ask.count as u64) {
            return Ok(None);
        }
        let mut hits = Vec::new();
        if limit > 0 {
            let weights = searched.weights(matchers)?;
            let first = if self.is_sparse(total) {
                let found = searched.matched(matchers)?;
                ranked(searched, matchers, &weights, &found, &ask)?
            } else {
                pruned(searched, matchers, &weights, None, &ask)?
            };
            match first {
                Some(first) => hits = Names::new(&self.views)?.page(first, offset, limit)?,
                None => return Ok(None),
            }
        }
        Ok(Some(Page {
            total,
            articles,
            hits,
        }))
    }

    /// How many paragraphs and articles are in sets, one a segment.
    pub fn counts(&self, found: &[Docs]) -> Result<(u64, u64)> {
        let mut counts = (0, 0);
        for (view, docs) in self.views.iter().zip(found) {
            let here = view.counts(docs)?;
            counts = (counts.0 + here.0, counts.1 + here.1);
        }
        Ok(counts)
    }
}

/// A plan with its terms looked up in each segment.
pub struct Searched<'i> {
    pub index: &'i Index,
    pub roots: Vec<Part<'i>>,
    leaves: Vec<Vec<Leaf<'i>>>,
}

impl<'i> Searched<'i> {
    pub fn new(index: &'i Index, plan: &'i Node) -> Result<Searched<'i>> {
        let (mut roots, mut leaves, mut expanded) = (Vec::new(), Vec::new(), Vec::new());
        for (at, view) in index.views.iter().enumerate() {
            let mut resolver = Resolver::new(view, at);
            roots.push(resolver.part(plan, true)?);
            leaves.push(resolver.leaves);
            expanded.push(resolver.expanded);
        }
        expansion::check(&index.views, &expanded)?;
        Ok(Searched {
            index,
            roots,
            leaves,
        })
    }

    /// One matcher a segment; with `scoring` they count what scores will need at once.
    pub fn matchers<'m>(&'m self, clock: &'m Clock, scoring: bool) -> Vec<Matcher<'m, 'i>> {
        let views = self.index.views.iter().zip(&self.leaves);
        let apartness = self.index.apartness;
        views
            .map(|(view, leaves)| Matcher::new(view, clock, leaves, apartness, scoring))
            .collect()
    }

    pub fn matched(&self, matchers: &[Matcher<'_, 'i>]) -> Result<Vec<Docs>> {
        let both = matchers.iter().zip(&self.roots);
        both.map(|(matcher, root)| matcher.matched(root)).collect()
    }

    /// The idf of each leaf.
    pub fn weights<'m>(&'m self, matchers: &'m [Matcher<'m, 'm>]) -> Result<Vec<Weights>> {
        let words: Vec<_> = self.roots.iter().map(words_of).collect();
        let weigher = Weigher {
            matchers,
            totals: self.index.totals,
        };
        weigher.weights(&words)
    }
}

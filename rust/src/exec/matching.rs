//! A plan over one segment: which documents match, exactly.
//!
//! Nothing is skipped by score here.  In an AND the part with the fewest documents goes first
//! and the others look only at what is left.  Sets may hold deleted documents, and records of
//! the index where a filter finds them; `matched` takes both out at the end.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::postings::Postings;

use super::apart::{long, short, Apart, Apartness};
use super::bits::Bits;
use super::clock::Clock;
use super::docs::{gallop, intersection, retain, Docs};
use super::lists;
use super::meeting::{self, Together};
use super::resolved::{Leaf, LeafKind, Part, Sought};
use super::view::{Column, View};

/// Documents whose places are looked up before they are counted and forgotten.
const PLACED_AT_ONCE: usize = 1 << 12;

/// Documents that hold a word, and how often it occurs in each.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    pub docs: Vec<u32>,
    pub tfs: Vec<f64>,
}

/// Where documents that matched stand in the list of a leaf.
#[derive(Debug)]
pub struct Met {
    docs: Arc<Vec<u32>>,
    /// The posting of each.
    places: Vec<u32>,
}

impl Met {
    /// Call `found` with how often the term of the list occurs in each of some documents, which
    /// ascend and were met.
    pub fn occurrences(
        &self,
        docs: &[u32],
        list: &Postings<'_>,
        mut found: impl FnMut(usize, u32),
    ) -> Result<()> {
        if docs == self.docs.as_slice() {
            return meeting::occurrences_at(&self.places, list, found);
        }
        let (mut at, mut numbers, mut places) = (0, Vec::new(), Vec::new());
        for (number, &doc) in docs.iter().enumerate() {
            at += gallop(&self.docs[at..], doc);
            if self.docs.get(at) == Some(&doc) {
                numbers.push(number);
                places.push(self.places[at]);
            }
        }
        meeting::occurrences_at(&places, list, |at, tf| found(numbers[at], tf))
    }
}

/// A paragraph of kind text is in the lead with less than so many before it in its article.
const LEAD_PARAGRAPHS: u32 = 3;

/// How much dearer it is to merge lists, and to count the articles of one, than to keep one.
const MERGING: u64 = 4;

/// How much dearer it is to look at a document of a phrase than at one of a list.
const PHRASE_COST: u64 = 8;

/// Evaluates one plan over one segment.
pub struct Matcher<'e, 's> {
    pub view: &'s View,
    pub clock: &'e Clock,
    pub leaves: &'e [Leaf<'s>],
    apartness: Apartness,
    /// Whether what leaves count is kept for their scores.
    scoring: bool,
    /// Off once all is matched: what is kept must not get narrower.
    recording: Cell<bool>,
    /// Whether what matched was matched by an earlier one.
    goes_on: Cell<bool>,
    kept: RefCell<Vec<Option<Arc<Counted>>>>,
    apart: RefCell<Vec<Option<Arc<Apart>>>>,
    met: RefCell<Vec<Option<Arc<Met>>>>,
    articles: RefCell<FxHashMap<usize, Docs>>,
}

impl<'e, 's> Matcher<'e, 's> {
    pub fn new(
        view: &'s View,
        clock: &'e Clock,
        leaves: &'e [Leaf<'s>],
        apartness: Apartness,
        scoring: bool,
    ) -> Self {
        let kept = leaves.iter().map(given_counts).collect();
        Matcher {
            view,
            clock,
            leaves,
            apartness,
            scoring,
            recording: Cell::new(true),
            goes_on: Cell::new(false),
            kept: RefCell::new(kept),
            apart: RefCell::new(vec![None; leaves.len()]),
            met: RefCell::new(vec![None; leaves.len()]),
            articles: RefCell::default(),
        }
    }

    fn len(&self) -> u32 {
        self.view.len()
    }

    /// The live paragraphs that match a plan.
    pub fn matched(&self, root: &Part<'s>) -> Result<Docs> {
        let found = self.find(root)?;
        self.recording.set(false);
        if is_of_paragraphs(root) {
            return Ok(self.view.without_deleted(found));
        }
        Ok(found.and(self.view.live()?))
    }

    /// The documents of a leaf that matched, with how often it occurs in each; none where
    /// it was never needed.
    pub fn kept(&self, leaf: usize) -> Option<Arc<Counted>> {
        self.kept.borrow()[leaf].clone()
    }

    /// What a leaf stands for whose long lists are read where it matters; None for others.
    pub fn apart(&self, leaf: usize) -> Option<Arc<Apart>> {
        self.apart.borrow()[leaf].clone()
    }

    /// Where what matched stands in the list of a leaf; None where it has to be looked for.
    pub fn met(&self, leaf: usize) -> Option<Arc<Met>> {
        self.met.borrow()[leaf].clone()
    }

    /// All that leaves counted, to go on with later.
    pub fn into_kept(self) -> Vec<Option<Arc<Counted>>> {
        self.kept.into_inner()
    }

    /// Go on from what an earlier matcher of the same plan kept; nothing more is recorded.
    pub fn go_on(&self, kept: &[Option<Arc<Counted>>]) {
        *self.kept.borrow_mut() = kept.to_vec();
        self.recording.set(false);
        self.goes_on.set(true);
    }

    pub fn goes_on(&self) -> bool {
        self.goes_on.get()
    }

    pub fn keep(&self, leaf: usize, counted: Counted) -> Arc<Counted> {
        let counted = Arc::new(counted);
        self.kept.borrow_mut()[leaf] = Some(Arc::clone(&counted));
        counted
    }

    // Whole sets.

    /// All documents that match a part.
    pub fn find(&self, part: &Part<'s>) -> Result<Docs> {
        self.clock.check()?;
        Ok(match part {
            Part::All => self.view.live()?.clone(),
            Part::And(parts) => self.and(parts)?,
            Part::Or(parts) => self.or(parts)?,
            Part::Not(part) => self.view.live()?.clone().minus(&self.find(part)?),
            Part::Article { wanted, unwanted } => self.article(part, wanted, unwanted)?,
            Part::Lead => self.leading(self.view.live()?.clone())?,
            Part::Word { leaf, word } => self.word(*leaf, word, None)?,
            Part::Union(found) => lists::union(found, self.len())?,
            Part::Titled(word) => self.titled(word)?,
            Part::Numbers { column, ranges } => self.numbers(column, ranges)?,
            Part::Given { docs, .. } => self.set_of(docs.to_vec()),
        })
    }

    fn set_of(&self, docs: Vec<u32>) -> Docs {
        Docs::of_listed(docs, self.len())
    }

    fn and(&self, parts: &[Part<'s>]) -> Result<Docs> {
        let order = self.order(parts);
        let Some(&first) = order.first() else {
            return Ok(self.view.live()?.clone());
        };
        let found = order.iter().map_while(|at| bare_list(&parts[*at]));
        let found: Vec<_> = found.collect();
        let (mut docs, seen) = match &found[..] {
            [(_, one), _, ..] if self.is_short(one) => (self.meet(&found)?, found.len()),
            // What goes through a bitmap bit by bit needs no bits itself.
            [(_, one), (_, other), ..] if other.bitmap().is_some() && self.is_listed(one) => {
                (Docs::Few(lists::listed(one)?), 1)
            }
            _ => (self.find(&parts[first])?, 1),
        };
        for &at in &order[seen..] {
            docs = self.narrow(docs, &parts[at])?;
        }
        Ok(docs)
    }

    fn is_short(&self, list: &Postings<'s>) -> bool {
        list.bitmap().is_none() && Docs::is_few(u64::from(list.df()), self.len())
    }

    fn is_listed(&self, list: &Postings<'s>) -> bool {
        list.bitmap().is_none() && Docs::is_listed(list.df() as usize, self.len())
    }

    /// The documents that some lists of leaves have in common; where they stand is kept.
    fn meet(&self, lists: &[(Option<usize>, &Postings<'s>)]) -> Result<Docs> {
        let Some(((_, first), rest)) = lists.split_first() else {
            return Ok(Docs::none());
        };
        let mut together = Together::of(first)?;
        for (_, list) in rest {
            self.clock.check()?;
            together.keep(list)?;
        }
        let docs = Arc::new(together.docs);
        if self.scoring && self.recording.get() {
            let mut met = self.met.borrow_mut();
            for ((leaf, _), places) in lists.iter().zip(together.places) {
                if let (Some(leaf), Some(places)) = (leaf, places) {
                    let docs = Arc::clone(&docs);
                    met[*leaf] = Some(Arc::new(Met { docs, places }));
                }
            }
        }
        Ok(Docs::Few(Arc::unwrap_or_clone(docs)))
    }

    /// The order in which the parts of an AND are looked at: the one with the fewest
    /// documents, then the cheap ones, then the dear ones.
    fn order(&self, parts: &[Part<'s>]) -> Vec<usize> {
        let costs: Vec<_> = parts.iter().map(|part| self.cost(part)).collect();
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|at| costs[*at]);
        let weighed = |at: &usize| {
            let (dear, count) = costs[*at];
            let is_not = matches!(parts[*at], Part::Not(_));
            (
                is_not,
                count.saturating_mul(if dear > 2 { PHRASE_COST } else { 1 }),
            )
        };
        if let Some(first) = (0..order.len()).min_by_key(|at| weighed(&order[*at])) {
            order[..=first].rotate_right(1);
        }
        order
    }

    /// How dear a part is to look at, and about how many documents it has.
    fn cost(&self, part: &Part<'s>) -> (u8, u64) {
        let len = u64::from(self.len());
        match part {
            Part::All => (0, len),
            Part::And(parts) => {
                let costs = parts.iter().map(|part| self.cost(part));
                costs
                    .reduce(|a, b| (a.0.max(b.0), a.1.min(b.1)))
                    .unwrap_or((0, len))
            }
            Part::Or(parts) => {
                let costs = parts.iter().map(|part| self.cost(part));
                costs.fold((0, 0), |a, b| (a.0.max(b.0), a.1 + b.1))
            }
            Part::Not(part) => (self.cost(part).0.max(2), len),
            Part::Article { .. } => (4, len),
            Part::Lead => (1, len),
            Part::Word { word, .. } => word_cost(word, len),
            Part::Union(found) => (0, count_of(found)),
            Part::Titled(_) => (2, len),
            Part::Numbers { .. } => (1, len),
            Part::Given { docs, .. } => (0, docs.len() as u64),
        }
    }

    fn or(&self, parts: &[Part<'s>]) -> Result<Docs> {
        let count: u64 = parts.iter().map(|part| self.cost(part).1).sum();
        if Docs::is_few(count * MERGING, self.len()) {
            return parts.iter().try_fold(Docs::none(), |docs, part| {
                Ok(docs.or(self.find(part)?, self.len()))
            });
        }
        let mut bits = Bits::none(self.len());
        for part in parts {
            self.add_to(part, &mut bits)?;
        }
        Ok(Docs::Many(bits))
    }

    fn add_to(&self, part: &Part<'s>, bits: &mut Bits) -> Result<()> {
        match part {
            Part::Word {
                word: Sought::Stem(list),
                ..
            } => list.iter().try_for_each(|list| lists::add_to(list, bits)),
            Part::Union(found) => found.iter().try_for_each(|list| lists::add_to(list, bits)),
            Part::Or(parts) => parts.iter().try_for_each(|part| self.add_to(part, bits)),
            _ => {
                match self.find(part)? {
                    Docs::Few(docs) => bits.add_all(&docs),
                    Docs::Many(found) => bits.or(&found),
                }
                Ok(())
            }
        }
    }

    // Within a set.

    /// The documents of a set that match a part.
    pub fn narrow(&self, docs: Docs, part: &Part<'s>) -> Result<Docs> {
        if docs.is_empty() {
            return Ok(Docs::none());
        }
        self.clock.check()?;
        Ok(match part {
            Part::All => docs,
            Part::And(parts) => {
                let order = self.order(parts);
                order
                    .iter()
                    .try_fold(docs, |docs, at| self.narrow(docs, &parts[*at]))?
            }
            Part::Or(parts) => self.narrow_or(docs, part, parts)?,
            Part::Not(part) => {
                let out = self.narrow_or_find(&docs, part)?;
                docs.minus(&out)
            }
            Part::Lead => self.leading(docs)?,
            Part::Word { leaf, word } => self.word(*leaf, word, Some(docs))?,
            Part::Union(found) => self.narrow_union(docs, found)?,
            Part::Numbers { column, ranges } => self.within_ranges(docs, column, ranges)?,
            _ => docs.and(&self.find(part)?),
        })
    }

    /// What a part matches, at least within a set.
    fn narrow_or_find(&self, docs: &Docs, part: &Part<'s>) -> Result<Docs> {
        let (dear, count) = self.cost(part);
        if dear == 0 && (matches!(docs, Docs::Many(_)) || count < docs.count()) {
            return self.find(part);
        }
        self.narrow(docs.clone(), part)
    }

    fn narrow_or(&self, docs: Docs, part: &Part<'s>, parts: &[Part<'s>]) -> Result<Docs> {
        let (dear, count) = self.cost(part);
        if dear == 0 && docs.count().saturating_mul(4) > count {
            return Ok(docs.and(&self.find(part)?));
        }
        parts.iter().try_fold(Docs::none(), |found, part| {
            Ok(found.or(self.narrow(docs.clone(), part)?, self.len()))
        })
    }

    fn narrow_union(&self, docs: Docs, found: &[Postings<'s>]) -> Result<Docs> {
        if let [list] = found {
            return lists::keep(docs, list, self.len());
        }
        let count = docs.count().saturating_mul(found.len() as u64);
        if matches!(docs, Docs::Many(_)) || count > count_of(found) {
            return Ok(docs.and(&lists::union(found, self.len())?));
        }
        found.iter().try_fold(Docs::none(), |united, list| {
            Ok(united.or(lists::keep(docs.clone(), list, self.len())?, self.len()))
        })
    }

    // Words.

    fn word(&self, leaf: Option<usize>, word: &Sought<'s>, within: Option<Docs>) -> Result<Docs> {
        match (word, within) {
            (Sought::Stem(None), _) => Ok(Docs::none()),
            (Sought::Stem(Some(list)), None) => lists::documents(list, self.len()),
            (Sought::Stem(Some(list)), Some(docs)) => lists::keep(docs, list, self.len()),
            (Sought::Forms(found), within) if leaf.is_none() || !self.scoring => match within {
                None => lists::union(found, self.len()),
                Some(docs) => self.narrow_union(docs, found),
            },
            (Sought::Forms(found), within) if self.is_apart(leaf, found) => {
                let docs = self.left_apart(leaf, found)?;
                Ok(match within {
                    Some(within) => within.and(&docs),
                    None => docs,
                })
            }
            (_, within) => {
                let counted = self.counted_leaf(leaf, word, within.as_ref())?;
                let found = self.set_of(counted.docs.clone());
                Ok(match within {
                    Some(docs) => docs.and(&found),
                    None => found,
                })
            }
        }
    }

    fn is_apart(&self, leaf: Option<usize>, found: &[Postings<'s>]) -> bool {
        let Apartness {
            long: least,
            many,
            near,
        } = self.apartness;
        let is_new = |leaf: usize| self.leaves[leaf].is_of_text && self.kept(leaf).is_none();
        let held: u64 = long(found, least).map(|list| u64::from(list.df())).sum();
        leaf.is_some_and(is_new)
            && self.recording.get()
            && held >= many.max(u64::from(self.len()) / near)
    }

    /// The documents of some lists; what their scores need of the short ones is kept.
    fn left_apart(&self, leaf: Option<usize>, found: &[Postings<'s>]) -> Result<Docs> {
        let docs = lists::union(found, self.len())?;
        if let Some(leaf) = leaf {
            let long = self.apartness.long;
            let short = lists::summed(short(found, long), self.len())?.into();
            let df = match self.view.has_deleted() {
                true => self.view.without_deleted(docs.clone()).count(),
                false => docs.count(),
            };
            let apart = Apart {
                short: Arc::new(short),
                df,
                long,
            };
            self.apart.borrow_mut()[leaf] = Some(Arc::new(apart));
        }
        Ok(docs)
    }

    fn counted_leaf(
        &self,
        leaf: Option<usize>,
        word: &Sought<'s>,
        within: Option<&Docs>,
    ) -> Result<Arc<Counted>> {
        let Some(leaf) = leaf else {
            return self.counted(word, within).map(Arc::new);
        };
        if let Some(kept) = self.kept(leaf) {
            return Ok(kept);
        }
        // The weight of forms is that of their union, so all of it is needed.
        let within = within.filter(|_| !matches!(word, Sought::Forms(_)));
        let counted = self.counted(word, within)?;
        if self.recording.get() {
            return Ok(self.keep(leaf, counted));
        }
        Ok(Arc::new(counted))
    }

    /// The documents that hold a word, with its occurrences; within a set where one is given.
    pub fn counted(&self, word: &Sought<'s>, within: Option<&Docs>) -> Result<Counted> {
        self.clock.check()?;
        match word {
            Sought::Stem(None) => Ok(Counted::default()),
            Sought::Stem(Some(list)) => self.summed(std::slice::from_ref(list), within),
            Sought::Forms(found) => self.summed(found, within),
            Sought::Phrase { places, slop } => self.phrases(places, *slop, within),
            Sought::Near { .. } | Sought::Either(_) | Sought::Quoted { .. } => {
                let docs = self.candidates(word, within)?.into_vec();
                let mut counts = Vec::new();
                // Of all documents at once, places would take as much as all their words.
                for some in docs.chunks(PLACED_AT_ONCE) {
                    let places = self.places(word, some)?;
                    counts.extend(places.iter().map(|(doc, here)| (*doc, here.len() as f64)));
                }
                Ok(Counted::from_iter(counts))
            }
            Sought::AtLeast { count, word } => self.enough(*count, word, within),
        }
    }

    pub fn summed(&self, found: &[Postings<'s>], within: Option<&Docs>) -> Result<Counted> {
        let (docs, tfs) = lists::summed(found.iter(), self.len())?;
        let Some(within) = within else {
            return Ok((docs, tfs).into());
        };
        let both = docs.into_iter().zip(tfs);
        Ok(both.filter(|(doc, _)| within.has(*doc)).collect())
    }

    fn enough(&self, least: u32, word: &Sought<'s>, within: Option<&Docs>) -> Result<Counted> {
        let mut docs = self.view.without_deleted(self.candidates(word, None)?);
        if let Some(within) = within {
            let whole = self.view.whole_articles(&docs.clone().and(within))?;
            docs = docs.and(&whole);
        }
        let counted = self.counted(word, Some(&docs))?;
        let articles = self.view.column("article_no")?;
        let captions = self.view.kind("caption")?;
        let mut totals: FxHashMap<u32, f64> = FxHashMap::default();
        for (doc, tf) in counted.docs.iter().zip(&counted.tfs) {
            if !captions.has(*doc) {
                *totals.entry(articles.get(*doc)).or_default() += tf;
            }
        }
        let least = f64::from(least);
        let is_enough = |doc: &u32| totals.get(&articles.get(*doc)).is_some_and(|n| *n >= least);
        let both = counted
            .docs
            .iter()
            .copied()
            .zip(counted.tfs.iter().copied());
        Ok(both.filter(|(doc, _)| is_enough(doc)).collect())
    }

    /// Documents that hold the words of something, wherever they stand.
    pub fn candidates(&self, word: &Sought<'s>, within: Option<&Docs>) -> Result<Docs> {
        let among = |docs: Docs| within.map_or(docs.clone(), |within| docs.and(within));
        Ok(match word {
            Sought::Stem(None) => Docs::none(),
            Sought::Stem(Some(list)) => match within {
                Some(docs) => lists::keep(docs.clone(), list, self.len())?,
                None => lists::documents(list, self.len())?,
            },
            Sought::Forms(found) => among(lists::union(found, self.len())?),
            Sought::Phrase { places, .. } => self.phrase_candidates(places, within)?,
            Sought::Near {
                left,
                right,
                absent,
                ..
            } => {
                let docs = self.candidates(left, within)?;
                if *absent {
                    return Ok(docs);
                }
                self.candidates(right, Some(&docs))?
            }
            Sought::Either(words) => words.iter().try_fold(Docs::none(), |docs, word| {
                Result::Ok(docs.or(self.candidates(word, within)?, self.len()))
            })?,
            Sought::AtLeast { word, .. } => self.candidates(word, within)?,
            Sought::Quoted { begins, word, .. } => match begins {
                Some(begins) => lists::keep(self.candidates(word, within)?, begins, self.len())?,
                None => Docs::none(),
            },
        })
    }

    // Articles.

    fn article(&self, part: &Part<'s>, wanted: &[Part<'s>], unwanted: &[Part<'s>]) -> Result<Docs> {
        // By its address: parts don't move while they are matched.
        let key = std::ptr::from_ref(part) as usize;
        if let Some(docs) = self.articles.borrow().get(&key) {
            return Ok(docs.clone());
        }
        let docs = self.in_articles(wanted, unwanted)?;
        self.articles.borrow_mut().insert(key, docs.clone());
        Ok(docs)
    }

    fn in_articles(&self, wanted: &[Part<'s>], unwanted: &[Part<'s>]) -> Result<Docs> {
        let mut whole: Option<Docs> = None;
        let mut found = Docs::none();
        for at in self.order(wanted) {
            let docs = match whole {
                None => self.find(&wanted[at])?,
                Some(whole) => self.narrow(whole, &wanted[at])?,
            };
            let docs = self.view.without_deleted(docs);
            let articles = self.view.whole_articles(&docs)?;
            found = found.or(docs, self.len());
            if articles.is_empty() {
                return Ok(Docs::none());
            }
            whole = Some(articles);
        }
        if wanted.is_empty() {
            found = self.view.live()?.clone();
        }
        let mut whole = match whole {
            Some(whole) => whole,
            None => self.view.live()?.clone(),
        };
        for part in unwanted {
            let docs = self.narrow(whole.clone(), part)?;
            let docs = self.view.without_deleted(docs);
            whole = whole.minus(&self.view.whole_articles(&docs)?);
        }
        Ok(found.and(&whole))
    }

    fn titled(&self, word: &Sought<'s>) -> Result<Docs> {
        let headlines = self.view.kind("headline")?;
        let holding = self.word(None, word, Some(headlines.clone()))?;
        self.view.whole_articles(&holding.and(headlines))
    }

    fn leading(&self, docs: Docs) -> Result<Docs> {
        let articles = self.view.column("article_no")?;
        let (texts, headlines) = (self.view.kind("text")?, self.view.kind("headline")?);
        let is_lead =
            |doc: u32| headlines.has(doc) || texts.has(doc) && opens(doc, texts, &articles);
        let found = docs.into_vec().into_iter().filter(|doc| is_lead(*doc));
        Ok(self.set_of(found.collect()))
    }

    // Numbers.

    fn numbers(&self, column: &str, ranges: &[(u32, u32)]) -> Result<Docs> {
        self.within_ranges(Docs::Many(Bits::all(self.len())), column, ranges)
    }

    fn within_ranges(&self, docs: Docs, column: &str, ranges: &[(u32, u32)]) -> Result<Docs> {
        let numbers = self.view.column(column)?;
        match docs {
            Docs::Few(mut docs) => {
                retain(&mut docs, |doc| in_ranges(numbers.get(doc), ranges));
                Ok(Docs::Few(docs))
            }
            Docs::Many(mut bits) => {
                bits.mask(|at, word| ranged_word(at, word, ranges, &numbers));
                Ok(Docs::Many(bits))
            }
        }
    }
}

/// The list of a part that is one stem, and its leaf.
fn bare_list<'p, 's>(part: &'p Part<'s>) -> Option<(Option<usize>, &'p Postings<'s>)> {
    match part {
        Part::Word {
            leaf,
            word: Sought::Stem(Some(list)),
        } => Some((*leaf, list)),
        _ => None,
    }
}

fn ranged_word(at: usize, word: u64, ranges: &[(u32, u32)], numbers: &Column<'_>) -> u64 {
    let base = at as u32 * 64;
    let (mut rest, mut found) = (word, 0);
    while rest != 0 {
        let bit = rest.trailing_zeros();
        found |= u64::from(in_ranges(numbers.get(base + bit), ranges)) << bit;
        rest &= rest - 1;
    }
    found
}

#[inline]
fn in_ranges(number: u32, ranges: &[(u32, u32)]) -> bool {
    match ranges {
        [(low, high)] => *low <= number && number <= *high,
        ranges => {
            let at = ranges.partition_point(|(_, high)| *high < number);
            ranges.get(at).is_some_and(|(low, _)| *low <= number)
        }
    }
}

fn opens(doc: u32, texts: &Docs, articles: &Column<'_>) -> bool {
    let number = articles.get(doc);
    let mut before = 0;
    for at in (0..doc).rev() {
        if articles.get(at) != number || before >= LEAD_PARAGRAPHS {
            break;
        }
        before += u32::from(texts.has(at));
    }
    before < LEAD_PARAGRAPHS
}

fn word_cost(word: &Sought<'_>, len: u64) -> (u8, u64) {
    match word {
        Sought::Stem(list) => (0, list.as_ref().map_or(0, |list| u64::from(list.df()))),
        Sought::Forms(found) => (0, count_of(found)),
        Sought::Phrase { places, .. } => {
            let counts = places.iter().flatten().map(|found| count_of(found));
            (3, counts.min().unwrap_or(len))
        }
        Sought::Near { left, right, .. } => {
            (4, word_cost(left, len).1.min(word_cost(right, len).1))
        }
        Sought::Either(words) => (4, words.iter().map(|word| word_cost(word, len).1).sum()),
        Sought::AtLeast { word, .. } | Sought::Quoted { word, .. } => (4, word_cost(word, len).1),
    }
}

fn count_of(found: &[Postings<'_>]) -> u64 {
    found.iter().map(|list| u64::from(list.df())).sum()
}

/// Whether a part, however it is evaluated, finds paragraphs only: words are theirs alone.
fn is_of_paragraphs(part: &Part<'_>) -> bool {
    match part {
        Part::Word { .. } => true,
        Part::And(parts) => parts.iter().any(is_of_paragraphs),
        Part::Or(parts) => parts.iter().all(is_of_paragraphs),
        _ => false,
    }
}

fn given_counts(leaf: &Leaf<'_>) -> Option<Arc<Counted>> {
    match &leaf.kind {
        LeafKind::Word => None,
        LeafKind::Given { docs, tfs, .. } => Some(Arc::new(Counted {
            docs: docs.to_vec(),
            tfs: tfs.to_vec(),
        })),
    }
}

impl From<(Vec<u32>, Vec<f64>)> for Counted {
    fn from((docs, tfs): (Vec<u32>, Vec<f64>)) -> Self {
        Counted { docs, tfs }
    }
}

impl FromIterator<(u32, f64)> for Counted {
    fn from_iter<I: IntoIterator<Item = (u32, f64)>>(both: I) -> Self {
        let (docs, tfs) = both.into_iter().unzip();
        Counted { docs, tfs }
    }
}

impl Counted {
    /// What of it is in a list of documents.
    pub fn within(&self, docs: &[u32]) -> Vec<u32> {
        intersection(&self.docs, docs)
    }

    /// Call `found` with each of ascending documents that is in it, by its number among them,
    /// and where it stands here.
    pub fn each_of(&self, docs: &[u32], mut found: impl FnMut(usize, usize)) {
        if docs == self.docs {
            (0..docs.len()).for_each(|at| found(at, at));
            return;
        }
        let mut place = 0;
        for (at, &doc) in docs.iter().enumerate() {
            place += gallop(&self.docs[place..], doc);
            if self.docs.get(place) == Some(&doc) {
                found(at, place);
            }
        }
    }
}

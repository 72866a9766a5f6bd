//! The idf of each leaf: of live paragraphs over all segments.

use crate::error::Result;
use crate::postings::Postings;

use super::docs::Docs;
use super::lists;
use super::matching::Matcher;
use super::meeting;
use super::resolved::{LeafKind, Part, Sought};
use super::scoring::{Totals, Weights};

/// A leaf's word over each segment; the same shape in all.
type Words<'w, 's> = Vec<&'w Sought<'s>>;

/// The words of a plan's leaves in one segment, by the leaf's number; None for a Given.
pub fn words_of<'p, 's>(root: &'p Part<'s>) -> Vec<Option<&'p Sought<'s>>> {
    let mut found = Vec::new();
    collect(root, &mut found);
    found
}

fn collect<'p, 's>(part: &'p Part<'s>, found: &mut Vec<Option<&'p Sought<'s>>>) {
    match part {
        Part::And(parts) | Part::Or(parts) | Part::Article { wanted: parts, .. } => {
            parts.iter().for_each(|part| collect(part, found));
        }
        Part::Word {
            leaf: Some(_),
            word,
        } => found.push(Some(word)),
        Part::Given { leaf: Some(_), .. } => found.push(None),
        _ => {}
    }
}

/// Computes idfs from what the matchers of all segments count.
pub struct Weigher<'w, 's> {
    pub matchers: &'w [Matcher<'w, 's>],
    pub totals: Totals,
}

impl<'w, 's> Weigher<'w, 's> {
    /// The weights of every leaf, `words` being those of each segment.
    pub fn weights(&self, words: &[Vec<Option<&'w Sought<'s>>>]) -> Result<Vec<Weights>> {
        let leaves = words.first().map_or(0, Vec::len);
        (0..leaves).map(|leaf| self.leaf(leaf, words)).collect()
    }

    fn leaf(&self, leaf: usize, words: &[Vec<Option<&'w Sought<'s>>>]) -> Result<Weights> {
        let here: Option<Words<'w, 's>> = words.iter().map(|words| words[leaf]).collect();
        let Some(here) = here else {
            return Ok(self.given(leaf));
        };
        if let Some(Sought::Forms(_)) = here.first() {
            return self.forms(leaf, &here);
        }
        let text = self.text(&here)?;
        if !matches!(here.first(), Some(Sought::Stem(_))) {
            return Ok(Weights {
                text,
                ..Weights::default()
            });
        }
        let (mut title, mut section) = (0, 0);
        for matcher in self.matchers {
            title += df(matcher, &matcher.leaves[leaf].title)?;
            section += df(matcher, &matcher.leaves[leaf].section)?;
        }
        Ok(Weights {
            text,
            title: self.totals.idf(title),
            section: self.totals.idf(section),
        })
    }

    fn given(&self, leaf: usize) -> Weights {
        let kind = self
            .matchers
            .first()
            .map(|matcher| &matcher.leaves[leaf].kind);
        let text = match kind {
            Some(LeafKind::Given { weight, .. }) => *weight,
            _ => 0.0,
        };
        Weights {
            text,
            ..Weights::default()
        }
    }

    /// Forms are counted as a whole, and what is counted is kept for their scores.
    fn forms(&self, leaf: usize, here: &Words<'w, 's>) -> Result<Weights> {
        let mut count = 0;
        for (matcher, word) in self.matchers.iter().zip(here) {
            if let Some(apart) = matcher.apart(leaf) {
                count += apart.df;
                continue;
            }
            let counted = match matcher.kept(leaf) {
                Some(kept) => kept,
                // It wasn't looked at, since nothing matches here with it.
                None if !matcher.goes_on() => {
                    count += holders(matcher, word)?;
                    continue;
                }
                None => matcher.keep(leaf, matcher.counted(word, None)?),
            };
            count += live_count(matcher, &counted.docs);
        }
        Ok(Weights {
            text: self.totals.idf(count),
            ..Weights::default()
        })
    }

    fn text(&self, words: &Words<'w, 's>) -> Result<f64> {
        match words.first() {
            None => Ok(0.0),
            Some(Sought::Phrase { places, .. }) => {
                let idfs = (0..places.len()).map(|at| self.place(at, words));
                // From left to right, as Python's sum of a short list of floats.
                idfs.sum()
            }
            Some(Sought::Near { absent, .. }) => {
                let left = self.text(&inner(words, |word| match word {
                    Sought::Near { left, .. } => left,
                    word => word,
                }))?;
                if *absent {
                    return Ok(left);
                }
                let right = self.text(&inner(words, |word| match word {
                    Sought::Near { right, .. } => right,
                    word => word,
                }))?;
                Ok(left + right)
            }
            Some(Sought::AtLeast { .. }) => self.text(&inner(words, |word| match word {
                Sought::AtLeast { word, .. } => word,
                word => word,
            })),
            Some(Sought::Quoted { .. }) => self.text(&inner(words, |word| match word {
                Sought::Quoted { word, .. } => word,
                word => word,
            })),
            Some(_) => Ok(self.totals.idf(self.holding(words)?)),
        }
    }

    /// How many live paragraphs hold a word.
    pub fn holding(&self, words: &Words<'w, 's>) -> Result<u64> {
        let mut count = 0;
        for (matcher, word) in self.matchers.iter().zip(words) {
            count += holders(matcher, word)?;
        }
        Ok(count)
    }

    fn place(&self, at: usize, words: &Words<'w, 's>) -> Result<f64> {
        let mut count = 0;
        for (matcher, word) in self.matchers.iter().zip(words) {
            if let Sought::Phrase { places, .. } = word {
                count += match &places[at] {
                    None => with_words(matcher)?,
                    Some(found) => any_df(matcher, found)?,
                };
            }
        }
        Ok(self.totals.idf(count))
    }
}

fn inner<'w, 's>(
    words: &Words<'w, 's>,
    pick: impl Fn(&'w Sought<'s>) -> &'w Sought<'s>,
) -> Words<'w, 's> {
    words.iter().map(|word| pick(word)).collect()
}

fn df(matcher: &Matcher<'_, '_>, list: &Option<Postings<'_>>) -> Result<u64> {
    list.as_ref().map_or(Ok(0), |list| matcher.view.df(list))
}

/// How many live paragraphs hold a word in one segment.
pub fn holders<'s>(matcher: &Matcher<'_, 's>, word: &Sought<'s>) -> Result<u64> {
    match word {
        Sought::Stem(list) => df(matcher, list),
        Sought::Forms(found) => any_df(matcher, found),
        _ => held_by_any(matcher, word),
    }
}

fn held_by_any<'s>(matcher: &Matcher<'_, 's>, word: &Sought<'s>) -> Result<u64> {
    let docs = holding_docs(matcher, word)?;
    Ok(matcher.view.without_deleted(docs).count())
}

fn holding_docs<'s>(matcher: &Matcher<'_, 's>, word: &Sought<'s>) -> Result<Docs> {
    match word {
        Sought::Stem(None) => Ok(Docs::none()),
        Sought::Stem(Some(list)) => lists::documents(list, matcher.view.len()),
        Sought::Forms(found) => lists::union(found, matcher.view.len()),
        Sought::Either(words) => words.iter().try_fold(Docs::none(), |docs, word| {
            Ok(docs.or(holding_docs(matcher, word)?, matcher.view.len()))
        }),
        word => Ok(Docs::Few(matcher.counted(word, None)?.docs)),
    }
}

fn live_count(matcher: &Matcher<'_, '_>, docs: &[u32]) -> u64 {
    if !matcher.view.has_deleted() {
        return docs.len() as u64;
    }
    matcher
        .view
        .without_deleted(Docs::Few(docs.to_vec()))
        .count()
}

fn with_words(matcher: &Matcher<'_, '_>) -> Result<u64> {
    let words = matcher.view.column("words")?;
    let live = matcher.view.live()?.to_vec();
    Ok(live.iter().filter(|doc| words.get(**doc) > 0).count() as u64)
}

/// How many live documents hold any of some terms.
fn any_df(matcher: &Matcher<'_, '_>, found: &[Postings<'_>]) -> Result<u64> {
    match found {
        [] => Ok(0),
        [list] => matcher.view.df(list),
        [one, other] if !matcher.view.has_deleted() => {
            let (short, long) = if one.df() <= other.df() {
                (one, other)
            } else {
                (other, one)
            };
            let both = meeting::count(&lists::listed(short)?, long)?;
            Ok(u64::from(one.df()) + u64::from(other.df()) - both)
        }
        found => {
            let docs = lists::union(found, matcher.view.len())?;
            Ok(matcher.view.without_deleted(docs).count())
        }
    }
}

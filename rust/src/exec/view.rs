//! One segment as searches see it: its live paragraphs, and what is asked of it often.

use std::sync::{Arc, OnceLock};

use crate::error::{Error, Result};
use crate::postings::Postings;
use crate::segment::{Numbers, Segment};

use super::bits::Bits;
use super::docs::Docs;
use super::impacts::{norm, LOWERED};
use super::lists;
use super::meeting;
use super::scoring::WEIGHED_KINDS;

/// The kinds of a paragraph; a document of none is a record of the index itself.
pub const KINDS: [&str; 6] = ["text", "quote", "list", "headline", "heading", "caption"];

/// Where one in so many documents is a hit, articles are counted by bits.
const NEAR: u64 = 64;

/// The articles of so few documents are compared in their column; of more, the ends of articles
/// are looked at as bits, which are made once, and are near.
const FEW: usize = 64;

/// A segment without its deleted documents.
pub struct View {
    pub segment: Arc<Segment>,
    /// Ascending; the same as bits.
    deleted: Vec<u32>,
    deleted_bits: Bits,
    live: OnceLock<Docs>,
    weighed: OnceLock<Docs>,
    norms: OnceLock<Box<[u8]>>,
    ends: OnceLock<Bits>,
    kinds: [OnceLock<Docs>; 6],
    articles: bool,
}

impl View {
    /// See a segment without some documents, ascending.
    pub fn new(segment: Arc<Segment>, deleted: Vec<u32>) -> Result<View> {
        let len = segment.doc_count();
        let ascends = deleted.windows(2).all(|pair| pair[0] < pair[1]);
        if !ascends || deleted.last().is_some_and(|last| *last >= len) {
            let message = format!("deleted documents have to ascend and be under {len}");
            return Err(Error::Misuse(message));
        }
        let articles = segment.numbers("article_no")?.is_some();
        Ok(View {
            deleted_bits: Bits::of(&deleted, len),
            segment,
            deleted,
            live: OnceLock::new(),
            weighed: OnceLock::new(),
            norms: OnceLock::new(),
            ends: OnceLock::new(),
            kinds: Default::default(),
            articles,
        })
    }

    pub fn len(&self) -> u32 {
        self.segment.doc_count()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn has_deleted(&self) -> bool {
        !self.deleted.is_empty()
    }

    /// Take the deleted documents out of a set.
    pub fn without_deleted(&self, docs: Docs) -> Docs {
        match docs {
            docs if self.deleted.is_empty() => docs,
            Docs::Few(mut docs) => {
                docs.retain(|doc| !self.deleted_bits.has(*doc));
                Docs::Few(docs)
            }
            Docs::Many(mut bits) => {
                bits.remove_all(&self.deleted);
                Docs::Many(bits)
            }
        }
    }

    pub fn postings(&self, field: &str, term: &[u8]) -> Result<Option<Postings<'_>>> {
        match self.segment.field(field) {
            Some(id) => self.segment.postings(id, term),
            None => Ok(None),
        }
    }

    /// How many live documents hold a list's term.
    pub fn df(&self, list: &Postings<'_>) -> Result<u64> {
        let df = u64::from(list.df());
        if self.deleted.is_empty() {
            return Ok(df);
        }
        if self.deleted.len() < list.df() as usize {
            return Ok(df - meeting::count(&self.deleted, list)?);
        }
        let docs = lists::listed(list)?;
        Ok(docs.iter().filter(|d| !self.deleted_bits.has(**d)).count() as u64)
    }

    /// Every live paragraph.
    pub fn live(&self) -> Result<&Docs> {
        kept(&self.live, || {
            let kinds = KINDS.map(|kind| self.postings("kind", kind.as_bytes()));
            let found: Result<Vec<_>> = kinds.into_iter().collect();
            let found: Vec<_> = found?.into_iter().flatten().collect();
            let mut bits = Bits::none(self.len());
            for list in &found {
                lists::add_to(list, &mut bits)?;
            }
            bits.remove_all(&self.deleted);
            Ok(Docs::Many(bits))
        })
    }

    /// The live paragraphs of one of KINDS.
    pub fn kind(&self, kind: &str) -> Result<&Docs> {
        let at = KINDS.iter().position(|name| *name == kind).unwrap_or(0);
        kept(&self.kinds[at], || {
            match self.postings("kind", KINDS[at].as_bytes())? {
                Some(list) => Ok(self.without_deleted(lists::documents(&list, self.len())?)),
                None => Ok(Docs::none()),
            }
        })
    }

    /// Paragraphs whose scores are lowered for what they are.
    pub fn weighed(&self) -> Result<&Docs> {
        kept(&self.weighed, || {
            let mut bits = Bits::none(self.len());
            for kind in WEIGHED_KINDS {
                if let Some(list) = self.postings("kind", kind.as_bytes())? {
                    lists::add_to(&list, &mut bits)?;
                }
            }
            Ok(Docs::Many(bits))
        })
    }

    /// The norm of each document (`impacts`).
    pub fn norms(&self) -> Result<&[u8]> {
        let norms = kept(&self.norms, || {
            let words = self.column("words")?;
            let mut norms: Box<[u8]> = (0..self.len()).map(|doc| norm(words.get(doc))).collect();
            for doc in self.weighed()?.to_vec() {
                norms[doc as usize] |= LOWERED;
            }
            Ok(norms)
        });
        norms.map(|norms| &**norms)
    }

    /// The last document of each article.
    pub fn ends(&self) -> Result<&Bits> {
        kept(&self.ends, || {
            let articles = self.column("article_no")?;
            let len = self.len();
            let mut bits = Bits::none(len);
            for doc in 0..len {
                if doc + 1 == len || articles.get(doc) != articles.get(doc + 1) {
                    bits.add(doc);
                }
            }
            Ok(bits)
        })
    }

    /// A column of numbers; all 0 when the segment has none of that name.
    pub fn column(&self, name: &str) -> Result<Column<'_>> {
        Ok(Column(self.segment.numbers(name)?))
    }

    /// How many documents are in a set, and how many articles have one there.
    pub fn counts(&self, docs: &Docs) -> Result<(u64, u64)> {
        match docs {
            _ if !self.articles => Ok((docs.count(), u64::from(!docs.is_empty()))),
            Docs::Many(bits) => Ok(bits.counts(self.ends()?)),
            Docs::Few(docs) => Ok((docs.len() as u64, self.articles_of(docs)?)),
        }
    }

    /// How many articles some documents, ascending, are of.
    fn articles_of(&self, docs: &[u32]) -> Result<u64> {
        if docs.len() as u64 * NEAR > u64::from(self.len()) {
            return Ok(Bits::of(docs, self.len()).counts(self.ends()?).1);
        }
        if docs.len() > FEW {
            let ends = self.ends()?;
            return Ok(parts(docs, |one, next| ends.has_any(one, next)));
        }
        let articles = self.column("article_no")?;
        Ok(parts(docs, |one, next| {
            articles.get(one) != articles.get(next)
        }))
    }

    /// All live documents of the articles that hold some.
    pub fn whole_articles(&self, docs: &Docs) -> Result<Docs> {
        let articles = self.column("article_no")?;
        let len = self.len();
        let mut found: Vec<u32> = Vec::new();
        for doc in docs.to_vec() {
            if found.last().is_some_and(|last| *last >= doc) {
                continue;
            }
            let number = articles.get(doc);
            let mut first = doc;
            while first > 0 && articles.get(first - 1) == number {
                first -= 1;
            }
            let after = (doc..len).find(|at| articles.get(*at) != number);
            found.extend(first..after.unwrap_or(len));
        }
        Ok(self.without_deleted(Docs::Few(found)))
    }
}

/// How many parts a list has that is parted between some neighbours.
fn parts(docs: &[u32], is_parted: impl Fn(u32, u32) -> bool) -> u64 {
    let pairs = docs.iter().zip(docs.iter().skip(1));
    let parted = pairs.map(|(one, next)| u64::from(is_parted(*one, *next)));
    u64::from(!docs.is_empty()) + parted.sum::<u64>()
}

/// A column of numbers that may not be there.
#[derive(Clone, Copy)]
pub struct Column<'a>(Option<Numbers<'a>>);

impl Column<'_> {
    #[inline]
    pub fn get(&self, doc: u32) -> u32 {
        self.0.as_ref().map_or(0, |numbers| numbers.get(doc))
    }
}

/// The value of a cell, made when it is first asked for.
fn kept<T>(cell: &OnceLock<T>, make: impl FnOnce() -> Result<T>) -> Result<&T> {
    if let Some(value) = cell.get() {
        return Ok(value);
    }
    let value = make()?;
    Ok(cell.get_or_init(|| value))
}

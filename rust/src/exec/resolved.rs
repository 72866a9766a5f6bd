//! A plan over one segment: terms are posting lists, words that score have a number.

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::postings::Postings;

use super::expansion::{lists_of, Found};
use super::phrases::Lists;
use super::plan::{Forms, Node, Word};
use super::view::View;

pub const STEMS: &str = "text";
pub const FORMS: &str = "exact";
const TITLE: &str = "title";
const SECTION: &str = "section_words";
const QUOTED: &str = "quoted";

/// A plan's node over one segment; the same shape as the plan.
pub enum Part<'s> {
    All,
    And(Vec<Part<'s>>),
    Or(Vec<Part<'s>>),
    Not(Box<Part<'s>>),
    Article {
        wanted: Vec<Part<'s>>,
        unwanted: Vec<Part<'s>>,
    },
    Lead,
    /// `leaf` numbers what scores, from left to right.
    Word {
        leaf: Option<usize>,
        word: Sought<'s>,
    },
    Union(Vec<Postings<'s>>),
    Titled(Sought<'s>),
    Numbers {
        column: &'s str,
        ranges: &'s [(u32, u32)],
    },
    Given {
        leaf: Option<usize>,
        docs: &'s [u32],
    },
}

/// A word over one segment; a list that isn't there is None.
pub enum Sought<'s> {
    Stem(Option<Postings<'s>>),
    Forms(Vec<Postings<'s>>),
    Phrase {
        places: Vec<Lists<'s>>,
        slop: u32,
    },
    Near {
        left: Box<Sought<'s>>,
        right: Box<Sought<'s>>,
        distance: u32,
        ordered: bool,
        absent: bool,
    },
    Either(Vec<Sought<'s>>),
    AtLeast {
        count: u32,
        word: Box<Sought<'s>>,
    },
    /// The words that quotations begin with, and those behind their last.
    Quoted {
        begins: Option<Postings<'s>>,
        ends: Option<Postings<'s>>,
        word: Box<Sought<'s>>,
    },
}

/// What scores, over one segment.
pub struct Leaf<'s> {
    pub boost: f64,
    /// Whether its forms are of the text, whose lengths bound what they add.
    pub is_of_text: bool,
    pub kind: LeafKind<'s>,
    /// The lists of the same stem in headline and heading, of a stem only.
    pub title: Option<Postings<'s>>,
    pub section: Option<Postings<'s>>,
}

pub enum LeafKind<'s> {
    Word,
    Given {
        weight: f64,
        docs: Cow<'s, [u32]>,
        tfs: Cow<'s, [f64]>,
    },
}

/// Resolves the terms of a plan.
pub struct Resolver<'s> {
    pub view: &'s View,
    /// Its ordinal.
    pub at: usize,
    pub leaves: Vec<Leaf<'s>>,
    /// How many terms each expansion stands for, in the plan's order.
    pub expanded: Vec<Found<'s>>,
}

impl<'s> Resolver<'s> {
    pub fn new(view: &'s View, at: usize) -> Self {
        Resolver {
            view,
            at,
            leaves: Vec::new(),
            expanded: Vec::new(),
        }
    }

    /// Resolve a node; `scores` unless it stands under a Not.
    pub fn part(&mut self, node: &'s Node, scores: bool) -> Result<Part<'s>> {
        Ok(match node {
            Node::All => Part::All,
            Node::And(nodes) => Part::And(self.parts(nodes, scores)?),
            Node::Or(nodes) => Part::Or(self.parts(nodes, scores)?),
            Node::Not(node) => Part::Not(Box::new(self.part(node, false)?)),
            Node::Article(nodes) => self.article(nodes, scores)?,
            Node::Lead => Part::Lead,
            Node::Word { word, boost } => self.word_part(word, *boost, scores)?,
            Node::Held(word) => Part::Word {
                leaf: None,
                word: self.word(word)?,
            },
            Node::Titled(word) => Part::Titled(self.word(word)?),
            Node::Terms { field, terms } => Part::Union(self.lists(field, terms)?),
            Node::Numbers { column, ranges } => Part::Numbers { column, ranges },
            Node::Given {
                docs,
                tfs,
                weight,
                boost,
                scores: given_scores,
            } => self.given(docs, tfs, (*weight, *boost), scores && *given_scores)?,
        })
    }

    fn parts(&mut self, nodes: &'s [Node], scores: bool) -> Result<Vec<Part<'s>>> {
        nodes.iter().map(|node| self.part(node, scores)).collect()
    }

    fn article(&mut self, nodes: &'s [Node], scores: bool) -> Result<Part<'s>> {
        let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
        for node in nodes {
            match node {
                Node::Not(node) => unwanted.push(self.part(node, false)?),
                node => wanted.push(self.part(node, scores)?),
            }
        }
        Ok(Part::Article { wanted, unwanted })
    }

    fn word_part(&mut self, word: &'s Word, boost: f64, scores: bool) -> Result<Part<'s>> {
        let sought = self.word(word)?;
        if !scores {
            return Ok(Part::Word {
                leaf: None,
                word: sought,
            });
        }
        let (mut title, mut section) = (None, None);
        if let Word::Stem { stem } = word {
            title = self.view.postings(TITLE, stem)?;
            section = self.view.postings(SECTION, stem)?;
        }
        self.leaves.push(Leaf {
            boost,
            is_of_text: is_of_text(word),
            kind: LeafKind::Word,
            title,
            section,
        });
        Ok(Part::Word {
            leaf: Some(self.leaves.len() - 1),
            word: sought,
        })
    }

    fn word(&mut self, word: &'s Word) -> Result<Sought<'s>> {
        Ok(match word {
            Word::Stem { stem } => Sought::Stem(self.view.postings(STEMS, stem)?),
            Word::Forms { field, forms } => Sought::Forms(self.lists(field, forms)?),
            Word::Expanded(expansion) => {
                let lists = lists_of(self.view, expansion)?;
                self.expanded.push((expansion, lists.len()));
                Sought::Forms(lists)
            }
            Word::Phrase {
                field,
                places,
                slop,
            } => Sought::Phrase {
                places: self.places(field, places)?,
                slop: *slop,
            },
            Word::Near {
                left,
                right,
                distance,
                ordered,
                absent,
            } => Sought::Near {
                left: Box::new(self.word(left)?),
                right: Box::new(self.word(right)?),
                distance: *distance,
                ordered: *ordered,
                absent: *absent,
            },
            Word::Either(words) => {
                let words: Result<_> = words.iter().map(|word| self.word(word)).collect();
                Sought::Either(words?)
            }
            Word::AtLeast { count, word } => Sought::AtLeast {
                count: *count,
                word: Box::new(self.word(word)?),
            },
            Word::Quoted(word) => Sought::Quoted {
                begins: self.view.postings(QUOTED, b"begin")?,
                ends: self.view.postings(QUOTED, b"end")?,
                word: Box::new(self.word(word)?),
            },
        })
    }

    /// The lists of each place, which those share that share their terms.
    fn places(&self, field: &str, places: &[Option<Forms>]) -> Result<Vec<Lists<'s>>> {
        let mut found: Vec<Lists<'s>> = Vec::with_capacity(places.len());
        for (at, forms) in places.iter().enumerate() {
            let Some(forms) = forms else {
                found.push(None);
                continue;
            };
            let is_it = |other: &Option<Forms>| {
                other
                    .as_ref()
                    .is_some_and(|other| Arc::ptr_eq(other, forms))
            };
            found.push(match places[..at].iter().position(is_it) {
                Some(before) => found[before].clone(),
                None => Some(Arc::new(self.lists(field, forms)?)),
            });
        }
        Ok(found)
    }

    fn lists(&self, field: &str, terms: &[Vec<u8>]) -> Result<Vec<Postings<'s>>> {
        let Some(id) = self.view.segment.field(field) else {
            return Ok(Vec::new());
        };
        let mut lists = Vec::with_capacity(terms.len());
        for term in terms {
            lists.extend(self.view.segment.postings(id, term)?);
        }
        Ok(lists)
    }

    fn given(
        &mut self,
        docs: &'s [Vec<u32>],
        tfs: &'s [Vec<f64>],
        (weight, boost): (f64, f64),
        scores: bool,
    ) -> Result<Part<'s>> {
        let docs = docs.get(self.at).map_or(&[][..], Vec::as_slice);
        let tfs = tfs.get(self.at).map_or(&[][..], Vec::as_slice);
        self.check_given(docs, tfs, scores)?;
        let leaf = scores.then_some(self.leaves.len());
        if scores {
            self.leaves.push(Leaf {
                boost,
                is_of_text: false,
                kind: LeafKind::Given {
                    weight,
                    docs: Cow::Borrowed(docs),
                    tfs: Cow::Borrowed(tfs),
                },
                title: None,
                section: None,
            });
        }
        Ok(Part::Given { leaf, docs })
    }

    fn check_given(&self, docs: &[u32], tfs: &[f64], scores: bool) -> Result<()> {
        let ascends = docs.windows(2).all(|pair| pair[0] < pair[1]);
        let inside = docs.last().is_none_or(|last| *last < self.view.len());
        if ascends && inside && (!scores || docs.len() == tfs.len()) {
            return Ok(());
        }
        let message = "given documents have to ascend within the segment, each with its count";
        Err(Error::Misuse(message.to_owned()))
    }
}

fn is_of_text(word: &Word) -> bool {
    match word {
        Word::Forms { field, .. } => field == FORMS,
        Word::Expanded(expansion) => expansion.field == FORMS,
        _ => false,
    }
}

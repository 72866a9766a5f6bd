//! Where the words of a query stand among the tokens of a text.

use crate::error::Result;
use crate::exec::places::{alone, each_phrase, pairs, Occurrence, Place};
use crate::forms::{AnyGlob, Edits, Test};
use crate::tokens::Tokens;

use super::stems::Stems;

/// What can stand at one position.
pub enum One {
    Stem(String),
    Form(String, Ending),
    Glob(AnyGlob, Ending),
    Within(Within, Ending),
}

/// Whether a form that matches without its 's will do too.
#[derive(Clone, Copy, PartialEq)]
pub enum Ending {
    Bare,
    Possessive,
}

/// A word and those within some edits of it.
pub struct Within {
    edits: Edits,
    chars: usize,
    distance: usize,
}

/// An operand (tree.Operand), as far as the core can find it.
pub enum Word {
    One(One),
    Phrase { places: Vec<One>, slop: u32 },
    Near(Box<Near>),
    Either(Vec<Word>),
}

pub struct Near {
    pub left: Word,
    pub right: Word,
    pub distance: u32,
    pub ordered: bool,
    pub absent: bool,
}

/// A text, cut; `stems` has the number of each token's stem where any word asks for it.
pub struct Read<'r> {
    pub tokens: &'r Tokens,
    pub stems: &'r [u32],
    pub known: &'r Stems,
}

impl Word {
    /// Whether stems are compared in it.
    pub fn asks_stems(&self) -> bool {
        match self {
            Word::One(one) => one.asks_stems(),
            Word::Phrase { places, .. } => places.iter().any(One::asks_stems),
            Word::Near(near) => near.left.asks_stems() || near.right.asks_stems(),
            Word::Either(words) => words.iter().any(Word::asks_stems),
        }
    }

    /// The positions of each occurrence, in order (evaluate.placed).
    pub fn placed(&self, read: &Read<'_>) -> Vec<Occurrence> {
        match self {
            Word::One(one) => one.positions(read).into_iter().map(|at| vec![at]).collect(),
            Word::Phrase { places, slop } => phrases(places, *slop, read),
            Word::Near(near) => near.placed(read),
            Word::Either(words) => {
                let mut found: Vec<_> = words.iter().flat_map(|word| word.placed(read)).collect();
                found.sort_unstable();
                found.dedup();
                found
            }
        }
    }
}

fn phrases(places: &[One], slop: u32, read: &Read<'_>) -> Vec<Occurrence> {
    let mut positions: Vec<Vec<u32>> = Vec::with_capacity(places.len());
    for place in places {
        positions.push(place.positions(read));
        if positions.last().is_some_and(Vec::is_empty) {
            return Vec::new();
        }
    }
    let places: Vec<Place<'_>> = positions.iter().map(|these| Place::These(these)).collect();
    let mut found = Vec::new();
    each_phrase(&places, slop, |one| found.push(one.to_vec()));
    found
}

impl Near {
    fn placed(&self, read: &Read<'_>) -> Vec<Occurrence> {
        let (left, right) = (self.left.placed(read), self.right.placed(read));
        let find = if self.absent { alone } else { pairs };
        find(&left, &right, self.distance, self.ordered)
    }
}

impl One {
    fn asks_stems(&self) -> bool {
        matches!(self, One::Stem(_))
    }

    fn positions(&self, read: &Read<'_>) -> Vec<u32> {
        let mut found = Vec::new();
        self.each(read, |at| found.push(at as u32));
        found
    }

    /// Call `found` with each position where it stands.
    pub fn each(&self, read: &Read<'_>, mut found: impl FnMut(usize)) {
        let One::Stem(stem) = self else {
            let forms = read.tokens.forms().enumerate();
            return forms
                .filter(|(_, form)| self.takes(form))
                .for_each(|(at, _)| found(at));
        };
        let Some(wanted) = read.known.number(stem) else {
            return;
        };
        for (at, &stem) in read.stems.iter().enumerate() {
            if stem == wanted {
                found(at);
            }
        }
    }

    fn takes(&self, form: &str) -> bool {
        match self {
            One::Stem(_) => false,
            One::Form(word, ending) => ending.either(form, |form| form == word),
            One::Glob(glob, ending) => ending.either(form, |form| passes(glob, form)),
            One::Within(within, ending) => ending.either(form, |form| within.holds(form)),
        }
    }
}

impl Ending {
    /// Whether a form, or what it is without its possessive, passes a test.
    #[inline]
    fn either(self, form: &str, test: impl Fn(&str) -> bool) -> bool {
        test(form) || (self == Ending::Possessive && bare(form).is_some_and(test))
    }
}

/// A form without its possessive, where it has one (analysis.without_possessive).
fn bare(form: &str) -> Option<&str> {
    form.strip_suffix("'s").filter(|word| !word.is_empty())
}

impl Within {
    pub fn new(word: &str, distance: usize) -> Result<Within> {
        Ok(Within {
            edits: Edits::new(word, distance)?,
            chars: word.chars().count(),
            distance,
        })
    }

    fn holds(&self, form: &str) -> bool {
        form.chars().count().abs_diff(self.chars) <= self.distance && passes(&self.edits, form)
    }
}

fn passes<T: Test>(test: &T, form: &str) -> bool {
    let end = form
        .chars()
        .try_fold(test.start(), |state, char| test.step(&state, char));
    end.is_some_and(|state| test.accepts(&state))
}

//! What the plan of a plain query (`query`) marks in its hits, as searcher/marks.py reads it off
//! the tree.

use crate::exec::plan::{Likeness, Node, Word as Planned};
use crate::forms::AnyGlob;

use super::mark::Mark;
use super::words::{Ending, One, Within, Word};

/// Return what is marked in the hits of a plan; None where Python has to find it.
pub fn mark_of(plan: &Node) -> Option<Mark> {
    certain(plan).map(|mark| mark.unwrap_or(Mark::And(Vec::new())))
}

/// A part that is known to match; Some(None) marks nothing.
fn certain(node: &Node) -> Option<Option<Mark>> {
    Some(match node {
        Node::And(parts) => {
            let parts: Option<Vec<_>> = parts.iter().map(certain).collect();
            Some(Mark::And(parts?.into_iter().flatten().collect()))
        }
        Node::Or(_) | Node::Word { .. } => Some(possible(node)?),
        _ => None,
    })
}

/// A part that may match or not.
fn possible(node: &Node) -> Option<Mark> {
    let all = |parts: &[Node]| parts.iter().map(possible).collect::<Option<Vec<_>>>();
    Some(match node {
        Node::And(parts) => Mark::And(all(parts)?),
        Node::Or(parts) => Mark::Or(all(parts)?),
        Node::Not(part) => Mark::Not(Box::new(possible(part)?)),
        Node::Word { word, .. } => Mark::Word(word_of(word)?),
        _ => return None,
    })
}

fn word_of(word: &Planned) -> Option<Word> {
    Some(match word {
        Planned::Stem { stem } => Word::One(One::Stem(text(stem)?)),
        Planned::Forms { field, forms } if field == "exact" => phrase(vec![place(forms)?]),
        Planned::Phrase {
            field,
            places,
            slop: 0,
        } => {
            let one: fn(&[Vec<u8>]) -> Option<One> = if field == "exact" { place } else { stem };
            let places = places.iter().map(|place| one(place.as_deref()?));
            phrase(places.collect::<Option<_>>()?)
        }
        Planned::Expanded(expansion) => Word::One(match &expansion.likeness {
            Likeness::Glob(pattern) => One::Glob(AnyGlob::new(pattern), Ending::Possessive),
            Likeness::Fuzzy(word, distance) => {
                One::Within(Within::new(word, *distance).ok()?, Ending::Possessive)
            }
        }),
        _ => return None,
    })
}

fn phrase(places: Vec<One>) -> Word {
    Word::Phrase { places, slop: 0 }
}

/// A form alone, or with its possessive.
fn place(forms: &[Vec<u8>]) -> Option<One> {
    match forms {
        [form] => Some(One::Form(text(form)?, Ending::Bare)),
        [form, _] => Some(One::Form(text(form)?, Ending::Possessive)),
        _ => None,
    }
}

fn stem(stems: &[Vec<u8>]) -> Option<One> {
    match stems {
        [stem] => Some(One::Stem(text(stem)?)),
        _ => None,
    }
}

fn text(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

//! A query tree over one text: does it match, and what does it mark (evaluate.spans)?

use crate::exec::places::Occurrence;
use crate::tokens::Tokens;

use super::words::{Read, Word};
use super::Span;

/// A tree; parts that mark nothing and are known to match are left out of it.
pub enum Mark {
    /// All of them; none of none matches too, and marks nothing.
    And(Vec<Mark>),
    Or(Vec<Mark>),
    Not(Box<Mark>),
    Word(Word),
}

impl Mark {
    /// Whether stems are compared in it.
    pub fn asks_stems(&self) -> bool {
        match self {
            Mark::And(parts) | Mark::Or(parts) => parts.iter().any(Mark::asks_stems),
            Mark::Not(part) => part.asks_stems(),
            Mark::Word(word) => word.asks_stems(),
        }
    }

    /// What is marked, in order, never overlapping; None when the tree doesn't match.
    pub fn spans(&self, read: &Read<'_>) -> Option<Vec<Span>> {
        let mut found = Vec::new();
        self.find(read, &mut found).then(|| merged(found))
    }

    fn find(&self, read: &Read<'_>, into: &mut Vec<Span>) -> bool {
        match self {
            Mark::And(parts) => {
                let before = into.len();
                let all = parts.iter().all(|part| part.find(read, into));
                if !all {
                    into.truncate(before);
                }
                all
            }
            // Each is asked, for each that matches marks.
            Mark::Or(parts) => parts
                .iter()
                .fold(false, |any, part| part.find(read, into) || any),
            Mark::Not(part) => !part.find(read, &mut Vec::new()),
            Mark::Word(word) => find_word(word, read, into),
        }
    }
}

fn find_word(word: &Word, read: &Read<'_>, into: &mut Vec<Span>) -> bool {
    let before = into.len();
    if let Word::One(one) = word {
        one.each(read, |at| into.push(read.tokens.span(at)));
    } else {
        for one in word.placed(read) {
            add_runs(&one, read.tokens, into);
        }
    }
    into.len() > before
}

/// Words side by side are one span.
fn add_runs(one: &Occurrence, tokens: &Tokens, into: &mut Vec<Span>) {
    for run in one.chunk_by(|before, position| *position == before + 1) {
        if let (Some(&first), Some(&last)) = (run.first(), run.last()) {
            into.push((tokens.span(first as usize).0, tokens.span(last as usize).1));
        }
    }
}

/// Spans in order, with overlapping ones made one.
fn merged(mut found: Vec<Span>) -> Vec<Span> {
    found.sort_unstable();
    found.dedup_by(|span, before| {
        let overlaps = span.0 < before.1;
        if overlaps {
            before.1 = before.1.max(span.1);
        }
        overlaps
    });
    found
}

#[cfg(test)]
mod tests {
    use super::super::stems::Stems;
    use super::super::words::{Ending, One};
    use super::*;

    fn word(text: &str) -> Mark {
        Mark::Word(Word::One(One::Form(text.to_owned(), Ending::Possessive)))
    }

    fn spans(mark: &Mark, text: &str) -> Option<Vec<Span>> {
        let (mut tokens, known) = (Tokens::default(), Stems::default());
        assert!(tokens.cut(text));
        mark.spans(&Read {
            tokens: &tokens,
            stems: &[],
            known: &known,
        })
    }

    #[test]
    fn only_what_took_part_is_marked() {
        let both = Mark::And(vec![word("a"), word("b")]);
        let mark = Mark::Or(vec![both, word("c")]);

        assert_eq!(spans(&mark, "a c"), Some(vec![(2, 3)]));
        assert_eq!(spans(&mark, "a b’s"), Some(vec![(0, 1), (2, 5)]));
        assert_eq!(spans(&mark, "a"), None);
    }

    #[test]
    fn what_is_excluded_marks_nothing() {
        let mark = Mark::And(vec![word("a"), Mark::Not(Box::new(word("b")))]);

        assert_eq!(spans(&mark, "a"), Some(vec![(0, 1)]));
        assert_eq!(spans(&mark, "a b"), None);
    }

    #[test]
    fn overlapping_spans_are_one() {
        assert_eq!(merged(vec![(4, 9), (0, 4), (8, 12)]), [(0, 4), (4, 12)]);
    }
}

//! Pieces to a plan, and to the text that says how the query was read.

use std::sync::Arc;

use crate::exec::plan::{Expansion, Likeness, Node, Word};
use crate::tokens::Tokens;

use super::days::{days, Days};
use super::pieces::{pieces, Piece, Shape};

/// What a query may hold to be read here.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Characters; as it has no more words than those, this bounds its words too.
    pub chars: usize,
    /// Brackets in brackets.
    pub depth: usize,
    /// Edits of a fuzzy word.
    pub edits: usize,
    /// Terms that one wildcard or fuzzy word may stand for.
    pub expansions: usize,
}

/// A query that was read.
#[derive(Debug)]
pub struct Reading {
    /// What finds it; captions are left out.
    pub plan: Node,
    /// The query as searcher/query/tree.py prints it, fully bracketed.
    pub shown: String,
    /// Whether it asks for dates.
    pub is_dated: bool,
}

/// A longer query is left to the parser, which counts what it holds.
const MOST_CHARS: usize = 1000;
/// Edits of a fuzzy word that is read here.
const MOST_EDITS: usize = 2;
/// Deeper ones are the parser's, for the stack's sake.
const MOST_DEPTH: usize = 100;
/// Longer words are cut (analysis.MAX_TOKEN_CHARS).
const MOST_WORD: usize = 254;
const POSSESSIVE: &str = "'s";
const EVERY_DAY: (u32, u32) = (1, 9999_1231);

/// Read a query; None where the parser has to look.
///
/// `captions` are the terms of `kind` that say caption; `stem` gives the stem of a form.
pub fn read<E>(
    text: &str,
    bounds: &Bounds,
    captions: &[Vec<u8>],
    stem: impl FnMut(&str) -> Result<Vec<u8>, E>,
) -> Result<Option<Reading>, E> {
    if !is_plain(text, bounds) {
        return Ok(None);
    }
    let Some(pieces) = pieces(text) else {
        return Ok(None);
    };
    let mut reader = Reader {
        pieces: &pieces,
        bounds,
        stem,
        is_dated: false,
    };
    match reader.whole() {
        Ok(part) => Ok(Some(without_captions(part, captions, reader.is_dated))),
        Err(Stop::Unsure) => Ok(None),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// Whether nothing in it is an operator of the parser's, some of them misspelt.
fn is_plain(text: &str, bounds: &Bounds) -> bool {
    let depth = text.bytes().filter(|&byte| byte == b'(').count() + 2;
    let suspects = ["NEAR", "ADJ", "-AND", "-OR", "-NOT"];
    let is_counted = |word: &[u8]| word.eq_ignore_ascii_case(b"atleast");
    text.len() <= bounds.chars.min(MOST_CHARS)
        && depth <= bounds.depth.min(MOST_DEPTH)
        && (bounds.edits >= MOST_EDITS || !text.contains('~'))
        && text.is_ascii()
        && !suspects.iter().any(|suspect| text.contains(suspect))
        && !text.as_bytes().windows(7).any(is_counted)
}

/// A part of the query: its plan, and how it is printed.
type Part = (Node, String);

enum Stop<E> {
    /// The parser has to look.
    Unsure,
    Failed(E),
}

fn without_captions((plan, shown): Part, captions: &[Vec<u8>], is_dated: bool) -> Reading {
    let no_caption = Node::Not(Box::new(Node::Terms {
        field: "kind".to_owned(),
        terms: captions.to_vec(),
    }));
    let inside = match &plan {
        Node::And(_) => &shown[1..shown.len() - 1],
        _ => &shown,
    };
    let shown = format!("({inside} AND NOT kind:caption)");
    let mut parts = match plan {
        Node::And(parts) => parts,
        part => vec![part],
    };
    parts.push(no_caption);
    Reading {
        plan: Node::And(parts),
        shown,
        is_dated,
    }
}

struct Reader<'p, 't, F> {
    pieces: &'p [Piece<'t>],
    bounds: &'p Bounds,
    stem: F,
    is_dated: bool,
}

impl<'t, E, F: FnMut(&str) -> Result<Vec<u8>, E>> Reader<'_, 't, F> {
    fn whole(&mut self) -> Result<Part, Stop<E>> {
        let part = self.either()?;
        match self.pieces {
            [] => Ok(part),
            _ => Err(Stop::Unsure),
        }
    }

    fn next(&mut self) -> Result<Piece<'t>, Stop<E>> {
        let (&piece, rest) = self.pieces.split_first().ok_or(Stop::Unsure)?;
        self.pieces = rest;
        Ok(piece)
    }

    /// Pass over a piece if it comes next.
    fn pass(&mut self, piece: Piece<'_>) -> bool {
        let comes = self.pieces.first() == Some(&piece);
        self.pieces = &self.pieces[usize::from(comes)..];
        comes
    }

    fn either(&mut self) -> Result<Part, Stop<E>> {
        let mut parts = vec![self.all()?];
        while self.pass(Piece::Or) {
            parts.push(self.all()?);
        }
        Ok(joined(parts, " OR ", Node::Or))
    }

    /// Read up to an OR, a closing bracket or the end; an AND parts only two operands.
    fn all(&mut self) -> Result<Part, Stop<E>> {
        let mut parts = vec![self.operand()?];
        while !matches!(self.pieces.first(), None | Some(Piece::Close | Piece::Or)) {
            self.pass(Piece::And);
            parts.push(self.operand()?);
        }
        Ok(joined(parts, " AND ", Node::And))
    }

    fn operand(&mut self) -> Result<Part, Stop<E>> {
        match self.next()? {
            Piece::Open => self.group(),
            Piece::Not => match self.next()? {
                Piece::Leaf(false, shape) => Ok(negated(self.leaf(shape)?)),
                _ => Err(Stop::Unsure),
            },
            Piece::Leaf(true, shape) => Ok(negated(self.leaf(shape)?)),
            Piece::Leaf(false, shape) => self.leaf(shape),
            _ => Err(Stop::Unsure),
        }
    }

    fn group(&mut self) -> Result<Part, Stop<E>> {
        let part = self.either()?;
        match self.pass(Piece::Close) {
            true => Ok(part),
            false => Err(Stop::Unsure),
        }
    }

    fn leaf(&mut self, shape: Shape<'_>) -> Result<Part, Stop<E>> {
        match shape {
            Shape::Word(word) => {
                let word = short(word)?;
                Ok((scored(self.stem(&word)?), word))
            }
            Shape::Joined(words) => self.joined(words),
            Shape::Phrase(words) => phrase(words),
            Shape::Start(start) => {
                let pattern = short(start)?;
                Ok(self.expanded(Likeness::Glob(pattern.clone()), pattern))
            }
            Shape::Fuzzy(word, edits) => {
                let word = short(word)?;
                let shown = format!("{word}~{}", if edits == 1 { "" } else { "2" });
                Ok(self.expanded(Likeness::Fuzzy(word, edits), shown))
            }
            Shape::Valued(_, "AND" | "OR" | "NOT") => Err(Stop::Unsure),
            Shape::Valued("date", value) => self.dated(value),
            Shape::Valued("desk", value) if !value.starts_with('-') => desk(value),
            Shape::Desk(value) => desk(value),
            Shape::Valued(field @ ("title" | "section"), value) => self.held(field, value),
            Shape::Valued(..) => Err(Stop::Unsure),
        }
    }

    fn stem(&mut self, form: &str) -> Result<Word, Stop<E>> {
        let stem = (self.stem)(form).map_err(Stop::Failed)?;
        Ok(Word::Stem { stem })
    }

    /// One token, or the stems of several side by side: F-16.
    fn joined(&mut self, words: &str) -> Result<Part, Stop<E>> {
        let mut tokens = Tokens::default();
        tokens.cut(words);
        let forms: Vec<&str> = tokens.forms().collect();
        if let [form] = forms[..] {
            return Ok((scored(self.stem(form)?), form.to_owned()));
        }
        let stems = forms.iter().map(|form| (self.stem)(form));
        let places: Result<_, E> = stems.map(|stem| Ok(Some(Arc::new(vec![stem?])))).collect();
        let word = Word::Phrase {
            field: "text".to_owned(),
            places: places.map_err(Stop::Failed)?,
            slop: 0,
        };
        Ok((scored(word), forms.join("-")))
    }

    fn expanded(&self, likeness: Likeness, shown: String) -> Part {
        let word = Word::Expanded(Expansion {
            field: "exact".to_owned(),
            likeness,
            most: self.bounds.expansions,
            shown: shown.clone(),
        });
        (scored(word), shown)
    }

    fn held(&mut self, field: &str, value: &str) -> Result<Part, Stop<E>> {
        if !value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Stop::Unsure);
        }
        let form = short(value)?;
        let shown = format!("{field}:{form}");
        if field == "title" {
            return Ok((Node::Titled(self.stem(&form)?), shown));
        }
        let forms = vec![(self.stem)(&form).map_err(Stop::Failed)?];
        let field = "section_words".to_owned();
        Ok((Node::Held(Word::Forms { field, forms }), shown))
    }

    fn dated(&mut self, value: &str) -> Result<Part, Stop<E>> {
        self.is_dated = true;
        let days = days(value).ok_or(Stop::Unsure)?;
        let range = (
            days.start.unwrap_or(EVERY_DAY.0),
            days.end.unwrap_or(EVERY_DAY.1),
        );
        let node = Node::Numbers {
            column: "date".to_owned(),
            ranges: vec![range],
        };
        Ok((node, shown_days(days)))
    }
}

/// The parts under one node; one part stays itself.
fn joined(mut parts: Vec<Part>, between: &str, node: fn(Vec<Node>) -> Node) -> Part {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    let (nodes, shown): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
    (node(nodes), format!("({})", shown.join(between)))
}

fn negated((node, shown): Part) -> Part {
    (Node::Not(Box::new(node)), format!("NOT {shown}"))
}

fn scored(word: Word) -> Node {
    Node::Word { word, boost: 1.0 }
}

/// A word without case; one that would be cut is the parser's.
fn short<E>(word: &str) -> Result<String, Stop<E>> {
    match word.len() <= MOST_WORD {
        true => Ok(word.to_ascii_lowercase()),
        false => Err(Stop::Unsure),
    }
}

/// The last word of a phrase also stands for its possessive.
fn phrase<E>(words: &str) -> Result<Part, Stop<E>> {
    let words: Vec<String> = words.split(' ').map(short).collect::<Result<_, _>>()?;
    let shown = format!("\"{}\"", words.join(" "));
    let mut places: Vec<_> = words.iter().map(|word| vec![bytes(word)]).collect();
    if let (Some(last), Some(word)) = (places.last_mut(), words.last()) {
        last.push(bytes(&format!("{word}{POSSESSIVE}")));
    }
    let field = "exact".to_owned();
    let word = if places.len() == 1 {
        let forms = places.remove(0);
        Word::Forms { field, forms }
    } else {
        let places = places.into_iter().map(|forms| Some(Arc::new(forms)));
        Word::Phrase {
            field,
            places: places.collect(),
            slop: 0,
        }
    };
    Ok((scored(word), shown))
}

fn desk<E>(value: &str) -> Result<Part, Stop<E>> {
    // What stands before and behind a dot decides whether it is dropped.
    if value.contains('.') {
        return Err(Stop::Unsure);
    }
    let words: Vec<&str> = value.split_ascii_whitespace().collect();
    let value = words.join(" ").to_ascii_lowercase();
    let shown = match words.len() {
        1 => format!("desk:{value}"),
        _ => format!("desk:\"{value}\""),
    };
    let node = Node::Terms {
        field: "desk".to_owned(),
        terms: vec![bytes(&value)],
    };
    Ok((node, shown))
}

fn bytes(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

fn shown_days(days: Days) -> String {
    if days.start == days.end {
        return format!("date:{}", shown_day(days.start));
    }
    format!("date:{}..{}", shown_day(days.start), shown_day(days.end))
}

fn shown_day(day: Option<u32>) -> String {
    day.map_or_else(String::new, |day| {
        format!(
            "{:04}-{:02}-{:02}",
            day / 10_000,
            day / 100 % 100,
            day % 100
        )
    })
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    const BOUNDS: Bounds = Bounds {
        chars: 1000,
        depth: 50,
        edits: 2,
        expansions: 10,
    };

    fn shown(text: &str) -> Option<String> {
        let same = |form: &str| Ok::<_, Infallible>(form.as_bytes().to_vec());
        let reading = read(text, &BOUNDS, &[b"caption".to_vec()], same);
        reading.unwrap().map(|reading| reading.shown)
    }

    #[test]
    fn a_query_is_shown_as_it_was_read() {
        for (text, expected) in [
            ("Oil", "(oil AND NOT kind:caption)"),
            ("a b OR c", "(((a AND b) OR c) AND NOT kind:caption)"),
            (
                "oil (gas OR coal*)",
                "(oil AND (gas OR coal*) AND NOT kind:caption)",
            ),
            (
                "NOT \"A b\" F-16",
                "(NOT \"a b\" AND f-16 AND NOT kind:caption)",
            ),
            (
                "x~2 date:1987-3",
                "(x~2 AND date:1987-03-01..1987-03-31 AND NOT kind:caption)",
            ),
            ("desk:\"A  b\"", "(desk:\"a b\" AND NOT kind:caption)"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_the_parser_has_to_look_at_is_not_read() {
        for text in [
            "",
            "AND",
            "a OR",
            "OR a",
            "(a",
            "a)",
            "a NEAR b",
            "atLeast",
            "a -AND",
            "NOT -a",
            "NOT (a)",
            "a NOT",
            "date:3d",
            "title:f-16",
            "desk:a.b",
            "é",
            "()",
            "date:AND",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }
}

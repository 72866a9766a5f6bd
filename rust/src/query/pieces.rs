//! A query cut into words, operators and brackets.

/// A piece of a query.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Piece<'t> {
    Open,
    Close,
    And,
    Or,
    Not,
    /// Whether a minus stands before it, and what it looks for.
    Leaf(bool, Shape<'t>),
}

/// What one leaf looks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape<'t> {
    Word(&'t str),
    /// Words that hyphens, apostrophes, dots and commas join.
    Joined(&'t str),
    /// Words with single spaces between.
    Phrase(&'t str),
    /// How words begin, its `*` too.
    Start(&'t str),
    /// A word and the edits that others may be away.
    Fuzzy(&'t str, usize),
    /// A field and its value.
    Valued(&'t str, &'t str),
    /// A desk of several words.
    Desk(&'t str),
}

const FIELDS: [&str; 4] = ["date", "desk", "title", "section"];

/// Cut a query; None where something else is in it.
pub fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches(' ');
    while let Some(first) = rest.bytes().next() {
        let (piece, behind) = match first {
            b'(' => (Piece::Open, &rest[1..]),
            b')' => (Piece::Close, &rest[1..]),
            _ => whole(rest)?,
        };
        found.push(piece);
        rest = behind.trim_start_matches(' ');
    }
    Some(found)
}

/// A piece that ends at a space, a closing bracket or the end.
fn whole(text: &str) -> Option<(Piece<'_>, &str)> {
    let bare = text.strip_prefix('-');
    let (shape, behind) = shape(bare.unwrap_or(text))?;
    let ends = matches!(behind.bytes().next(), None | Some(b' ' | b')'));
    let piece = match shape {
        Shape::Word("AND") => Piece::And,
        Shape::Word("OR") => Piece::Or,
        Shape::Word("NOT") => Piece::Not,
        shape => Piece::Leaf(bare.is_some(), shape),
    };
    ends.then_some((piece, behind))
}

fn shape(text: &str) -> Option<(Shape<'_>, &str)> {
    if let Some(inside) = text.strip_prefix('"') {
        let (phrase, behind) = inside.split_once('"')?;
        return is_words(phrase).then_some((Shape::Phrase(phrase), behind));
    }
    let (word, behind) = run(text, |byte| byte.is_ascii_alphanumeric());
    if word.is_empty() {
        return None;
    }
    match behind.bytes().next() {
        Some(b'*') => Some((Shape::Start(&text[..=word.len()]), &behind[1..])),
        Some(b'~') => Some(fuzzy(word, &behind[1..])),
        Some(b':') => valued(word, &behind[1..]),
        Some(b'-' | b'\'' | b'.' | b',') => joined(text),
        _ => Some((Shape::Word(word), behind)),
    }
}

fn fuzzy<'t>(word: &'t str, behind: &'t str) -> (Shape<'t>, &'t str) {
    match behind.bytes().next() {
        Some(edits @ (b'1' | b'2')) => {
            (Shape::Fuzzy(word, usize::from(edits - b'0')), &behind[1..])
        }
        _ => (Shape::Fuzzy(word, 1), behind),
    }
}

fn valued<'t>(field: &'t str, behind: &'t str) -> Option<(Shape<'t>, &'t str)> {
    if let (Some(inside), "desk") = (behind.strip_prefix('"'), field) {
        let (desk, behind) = inside.split_once('"')?;
        let begins = desk.starts_with(|char: char| char.is_ascii_alphanumeric());
        let is_desk = begins && desk.bytes().all(|byte| byte == b' ' || is_of_value(byte));
        return is_desk.then_some((Shape::Desk(desk), behind));
    }
    let (value, behind) = run(behind, is_of_value);
    let is_known = FIELDS.contains(&field) && !value.is_empty();
    is_known.then_some((Shape::Valued(field, value), behind))
}

fn joined(text: &str) -> Option<(Shape<'_>, &str)> {
    let is_joint = |byte: u8| matches!(byte, b'-' | b'\'' | b'.' | b',');
    let (words, behind) = run(text, |byte| byte.is_ascii_alphanumeric() || is_joint(byte));
    let joints = words.split(|char: char| is_joint(char as u8));
    let has_words = joints.into_iter().all(|word| !word.is_empty());
    has_words.then_some((Shape::Joined(words), behind))
}

fn is_of_value(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')
}

fn is_words(phrase: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric());
    phrase.split(' ').all(is_word)
}

fn run(text: &str, is_in: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(|byte| !is_in(byte));
    text.split_at(end.unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_cut_into_its_pieces() {
        let found = pieces("(oil OR -gas*) x~2 \"spot price\" desk:\"a b\"").unwrap();
        let expected = [
            Piece::Open,
            Piece::Leaf(false, Shape::Word("oil")),
            Piece::Or,
            Piece::Leaf(true, Shape::Start("gas*")),
            Piece::Close,
            Piece::Leaf(false, Shape::Fuzzy("x", 2)),
            Piece::Leaf(false, Shape::Phrase("spot price")),
            Piece::Leaf(false, Shape::Desk("a b")),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_no_piece_is_not_cut() {
        for text in [
            "oil(",
            "a:b",
            "\"a",
            "\"a  b\"",
            "a-",
            "a--b",
            "-",
            "- a",
            "x~3",
            "é",
            "o*l",
            "a\tb",
            "desk:\" a\"",
            "date:",
            "oil?",
            "--oil",
        ] {
            assert_eq!(pieces(text), None, "{text}");
        }
    }
}

//! Plain text to the blocks of an article, as searcher/readers/text.py finds them.
//!
//! Only text of characters about which the two can't differ is known here (`is_tame`): of any
//! other nothing is told, and Python finds its blocks.  A block has its text as shown; where it
//! stood isn't told, for the text of a record stands nowhere as it is shown.

const MAX_HEADING_CHARS: usize = 90;
const MAX_HEADING_WORDS: usize = 14;
const MAX_BYLINE_WORDS: usize = 8;
const MAX_BYLINE_CHARS: usize = 61;

/// Words that a title writes small (text._SMALL).
const SMALL: &[&str] = &[
    "a", "an", "and", "as", "at", "but", "by", "de", "del", "for", "from", "in", "into", "la",
    "le", "nor", "of", "off", "on", "onto", "or", "over", "per", "the", "to", "up", "van", "via",
    "von", "vs", "with", "without",
];

/// What a teaser of photos or of a player begins with, before a colon (text._TEASER).
const TEASERS: &[&str] = &[
    "photo gallery",
    "photo",
    "photos",
    "picture gallery",
    "gallery",
    "video",
    "videos",
    "watch",
    "listen",
    "infographic",
    "image",
    "picture",
    "file photo",
    "related",
    "(photo",
    "(image",
    "(picture",
];

/// What a player says in its place, and how many characters it is looked for in.
const PLAYER: &[u8] = b"no media source currently available";
const LOOKED_AT: usize = 4000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    List,
    Heading,
    Caption,
}

impl Kind {
    /// The level of a heading, for plain text has no levels; 0 of anything else.
    pub fn level(self) -> u8 {
        if self == Kind::Heading {
            2
        } else {
            0
        }
    }
}

/// A block: its kind, and its text as shown.
#[derive(Debug, PartialEq, Eq)]
pub struct Block {
    pub kind: Kind,
    pub text: String,
}

/// A paragraph before it has a kind; `apart` when blank lines stand around it.
struct Piece<'a> {
    text: &'a str,
    apart: bool,
    item: bool,
}

/// Return the blocks of a text; None when Python has to find them.
///
/// # Arguments
/// * `by_line` - whether every line is a paragraph of a text without blank lines.
pub fn find(text: &str, by_line: bool) -> Option<Vec<Block>> {
    if !is_known(text) || text.contains("0:00") {
        return None;
    }
    let found = chunks(text);
    match found[..] {
        [only] if by_line && only.contains('\n') => {
            Some(shown(&chunks(&text.replace('\n', "\n\n"))))
        }
        _ => Some(shown(&found)),
    }
}

fn is_known(text: &str) -> bool {
    let is_common = |byte| matches!(byte, b' '..=b'~' | b'\n');
    text.bytes().all(is_common) || text.chars().all(is_tame)
}

/// Whether Python and this crate say the same of a character: it can be printed, is no white
/// space but the space and the line feed, and has one lower case.
fn is_tame(char: char) -> bool {
    matches!(char,
        '\n' | ' '..='~' | '¡'..='¬' | '®'..='ſ' | '‐'..='‧' | '‰'..='⁞' | '₠'..='₿' | '◦' | '▪')
        // These are an i and an s to a pattern that ignores case.
        && !matches!(char, 'İ' | 'ı' | 'ſ')
}

/// What stands between blank lines, first lines with their indentation.
fn chunks(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut at, mut from) = (0, 0);
    while let Some(newline) = text[from..].find('\n').map(|found| from + found) {
        from = newline + 1;
        if let Some(end) = blank_lines(text, from) {
            found.push(&text[at..newline]);
            (at, from) = (end, end);
        }
    }
    found.push(&text[at..]);
    found.retain(|chunk| has_ink(chunk));
    found
}

/// Where the blank lines end that begin at a place; None when there is none.
fn blank_lines(text: &str, mut at: usize) -> Option<usize> {
    let begin = at;
    while let Some(rest) = text[at..].trim_start_matches(' ').strip_prefix('\n') {
        at = text.len() - rest.len();
    }
    (at > begin).then_some(at)
}

fn has_ink(text: &str) -> bool {
    text.bytes().any(|byte| byte != b' ' && byte != b'\n')
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\n'])
}

fn shown(chunks: &[&str]) -> Vec<Block> {
    let mut pieces = Vec::new();
    for chunk in chunks {
        split(chunk, chunks.len() == 1, &mut pieces);
    }
    let last = pieces.len();
    (1..)
        .zip(&pieces)
        .map(|(at, piece)| block(piece, at == last))
        .collect()
}

/// Add the pieces of a chunk: the items of a list, what begins at indented lines, or it all.
fn split<'a>(chunk: &'a str, alone: bool, pieces: &mut Vec<Piece<'a>>) {
    let ink = trim(chunk);
    let piece = |text, item| Piece {
        text,
        apart: false,
        item,
    };
    if after_bullet(ink).is_some() {
        pieces.extend(items(ink).into_iter().map(|text| piece(text, true)));
    } else if let Some(indent) = indent(chunk, ink, alone) {
        pieces.extend(
            at_indents(ink, indent)
                .into_iter()
                .map(|text| piece(text, false)),
        );
    } else {
        pieces.push(Piece {
            text: ink,
            apart: true,
            item: false,
        });
    }
}

/// What stands behind the bullet or number that a line begins with.
fn after_bullet(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(' ');
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = match digits {
        0 => line.strip_prefix(['-', '*', '•', '·', '‣', '◦', '▪'])?,
        1 | 2 => line[digits..].strip_prefix(['.', ')'])?,
        _ => return None,
    };
    let item = rest.strip_prefix(' ')?.trim_start_matches(' ');
    (!item.is_empty() && !item.starts_with('\n')).then_some(item)
}

/// The items of a list without their markers; a line without one continues its item.
fn items(ink: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut begin, mut end) = (0, 0);
    for line in ink.split('\n') {
        let stop = end + line.len();
        if let Some(item) = after_bullet(line) {
            if end > 0 {
                found.push(trim(&ink[begin..end - 1]));
            }
            begin = stop - item.len();
        }
        end = stop + 1;
    }
    found.push(trim(&ink[begin..]));
    found
}

/// How deep a line is indented that begins a paragraph inside a chunk; None if it is one
/// paragraph.
fn indent(chunk: &str, ink: &str, alone: bool) -> Option<&'static str> {
    let mut lines = ink.split('\n').skip(1);
    if alone && lines.clone().any(|line| line.starts_with(' ')) {
        return Some(" ");
    }
    // Uniform indentation is a margin; a mixed one marks the first lines.
    let flush = lines.clone().any(|line| !line.starts_with(' ')) || !chunk.starts_with(' ');
    (flush && lines.any(|line| line.starts_with("  "))).then_some("  ")
}

fn at_indents<'a>(ink: &'a str, indent: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut begin = 0;
    for (at, _) in ink.match_indices('\n') {
        if ink[at + 1..].starts_with(indent) {
            found.push(trim(&ink[begin..at]));
            begin = at + 1;
        }
    }
    found.push(trim(&ink[begin..]));
    found
}

fn block(piece: &Piece<'_>, last: bool) -> Block {
    let text = fold(piece.text);
    let alone = piece.apart && !last && !piece.text.contains('\n');
    let kind = match () {
        () if piece.item => Kind::List,
        () if is_caption(&text) || is_byline(&text) => Kind::Caption,
        () if alone && is_heading(&text) => Kind::Heading,
        () => Kind::Text,
    };
    Block { kind, text }
}

/// The text with its white space folded to single spaces.
fn fold(text: &str) -> String {
    if !text.contains('\n') && !text.contains("  ") {
        return text.to_owned();
    }
    let mut folded = String::with_capacity(text.len());
    for word in text.split([' ', '\n']).filter(|word| !word.is_empty()) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

fn is_caption(text: &str) -> bool {
    is_teaser(text) || after(text, "image caption").is_some() || speaks_of_player(text)
}

fn is_teaser(text: &str) -> bool {
    text.split_once(':').is_some_and(|(head, _)| {
        let head = head.strip_suffix(' ').unwrap_or(head);
        TEASERS
            .iter()
            .any(|teaser| head.eq_ignore_ascii_case(teaser))
    })
}

/// What follows some ASCII that a text begins with, in whatever case.
fn after<'a>(text: &'a str, begin: &str) -> Option<&'a str> {
    let head = text.as_bytes().get(..begin.len())?;
    head.eq_ignore_ascii_case(begin.as_bytes())
        .then(|| &text[begin.len()..])
}

fn speaks_of_player(text: &str) -> bool {
    let end = match text.len() > LOOKED_AT {
        true => text.char_indices().nth(LOOKED_AT),
        false => None,
    };
    let head = end.map_or(text, |(at, _)| &text[..at]).as_bytes();
    let is_player = |window: &[u8]| window[0] | 32 == b'n' && window.eq_ignore_ascii_case(PLAYER);
    head.windows(PLAYER.len()).any(is_player)
}

/// `By Somebody`, and no more than a name could be.
fn is_byline(text: &str) -> bool {
    let Some(name) = after(text, "by").and_then(|rest| rest.strip_prefix(' ')) else {
        return false;
    };
    name.starts_with(|char: char| char.is_alphanumeric() && !char.is_ascii_digit())
        && (2..=MAX_BYLINE_CHARS).contains(&name.chars().count())
        && !name.chars().skip(1).any(|char| ",;:!?".contains(char))
        && text.split(' ').count() <= MAX_BYLINE_WORDS
}

/// Whether a line that stands alone is short, in title or upper case, and without a stop.
fn is_heading(line: &str) -> bool {
    let words = line.split(' ').count();
    if words > MAX_HEADING_WORDS || line.chars().count() > MAX_HEADING_CHARS {
        return false;
    }
    let ended = line.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']']);
    !ended.ends_with(['.', ',', ';', ':', '…']) && is_title_case(line, words)
}

fn is_title_case(line: &str, words: usize) -> bool {
    let mut capitals = 0;
    for (at, word) in line.split(' ').enumerate() {
        let first = word.chars().find(|char| char.is_alphanumeric());
        let low = first.is_some_and(char::is_lowercase);
        if low && (at == 0 || !SMALL.contains(&word)) {
            return false;
        }
        capitals += usize::from(first.is_some_and(char::is_uppercase));
    }
    capitals * 3 >= words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, by_line: bool) -> Vec<(Kind, String)> {
        let found = find(text, by_line).unwrap();
        found
            .into_iter()
            .map(|block| (block.kind, block.text))
            .collect()
    }

    fn texts(text: &str) -> Vec<String> {
        found(text, false)
            .into_iter()
            .map(|(_, text)| text)
            .collect()
    }

    #[test]
    fn blank_lines_part_paragraphs_and_white_space_is_folded() {
        assert_eq!(
            texts("\n One  more\nline. \n \n\n  Two.\n"),
            ["One more line.", "Two."]
        );
        assert_eq!(texts(" \n "), Vec::<String>::new());
    }

    #[test]
    fn lines_are_paragraphs_where_no_blank_line_parts_any() {
        assert_eq!(found("One.\nTwo.", true).len(), 2);
        assert_eq!(found("One.\nTwo.\n\nThree.", true).len(), 2);
        assert_eq!(found("One.\nTwo.", false).len(), 1);
    }

    #[test]
    fn indented_lines_begin_paragraphs_but_a_margin_does_not() {
        assert_eq!(
            texts("One\n two\nthree\n four"),
            ["One", "two three", "four"]
        );
        assert_eq!(texts("  One\n  two\n\nThree"), ["One two", "Three"]);
        assert_eq!(
            texts("One\n  two\n three\n\nFour"),
            ["One", "two three", "Four"]
        );
    }

    #[test]
    fn kinds_are_told_by_how_a_block_begins_and_stands() {
        let text = "By Ann Lee\n\nA Dry Spring\n\n- Oil\nand gas\n- Tin\n\nPhoto : rain\n\nThe End";
        let expected = [
            (Kind::Caption, "By Ann Lee"),
            (Kind::Heading, "A Dry Spring"),
            (Kind::List, "Oil and gas"),
            (Kind::List, "Tin"),
            (Kind::Caption, "Photo : rain"),
            (Kind::Text, "The End"),
        ];
        assert_eq!(
            found(text, false),
            expected.map(|(kind, text)| (kind, text.to_owned()))
        );
    }

    #[test]
    fn of_other_characters_nothing_is_told() {
        for text in ["a\tb", "a\r\nb", "a\u{a0}b", "政治", "a 0:00 b"] {
            assert_eq!(find(text, false), None);
        }
    }
}

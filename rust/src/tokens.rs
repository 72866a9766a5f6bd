//! Text to tokens, as searcher/analysis.py cuts and folds it.
//!
//! A token is a run of letters and digits, an abbreviation with dots, a number, or C++ and
//! its like; its exact form has no case, no accents and straight apostrophes.  What is told
//! here holds for ASCII and for the characters of `letters`; of a text with any other one
//! `cut` says false, and the caller asks Python.
//!
//!     cut("AT&T’s F-16s")   at&t's 0..6, f 7..8, 16s 9..12

use std::sync::LazyLock;

mod letters;

/// Longer runs are cut into tokens of this length (analysis.MAX_TOKEN_CHARS).
const MAX_TOKEN_CHARS: usize = 255;

/// The tokens of one text; keeps its memory from one text to the next.
#[derive(Default)]
pub struct Tokens {
    /// The exact forms, one behind the other.
    folded: String,
    /// Of each token: where its form ends in `folded`, and its characters in the text.
    ends: Vec<(u32, u32, u32)>,
    symbols: Vec<Symbol>,
}

impl Tokens {
    /// Cut a text; false, and no token, when it holds a character that only Python knows.
    pub fn cut(&mut self, text: &str) -> bool {
        self.clear();
        if text.is_ascii() {
            Cut {
                text: Ascii(text),
                into: self,
            }
            .all();
            return true;
        }
        let mut symbols = std::mem::take(&mut self.symbols);
        symbols.clear();
        let known = symbols_of(text, &mut symbols);
        if known {
            Cut {
                text: Known(&symbols),
                into: self,
            }
            .all();
        }
        self.symbols = symbols;
        known
    }

    /// Forget the tokens.
    pub fn clear(&mut self) {
        self.folded.clear();
        self.ends.clear();
    }

    /// Add a token that Python cut.
    pub fn push(&mut self, form: &str, start_char: u32, end_char: u32) {
        self.folded.push_str(form);
        self.ends
            .push((self.folded.len() as u32, start_char, end_char));
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The exact forms in order.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(form, _, _)| form)
    }

    /// The first character of a token and one past its last, in code points.
    pub fn span(&self, at: usize) -> (u32, u32) {
        let (_, start, end) = self.ends[at];
        (start, end)
    }

    /// (exact form, first character, one past the last) of each token, in code points.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u32, u32)> {
        let mut from = 0;
        self.ends.iter().map(move |&(to, start, end)| {
            let form = &self.folded[from..to as usize];
            from = to as usize;
            (form, start, end)
        })
    }

    /// Whether the exact form of a word is made here; if not, ask Python.
    pub fn knows(text: &str) -> bool {
        text.is_ascii() || text.chars().all(|char| symbol_of(char).is_some())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Other,
    Letter,
    Digit,
    Dot,
    Comma,
    Plus,
    Hash,
    /// What joins two runs to one token: & and apostrophes.
    Joint,
}

impl Class {
    fn of_ascii(byte: u8) -> Class {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'.' => Class::Dot,
            b',' => Class::Comma,
            b'+' => Class::Plus,
            b'#' => Class::Hash,
            b'&' | b'\'' | b'`' => Class::Joint,
            _ => Class::Other,
        }
    }

    fn is_char(self) -> bool {
        matches!(self, Class::Letter | Class::Digit)
    }
}

static ASCII: LazyLock<[Class; 256]> = LazyLock::new(|| {
    std::array::from_fn(|byte| match byte {
        0..128 => Class::of_ascii(byte as u8),
        _ => Class::Other,
    })
});

/// A character: its class, and what it becomes in an exact form (an index into FOLDS, or an
/// ASCII byte).
#[derive(Clone, Copy)]
struct Symbol {
    class: Class,
    form: u16,
}

/// Characters up to here are looked up in a table.
const TABLE: usize = 0x2300;
const FIRST_FOLD: u16 = 128;

static SYMBOLS: LazyLock<Vec<Option<Symbol>>> = LazyLock::new(|| {
    let mut table = vec![None; TABLE];
    for byte in 0..128u8 {
        let form = u16::from(plain_ascii(byte));
        table[usize::from(byte)] = Some(Symbol {
            class: Class::of_ascii(byte),
            form,
        });
    }
    for (at, (_, chars)) in letters::FOLDED.iter().enumerate() {
        let form = FIRST_FOLD + at as u16;
        for char in chars.chars() {
            table[char as usize] = Some(Symbol {
                class: Class::Letter,
                form,
            });
        }
    }
    for &(first, last) in letters::PARTING {
        for char in first..=last {
            table[char as usize] = Some(Symbol {
                class: Class::Other,
                form: u16::from(b' '),
            });
        }
    }
    for char in letters::APOSTROPHES {
        table[char as usize] = Some(Symbol {
            class: Class::Joint,
            form: u16::from(b'\''),
        });
    }
    table
});

fn plain_ascii(byte: u8) -> u8 {
    if byte == b'`' {
        b'\''
    } else {
        byte.to_ascii_lowercase()
    }
}

fn symbol_of(char: char) -> Option<Symbol> {
    SYMBOLS.get(char as usize).copied().flatten()
}

fn symbols_of(text: &str, into: &mut Vec<Symbol>) -> bool {
    text.chars()
        .all(|char| symbol_of(char).map(|symbol| into.push(symbol)).is_some())
}

/// A text as classes, with the exact form of each of its characters.
trait Text: Copy {
    fn len(&self) -> usize;
    fn class(&self, at: usize) -> Class;
    fn fold(&self, from: usize, to: usize, into: &mut String);
}

#[derive(Clone, Copy)]
struct Ascii<'a>(&'a str);

impl Text for Ascii<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    #[inline]
    fn class(&self, at: usize) -> Class {
        match self.0.as_bytes().get(at) {
            Some(&byte) => ASCII[usize::from(byte)],
            None => Class::Other,
        }
    }

    #[inline]
    fn fold(&self, from: usize, to: usize, into: &mut String) {
        let (word, start) = (&self.0[from..to], into.len());
        if word.as_bytes().contains(&b'`') {
            return into.extend(word.bytes().map(|byte| char::from(plain_ascii(byte))));
        }
        into.push_str(word);
        into[start..].make_ascii_lowercase();
    }
}

#[derive(Clone, Copy)]
struct Known<'a>(&'a [Symbol]);

impl Text for Known<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    #[inline]
    fn class(&self, at: usize) -> Class {
        self.0.get(at).map_or(Class::Other, |symbol| symbol.class)
    }

    #[inline]
    fn fold(&self, from: usize, to: usize, into: &mut String) {
        for symbol in &self.0[from..to] {
            match symbol.form.checked_sub(FIRST_FOLD) {
                None => into.push(char::from(symbol.form as u8)),
                Some(at) => into.push_str(letters::FOLDED[usize::from(at)].0),
            }
        }
    }
}

struct Cut<'a, T> {
    text: T,
    into: &'a mut Tokens,
}

impl<T: Text> Cut<'_, T> {
    fn all(&mut self) {
        let mut at = 0;
        while at < self.text.len() {
            if !self.text.class(at).is_char() {
                at += 1;
                continue;
            }
            let end = self.token_end(at);
            self.add(at, end);
            at = end;
        }
    }

    /// The alternatives of analysis._pattern, in their order.
    fn token_end(&self, at: usize) -> usize {
        if self.text.class(at) == Class::Letter {
            if let Some(end) = self.abbreviation(at).or_else(|| self.sharp(at)) {
                return end;
            }
        } else if let Some(end) = self.thousands(at).or_else(|| self.decimal(at)) {
            return end;
        }
        self.word(at)
    }

    /// U.S.: single letters with dots between, and the dot behind them.
    fn abbreviation(&self, at: usize) -> Option<usize> {
        let mut end = at + 1;
        while self.is(end, Class::Dot) && self.is(end + 1, Class::Letter) {
            end += 2;
        }
        // A letter that begins a longer run belongs to that run.
        if end > at + 1 && self.text.class(end).is_char() {
            end -= 2;
        }
        (end > at + 1).then(|| end + usize::from(self.is(end, Class::Dot)))
    }

    /// C++, C#.
    fn sharp(&self, at: usize) -> Option<usize> {
        let end = match self.text.class(at + 1) {
            Class::Hash => at + 2,
            Class::Plus if self.is(at + 2, Class::Plus) => at + 3,
            _ => return None,
        };
        (!self.text.class(end).is_char()).then_some(end)
    }

    /// 1,234.5: up to three digits, groups of three, and any number of fractions.
    fn thousands(&self, at: usize) -> Option<usize> {
        let first = self.digits(at);
        if first > at + 3 {
            return None;
        }
        let mut groups = first;
        while self.is(groups, Class::Comma) && (1..=3).all(|i| self.is(groups + i, Class::Digit)) {
            groups += 4;
        }
        if groups == first {
            return None;
        }
        let (end, last) = self.fractions(groups);
        if !self.text.class(end).is_char() {
            return Some(end);
        }
        if end > groups {
            return Some(last);
        }
        (groups - 4 > first).then_some(groups - 4)
    }

    /// 3.14, 1.2.3.
    fn decimal(&self, at: usize) -> Option<usize> {
        let whole = self.digits(at);
        let (end, last) = self.fractions(whole);
        let end = if self.text.class(end).is_char() {
            last
        } else {
            end
        };
        (end > whole).then_some(end)
    }

    /// Where (.digits)* ends, and where its last repetition begins.
    fn fractions(&self, at: usize) -> (usize, usize) {
        let (mut end, mut last) = (at, at);
        while self.is(end, Class::Dot) && self.is(end + 1, Class::Digit) {
            last = end;
            end = self.digits(end + 1);
        }
        (end, last)
    }

    /// Runs of letters and digits, joined by & and apostrophes.
    #[inline]
    fn word(&self, at: usize) -> usize {
        let mut end = self.chars(at);
        while self.is(end, Class::Joint) && self.text.class(end + 1).is_char() {
            end = self.chars(end + 1);
        }
        end
    }

    fn chars(&self, mut at: usize) -> usize {
        while self.text.class(at).is_char() {
            at += 1;
        }
        at
    }

    fn digits(&self, mut at: usize) -> usize {
        while self.is(at, Class::Digit) {
            at += 1;
        }
        at
    }

    #[inline]
    fn is(&self, at: usize, class: Class) -> bool {
        self.text.class(at) == class
    }

    fn add(&mut self, start: usize, end: usize) {
        for from in (start..end).step_by(MAX_TOKEN_CHARS) {
            self.add_piece(from, end.min(from + MAX_TOKEN_CHARS));
        }
    }

    fn add_piece(&mut self, start: usize, end: usize) {
        let begin = self.into.folded.len();
        self.text.fold(start, end, &mut self.into.folded);
        tidy(&mut self.into.folded, begin);
        let to = self.into.folded.len();
        if to > begin {
            self.into.ends.push((to as u32, start as u32, end as u32));
        }
    }
}

/// What analysis._plain takes from a word that begins at a place: commas between thousands,
/// and a dot behind dots.
#[inline]
fn tidy(text: &mut String, begin: usize) {
    let word = &text.as_bytes()[begin..];
    if word.contains(&b',') {
        let kept = without_thousands(&text[begin..]);
        text.truncate(begin);
        text.push_str(&kept);
    }
    let word = &text.as_bytes()[begin..];
    if let [rest @ .., b'.'] = word {
        if rest.contains(&b'.') {
            text.pop();
        }
    }
}

fn without_thousands(word: &str) -> String {
    let bytes = word.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let parts_thousands =
        |at: usize| at > 0 && is_digit(at - 1) && (1..=3).all(|i| is_digit(at + i));
    word.char_indices()
        .filter(|&(at, char)| char != ',' || !parts_thousands(at))
        .map(|(_, char)| char)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Option<Vec<(String, u32, u32)>> {
        let mut tokens = Tokens::default();
        let known = tokens.cut(text);
        known.then(|| {
            tokens
                .iter()
                .map(|(form, start, end)| (form.to_owned(), start, end))
                .collect()
        })
    }

    fn forms(text: &str) -> Vec<String> {
        tokens(text)
            .unwrap()
            .into_iter()
            .map(|(form, _, _)| form)
            .collect()
    }

    #[test]
    fn words_are_cut_and_folded_as_the_analysis_says() {
        assert_eq!(
            forms("São Paulo’s F-16s cost $3.14 in the U.S."),
            ["sao", "paulo's", "f", "16s", "cost", "3.14", "in", "the", "u.s"]
        );
        assert_eq!(
            forms("C++ C# F#a R&D AT&T 1,234.5 1.2.3"),
            ["c++", "c#", "f", "a", "r&d", "at&t", "1234.5", "1.2.3"]
        );
    }

    #[test]
    fn a_match_that_runs_into_a_word_gives_back_its_last_part() {
        assert_eq!(forms("U.S.Abc"), ["u.s", "abc"]);
        assert_eq!(forms("a.bc"), ["a", "bc"]);
        assert_eq!(
            forms("1,2345 1,234,5678 1,234.5x 1.2x 1.2.3x"),
            ["1", "2345", "1234", "5678", "1234", "5x", "1", "2x", "1.2", "3x"]
        );
    }

    #[test]
    fn offsets_count_code_points() {
        assert_eq!(
            tokens("“é” b").unwrap(),
            [("e".to_owned(), 1, 2), ("b".to_owned(), 4, 5)]
        );
    }

    #[test]
    fn a_run_without_end_is_cut() {
        let found = tokens(&"x".repeat(600)).unwrap();
        assert_eq!(
            found.iter().map(|t| (t.1, t.2)).collect::<Vec<_>>(),
            [(0, 255), (255, 510), (510, 600)]
        );
    }

    #[test]
    fn other_characters_are_left_to_python() {
        assert_eq!(tokens("北京"), None);
        assert_eq!(tokens("soft\u{ad}hyphen"), None);
    }
}

//! Words as they are written: `exact(…)` and `caps(…)` (searcher/query/written.py).
//!
//! What is asked for is a run of words, each as it is folded and as it was typed.  A text whose
//! letters only Python can compare is told as one that wasn't read.

use crate::error::{Error, Result};
use crate::paragraph::{Field, StoredParagraph};
use crate::segment::Segment;
use crate::tokens::Tokens;

const POSSESSIVE: &str = "'s";

/// Words side by side, to be found as they are written.
pub struct Written {
    folded: Vec<String>,
    typed: Vec<String>,
}

/// What was found in some documents.
#[derive(Default, Debug, PartialEq)]
pub struct Counts {
    /// Documents that hold the words so, and how often.
    pub docs: Vec<u32>,
    pub tfs: Vec<u32>,
    /// Documents that Python has to read.
    pub unread: Vec<u32>,
}

type Token<'t> = (&'t str, u32, u32);

impl Written {
    /// Args: the words folded, and as typed; without `typed` they are wanted in capitals.
    pub fn new(folded: Vec<String>, typed: Vec<String>) -> Result<Written> {
        let is_plain = |words: &[String]| words.iter().all(|word| word.is_ascii());
        let fits = typed.is_empty() || typed.len() == folded.len();
        match fits && !folded.is_empty() && is_plain(&folded) && is_plain(&typed) {
            true => Ok(Written { folded, typed }),
            false => Err(Error::Misuse("words have to be of ASCII".to_owned())),
        }
    }

    /// Count the words in the paragraphs of a segment, which ascend.
    pub fn counts(&self, segment: &Segment, docs: &[u32]) -> Result<Counts> {
        let (mut counts, mut tokens) = (Counts::default(), Tokens::default());
        for &doc in docs {
            let stored = StoredParagraph::read(segment.stored(doc)?);
            let damaged = || Error::damaged(segment.path(), 0, format!("stored document {doc}"));
            let stored = stored.ok_or_else(damaged)?;
            match self.count(stored.text(Field::Text), &mut tokens) {
                Some(0) => {}
                Some(tf) => {
                    counts.docs.push(doc);
                    counts.tfs.push(tf);
                }
                None => counts.unread.push(doc),
            }
        }
        Ok(counts)
    }

    /// How often a text holds the words; None where Python has to look.
    fn count(&self, text: &str, tokens: &mut Tokens) -> Option<u32> {
        if text.is_ascii() && !self.may_stand_in(text) {
            return Some(0);
        }
        if !tokens.cut(text) {
            return None;
        }
        let tokens: Vec<Token<'_>> = tokens.iter().collect();
        let mut count = 0;
        for run in tokens.windows(self.folded.len()) {
            if self.folds_to(run) {
                count += u32::from(self.is_written(run, text)?);
            }
        }
        Some(count)
    }

    /// A quick look that never misses a text: folding takes no letter of these words.
    fn may_stand_in(&self, text: &str) -> bool {
        let is_letters = |word: &String| word.bytes().all(|byte| byte.is_ascii_alphabetic());
        if self.typed.is_empty() {
            return self
                .folded
                .iter()
                .filter(|word| is_letters(word))
                .all(|word| text.contains(&word.to_ascii_uppercase()));
        }
        let typed = self.typed.iter().filter(|word| is_letters(word));
        typed.into_iter().all(|word| text.contains(word.as_str()))
    }

    /// Whether tokens are the words, whatever their case; the last may be a possessive.
    fn folds_to(&self, run: &[Token<'_>]) -> bool {
        let last = self.folded.len() - 1;
        let both = run.iter().zip(&self.folded).enumerate();
        both.into_iter().all(|(at, ((form, _, _), word))| {
            form == word || (at == last && form.strip_suffix(POSSESSIVE) == Some(word))
        })
    }

    /// Whether they are written as is wanted; None when Python has to compare.
    fn is_written(&self, run: &[Token<'_>], text: &str) -> Option<bool> {
        let pieces: Option<Vec<String>> = run
            .iter()
            .map(|&(_, start, end)| as_written(piece(text, start, end)?))
            .collect();
        let pieces = pieces?;
        let (last, before) = pieces.split_last()?;
        let bare = last
            .strip_suffix(POSSESSIVE)
            .filter(|bare| !bare.is_empty());
        let is_so = |last: &str| {
            let words = before.iter().map(String::as_str).chain([last]);
            match self.typed.is_empty() {
                true => is_upper(words),
                false => words.eq(self.typed.iter()),
            }
        };
        Some(is_so(last) || bare.is_some_and(is_so))
    }
}

/// Characters of a text.
fn piece(text: &str, start: u32, end: u32) -> Option<&str> {
    if text.is_ascii() {
        return text.get(start as usize..end as usize);
    }
    let mut places = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let first = places.nth(start as usize)?;
    let last = match end.checked_sub(start)? {
        0 => first,
        more => places.nth(more as usize - 1)?,
    };
    text.get(first..last)
}

/// analysis.as_written of ASCII; None of anything else.
fn as_written(word: &str) -> Option<String> {
    if !word.is_ascii() {
        return None;
    }
    let word = word.replace('`', "'");
    let bare = word.strip_suffix('.').filter(|bare| bare.contains('.'));
    Some(bare.map_or_else(|| word.clone(), str::to_owned))
}

/// str.isupper of words with spaces between.
fn is_upper<'w>(words: impl Iterator<Item = &'w str>) -> bool {
    let (mut any, mut all) = (false, true);
    for byte in words.flat_map(str::bytes) {
        any |= byte.is_ascii_uppercase();
        all &= !byte.is_ascii_lowercase();
    }
    any && all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(folded: &[&str], typed: &[&str], text: &str) -> Option<u32> {
        let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        let written = Written::new(owned(folded), owned(typed)).unwrap();
        written.count(text, &mut Tokens::default())
    }

    #[test]
    fn letters_count_as_they_were_typed() {
        let text = "The US told us. US's U.S. and Us, THE US!";
        assert_eq!(count(&["us"], &[], text), Some(3));
        assert_eq!(count(&["us"], &["Us"], text), Some(1));
        assert_eq!(count(&["the", "us"], &["The", "US"], text), Some(1));
        assert_eq!(count(&["the", "us"], &[], text), Some(1));
        assert_eq!(count(&["u.s"], &["U.S"], text), Some(1));
    }

    #[test]
    fn a_word_that_only_python_can_compare_is_left_to_it() {
        assert_eq!(count(&["sao"], &["Sao"], "S\u{e3}o Sao"), None);
        assert_eq!(count(&["oil"], &["Oil"], "S\u{e3}o Oil"), Some(1));
        assert_eq!(count(&["oil"], &["Oil"], "\u{653f}Oil"), None);
    }
}

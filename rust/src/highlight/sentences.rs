//! Where sentences begin (snippet._SENTENCE_START and what goes with it).

const STOPS: &str = ".!?…";
const CLOSERS: &str = "\"'”’»)]";
const OPENERS: &str = "\"'“‘«([";
const LONGEST_ABBREVIATION: usize = 12;
const ABBREVIATIONS: [&str; 38] = [
    "mr", "mrs", "ms", "dr", "prof", "st", "gen", "col", "lt", "sgt", "capt", "maj", "sen", "rep",
    "gov", "rev", "hon", "jr", "sr", "vs", "etc", "no", "jan", "feb", "mar", "apr", "jun", "jul",
    "aug", "sep", "sept", "oct", "nov", "dec", "inc", "ltd", "co", "corp",
];
/// Characters behind `high` that a match may look at.
const AHEAD: usize = 4;

/// Python's str.isspace() of the characters that `tokens` knows.
pub fn is_space(char: char) -> bool {
    matches!(char, '\x1c'..='\x1f') || char.is_whitespace()
}

/// A word as str.casefold() makes it, of letters that `tokens` knows.
pub fn casefolded(chars: &[char]) -> String {
    let mut folded = String::with_capacity(chars.len());
    for &char in chars {
        match char {
            _ if char.is_ascii() => folded.push(char.to_ascii_lowercase()),
            // The one letter whose capital is another's.
            'ı' => folded.push(char),
            _ => {
                let upper = char.to_lowercase().flat_map(char::to_uppercase);
                folded.extend(upper.flat_map(char::to_lowercase));
            }
        }
    }
    folded
}

/// The places within low..=high at which a sentence begins, ascending.
pub fn sentence_starts(text: &[char], low: usize, high: usize) -> Vec<usize> {
    let mut starts = Vec::new();
    if low == 0 {
        starts.push(0);
    }
    let end = text.len().min(high + AHEAD);
    let mut at = low.saturating_sub(1);
    while at < end {
        match stop(&text[..end], at) {
            Some(start) => {
                if low <= start && start <= high && ends_sentence(text, at, end, start) {
                    starts.push(start);
                }
                at = start;
            }
            None => at += 1,
        }
    }
    starts
}

/// Where the sentence behind a stop begins, if there is a stop and something behind it.
fn stop(text: &[char], at: usize) -> Option<usize> {
    let closers = passed(text, at, |char| STOPS.contains(char));
    let space = passed(text, closers, |char| CLOSERS.contains(char));
    let start = passed(text, space, is_space);
    let first = passed(text, start, |char| OPENERS.contains(char));
    let begins = closers > at && start > space && text.get(first)?.is_alphanumeric();
    begins.then_some(start)
}

fn passed(text: &[char], at: usize, test: impl Fn(char) -> bool) -> usize {
    let rest = text[at..].iter();
    at + rest.take_while(|&&char| test(char)).count()
}

/// Tell the end of a sentence from the dot of `Mr.`, `J.` and `U.S.`.
fn ends_sentence(text: &[char], stop: usize, end: usize, start: usize) -> bool {
    let first = passed(&text[..end], start, |char| OPENERS.contains(char));
    if text[first].is_lowercase() {
        return false;
    }
    let word = word_before(&text[stop.saturating_sub(LONGEST_ABBREVIATION)..stop]);
    let mut chars = word.chars();
    let is_initial =
        matches!((chars.next(), chars.next()), (Some(one), None) if one.is_alphabetic());
    !(is_initial || word.contains('.') || ABBREVIATIONS.contains(&word.as_str()))
}

/// The last word of what stands before a stop, without what opens it.
fn word_before(before: &[char]) -> String {
    let words = before.split(|&char| is_space(char));
    let last = words.filter(|word| !word.is_empty()).next_back();
    let word = last.unwrap_or_default();
    let opened = passed(word, 0, |char| OPENERS.contains(char));
    casefolded(&word[opened..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(text: &str) -> Vec<usize> {
        let chars: Vec<char> = text.chars().collect();
        sentence_starts(&chars, 1, chars.len())
    }

    #[test]
    fn a_sentence_begins_behind_a_stop() {
        assert_eq!(starts("It rained. (\"The\" dam broke.” He ran"), [11, 30]);
        assert_eq!(starts("Is it?! Yes"), [8]);
    }

    #[test]
    fn the_dot_of_an_abbreviation_is_none() {
        for text in [
            "Mr. Lee",
            "(Mr. Lee",
            "J. Lee",
            "the U.S. Army",
            "e.g. Tea",
            "a. b",
        ] {
            assert!(starts(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn letters_of_one_word_are_folded_to_one() {
        let folded = |text: &str| casefolded(&text.chars().collect::<Vec<_>>());
        assert_eq!(folded("STRASSE"), folded("straße"));
        assert_eq!(folded("ΟΔΟΣ"), folded("οδος"));
        assert_ne!(folded("ı"), folded("I"));
    }
}

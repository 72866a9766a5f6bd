//! Which excerpt of a text to show (snippet.snippet).

use rustc_hash::FxHashMap;

use super::sentences::{casefolded, is_space, sentence_starts};
use super::Span;

/// Without a sentence start near, a third of the free room goes before the first match.
const LEAD_SHARE: usize = 3;

/// The first character of the excerpt of a text, and one past its last.
///
/// The text is one that `tokens` knows: no character of it belongs to the one before.  The
/// spans are in order, and never overlap.
pub fn excerpt(text: &[char], spans: &[Span], max_chars: usize) -> (usize, usize) {
    if is_whole(text.len(), max_chars) {
        return (0, text.len());
    }
    Window {
        text,
        spans,
        max_chars: max_chars.max(1),
    }
    .place()
}

/// Whether a text of so many characters is shown whole.
pub fn is_whole(chars: usize, max_chars: usize) -> bool {
    chars <= max_chars.saturating_add(max_chars / 8)
}

/// The spans that begin in an excerpt, as places in it.
pub fn shown(spans: &[Span], (start, end): (usize, usize)) -> Vec<Span> {
    let (start, end) = (start as u32, end as u32);
    let inside = spans.iter().filter(|span| start <= span.0 && span.0 < end);
    inside
        .map(|span| (span.0 - start, span.1.min(end) - start))
        .collect()
}

struct Window<'a> {
    text: &'a [char],
    spans: &'a [Span],
    max_chars: usize,
}

impl Window<'_> {
    fn place(&self) -> (usize, usize) {
        let (first, last) = self.richest();
        let (must_start, must_end) = match self.spans.get(first..=last) {
            Some([one]) => (one.0 as usize, one.1 as usize),
            Some([one, .., other]) => (one.0 as usize, other.1 as usize),
            _ => (0, 0),
        };
        if must_end - must_start >= self.max_chars {
            return (must_start, must_start + self.max_chars);
        }
        let before = first.checked_sub(1).map_or(0, |at| self.spans[at].1);
        let start = self.start(must_start, must_end, before as usize);
        (start, self.end(start, must_end, self.spans.get(last + 1)))
    }

    /// The first and the last span of the window with the most in it: different words, then
    /// characters.
    fn richest(&self) -> (usize, usize) {
        let words = self.words();
        let mut counts = vec![0u32; words.len()];
        let (mut different, mut chars, mut behind) = (0, 0, 0);
        let (mut best, mut found) = ((0, 0), (0, 0));
        for (first, &(start, end)) in self.spans.iter().enumerate() {
            while behind < self.spans.len() && (behind <= first || self.reaches(start, behind)) {
                different += u32::from(counts[words[behind]] == 0);
                counts[words[behind]] += 1;
                chars += self.spans[behind].1 - self.spans[behind].0;
                behind += 1;
            }
            if (different, chars) > best {
                best = (different, chars);
                found = (first, behind - 1);
            }
            counts[words[first]] -= 1;
            different -= u32::from(counts[words[first]] == 0);
            chars -= end - start;
        }
        found
    }

    /// Whether a window from a character on reaches to the end of a span.
    fn reaches(&self, start: u32, span: usize) -> bool {
        (self.spans[span].1 - start) as usize <= self.max_chars
    }

    /// Of each span the number of its word, equal for words that differ in case alone.
    fn words(&self) -> Vec<usize> {
        let mut numbers = FxHashMap::default();
        let words = self.spans.iter().map(|&(start, end)| {
            let next = numbers.len();
            let word = casefolded(&self.text[start as usize..end as usize]);
            *numbers.entry(word).or_insert(next)
        });
        words.collect()
    }

    /// Where to start: a sentence, else a word, else a letter, after `before`.
    fn start(&self, must_start: usize, must_end: usize, before: usize) -> usize {
        let earliest = before.max(must_end.saturating_sub(self.max_chars));
        if must_start <= earliest {
            return must_start;
        }
        let sentences = sentence_starts(self.text, earliest, must_start);
        let mut sentence = sentences.last().copied();
        let mut wanted = sentence.unwrap_or_else(|| self.lead(must_start, must_end, earliest));
        // Near the end of the text there is room to spare: fill it from the front.
        let fullest = self.text.len() - self.max_chars;
        if wanted > fullest && fullest >= earliest {
            sentence = sentences.into_iter().find(|&at| at >= fullest);
            wanted = sentence.unwrap_or(fullest);
        }
        sentence.unwrap_or_else(|| self.word_start(wanted, must_start))
    }

    fn lead(&self, must_start: usize, must_end: usize, earliest: usize) -> usize {
        let room = self.max_chars - (must_end - must_start);
        earliest.max(must_start.saturating_sub(room / LEAD_SHARE))
    }

    /// The first word start in low..=high, else `low`.
    fn word_start(&self, low: usize, high: usize) -> usize {
        let begins = |at: &usize| {
            let follows = *at == 0 || is_space(self.text[at - 1]);
            follows && !is_space(self.text[*at])
        };
        (low..=high).find(begins).unwrap_or(low)
    }

    /// Where to end: a sentence, else a word, else a letter; never inside a match.
    fn end(&self, start: usize, must_end: usize, after: Option<&Span>) -> usize {
        let mut limit = self.text.len().min(start + self.max_chars);
        if limit == self.text.len() {
            return limit;
        }
        if let Some(&(from, to)) = after {
            if (from as usize) < limit && limit < to as usize {
                limit = from as usize;
            }
        }
        let low = must_end.max(start + 1);
        if let Some(&sentence) = sentence_starts(self.text, low, limit).last() {
            // An excerpt that reaches three quarters of its length ends with the sentence there.
            if 4 * (sentence - start) >= 3 * self.max_chars {
                return must_end.max(self.without_space(start, sentence));
            }
        }
        let ends = |at: &usize| is_space(self.text[*at]) && !is_space(self.text[at - 1]);
        (low..=limit).rev().find(ends).unwrap_or(limit)
    }

    /// Where the text before a place ends, without white space.
    fn without_space(&self, start: usize, end: usize) -> usize {
        let ink = self.text[start..end].iter().rposition(|&c| !is_space(c));
        start + ink.map_or(0, |at| at + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown_of(text: &str, spans: &[Span], max_chars: usize) -> String {
        let chars: Vec<char> = text.chars().collect();
        let (start, end) = excerpt(&chars, spans, max_chars);
        chars[start..end].iter().collect()
    }

    #[test]
    fn it_holds_most_of_what_matched_and_begins_with_a_sentence() {
        let text = "It rained. It rained on. The dam at Oroville broke at noon. Nobody was hurt.";
        let found = shown_of(text, &[(29, 32), (45, 50)], 40);

        assert_eq!(found, "The dam at Oroville broke at noon.");
    }

    #[test]
    fn a_text_that_is_hardly_longer_is_whole() {
        let text = "x ".repeat(20);
        assert_eq!(shown_of(&text, &[], 36), text);
        assert!(shown_of(&text, &[], 35).len() < text.len());
    }

    #[test]
    fn a_match_that_is_too_long_is_cut() {
        assert_eq!(shown_of("abcdefghij", &[(2, 9)], 3), "cde");
        assert_eq!(shown(&[(0, 1), (2, 9)], (2, 5)), [(0, 3)]);
    }
}

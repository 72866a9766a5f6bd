//! What a query marks in a text, and which excerpt of the text is shown.
//!
//! A `mark` is a query tree as far as it matters here, over the tokens of one text; `words`
//! finds its words (`of_plan` takes both from a plan), `stems` remembers what Python said of them.  `excerpt` chooses the window
//! that is shown, `sentences` tells it where one begins;
//! `html` shows it.  `written` compares words with their letters.  The rules are those of
//! searcher/query/evaluate.py and searcher/highlight/snippet.py, to the character; both hold
//! for texts that `tokens` can cut, of others Python sees to all.

pub mod excerpt;
pub mod html;
pub mod mark;
pub mod of_plan;
mod sentences;
pub mod stems;
pub mod words;
pub mod written;

/// First character and one past the last, in code points.
pub type Span = (u32, u32);

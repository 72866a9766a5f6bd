//! What a search asks for: a tree whose words are terms of the index already.
//!
//! Analysis (folding, stems, dates, values) is done in Python, once a query; a plan names
//! terms and numbers.  What Python worked out by itself comes as `Given`.

/// The idf of a leaf, and so its df, is of live paragraphs over all segments.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Every live paragraph.
    All,
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    /// A word or phrase of the text; it scores.
    Word { word: Word, boost: f64 },
    /// Documents that hold any of some terms of a field; scores 0.
    Terms { field: String, terms: Vec<Vec<u8>> },
    /// Documents that hold any of some words or phrases in a field; scores 0.
    Held(Word),
    /// All paragraphs of articles whose headline (a document of kind headline) holds a word.
    Titled(Word),
    /// Documents whose number in a column is in any of some ranges, both ends inside;
    /// ranges ascending.
    Numbers { column: String, ranges: Vec<(u32, u32)> },
    /// Documents worked out by the caller, for each segment ascending, each with how often
    /// the leaf occurs there; `weight` is its idf.  Scores when `scores`.
    Given { docs: Vec<Vec<u32>>, tfs: Vec<Vec<f64>>, weight: f64, boost: f64, scores: bool },
}

#[derive(Clone, Debug, PartialEq)]
pub enum Word {
    /// A stem of the text; title and section with the same stem add to its score.
    Stem { stem: Vec<u8> },
    /// Any of some exact forms in a field; occurrences add up.
    Forms { field: String, forms: Vec<Vec<u8>> },
    /// Terms side by side in a field, with at most `slop` others among them; a place takes any
    /// of its terms, or any word at all (None).
    Phrase { field: String, places: Vec<Option<Vec<Vec<u8>>>>, slop: u32 },
}

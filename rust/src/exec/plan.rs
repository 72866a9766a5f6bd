//! What a search asks for: a tree whose words are terms of the index already.
//!
//! Analysis (folding, stems, dates, values) is done in Python, once a query; a plan names
//! terms and numbers.  What Python worked out by itself comes as `Given`.
//!
//! From Python a plan comes as nested tuples (lists do as well), the name of the node first:
//!
//! ```text
//! node = ("all",)                              every live paragraph
//!      | ("and", [node]) | ("or", [node])      one child or more; scores add up, left to right
//!      | ("not", node)
//!      | ("article", [node])                   tree.InArticle: the parts; a ("not", x) is unwanted
//!      | ("lead",)                             tree.Lead
//!      | ("word", boost, word)                 scores (leaves on the text)
//!      | ("held", word)                        filters: documents that hold a word (author, city…)
//!      | ("titled", word)                      filters: articles whose headline holds a word
//!      | ("terms", field, [bytes])             filters: any of some terms; [] matches nothing
//!      | ("numbers", column, [(low, high)])    filters: both ends inside, ranges ascending
//!      | ("given", [docs], [tfs], weight, boost, scores)
//!                                              for each segment: native-endian uint32 docnums
//!                                              ascending, and float64 counts (b"" unless scores)
//! word = ("stem", bytes)                       a stem of `text`; title and section_words add
//!      | ("forms", field, [bytes])             any of some terms; [] matches nothing
//!      | ("globbed", field, pattern, most, shown)
//!                                              the terms that a pattern of * and ? matches, their
//!                                              possessives too; an error where there are over `most`
//!      | ("fuzzy", field, text, distance, most, shown)
//!                                              the terms within some edits of a text, likewise
//!      | ("phrase", field, [None | [bytes]], slop)
//!                                              None: any word; in a field that isn't the text's
//!                                              (`text`, `exact`) Python has to expand it
//!      | ("near", left, right, distance, ordered, absent)
//!      | ("either", [word])                    tree.Or as an operand: the places of all of them
//!      | ("atleast", count, word)              tree.AtLeast
//!      | ("quoted", word)                      tree.Quoted, whoever is quoted
//! ```
//!
//! `boost` and `weight` are floats, counts are ints; `shown` is what an error calls the word.  A pattern `*` on the text is
//! ("phrase", "exact", [None], 0).  `Matches.weights` lists the ("word", …) and scoring
//! ("given", …) nodes under no ("not", …), from left to right (unwanted parts of an "article"
//! are under one), equal ones each time.

use std::sync::Arc;

/// The idf of a leaf, and so its df, is of live paragraphs over all segments.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Every live paragraph.
    All,
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    /// Paragraphs that match a part, of articles that hold every part somewhere; a part that
    /// is a Not must match nowhere in the article.
    Article(Vec<Node>),
    /// Headlines, and the first paragraphs of kind text of each article.
    Lead,
    /// A word or phrase of the text; it scores.
    Word {
        word: Word,
        boost: f64,
    },
    /// Documents that hold any of some terms of a field; scores 0.
    Terms {
        field: String,
        terms: Vec<Vec<u8>>,
    },
    /// Documents that hold any of some words or phrases in a field; scores 0.
    Held(Word),
    /// All paragraphs of articles whose headline (a document of kind headline) holds a word.
    Titled(Word),
    /// Documents whose number in a column is in any of some ranges, both ends inside;
    /// ranges ascending.
    Numbers {
        column: String,
        ranges: Vec<(u32, u32)>,
    },
    /// Documents worked out by the caller, for each segment ascending, each with how often
    /// the leaf occurs there; `weight` is its idf.  Scores when `scores`.
    Given {
        docs: Vec<Vec<u32>>,
        tfs: Vec<Vec<f64>>,
        weight: f64,
        boost: f64,
        scores: bool,
    },
}

/// The terms that a place of a phrase takes: thousands, of a wildcard.
pub type Forms = Arc<Vec<Vec<u8>>>;

#[derive(Clone, Debug, PartialEq)]
pub enum Word {
    /// A stem of the text; title and section with the same stem add to its score.
    Stem { stem: Vec<u8> },
    /// Any of some exact forms in a field; occurrences add up.
    Forms { field: String, forms: Vec<Vec<u8>> },
    /// Any of the terms that a pattern or a fuzzy word stands for, like Forms.
    Expanded(Expansion),
    /// Terms side by side in a field, with at most `slop` others among them; a place takes any
    /// of its terms, or any word at all (None).  Equal places may share theirs.
    Phrase {
        field: String,
        places: Vec<Option<Forms>>,
        slop: u32,
    },
    /// Two words near each other (searcher/query/nearness.py), or the left one alone.
    Near {
        left: Box<Word>,
        right: Box<Word>,
        distance: u32,
        ordered: bool,
        absent: bool,
    },
    /// Any of some words, each place once.
    Either(Vec<Word>),
    /// A word, in articles that hold it so often (captions not counted).
    AtLeast { count: u32, word: Box<Word> },
    /// A word where it stands within a quotation.
    Quoted(Box<Word>),
}

/// What stands for terms of a field, possessives too: an error where they are over `most`.
#[derive(Clone, Debug, PartialEq)]
pub struct Expansion {
    pub field: String,
    pub likeness: Likeness,
    pub most: usize,
    /// What an error calls it.
    pub shown: String,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Likeness {
    /// `*` is any characters, `?` is one.
    Glob(String),
    /// Within so many edits.
    Fuzzy(String, usize),
}

impl Node {
    /// Whether it adds to scores: words and scoring Given nodes under no Not.
    pub fn scores(&self) -> bool {
        match self {
            Node::Word { .. } => true,
            Node::Given { scores, .. } => *scores,
            Node::And(parts) | Node::Or(parts) | Node::Article(parts) => {
                parts.iter().any(Node::scores)
            }
            _ => false,
        }
    }
}

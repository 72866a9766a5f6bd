//! What a search asks for in one segment.
//!
//! Terms and their weights are Whoosh's to say, for each segment by itself: a wildcard stands
//! for other terms in each.  From Python a plan comes as nested tuples, the name of the node
//! first:
//!
//! ```text
//! node = ("nothing",)
//!      | ("term", field, bytes, scorer)
//!      | ("and", [node]) | ("or", [node])   scores add up
//!      | ("any", field, [bytes], score)     documents that hold any of some terms
//!      | ("not", node)                      live documents that don't match; score 1
//!      | ("andnot", a, b)                   a, but not b
//!      | ("andmaybe", a, b)                 a; where b matches too its score is added
//!      | ("require", a, b)                  a, where b matches too
//!      | ("otherwise", a, b)                a; b in a segment where a finds nothing
//!      | ("every", score)                   live documents
//!      | ("fielded", field, score)          documents with any term of a field
//!      | ("constant", node, score)
//!      | ("boost", node, factor)
//!      | ("phrase", [(field, bytes, scorer)], slop)
//!                                           terms in this order, each at most `slop` places
//!                                           behind the one before
//!      | ("given", docs, scores)            native-endian uint32 ascending, and float64
//! scorer = (factor,)                        factor * weight
//!        | (factor, mean, b, k1)            factor * BM25 of weight and length
//! ```

/// A part of a plan.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    Nothing,
    Term(Term),
    And(Vec<Node>),
    Or(Vec<Node>),
    Any {
        field: String,
        terms: Vec<Vec<u8>>,
        score: f64,
    },
    Not(Box<Node>),
    AndNot(Box<Node>, Box<Node>),
    AndMaybe(Box<Node>, Box<Node>),
    Require(Box<Node>, Box<Node>),
    Otherwise(Box<Node>, Box<Node>),
    Every(f64),
    Fielded {
        field: String,
        score: f64,
    },
    Constant(Box<Node>, f64),
    Boost(Box<Node>, f64),
    Phrase {
        terms: Vec<Term>,
        slop: u32,
    },
    Given {
        docs: Vec<u32>,
        scores: Vec<f64>,
    },
}

/// A term and how its postings score.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    pub field: String,
    pub text: Vec<u8>,
    pub scorer: Scorer,
}

/// How a posting scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scorer {
    /// factor * weight
    Weight(f64),
    /// factor * weight * (k1 + 1) / (weight + k1 * (1 - b + b * length / mean)); lengths as
    /// Whoosh rounds them (searcher/codec/lengths.py).
    Bm25 {
        factor: f64,
        mean: f64,
        b: f64,
        k1: f64,
    },
}

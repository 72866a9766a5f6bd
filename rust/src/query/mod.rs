//! The queries that most people type, read into plans.
//!
//! It is the language of searcher/query/quick.py, which reads it into trees; the two agree on
//! what they read and on what they leave to the parser.  Here the way from a string to its page
//! needs no object of Python:
//!
//! ```text
//! oil -"spot price" date:2026   →   (oil AND NOT "spot price" AND date:2026-01-01..2026-12-31
//!                                    AND NOT kind:caption)
//! ```
//!
//! What this module isn't sure of, more than ASCII among it, it doesn't read at all.

mod days;
mod pieces;
mod reader;

pub use reader::{read, Bounds, Reading};

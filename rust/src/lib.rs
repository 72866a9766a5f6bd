//! Segments of a searcher index, and queries over them.
//!
//! `threads` are the core's own; `disk` writes files; `container` is a checked, memory-mapped one of named sections; `dictionary`,
//! `postings`, `columns` and `stored` are what stands in them; `segment` puts them
//! together; `verify` reads all of one; `paragraph` reads what is stored of one; `blocks` finds
//! those of plain text; `tokens`,
//! `invert` and `articles` make segments from paragraphs; `exec` answers plans, `query` reads queries into them,
//! `stock` answers Whoosh's own queries,
//! `highlight` marks what they found;
//! `python` is what `searcher._native` shows of all that.  Imports point to the left, but for
//! `stored`, which asks `paragraph` where the values of one stand.
//! The bytes are described in docs/native-format.md.

pub mod articles;
mod bits;
mod blake2b;
pub mod blocks;
pub mod columns;
pub mod container;
pub mod dictionary;
pub mod disk;
pub mod error;
pub mod exec;
pub mod forms;
pub mod highlight;
pub mod invert;
pub mod paragraph;
mod posting_writer;
pub mod postings;
#[cfg(feature = "python")]
pub mod python;
pub mod query;
pub mod segment;
pub mod stock;
pub mod stored;
pub mod threads;
pub mod tokens;
mod varint;
pub mod verify;
pub mod waiting;
pub mod whoosh_values;

pub use error::{Error, Result};

//! Segments of a searcher index, and queries over them.
//!
//! `container` is a checked, memory-mapped file of named sections; `dictionary`,
//! `postings`, `columns` and `stored` are what stands in them; `segment` puts them
//! together; `verify` reads all of one; `tokens`, `invert` and `articles` make them from paragraphs; `exec` answers queries;
//! `python` is what `searcher._native` shows of all that.  Imports point to the left.
//! The bytes are described in docs/native-format.md.

pub mod articles;
mod bits;
pub mod columns;
pub mod container;
pub mod dictionary;
pub mod error;
pub mod exec;
pub mod forms;
pub mod invert;
mod posting_writer;
pub mod postings;
#[cfg(feature = "python")]
pub mod python;
pub mod segment;
pub mod stored;
pub mod tokens;
mod varint;
pub mod verify;
pub mod waiting;
pub mod whoosh_values;

pub use error::{Error, Result};

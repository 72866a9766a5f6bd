//! Queries of any Whoosh program over native segments, scored as Whoosh scores them.
//!
//! `plan` is what a search asks for in one segment, `found` what a part of it finds, `cursor`
//! steps through a list, `phrase` looks at places, `evaluate` puts them together, `index` asks
//! all segments.  Nothing is passed over by score: what Whoosh's matchers say when all of them
//! are stepped through, in whatever order they are nested, is what is found here.

pub mod best;
mod cursor;
mod evaluate;
pub mod found;
mod phrase;
pub mod plan;
pub mod segment;

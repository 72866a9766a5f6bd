//! Queries over the segments of an index.

pub mod plan;

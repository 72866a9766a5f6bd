//! Queries over the segments of an index.
//!
//! A `plan` is resolved to posting lists (`resolved`), matched as sets of documents
//! (`matching`, `phrases`, `apart`), and scored (`weights`, `rating`) where scores can matter, which
//! their bounds say (`best`, `ranked`, `pruned`, `bounds`, `impacts`).

pub mod adjacent;
mod alone;
pub mod apart;
pub mod best;
pub mod bits;
mod bounds;
pub mod clock;
pub mod docs;
pub mod expansion;
mod impacts;
pub mod index;
pub mod lists;
pub mod matches;
pub mod matching;
pub mod meeting;
pub mod order;
pub mod phrases;
pub mod places;
pub mod plan;
mod pruned;
mod ranked;
pub mod rating;
pub mod resolved;
pub mod scoring;
pub mod view;
pub mod weights;
mod wide;

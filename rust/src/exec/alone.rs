//! One word alone: its lists say how many paragraphs and articles hold it, so of what it matches
//! only the first hits have to be looked for.

use crate::postings::Postings;

use super::index::Searched;
use super::resolved::{Part, Sought};

/// How many paragraphs and articles a plan matches; None where its lists don't say so.
pub fn counts(searched: &Searched<'_>) -> Option<(u64, u64)> {
    let mut counts = (0, 0);
    for (view, root) in searched.index.views.iter().zip(&searched.roots) {
        if let Some(list) = list_of(root)? {
            if view.has_deleted() {
                return None;
            }
            counts.0 += u64::from(list.df());
            counts.1 += u64::from(list.articles()?);
        }
    }
    Some(counts)
}

/// The list of whose documents a plan matches all, with None for a word that isn't there.
fn list_of<'p, 's>(root: &'p Part<'s>) -> Option<Option<&'p Postings<'s>>> {
    match root {
        Part::Word {
            leaf: Some(_),
            word: Sought::Stem(list),
        } => Some(list.as_ref()),
        Part::And(parts) => {
            let mut parts = parts.iter().filter(|part| !excludes_nothing(part));
            let only = parts.next()?;
            match parts.next() {
                None => list_of(only),
                Some(_) => None,
            }
        }
        _ => None,
    }
}

/// Whether a part takes out what the segment doesn't have, such as captions.
fn excludes_nothing(part: &Part<'_>) -> bool {
    let Part::Not(part) = part else {
        return false;
    };
    matches!(&**part, Part::Union(found) if found.is_empty())
}

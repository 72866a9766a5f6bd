//! The posting lists of the terms that a wildcard or a fuzzy word stands for.

use std::collections::BTreeSet;

use crate::error::{Error, Result};
use crate::forms::{each_passing, AnyGlob, Edits};
use crate::postings::Postings;
use crate::segment::{FieldId, Terms};

use super::plan::{Expansion, Likeness};
use super::view::View;

/// An expansion, and for how many terms of a segment it stands, at most one over its limit.
pub type Found<'p> = (&'p Expansion, usize);

/// Return the lists of an expansion's terms in one segment, at most one over its limit.
pub fn lists_of<'s>(view: &'s View, expansion: &Expansion) -> Result<Vec<Postings<'s>>> {
    let mut lists = Vec::new();
    let mut failed = Ok(());
    each_term(view, expansion, |field, _, value| {
        match view.segment.list(field, value) {
            Ok(list) => lists.push(list),
            Err(error) => failed = Err(error),
        }
        failed.is_ok() && lists.len() <= expansion.most
    })?;
    failed.map(|()| lists)
}

/// Fail where an expansion stands for too many terms of all segments together, each counted
/// once; `found` has those of each segment, in the same order.
pub fn check(views: &[View], found: &[Vec<Found<'_>>]) -> Result<()> {
    let Some(first) = found.first() else {
        return Ok(());
    };
    for (at, (expansion, _)) in first.iter().enumerate() {
        let sum: usize = found.iter().map(|segment| segment[at].1).sum();
        if sum > expansion.most {
            check_distinct(views, expansion)?;
        }
    }
    Ok(())
}

fn check_distinct(views: &[View], expansion: &Expansion) -> Result<()> {
    let mut terms = BTreeSet::new();
    for view in views {
        each_term(view, expansion, |_, term, _| {
            terms.insert(term.to_vec());
            true
        })?;
    }
    if terms.len() <= expansion.most {
        return Ok(());
    }
    let (shown, most) = (&expansion.shown, expansion.most);
    Err(Error::Limit {
        name: "expansions",
        message: format!("{shown} stands for over {most} words of the archive"),
    })
}

/// Call `found` with the terms in order, and their values, until it returns false.
fn each_term(
    view: &View,
    expansion: &Expansion,
    mut found: impl FnMut(FieldId, &[u8], u64) -> bool,
) -> Result<()> {
    let Some(field) = view.segment.field(&expansion.field) else {
        return Ok(());
    };
    let terms: &Terms = view.segment.terms(field)?;
    let found = |term: &[u8], value| found(field, term, value);
    match &expansion.likeness {
        Likeness::Glob(pattern) => each_passing(terms, &AnyGlob::new(pattern), true, found),
        Likeness::Fuzzy(text, distance) => {
            each_passing(terms, &Edits::new(text, *distance)?, true, found);
        }
    }
    Ok(())
}

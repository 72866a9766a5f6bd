//! Phrases and nearness over one segment: the documents that hold the words, then where.

use std::sync::Arc;

use crate::error::Result;
use crate::postings::Postings;

use super::adjacent;
use super::docs::Docs;
use super::lists::{self, Cursor};
use super::matching::{Counted, Matcher};
use super::places::{alone, each_phrase, pairs, stretches, within_any, Occurrence, Place};
use super::resolved::Sought;

/// The lists of one place of a phrase, which equal places may share; None is any word.
pub type Lists<'s> = Option<Arc<Vec<Postings<'s>>>>;

/// Where something stands, by document, ascending; only documents where it does.
pub type Placed = Vec<(u32, Vec<Occurrence>)>;

/// Documents between two looks at the clock; one with a loose phrase may take a millisecond.
const STEP: usize = 16;

impl<'s> Matcher<'_, 's> {
    pub(super) fn phrases(
        &self,
        places: &[Lists<'s>],
        slop: u32,
        within: Option<&Docs>,
    ) -> Result<Counted> {
        if let [Some(found)] = places {
            return self.summed(found, within);
        }
        let known = if slop == 0 {
            adjacent::known(places)
        } else {
            None
        };
        if let (Some(places), None) = (&known, within) {
            if let Some(counted) = adjacent::counted_of_all(self.clock, places)? {
                return Ok(counted);
            }
        }
        let docs = self.phrase_candidates(places, within)?.into_vec();
        if let Some(places) = known {
            return adjacent::counted(self.clock, &places, &docs);
        }
        let mut counted = Counted::default();
        self.each_document(places, &docs, |doc, here| {
            let mut count = 0;
            each_phrase(here, slop, |_| count += 1);
            if count > 0 {
                counted.docs.push(doc);
                counted.tfs.push(f64::from(count));
            }
        })?;
        Ok(counted)
    }

    /// The documents that hold a word for each place.
    pub(super) fn phrase_candidates(
        &self,
        places: &[Lists<'s>],
        within: Option<&Docs>,
    ) -> Result<Docs> {
        let mut order = distinct(places);
        order.sort_by_key(|found| count_of(found));
        let mut docs = match (order.first(), within) {
            (None, None) => self.view.live()?.clone(),
            (None, Some(within)) => within.clone().and(self.view.live()?),
            (Some(first), Some(within)) if within.count() <= count_of(first) => {
                lists::keep_any(within.clone(), first, self.view.len())?
            }
            (Some(first), within) => {
                let docs = lists::union(first, self.view.len())?;
                within.map_or(docs.clone(), |within| docs.and(within))
            }
        };
        for found in order.iter().skip(1) {
            docs = lists::keep_any(docs, found, self.view.len())?;
        }
        Ok(docs)
    }

    /// Where a word stands in each of some documents.
    pub(super) fn places(&self, word: &Sought<'s>, docs: &[u32]) -> Result<Placed> {
        self.clock.check()?;
        match word {
            Sought::Stem(list) => self.form_places(list.as_slice(), docs),
            Sought::Forms(found) => self.form_places(found, docs),
            Sought::Phrase { places, slop } => self.phrase_places(places, *slop, docs),
            Sought::Either(words) => self.any_places(words, docs),
            Sought::AtLeast { word: inner, .. } => {
                let within = Docs::Few(docs.to_vec());
                let enough = self.counted(word, Some(&within))?;
                self.places(inner, &enough.within(docs))
            }
            Sought::Near {
                left,
                right,
                distance,
                ordered,
                absent,
            } => {
                let left = self.places(left, docs)?;
                let held: Vec<u32> = left.iter().map(|(doc, _)| *doc).collect();
                let right = self.places(right, &held)?;
                let find = if *absent { alone } else { pairs };
                Ok(joined(left, right, |one, other| {
                    find(one, other, *distance, *ordered)
                }))
            }
            Sought::Quoted { begins, ends, word } => {
                let found = self.places(word, docs)?;
                let held: Vec<u32> = found.iter().map(|(doc, _)| *doc).collect();
                let begins = self.form_places(begins.as_slice(), &held)?;
                let ends = self.form_places(ends.as_slice(), &held)?;
                let quotes = joined(begins, ends, stretches);
                Ok(joined(found, quotes, within_any))
            }
        }
    }

    fn form_places(&self, found: &[Postings<'s>], docs: &[u32]) -> Result<Placed> {
        let mut placed = Placed::new();
        self.each_reading(&[found], &[Some(0)], docs, |doc, here| {
            if let [Place::These(positions)] = here {
                if !positions.is_empty() {
                    placed.push((doc, positions.iter().map(|p| vec![*p]).collect()));
                }
            }
        })?;
        Ok(placed)
    }

    fn phrase_places(&self, places: &[Lists<'s>], slop: u32, docs: &[u32]) -> Result<Placed> {
        let mut placed = Placed::new();
        self.each_document(places, docs, |doc, here| {
            let mut found = Vec::new();
            each_phrase(here, slop, |one| found.push(one.to_vec()));
            if !found.is_empty() {
                placed.push((doc, found));
            }
        })?;
        Ok(placed)
    }

    fn any_places(&self, words: &[Sought<'s>], docs: &[u32]) -> Result<Placed> {
        let mut all: std::collections::BTreeMap<u32, Vec<Occurrence>> = Default::default();
        let within = Docs::Few(docs.to_vec());
        for word in words {
            let held = self.candidates(word, Some(&within))?.into_vec();
            for (doc, found) in self.places(word, &held)? {
                all.entry(doc).or_default().extend(found);
            }
        }
        for found in all.values_mut() {
            found.sort_unstable();
            found.dedup();
        }
        Ok(all.into_iter().collect())
    }

    /// Call `each` with the positions that may fill each place, for each of some documents.
    fn each_document(
        &self,
        places: &[Lists<'s>],
        docs: &[u32],
        each: impl FnMut(u32, &[Place<'_>]),
    ) -> Result<()> {
        let read = distinct(places);
        let which = |found: &Lists<'s>| {
            let found = found.as_ref()?;
            read.iter().position(|other| Arc::ptr_eq(other, found))
        };
        let which: Vec<Option<usize>> = places.iter().map(which).collect();
        let read: Vec<&[Postings<'s>]> = read.into_iter().map(|found| &found[..]).collect();
        self.each_reading(&read, &which, docs, each)
    }

    /// The same, of places that say which of what is read fills them; None is any word.
    fn each_reading(
        &self,
        read: &[&[Postings<'s>]],
        places: &[Option<usize>],
        docs: &[u32],
        mut each: impl FnMut(u32, &[Place<'_>]),
    ) -> Result<()> {
        let words = self.view.column("words")?;
        let mut readers: Vec<Reader<'_, 's>> = read.iter().map(|one| Reader::new(one)).collect();
        for (at, &doc) in docs.iter().enumerate() {
            if at % STEP == STEP - 1 {
                self.clock.check()?;
            }
            for reader in &mut readers {
                reader.read(doc)?;
            }
            let here: Vec<Place<'_>> = places
                .iter()
                .map(|which| match which {
                    Some(which) => Place::These(&readers[*which].positions),
                    None => Place::Any(words.get(doc)),
                })
                .collect();
            each(doc, &here);
        }
        Ok(())
    }
}

/// The lists of places, those that several share once.
fn distinct<'p, 's>(places: &'p [Lists<'s>]) -> Vec<&'p Arc<Vec<Postings<'s>>>> {
    let mut found: Vec<&Arc<Vec<Postings<'s>>>> = Vec::new();
    for one in places.iter().flatten() {
        if !found.iter().any(|other| Arc::ptr_eq(other, one)) {
            found.push(one);
        }
    }
    found
}

fn joined(
    left: Placed,
    right: Placed,
    find: impl Fn(&[Occurrence], &[Occurrence]) -> Vec<Occurrence>,
) -> Placed {
    let mut right = right.into_iter().peekable();
    let mut found = Placed::new();
    for (doc, one) in left {
        while right.next_if(|(other, _)| *other < doc).is_some() {}
        let other = right.next_if(|(other, _)| *other == doc);
        let together = find(&one, other.as_ref().map_or(&[], |(_, other)| other));
        if !together.is_empty() {
            found.push((doc, together));
        }
    }
    found
}

pub fn count_of(found: &[Postings<'_>]) -> u64 {
    found.iter().map(|list| u64::from(list.df())).sum()
}

/// Reads where any of some terms stand.
struct Reader<'l, 's> {
    cursors: Vec<Cursor<'l, 's>>,
    positions: Vec<u32>,
}

impl<'l, 's> Reader<'l, 's> {
    fn new(found: &'l [Postings<'s>]) -> Self {
        Reader {
            cursors: found.iter().map(Cursor::new).collect(),
            positions: Vec::new(),
        }
    }

    fn read(&mut self, doc: u32) -> Result<()> {
        self.positions.clear();
        let mut holding = 0;
        for cursor in &mut self.cursors {
            if cursor.seek(doc)? {
                cursor.positions(&mut self.positions)?;
                holding += 1;
            }
        }
        if holding > 1 {
            self.positions.sort_unstable();
        }
        Ok(())
    }
}

//! Documents of one segment with their scores, and what AND, OR and NOT make of them.

/// Documents a window of `union` adds up at a time.
const WINDOW: usize = 1 << 14;

/// Documents, ascending, and one score each; no scores where nobody asked for them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    pub docs: Vec<u32>,
    pub scores: Vec<f64>,
}

impl Found {
    pub fn new(docs: Vec<u32>, scores: Vec<f64>) -> Found {
        Found { docs, scores }
    }

    /// All with one score; without any unless `scored`.
    pub fn constant(docs: Vec<u32>, score: f64, scored: bool) -> Found {
        let scores = if scored {
            vec![score; docs.len()]
        } else {
            Vec::new()
        };
        Found { docs, scores }
    }

    fn score(&self, at: usize) -> Option<f64> {
        self.scores.get(at).copied()
    }

    fn push(&mut self, doc: u32, score: Option<f64>) {
        self.docs.push(doc);
        self.scores.extend(score);
    }

    /// Those that `keep` says yes to.
    pub fn retain(self, mut keep: impl FnMut(u32) -> bool) -> Found {
        let mut kept = Found::default();
        for (at, &doc) in self.docs.iter().enumerate() {
            if keep(doc) {
                kept.push(doc, self.score(at));
            }
        }
        kept
    }

    /// Those that are, or aren't, among some documents, which ascend.
    pub fn among(self, docs: &[u32], wanted: bool) -> Found {
        let mut at = 0;
        self.retain(|doc| {
            at = reach(docs, at, doc);
            (docs.get(at) == Some(&doc)) == wanted
        })
    }

    /// Add the scores of those that others found too.
    pub fn add(&mut self, other: &Found) {
        let mut at = 0;
        for (&doc, score) in self.docs.iter().zip(&mut self.scores) {
            at = reach(&other.docs, at, doc);
            if other.docs.get(at) == Some(&doc) {
                *score += other.score(at).unwrap_or_default();
            }
        }
    }

    pub fn boosted(mut self, factor: f64) -> Found {
        self.scores.iter_mut().for_each(|score| *score *= factor);
        self
    }
}

/// Where the first document from `at` on is that isn't before `doc`: mostly near by.
fn reach(docs: &[u32], mut at: usize, doc: u32) -> usize {
    let mut step = 1;
    while docs.get(at + step).is_some_and(|&other| other < doc) {
        at += step;
        step *= 2;
    }
    let end = docs.len().min(at + step);
    at + docs[at..end].partition_point(|&other| other < doc)
}

/// What any of several found, scores added up in their order.
pub fn union(parts: &[Found], scored: bool) -> Found {
    let mut union = Found::default();
    let mut next = vec![0; parts.len()];
    let mut sums = vec![0.0; if scored { WINDOW } else { 0 }];
    let mut held = vec![0_u64; WINDOW / 64];
    loop {
        let firsts = parts.iter().zip(&next);
        let first = firsts.filter_map(|(part, &at)| part.docs.get(at)).min();
        let Some(&first) = first else {
            return union;
        };
        for (part, at) in parts.iter().zip(&mut next) {
            *at = gather(part, *at, first, &mut sums, &mut held);
        }
        drain(first, &mut sums, &mut held, &mut union);
    }
}

/// Add up a part's documents of the window from `first` on; returns where its next one is.
fn gather(part: &Found, from: usize, first: u32, sums: &mut [f64], held: &mut [u64]) -> usize {
    let mut at = from;
    while let Some(&doc) = part.docs.get(at) {
        let place = (doc - first) as usize;
        if place >= WINDOW {
            break;
        }
        held[place / 64] |= 1 << (place % 64);
        if let Some(sum) = sums.get_mut(place) {
            *sum += part.score(at).unwrap_or_default();
        }
        at += 1;
    }
    at
}

fn drain(first: u32, sums: &mut [f64], held: &mut [u64], union: &mut Found) {
    for (word, bits) in held.iter_mut().enumerate() {
        while *bits != 0 {
            let place = word * 64 + bits.trailing_zeros() as usize;
            *bits &= *bits - 1;
            let sum = sums.get_mut(place).map(std::mem::take);
            union.push(first + place as u32, sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn founds() -> impl Strategy<Value = Vec<Found>> {
        let one = proptest::collection::btree_map(0..60_000_u32, 0..100_u32, 0..40);
        proptest::collection::vec(one.prop_map(found), 0..5)
    }

    fn found(map: BTreeMap<u32, u32>) -> Found {
        let scores = map.values().map(|&score| f64::from(score)).collect();
        Found::new(map.into_keys().collect(), scores)
    }

    fn mapped(found: &Found) -> BTreeMap<u32, f64> {
        let docs = found.docs.iter().copied();
        docs.zip(found.scores.iter().copied()).collect()
    }

    proptest! {
        #[test]
        fn a_union_adds_up_what_its_parts_found(parts in founds()) {
            let mut expected = BTreeMap::new();
            for (doc, score) in parts.iter().flat_map(mapped) {
                *expected.entry(doc).or_insert(0.0) += score;
            }
            let all = union(&parts, true);
            prop_assert_eq!(mapped(&all), expected);
            prop_assert_eq!(all.docs, union(&parts, false).docs);
        }

        #[test]
        fn some_are_among_others_or_not(parts in founds()) {
            let [one, other, ..] = &parts[..] else { return Ok(()) };
            let others = mapped(other);
            for wanted in [true, false] {
                let mut expected = mapped(one);
                expected.retain(|doc, _| others.contains_key(doc) == wanted);
                let kept = one.clone().among(&other.docs, wanted);
                prop_assert_eq!(mapped(&kept), expected);
            }
            let mut sum = one.clone();
            sum.add(other);
            for (doc, score) in mapped(&sum) {
                let both = mapped(one)[&doc] + others.get(&doc).copied().unwrap_or_default();
                prop_assert_eq!(score, both);
            }
        }
    }
}

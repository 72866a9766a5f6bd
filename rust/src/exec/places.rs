//! Where phrases stand, and what stands near what: searcher/query/evaluate.py and nearness.py.

/// The token positions of one occurrence, ascending.
pub type Occurrence = Vec<u32>;

/// Positions that may fill one place of a phrase, ascending.
pub enum Place<'p> {
    These(&'p [u32]),
    /// Every position of a text of so many words.
    Any(u32),
}

impl Place<'_> {
    /// The first position behind another.
    #[inline]
    fn behind(&self, position: u32) -> Option<u32> {
        match self {
            Place::These(positions) => {
                let at = positions.partition_point(|p| *p <= position);
                positions.get(at).copied()
            }
            Place::Any(words) => position.checked_add(1).filter(|p| p < words),
        }
    }
}

/// Call `found` with the positions of each occurrence: at most one from each position of the
/// first place, each next word where it comes soonest, at most `slop` others among them.
pub fn each_phrase(places: &[Place<'_>], slop: u32, mut found: impl FnMut(&[u32])) {
    let Some((first, rest)) = places.split_first() else {
        return;
    };
    let widest = rest.len() as u64 + u64::from(slop);
    let mut occurrence = Vec::with_capacity(places.len());
    let mut from = |start: u32| {
        occurrence.clear();
        occurrence.push(start);
        let mut last = start;
        for place in rest {
            match place.behind(last) {
                Some(next) if u64::from(next - start) <= widest => last = next,
                _ => return,
            }
            occurrence.push(last);
        }
        found(&occurrence);
    };
    match first {
        Place::These(positions) => positions.iter().copied().for_each(&mut from),
        Place::Any(words) => (0..*words).for_each(&mut from),
    }
}

/// The pairs of near occurrences, each as the positions of both, in order, each once.
pub fn pairs(
    left: &[Occurrence],
    right: &[Occurrence],
    distance: u32,
    ordered: bool,
) -> Vec<Occurrence> {
    let behind = Nearest::new(right, distance, i32::from(ordered));
    let before = Nearest::new(left, distance, -i32::from(ordered));
    let joined = |one: &Occurrence, other: &Occurrence| {
        let mut both = [one.as_slice(), other.as_slice()].concat();
        both.sort_unstable();
        both
    };
    let mut found: Vec<Occurrence> = left
        .iter()
        .filter_map(|one| behind.of(one).map(|other| joined(one, other)))
        .collect();
    let others = right
        .iter()
        .filter_map(|one| before.of(one).map(|other| joined(one, other)));
    found.extend(others);
    found.sort_unstable();
    found.dedup();
    found
}

/// The occurrences of the left operand that have none of the right one near.
pub fn alone(
    left: &[Occurrence],
    right: &[Occurrence],
    distance: u32,
    ordered: bool,
) -> Vec<Occurrence> {
    let near = Nearest::new(right, distance, i32::from(ordered));
    let lone = left.iter().filter(|one| near.of(one).is_none());
    lone.cloned().collect()
}

/// The stretches between beginnings and ends, which stand in the same order: (first position,
/// one past the last).
pub fn stretches(begins: &[Occurrence], ends: &[Occurrence]) -> Vec<Occurrence> {
    let both = begins.iter().zip(ends);
    both.map(|(begin, end)| vec![first(begin), first(end)])
        .collect()
}

/// The occurrences that lie whole in one of several stretches, which rise and don't overlap.
pub fn within_any(occurrences: &[Occurrence], stretches: &[Occurrence]) -> Vec<Occurrence> {
    let lies = |one: &&Occurrence| {
        let behind = stretches.partition_point(|stretch| first(stretch) <= first(one));
        behind > 0 && last(one) < last(&stretches[behind - 1])
    };
    occurrences.iter().filter(lies).cloned().collect()
}

/// Occurrences of one operand, to be asked for the one nearest to another.
struct Nearest {
    distance: u32,
    /// 1 to look only behind, -1 only before, 0 at both sides and inside.
    side: i32,
    by_first: Vec<Occurrence>,
    by_last: Vec<Occurrence>,
    longest: u32,
}

fn first(one: &[u32]) -> u32 {
    one.first().copied().unwrap_or_default()
}

fn last(one: &[u32]) -> u32 {
    one.last().copied().unwrap_or_default()
}

impl Nearest {
    fn new(occurrences: &[Occurrence], distance: u32, side: i32) -> Nearest {
        let mut by_first = occurrences.to_vec();
        by_first.sort();
        let mut by_last = by_first.clone();
        by_last.sort_by_key(|one| (last(one), std::cmp::Reverse(first(one))));
        let longest = occurrences.iter().map(|one| last(one) - first(one)).max();
        Nearest {
            distance,
            side,
            by_first,
            by_last,
            longest: longest.unwrap_or(0),
        }
    }

    /// The nearest occurrence, the earlier of two; None when all are too far.
    fn of(&self, one: &[u32]) -> Option<&Occurrence> {
        let around = self.around(one);
        let best = around
            .into_iter()
            .map(|other| (gap(one, other), other))
            .min()?;
        (best.0 <= i64::from(self.distance)).then_some(best.1)
    }

    fn around<'n>(&'n self, one: &[u32]) -> Vec<&'n Occurrence> {
        let mut found = Vec::new();
        if self.side >= 0 {
            let after = self.by_first.partition_point(|o| first(o) <= last(one));
            found.extend(self.by_first.get(after));
        }
        if self.side <= 0 {
            let before = self.by_last.partition_point(|o| last(o) < first(one));
            found.extend(before.checked_sub(1).and_then(|at| self.by_last.get(at)));
        }
        if self.side == 0 {
            found.extend(self.inside(one));
        }
        found
    }

    /// Those whose stretch reaches into this one's, without a word in common.
    fn inside<'n>(&'n self, one: &[u32]) -> Vec<&'n Occurrence> {
        let least = first(one).saturating_sub(self.longest);
        let start = self.by_first.partition_point(|o| first(o) < least);
        let end = self.by_first.partition_point(|o| first(o) <= last(one));
        self.by_first[start..end.max(start)]
            .iter()
            .filter(|o| last(o) >= first(one) && !o.iter().any(|p| one.contains(p)))
            .collect()
    }
}

fn gap(one: &[u32], other: &[u32]) -> i64 {
    let behind = i64::from(first(other)) - i64::from(last(one));
    let before = i64::from(first(one)) - i64::from(last(other));
    behind.max(before).max(1) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases(places: &[&[u32]], slop: u32) -> Vec<Occurrence> {
        let places: Vec<Place<'_>> = places.iter().map(|p| Place::These(p)).collect();
        let mut found = Vec::new();
        each_phrase(&places, slop, |one| found.push(one.to_vec()));
        found
    }

    #[test]
    fn a_phrase_takes_each_next_word_where_it_comes_soonest() {
        assert_eq!(phrases(&[&[0, 4], &[2, 5]], 0), [[4, 5]]);
        assert_eq!(phrases(&[&[0, 4], &[2, 5]], 1), [[0, 2], [4, 5]]);
    }

    #[test]
    fn what_lies_in_a_stretch_lies_whole_in_it() {
        let quotes = stretches(&[vec![2], vec![6]], &[vec![4], vec![9]]);
        let found = [vec![1], vec![2, 3], vec![3, 4], vec![6], vec![8, 9]];
        assert_eq!(within_any(&found, &quotes), [vec![2, 3], vec![6]]);
    }

    #[test]
    fn near_ones_pair_with_the_nearest() {
        let left = [vec![0], vec![9]];
        let right = [vec![2], vec![4]];
        assert_eq!(pairs(&left, &right, 5, false), [[0, 2], [0, 4], [4, 9]]);
        assert_eq!(pairs(&left, &right, 5, true), [[0, 2], [0, 4]]);
        assert_eq!(alone(&left, &right, 3, false), [[9]]);
    }
}

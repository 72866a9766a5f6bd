//! The best of what all segments found.

use std::cmp::Ordering;

use super::found::Found;

/// A score, and a document of the index.
pub type Scored = (f64, u32);

/// Return the first `limit` of some documents: the best first, of equal ones the first in the
/// index, as Whoosh orders them.
///
/// Args: what each segment found, and what to add to its documents to have the index's.
pub fn best(parts: &[(&Found, u32)], limit: usize) -> Vec<Scored> {
    let mut all: Vec<Scored> =
        Vec::with_capacity(parts.iter().map(|(part, _)| part.docs.len()).sum());
    for (part, offset) in parts {
        let scores = part.scores.iter().copied();
        all.extend(scores.zip(part.docs.iter().map(|doc| doc + offset)));
    }
    if limit == 0 {
        return Vec::new();
    }
    if limit < all.len() {
        all.select_nth_unstable_by(limit - 1, order);
        all.truncate(limit);
    }
    all.sort_unstable_by(order);
    all
}

fn order(one: &Scored, other: &Scored) -> Ordering {
    other.0.total_cmp(&one.0).then(one.1.cmp(&other.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_come_first_and_equal_ones_in_the_order_of_the_index() {
        let one = Found::new(vec![1, 5, 7], vec![2.0, 3.0, 2.0]);
        let other = Found::new(vec![0, 2], vec![2.0, 9.0]);
        let parts = [(&one, 0), (&other, 10)];
        let all = [(9.0, 12), (3.0, 5), (2.0, 1), (2.0, 7), (2.0, 10)];
        for limit in 0..7 {
            assert_eq!(best(&parts, limit), all[..limit.min(5)]);
        }
    }
}

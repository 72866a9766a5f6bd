//! Terms that stand in order, as Whoosh's SpanNear2 finds them.
//!
//! A term may stand 1 to `slop` places behind one of the term before it that the phrase has
//! come to.

use crate::error::Result;

use super::cursor::PostingCursor;

pub struct PhraseFinder<'a> {
    pub cursors: Vec<PostingCursor<'a>>,
    slop: u32,
    reached: Vec<u32>,
    places: Vec<u32>,
}

impl<'a> PhraseFinder<'a> {
    pub fn new(cursors: Vec<PostingCursor<'a>>, slop: u32) -> Self {
        PhraseFinder {
            cursors,
            slop,
            reached: Vec::new(),
            places: Vec::new(),
        }
    }

    /// The first document, from `doc` on, that holds all terms; the cursors stand there.
    pub fn meet(&mut self, mut doc: u32) -> Result<Option<u32>> {
        let mut agreed = 0;
        while agreed < self.cursors.len() {
            match self.cursors[agreed].seek(doc)? {
                None => return Ok(None),
                Some(found) if found == doc => agreed += 1,
                Some(found) => (doc, agreed) = (found, 0),
            }
        }
        Ok(Some(doc))
    }

    /// Whether the phrase stands in the document where the cursors are.
    pub fn stands(&mut self) -> Result<bool> {
        let (first, rest) = self.cursors.split_first_mut().expect("a phrase has terms");
        first.positions(&mut self.reached)?;
        for cursor in rest {
            cursor.positions(&mut self.places)?;
            follow(&mut self.reached, &mut self.places, self.slop);
            if self.reached.is_empty() {
                return Ok(false);
            }
        }
        Ok(!self.reached.is_empty())
    }
}

/// Let `reached` be those of `places` that stand 1 to `slop` behind one of it.
fn follow(reached: &mut Vec<u32>, places: &mut Vec<u32>, slop: u32) {
    let mut before = 0;
    places.retain(|&place| {
        while reached
            .get(before)
            .is_some_and(|&at| at.saturating_add(slop) < place)
        {
            before += 1;
        }
        reached.get(before).is_some_and(|&at| at < place)
    });
    std::mem::swap(reached, places);
}

#[cfg(test)]
mod tests {
    use super::follow;

    #[test]
    fn a_place_follows_within_the_slop() {
        for (slop, expected) in [(1, vec![4]), (2, vec![4, 5]), (9, vec![4, 5, 9, 12])] {
            let (mut reached, mut places) = (vec![3], vec![2, 3, 4, 5, 9, 12]);
            follow(&mut reached, &mut places, slop);
            assert_eq!(reached, expected, "slop {slop}");
        }
    }
}

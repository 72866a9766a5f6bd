//! Postings in memory, by field and term.

use crate::invert::arena::Arena;
use crate::invert::lists::List;
use crate::invert::terms::{TermId, Terms};
use crate::segment::{Carries, FieldId};

/// The postings of some documents.
pub struct Memory {
    pub fields: Vec<Lists>,
    pub arena: Arena,
}

/// The terms of a field, each with its list.
pub struct Lists {
    pub carries: Carries,
    pub terms: Terms,
    pub lists: Vec<List>,
}

impl Memory {
    pub fn new(carries: impl IntoIterator<Item = Carries>) -> Memory {
        let fields = carries.into_iter().map(Lists::new).collect();
        Memory {
            fields,
            arena: Arena::default(),
        }
    }

    pub fn size_bytes(&self) -> usize {
        let terms: usize = self.fields.iter().map(Lists::size_bytes).sum();
        self.arena.size_bytes() + terms
    }

    #[inline]
    pub fn intern(&mut self, field: FieldId, term: &[u8]) -> TermId {
        let lists = &mut self.fields[usize::from(field)];
        let id = lists.terms.intern(term);
        if id as usize == lists.lists.len() {
            lists.lists.push(List::default());
        }
        id
    }

    /// The list of a term, and the arena that it grows in.
    #[inline]
    pub fn list(&mut self, field: FieldId, term: TermId) -> (&mut List, &mut Arena) {
        let list = &mut self.fields[usize::from(field)].lists[term as usize];
        (list, &mut self.arena)
    }
}

impl Lists {
    pub fn new(carries: Carries) -> Lists {
        Lists {
            carries,
            terms: Terms::default(),
            lists: Vec::new(),
        }
    }

    fn size_bytes(&self) -> usize {
        self.terms.size_bytes() + self.lists.capacity() * size_of::<List>()
    }

    /// The terms that documents hold, in the order of their bytes.  A refused document leaves
    /// terms that none does.
    pub fn sorted(&self) -> Vec<TermId> {
        let mut ids = self.terms.sorted();
        ids.retain(|&id| !self.lists[id as usize].is_empty());
        ids
    }
}

//! The exact forms that came up, each with what Python said of it.

use crate::articles::Ask;
use crate::blake2b::word_hash;
use crate::invert::Terms;

/// Distinct forms that are remembered.
const MOST: usize = 1 << 18;

pub type FormId = u32;

#[derive(Default)]
pub struct Vocabulary {
    forms: Terms,
    stems: Terms,
    /// Of each form: its stem, and its hash.
    of: Vec<(u32, u64)>,
    age: u32,
}

impl Vocabulary {
    /// Return the number of a form; whoever comes first has Python asked.
    #[inline]
    pub fn form<A: Ask>(&mut self, form: &str, ask: &mut A) -> Result<FormId, A::Error> {
        if let Some(id) = self.forms.find(form.as_bytes()) {
            return Ok(id);
        }
        let stem = ask.stem(form)?;
        let hash = word_hash(form.as_bytes());
        self.of.push((self.stems.intern(stem.as_bytes()), hash));
        Ok(self.forms.intern(form.as_bytes()))
    }

    pub fn text(&self, form: FormId) -> &[u8] {
        self.forms.get(form)
    }

    pub fn stem(&self, form: FormId) -> &[u8] {
        self.stems.get(self.of[form as usize].0)
    }

    pub fn hash(&self, form: FormId) -> u64 {
        self.of[form as usize].1
    }

    pub fn len(&self) -> usize {
        self.forms.len()
    }

    pub fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// Changes whenever the numbers of before hold no more.
    pub fn age(&self) -> u32 {
        self.age
    }

    pub fn forget_if_full(&mut self) {
        if self.len() > MOST {
            *self = Vocabulary {
                age: self.age + 1,
                ..Vocabulary::default()
            };
        }
    }
}

//! The stems of exact forms, as Python told them.

use crate::invert::Terms;

/// Distinct forms that are remembered.
const MOST: usize = 1 << 17;

#[derive(Default)]
pub struct Stems {
    forms: Terms,
    stems: Terms,
    /// Of each form.
    of: Vec<u32>,
}

impl Stems {
    /// The number of a form's stem, if the form was learnt.
    pub fn of(&self, form: &str) -> Option<u32> {
        let form = self.forms.find(form.as_bytes())?;
        self.of.get(form as usize).copied()
    }

    /// The stem of a form, if the form was learnt.
    pub fn stem(&self, form: &str) -> Option<&[u8]> {
        self.of(form).map(|stem| self.stems.get(stem))
    }

    /// The number of a stem; without one no form that was learnt has it.
    pub fn number(&self, stem: &str) -> Option<u32> {
        self.stems.find(stem.as_bytes())
    }

    /// Remember the stem of a form.
    pub fn learn(&mut self, form: &str, stem: &str) {
        if self.of(form).is_none() {
            self.of.push(self.stems.intern(stem.as_bytes()));
            self.forms.intern(form.as_bytes());
        }
    }

    /// Numbers of before hold no more when this has forgotten them.
    pub fn forget_if_full(&mut self) {
        if self.of.len() >= MOST {
            *self = Stems::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_learnt_once() {
        let mut stems = Stems::default();
        stems.learn("oils", "oil");
        stems.learn("oil", "oil");
        stems.learn("oils", "other");

        assert_eq!(stems.of("oils"), stems.number("oil"));
        assert_eq!(stems.of("oil"), stems.number("oil"));
        assert_eq!((stems.of("war"), stems.number("other")), (None, None));
    }
}

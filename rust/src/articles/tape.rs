//! What articles add to a segment, written down, so that another thread can add it.

use crate::articles::FormId;
use crate::error::Result;
use crate::invert::{Builder, ColumnId, TermId};
use crate::segment::FieldId;

/// One thing to do to a Builder.  Texts stand behind each other in the tape's bytes, forms among
/// its forms; a step says how many are its own.
enum Step {
    Term(FieldId, usize),
    Place(FieldId, u32, usize),
    /// Forms from position 0 on: the words in a field, and their stems in another.
    Words(FieldId, FieldId, usize),
    /// What a form is, and its stem.
    Form(FormId, usize, usize),
    /// Forms are numbered anew.
    Forget,
    Length(FieldId, u32),
    Number(ColumnId, u32),
    Text(ColumnId, usize),
    Share,
    Unshare,
    End(usize),
}

/// Steps that wait.
#[derive(Default)]
pub struct Tape {
    steps: Vec<Step>,
    bytes: Vec<u8>,
    forms: Vec<FormId>,
}

/// A place on a tape.
#[derive(Clone, Copy)]
pub struct Mark(usize, usize, usize);

impl Tape {
    /// Bytes that it takes, more or less.
    pub fn size_bytes(&self) -> usize {
        size_of_val(&*self.steps) + self.bytes.len() + size_of_val(&*self.forms)
    }

    /// Where it ends now.
    pub fn mark(&self) -> Mark {
        Mark(self.steps.len(), self.bytes.len(), self.forms.len())
    }

    /// Forget what came behind a mark.
    pub fn wind_back(&mut self, mark: Mark) {
        self.steps.truncate(mark.0);
        self.bytes.truncate(mark.1);
        self.forms.truncate(mark.2);
    }

    fn text(&mut self, text: &[u8]) -> usize {
        self.bytes.extend_from_slice(text);
        text.len()
    }

    pub fn add_term(&mut self, field: FieldId, term: &[u8]) {
        let length = self.text(term);
        self.steps.push(Step::Term(field, length));
    }

    pub fn add_place(&mut self, field: FieldId, term: &[u8], position: u32) {
        let length = self.text(term);
        self.steps.push(Step::Place(field, position, length));
    }

    /// Add forms that were told of, from position 0 on, and how many they are.
    pub fn add_words(&mut self, words: FieldId, stems: FieldId, forms: &[FormId]) {
        self.forms.extend_from_slice(forms);
        self.steps.push(Step::Words(words, stems, forms.len()));
        self.set_length(words, forms.len() as u32);
        self.set_length(stems, forms.len() as u32);
    }

    /// Tell what a form is.
    pub fn tell(&mut self, form: FormId, word: &[u8], stem: &[u8]) {
        let (word, stem) = (self.text(word), self.text(stem));
        self.steps.push(Step::Form(form, word, stem));
    }

    /// Say that forms are numbered anew from here on.
    pub fn forget(&mut self) {
        self.steps.push(Step::Forget);
    }

    pub fn set_length(&mut self, field: FieldId, length: u32) {
        self.steps.push(Step::Length(field, length));
    }

    pub fn set_number(&mut self, column: ColumnId, value: u32) {
        self.steps.push(Step::Number(column, value));
    }

    pub fn set_text(&mut self, column: ColumnId, text: &str) {
        let length = self.text(text.as_bytes());
        self.steps.push(Step::Text(column, length));
    }

    pub fn share(&mut self) {
        self.steps.push(Step::Share);
    }

    pub fn unshare(&mut self) {
        self.steps.push(Step::Unshare);
    }

    pub fn end_document(&mut self, stored: &[u8]) {
        let length = self.text(stored);
        self.steps.push(Step::End(length));
    }
}

/// The terms of a form and of its stem, in the Builder's memory of now.
type Terms = Option<(TermId, TermId)>;

/// A Builder, and the forms that it was told of.
pub struct Player {
    pub builder: Builder,
    texts: Vec<u8>,
    /// Of each form where in `texts` its word begins and ends; there its stem begins and ends.
    forms: Vec<(u32, u32, u32)>,
    terms: Vec<Terms>,
    /// The Builder's life that `terms` are of.
    life: u32,
}

impl Player {
    pub fn new(builder: Builder) -> Player {
        Player {
            builder,
            texts: Vec::new(),
            forms: Vec::new(),
            terms: Vec::new(),
            life: 0,
        }
    }

    /// Do all that a tape says.  An error leaves the rest undone.
    pub fn play(&mut self, tape: &Tape) -> Result<()> {
        let (mut bytes, mut forms) = (&tape.bytes[..], &tape.forms[..]);
        for step in &tape.steps {
            match *step {
                Step::Term(field, length) => {
                    self.builder.add_term(field, cut(&mut bytes, length));
                }
                Step::Place(field, position, length) => {
                    let term = self.builder.intern(field, cut(&mut bytes, length));
                    self.builder.add_place(field, term, position);
                }
                Step::Words(words, stems, count) => {
                    self.add_words(words, stems, cut(&mut forms, count));
                }
                Step::Form(form, word, stem) => {
                    let (word, stem) = (cut(&mut bytes, word), cut(&mut bytes, stem));
                    self.hear(form as usize, word, stem);
                }
                Step::Forget => self.forget(),
                Step::Length(field, length) => self.builder.set_length(field, length)?,
                Step::Number(column, value) => self.builder.set_number(column, value),
                Step::Text(column, length) => {
                    let text = std::str::from_utf8(cut(&mut bytes, length));
                    self.builder.set_text(column, text.unwrap_or_default())?;
                }
                Step::Share => self.builder.share(),
                Step::Unshare => self.builder.unshare()?,
                Step::End(length) => {
                    self.builder.end_document(cut(&mut bytes, length))?;
                }
            }
        }
        Ok(())
    }

    fn forget(&mut self) {
        self.texts.clear();
        self.forms.clear();
        self.terms.clear();
    }

    fn hear(&mut self, form: usize, word: &[u8], stem: &[u8]) {
        let start = self.texts.len() as u32;
        self.texts.extend_from_slice(word);
        let middle = self.texts.len() as u32;
        self.texts.extend_from_slice(stem);
        let size = self.forms.len().max(form + 1);
        self.forms.resize(size, (0, 0, 0));
        self.terms.resize(size, None);
        self.forms[form] = (start, middle, self.texts.len() as u32);
        self.terms[form] = None;
    }

    fn add_words(&mut self, words: FieldId, stems: FieldId, forms: &[FormId]) {
        if self.life != self.builder.life() {
            self.life = self.builder.life();
            self.terms.fill(None);
        }
        for (position, &form) in (0..).zip(forms) {
            let known = &mut self.terms[form as usize];
            let (word, stem) = *known.get_or_insert_with(|| {
                let (start, middle, end) = self.forms[form as usize];
                let text = |from: u32, to: u32| &self.texts[from as usize..to as usize];
                let word = self.builder.intern(words, text(start, middle));
                (word, self.builder.intern(stems, text(middle, end)))
            });
            self.builder.add_place(words, word, position);
            self.builder.add_place(stems, stem, position);
        }
    }
}

/// Take so many from the front.
fn cut<'a, T>(from: &mut &'a [T], count: usize) -> &'a [T] {
    let (taken, rest) = from.split_at(count);
    *from = rest;
    taken
}

//! Columns on their way: one value a document, given as documents come.

use rustc_hash::FxHashMap;

use crate::error::{Error, Result};
use crate::invert::terms::{TermId, Terms};
use crate::segment::{Segment, SegmentWriter};

/// Most bytes of distinct texts in a column.
const MOST_TEXT: usize = u32::MAX as usize;

pub type ColumnId = u32;

/// The columns of one segment, by the names that come up.
#[derive(Default)]
pub struct Columns {
    ids: FxHashMap<String, ColumnId>,
    columns: Vec<Column>,
}

struct Column {
    name: String,
    values: Vec<u32>,
    /// Distinct texts of a column of texts, the empty one first.
    texts: Option<Terms>,
}

impl Columns {
    /// Return the column of numbers of a name.
    pub fn number(&mut self, name: &str) -> Result<ColumnId> {
        self.column(name, false)
    }

    /// Return the column of texts of a name.
    pub fn text(&mut self, name: &str) -> Result<ColumnId> {
        self.column(name, true)
    }

    fn column(&mut self, name: &str, is_text: bool) -> Result<ColumnId> {
        if let Some(&id) = self.ids.get(name) {
            let same = self.columns[id as usize].texts.is_some() == is_text;
            let message = || Error::Misuse(format!("column {name:?} holds numbers and texts"));
            return same.then_some(id).ok_or_else(message);
        }
        let id = self.columns.len() as ColumnId;
        let texts = is_text.then(|| {
            let mut texts = Terms::default();
            texts.intern(b"");
            texts
        });
        self.columns.push(Column {
            name: name.to_owned(),
            values: Vec::new(),
            texts,
        });
        self.ids.insert(name.to_owned(), id);
        Ok(id)
    }

    /// Return the number that stands for a text in a column of texts.
    pub fn intern(&mut self, column: ColumnId, text: &str) -> Result<TermId> {
        let column = &mut self.columns[column as usize];
        match &mut column.texts {
            Some(texts) if texts.size_bytes() + text.len() < MOST_TEXT => {
                Ok(texts.intern(text.as_bytes()))
            }
            _ => Err(Error::Misuse(format!(
                "column {:?}: over 4 GB of texts",
                column.name
            ))),
        }
    }

    /// Give a document its value; documents rise.
    #[inline]
    pub fn set(&mut self, column: ColumnId, doc: u32, value: u32) {
        let values = &mut self.columns[column as usize].values;
        values.resize(doc as usize, 0);
        values.push(value);
    }

    /// Add the columns of a segment for the documents that get new numbers, u32::MAX for none.
    pub fn add_segment(&mut self, segment: &Segment, newnums: &[u32]) -> Result<()> {
        for name in segment.number_names() {
            let id = self.number(name)?;
            let Some(numbers) = segment.numbers(name)? else {
                continue;
            };
            for (doc, new) in live(newnums) {
                self.set_unless_0(id, new, numbers.get(doc));
            }
        }
        for name in segment.text_names() {
            let id = self.text(name)?;
            let Some(texts) = segment.texts(name)? else {
                continue;
            };
            let mut ids = vec![None; texts.count() as usize];
            for (doc, new) in live(newnums) {
                let rank = texts.rank(doc);
                let value = match ids.get(rank as usize).copied().flatten() {
                    Some(value) => value,
                    None => self.intern(id, texts.text(rank)?)?,
                };
                if let Some(known) = ids.get_mut(rank as usize) {
                    *known = Some(value);
                }
                self.set_unless_0(id, new, value);
            }
        }
        Ok(())
    }

    fn set_unless_0(&mut self, column: ColumnId, doc: u32, value: u32) {
        if value != 0 {
            self.set(column, doc, value);
        }
    }

    /// The values of a column of numbers so far.
    pub fn numbers(&self, name: &str) -> Option<&[u32]> {
        let column = &self.columns[*self.ids.get(name)? as usize];
        column.texts.is_none().then_some(&column.values)
    }

    /// Write all columns, and empty each as it is written.
    pub fn write(&mut self, writer: &mut SegmentWriter) -> Result<()> {
        for column in self.columns.drain(..) {
            match column.texts {
                None => writer.add_numbers(&column.name, &column.values)?,
                Some(texts) => {
                    let distinct: Vec<&str> = (0..texts.len() as u32)
                        .map(|id| std::str::from_utf8(texts.get(id)).unwrap_or_default())
                        .collect();
                    writer.add_texts(&column.name, &distinct, &column.values)?;
                }
            }
        }
        Ok(())
    }
}

/// (document, its new number) of the documents that have one.
pub fn live(newnums: &[u32]) -> impl Iterator<Item = (u32, u32)> + '_ {
    let numbered = newnums.iter().enumerate();
    numbered
        .filter(|(_, &new)| new != u32::MAX)
        .map(|(doc, &new)| (doc as u32, new))
}

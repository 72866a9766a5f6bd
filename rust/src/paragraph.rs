//! A stored paragraph: its values are found at once and decoded when they are asked for.
//!
//! It is a dict of `stored`, by the names that searcher/indexing/documents.py gives: a search
//! reads ten of them to show five of their twenty values.

use crate::stored::{Cells, Value};

/// What is stored of a paragraph: the arguments of searcher.model.Paragraph in their order, and
/// the source where that isn't the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Id,
    Article,
    Number,
    Kind,
    Section,
    Text,
    Start,
    End,
    Title,
    Date,
    DateSource,
    City,
    Desk,
    Author,
    Source,
    Language,
    Path,
    Url,
    Quotes,
    Origin,
}

/// Fields there are.
const FIELDS: usize = 20;

impl Field {
    /// All but the source, in order.
    pub const ARGUMENTS: [Field; FIELDS - 1] = [
        Field::Id,
        Field::Article,
        Field::Number,
        Field::Kind,
        Field::Section,
        Field::Text,
        Field::Start,
        Field::End,
        Field::Title,
        Field::Date,
        Field::DateSource,
        Field::City,
        Field::Desk,
        Field::Author,
        Field::Source,
        Field::Language,
        Field::Path,
        Field::Url,
        Field::Quotes,
    ];

    /// The place of a name in NAMES, most likely at `next` or soon behind it.
    #[inline]
    fn named(name: &[u8], next: usize) -> Option<usize> {
        let is = |at: &usize| NAMES[*at].0.as_bytes() == name;
        (next..FIELDS).find(is).or_else(|| (0..next).find(is))
    }

    /// Whether it holds an int.
    pub fn is_number(self) -> bool {
        matches!(
            self,
            Field::Number | Field::Start | Field::End | Field::Date
        )
    }

    /// Whether it holds several values.
    pub fn is_several(self) -> bool {
        matches!(self, Field::Desk | Field::Quotes)
    }
}

/// Each field with its name, in the order in which they are stored.
const NAMES: [(&str, Field); FIELDS] = [
    ("id", Field::Id),
    ("article", Field::Article),
    ("number", Field::Number),
    ("kind", Field::Kind),
    ("text", Field::Text),
    ("start", Field::Start),
    ("end", Field::End),
    ("title", Field::Title),
    ("date_source", Field::DateSource),
    ("city", Field::City),
    ("author", Field::Author),
    ("source", Field::Source),
    ("language", Field::Language),
    ("path", Field::Path),
    ("url", Field::Url),
    ("section", Field::Section),
    ("desk", Field::Desk),
    ("quotes", Field::Quotes),
    ("date", Field::Date),
    ("origin", Field::Origin),
];

/// The stored bytes of a paragraph, and where in them each value stands.
#[derive(Debug)]
pub struct StoredParagraph {
    bytes: Vec<u8>,
    /// From and to; empty for what isn't stored.
    places: [(u32, u32); FIELDS],
}

impl StoredParagraph {
    /// Find the values; None when the bytes aren't those of a paragraph.
    pub fn read(bytes: Vec<u8>) -> Option<StoredParagraph> {
        let places = places(&bytes)?;
        Some(StoredParagraph { bytes, places })
    }

    /// A text, empty where none is stored.
    pub fn text(&self, field: Field) -> &str {
        self.cells(field).text().unwrap_or_default()
    }

    /// The UTF-8 of a text, empty where none is stored.
    pub fn bytes(&self, field: Field) -> &[u8] {
        self.cells(field).name().unwrap_or_default()
    }

    /// An int, 0 where none is stored.
    pub fn number(&self, field: Field) -> i64 {
        self.cells(field).int().unwrap_or_default()
    }

    /// Any value.
    pub fn value(&self, field: Field) -> Option<Value> {
        self.cells(field).value()
    }

    fn cells(&self, field: Field) -> Cells<'_> {
        let (start, end) = self.places[field as usize];
        Cells::new(&self.bytes[start as usize..end as usize])
    }
}

/// Where in a stored paragraph each value stands: from and to, empty for what isn't stored.
pub(crate) type Places = [(u32, u32); FIELDS];

/// Find the values; None when the bytes aren't those of a paragraph.
pub(crate) fn places(bytes: &[u8]) -> Option<Places> {
    let length = u32::try_from(bytes.len()).ok()?;
    let mut places = [(0, 0); FIELDS];
    let mut cells = Cells::new(bytes);
    let mut next = 0;
    for _ in 0..cells.pairs()? {
        let known = Field::named(cells.name()?, next);
        let start = length - cells.left() as u32;
        let Some(at) = known else {
            cells.skip(1)?;
            continue;
        };
        let field = NAMES[at].1;
        pass(&mut cells, field)?;
        places[field as usize] = (start, length - cells.left() as u32);
        next = at + 1;
    }
    (cells.left() == 0).then_some(places)
}

/// Pass over a value; None when it is none of the field's.
#[inline]
fn pass(cells: &mut Cells<'_>, field: Field) -> Option<()> {
    if field.is_number() {
        cells.int().map(drop)
    } else if field.is_several() {
        cells.skip(1)
    } else {
        cells.pass_text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stored::encode;

    fn stored(pairs: &[(&str, Value)]) -> Vec<u8> {
        let pairs = pairs.iter();
        let pairs = pairs.map(|(name, value)| (Value::Str((*name).to_owned()), value.clone()));
        let mut bytes = Vec::new();
        encode(&Value::Dict(pairs.collect()), &mut bytes);
        bytes
    }

    #[test]
    fn a_value_is_found_by_its_name() {
        let text = Value::Str("Rain fell.".to_owned());
        let bytes = stored(&[
            ("number", Value::Int(7)),
            ("later", Value::None),
            ("text", text),
        ]);
        let paragraph = StoredParagraph::read(bytes).unwrap();

        assert_eq!(paragraph.text(Field::Text), "Rain fell.");
        assert_eq!(paragraph.number(Field::Number), 7);
        assert_eq!(paragraph.text(Field::Title), "");
        assert_eq!(paragraph.number(Field::Date), 0);
        assert_eq!(paragraph.value(Field::Desk), None);
    }

    #[test]
    fn what_is_cut_short_or_goes_on_is_no_paragraph() {
        let whole = stored(&[("id", Value::Str("a#p1".to_owned()))]);
        for end in 0..whole.len() {
            assert!(StoredParagraph::read(whole[..end].to_vec()).is_none());
        }
        assert!(StoredParagraph::read([&whole[..], &[0]].concat()).is_none());
    }

    #[test]
    fn a_value_of_another_kind_is_no_paragraphs() {
        for (name, value) in [
            ("text", Value::Int(1)),
            ("date", Value::Str("x".to_owned())),
        ] {
            assert!(StoredParagraph::read(stored(&[(name, value)])).is_none());
        }
    }
}

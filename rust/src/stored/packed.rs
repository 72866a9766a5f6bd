//! Paragraphs in a block: values without their names, and what is said of an article once.
//!
//! ```text
//! Facts = has:varint path:Text[if has 1] article:Text (title date_source city author source
//!         language url):Text[if has 4, 8 … 256] desk:Desk[if has 512] date:zigzag[if has 1024]
//!         origin:Text[if has 2048]
//! Own   = has:u8 number:zigzag start:zigzag length:zigzag text:Text id:Text[if has 8]
//!         section:Text[if has 16] quotes:Value[if has 32]
//! Text  = length:varint utf8
//! Desk  = count:varint Text{count}
//! ```
//!
//! The article begins with the path if has 2, which is then left out.  The kind is the last
//! three bits of Own's has, by its place in KINDS.  An id that isn't told is `article#pNUMBER`,
//! `length` is end less start.  What can't be said so stays a Value, as `stored` has it.

use crate::paragraph::{places, Field, Places};
use crate::stored::{begin_dict, put_bytes, put_int, put_text, Cells, Decoder, TEXT};
use crate::varint::put;

/// The kinds of a paragraph (searcher/model.py), in the order of their numbers.
const KINDS: [&str; 6] = ["text", "quote", "list", "headline", "heading", "caption"];
const KIND: u8 = 7;
const HAS_ID: u8 = 8;
const HAS_SECTION: u8 = 16;
const HAS_QUOTES: u8 = 32;

const HAS_PATH: u64 = 1;
const BEGINS_WITH_PATH: u64 = 2;
/// The first of TEXTS; the others follow.
const HAS_TITLE: u64 = 4;
const HAS_DESK: u64 = 512;
const HAS_DATE: u64 = 1024;
const HAS_ORIGIN: u64 = 2048;
const ALL_FACTS: u64 = 4095;

/// Facts that are texts, in the order of their bits; the path stands among the values of a
/// paragraph where PATH_BEFORE does.
const TEXTS: [(&str, Field); 7] = [
    ("title", Field::Title),
    ("date_source", Field::DateSource),
    ("city", Field::City),
    ("author", Field::Author),
    ("source", Field::Source),
    ("language", Field::Language),
    ("url", Field::Url),
];
const PATH_BEFORE: usize = 6;
const TUPLE: u8 = 8;

/// The parts of a paragraph, with room for the next.
#[derive(Default)]
pub struct Packed {
    pub facts: Vec<u8>,
    pub own: Vec<u8>,
    whole: Vec<u8>,
}

impl Packed {
    /// Take a stored value apart; false when it isn't a paragraph as searcher writes it.
    pub fn pack(&mut self, bytes: &[u8]) -> bool {
        self.facts.clear();
        self.own.clear();
        self.whole.clear();
        let packed = self.take(bytes).is_some();
        // What comes back decides, so nothing that is stored can change.
        packed
            && unpack(&self.facts, Some(&self.own), &mut self.whole).is_some()
            && self.whole == bytes
    }

    fn take(&mut self, bytes: &[u8]) -> Option<()> {
        let given = Given(bytes, places(bytes)?);
        self.take_facts(&given);
        self.take_own(&given)
    }

    fn take_facts(&mut self, given: &Given<'_>) {
        let (path, article) = (given.text(Field::Path), given.text(Field::Article));
        let tail = article.strip_prefix(path).filter(|_| !path.is_empty());
        let mut has = flag(HAS_PATH, !path.is_empty()) | flag(BEGINS_WITH_PATH, tail.is_some());
        for (at, (_, field)) in TEXTS.into_iter().enumerate() {
            has |= flag(HAS_TITLE << at, given.has(field));
        }
        has |= flag(HAS_DESK, given.has(Field::Desk));
        has |= flag(HAS_DATE, given.has(Field::Date));
        has |= flag(HAS_ORIGIN, given.has(Field::Origin));
        let out = &mut self.facts;
        put(out, has);
        if !path.is_empty() {
            put_bare(path, out);
        }
        put_bare(tail.unwrap_or(article), out);
        for (_, field) in TEXTS.into_iter().filter(|&(_, field)| given.has(field)) {
            put_bare(given.text(field), out);
        }
        if given.has(Field::Desk) {
            let mut cells = given.cells(Field::Desk);
            let count = cells.items().unwrap_or(0);
            put(out, count as u64);
            (0..count).for_each(|_| put_bare(cells.name().unwrap_or_default(), out));
        }
        if given.has(Field::Date) {
            put_zigzag(given.int(Field::Date), out);
        }
        if given.has(Field::Origin) {
            put_bare(given.text(Field::Origin), out);
        }
    }

    fn take_own(&mut self, given: &Given<'_>) -> Option<()> {
        let kind = given.text(Field::Kind);
        let kind = KINDS.iter().position(|one| one.as_bytes() == kind)? as u8;
        let number = given.int(Field::Number);
        let tells_id = !is_id(given.text(Field::Id), given.text(Field::Article), number);
        let out = &mut self.own;
        out.push(
            kind | flag(HAS_ID, tells_id)
                | flag(HAS_SECTION, given.has(Field::Section))
                | flag(HAS_QUOTES, given.has(Field::Quotes)),
        );
        let (start, end) = (given.int(Field::Start), given.int(Field::End));
        put_zigzag(number, out);
        put_zigzag(start, out);
        put_zigzag(end.wrapping_sub(start), out);
        put_bare(given.text(Field::Text), out);
        if tells_id {
            put_bare(given.text(Field::Id), out);
        }
        if given.has(Field::Section) {
            put_bare(given.text(Field::Section), out);
        }
        out.extend(given.bytes(Field::Quotes));
        Some(())
    }
}

/// Append the stored value that was taken apart: `told` begins with its facts, and goes on with
/// what is its own unless that is given.  None when they aren't parts of a paragraph.
pub fn unpack(told: &[u8], own: Option<&[u8]>, out: &mut Vec<u8>) -> Option<()> {
    let mut rest = Decoder { bytes: told };
    let facts = Facts::read(&mut rest)?;
    let own = Own::read(own.map_or(rest.bytes, |own| own))?;
    out.reserve(told.len() + own.text.len() + 256);
    begin_dict(own.count() + facts.count(), out);
    own.write(&facts, out);
    facts.write(out);
    Some(())
}

/// A paragraph as it is stored: its bytes, and where its values stand.
struct Given<'a>(&'a [u8], Places);

impl<'a> Given<'a> {
    fn bytes(&self, field: Field) -> &'a [u8] {
        let (start, end) = self.1[field as usize];
        &self.0[start as usize..end as usize]
    }

    fn cells(&self, field: Field) -> Cells<'a> {
        Cells::new(self.bytes(field))
    }

    fn has(&self, field: Field) -> bool {
        !self.bytes(field).is_empty()
    }

    fn text(&self, field: Field) -> &'a [u8] {
        self.cells(field).name().unwrap_or_default()
    }

    fn int(&self, field: Field) -> i64 {
        self.cells(field).int().unwrap_or_default()
    }
}

fn flag<T: From<bool> + std::ops::Mul<Output = T>>(bit: T, set: bool) -> T {
    bit * T::from(set)
}

fn put_bare(text: &[u8], out: &mut Vec<u8>) {
    put(out, text.len() as u64);
    out.extend(text);
}

fn put_zigzag(value: i64, out: &mut Vec<u8>) {
    put(out, super::zigzag(value));
}

/// Append a text that is made of parts.
fn put_parts(parts: &[&[u8]], out: &mut Vec<u8>) {
    out.push(TEXT);
    put(out, parts.iter().map(|part| part.len() as u64).sum());
    parts.iter().for_each(|part| out.extend(*part));
}

/// A number in decimal, without memory of its own.
struct Decimal {
    bytes: [u8; 20],
    from: usize,
}

impl Decimal {
    fn of(number: i64) -> Decimal {
        let mut made = Decimal {
            bytes: [0; 20],
            from: 20,
        };
        let mut rest = number.unsigned_abs();
        loop {
            made.push(b'0' + (rest % 10) as u8);
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if number < 0 {
            made.push(b'-');
        }
        made
    }

    fn push(&mut self, digit: u8) {
        self.from -= 1;
        self.bytes[self.from] = digit;
    }

    fn digits(&self) -> &[u8] {
        &self.bytes[self.from..]
    }
}

/// Whether an id is `article#pNUMBER`.
fn is_id(id: &[u8], article: &[u8], number: i64) -> bool {
    let tail = id.strip_prefix(article);
    let tail = tail.and_then(|tail| tail.strip_prefix(b"#p"));
    tail == Some(Decimal::of(number).digits())
}

/// Read a text that stands there only if told so.
fn text_if<'a>(told: bool, from: &mut Decoder<'a>) -> Option<&'a [u8]> {
    if told {
        from.counted()
    } else {
        Some(&[])
    }
}

/// What the paragraphs of an article share.
struct Facts<'a> {
    has: u64,
    path: &'a [u8],
    /// The two parts of it.
    article: [&'a [u8]; 2],
    texts: [&'a [u8]; TEXTS.len()],
    /// How many, and where they stand.
    desks: (usize, Decoder<'a>),
    date: i64,
    origin: &'a [u8],
}

impl<'a> Facts<'a> {
    fn read(from: &mut Decoder<'a>) -> Option<Facts<'a>> {
        let has = from.varint()?;
        if has > ALL_FACTS {
            return None;
        }
        let path = text_if(has & HAS_PATH != 0, from)?;
        let tail = from.counted()?;
        let mut texts = [&[][..]; TEXTS.len()];
        for (at, into) in texts.iter_mut().enumerate() {
            *into = text_if(has & HAS_TITLE << at != 0, from)?;
        }
        let count = match has & HAS_DESK {
            0 => 0,
            _ => from.count()?,
        };
        let desks = (count, Decoder { bytes: from.bytes });
        (0..count).try_for_each(|_| from.counted().map(drop))?;
        let date = match has & HAS_DATE {
            0 => 0,
            _ => super::unzigzag(from.varint()?),
        };
        let origin = text_if(has & HAS_ORIGIN != 0, from)?;
        let before = if has & BEGINS_WITH_PATH != 0 {
            path
        } else {
            &[]
        };
        Some(Facts {
            has,
            path,
            article: [before, tail],
            texts,
            desks,
            date,
            origin,
        })
    }

    /// How many values they are.
    fn count(&self) -> usize {
        1 + (self.has & ALL_FACTS & !BEGINS_WITH_PATH).count_ones() as usize
    }

    /// Append the values with their names, in the order that they are stored in.
    fn write(&self, out: &mut Vec<u8>) {
        let text = |name: &str, text: &[u8], out: &mut Vec<u8>| {
            put_text(name, out);
            put_bytes(TEXT, text, out);
        };
        put_text("article", out);
        put_parts(&self.article, out);
        for (at, (name, _)) in TEXTS.into_iter().enumerate() {
            if at == PATH_BEFORE && self.has & HAS_PATH != 0 {
                text("path", self.path, out);
            }
            if self.has & HAS_TITLE << at != 0 {
                text(name, self.texts[at], out);
            }
        }
        if self.has & HAS_DESK != 0 {
            put_text("desk", out);
            out.push(TUPLE);
            let (count, mut desks) = (self.desks.0, Decoder { ..self.desks.1 });
            put(out, count as u64);
            for _ in 0..count {
                put_bytes(TEXT, desks.counted().unwrap_or_default(), out);
            }
        }
        if self.has & HAS_DATE != 0 {
            put_text("date", out);
            put_int(self.date, out);
        }
        if self.has & HAS_ORIGIN != 0 {
            text("origin", self.origin, out);
        }
    }
}

/// What a paragraph says of itself.
struct Own<'a> {
    has: u8,
    number: i64,
    start: i64,
    length: i64,
    text: &'a [u8],
    id: &'a [u8],
    section: &'a [u8],
    quotes: &'a [u8],
}

impl<'a> Own<'a> {
    fn read(bytes: &'a [u8]) -> Option<Own<'a>> {
        let mut from = Decoder { bytes };
        let has = from.byte()?;
        if has >= 2 * HAS_QUOTES || usize::from(has & KIND) >= KINDS.len() {
            return None;
        }
        let mut int = || from.varint().map(super::unzigzag);
        let (number, start, length) = (int()?, int()?, int()?);
        let text = from.counted()?;
        let id = text_if(has & HAS_ID != 0, &mut from)?;
        let section = text_if(has & HAS_SECTION != 0, &mut from)?;
        let quotes = from.bytes;
        if quotes.is_empty() != (has & HAS_QUOTES == 0) {
            return None;
        }
        Some(Own {
            has,
            number,
            start,
            length,
            text,
            id,
            section,
            quotes,
        })
    }

    fn count(&self) -> usize {
        6 + (self.has & (HAS_SECTION | HAS_QUOTES)).count_ones() as usize
    }

    fn write(&self, facts: &Facts<'_>, out: &mut Vec<u8>) {
        put_text("id", out);
        if self.has & HAS_ID == 0 {
            let [before, tail] = facts.article;
            put_parts(
                &[before, tail, b"#p", Decimal::of(self.number).digits()],
                out,
            );
        } else {
            put_bytes(TEXT, self.id, out);
        }
        put_text("number", out);
        put_int(self.number, out);
        put_text("kind", out);
        put_text(KINDS[usize::from(self.has & KIND)], out);
        put_text("text", out);
        put_bytes(TEXT, self.text, out);
        put_text("start", out);
        put_int(self.start, out);
        put_text("end", out);
        put_int(self.start.wrapping_add(self.length), out);
        if self.has & HAS_SECTION != 0 {
            put_text("section", out);
            put_bytes(TEXT, self.section, out);
        }
        if self.has & HAS_QUOTES != 0 {
            put_text("quotes", out);
            out.extend(self.quotes);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stored::{decode, encode, Value};

    fn text(text: &str) -> Value {
        Value::Str(text.to_owned())
    }

    fn bytes_of(pairs: Vec<(&str, Value)>) -> Vec<u8> {
        let pairs = pairs.into_iter();
        let pairs = pairs.map(|(name, value)| (text(name), value));
        let mut bytes = Vec::new();
        encode(&Value::Dict(pairs.collect()), &mut bytes);
        bytes
    }

    /// A paragraph with every fact that a bit of `has` chooses.
    fn paragraph(id: &str, article: &str, number: i64, has: u16) -> Vec<u8> {
        let mut pairs = vec![
            ("id", text(id)),
            ("number", Value::Int(number)),
            ("kind", text(KINDS[usize::from(has) % 6])),
            ("text", text("Rain fell, “she” said.")),
            ("start", Value::Int(-3)),
            ("end", Value::Int(i64::MAX)),
        ];
        let quote = Value::Tuple(vec![Value::Int(1), Value::Int(2), text("")]);
        let desks = Value::Tuple(vec![text("world"), text("")]);
        let more = [
            ("section", text("Later")),
            ("quotes", Value::Tuple(vec![quote])),
            ("title", text("Rain")),
            ("date_source", text("header")),
            ("city", text("Leeds")),
            ("author", text("A")),
            ("source", text("S")),
            ("language", text("en")),
            ("path", text("a/b.txt")),
            ("url", text("https://x")),
            ("desk", desks),
            ("date", Value::Int(20_260_225)),
            ("origin", text("c.txt")),
        ];
        for (at, pair) in more.into_iter().enumerate() {
            if at == 2 {
                pairs.push(("article", text(article)));
            }
            if has >> at & 1 == 1 {
                pairs.push(pair);
            }
        }
        bytes_of(pairs)
    }

    proptest! {
        #[test]
        fn a_paragraph_comes_back_as_it_was(
            id in "(a/b.txt:7#p[0-9]|[a#]{0,3})",
            article in "(a/b.txt)?(:7)?",
            number in -2i64..20,
            has in 0u16..8192,
        ) {
            let bytes = paragraph(&id, &article, number, has);
            let mut packed = Packed::default();

            prop_assert!(packed.pack(&bytes));
            let mut whole = Vec::new();
            unpack(&[&packed.facts[..], &packed.own].concat(), None, &mut whole).unwrap();
            prop_assert_eq!(whole, bytes);
        }

        #[test]
        fn any_bytes_are_parts_or_none(told in prop::collection::vec(0u8..70, 0..60), own in prop::collection::vec(0u8..70, 0..60)) {
            let mut out = Vec::new();
            let _ = unpack(&told, None, &mut out);
            let _ = unpack(&told, Some(&own), &mut out);
        }
    }

    #[test]
    fn an_id_of_the_article_takes_no_room() {
        let mut packed = Packed::default();
        assert!(packed.pack(&paragraph("a/b.txt:7#p12", "a/b.txt:7", 12, 256)));
        let with = packed.own.len();
        assert!(packed.pack(&paragraph("a/b.txt:7#p13", "a/b.txt:7", 12, 256)));
        assert_eq!(packed.own.len() - with, 1 + "a/b.txt:7#p13".len());
        assert!(!String::from_utf8_lossy(&packed.facts[9..]).contains("a/b.txt"));
    }

    #[test]
    fn what_is_no_paragraph_stays_as_it_is() {
        let mut packed = Packed::default();
        let right = paragraph("a#p1", "a", 1, 0);
        for wrong in [
            &b""[..],
            b"abc",
            &right[..right.len() - 1],
            &bytes_of(vec![("payload", Value::None)]),
            &bytes_of(vec![("article", text("a")), ("id", text("a#p1"))]),
        ] {
            assert!(!packed.pack(wrong));
        }
        let Some(Value::Dict(mut pairs)) = decode(&right) else {
            panic!("a dict");
        };
        for change in [text("table"), text("")] {
            pairs[2].1 = change;
            let mut bytes = Vec::new();
            encode(&Value::Dict(pairs.clone()), &mut bytes);
            assert!(!packed.pack(&bytes));
        }
        pairs[2].1 = text("text");
        pairs.swap(0, 1);
        let mut bytes = Vec::new();
        encode(&Value::Dict(pairs), &mut bytes);
        assert!(!packed.pack(&bytes));
    }

    #[test]
    fn what_is_cut_short_has_no_parts() {
        let mut packed = Packed::default();
        assert!(packed.pack(&paragraph("b", "a/b.txt", 1, 0x1fff)));
        let mut out = Vec::new();
        for end in 0..packed.facts.len() {
            assert!(unpack(&packed.facts[..end], Some(&packed.own), &mut out).is_none());
        }
    }
}

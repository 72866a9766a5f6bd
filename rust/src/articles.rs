//! Articles to documents, one a paragraph: which terms, lengths and columns each has.
//!
//! What an article adds goes onto a `tape`; `adding` has tapes played in another thread.
//! The fields are those of searcher/indexing/schema.py, and what goes into them is what
//! searcher/indexing/compose.py puts there.  What only Python knows (stems, dates, the tokens
//! of rare scripts) is asked for through `Ask`.

use crate::error::{Error, Result};
use crate::invert::{Builder, ColumnId};
use crate::segment::FieldId;
use crate::tokens::Tokens;

pub mod adding;
mod keys;
mod tape;
mod vocabulary;

use keys::Keys;
pub use tape::{Mark, Player, Tape};
pub use vocabulary::{FormId, Vocabulary};

/// Positions between two names of `speaker` (schema.SPEAKER_GAP).
const SPEAKER_GAP: u32 = 100;
const DESK_SEPARATOR: &str = "\u{1f}";

/// What Python is asked for.
pub trait Ask {
    type Error: From<Error>;

    /// The stem of an exact form.
    fn stem(&mut self, form: &str) -> std::result::Result<String, Self::Error>;

    /// The tokens of a text.
    fn tokens(&mut self, text: &str, into: &mut Tokens) -> std::result::Result<(), Self::Error>;
}

/// What the paragraphs of an article share.
#[derive(Clone, Copy, Default)]
pub struct Article<'a> {
    pub id: &'a str,
    pub path: &'a str,
    pub language: &'a str,
    pub title: &'a str,
    pub city: &'a str,
    pub author: &'a str,
    pub source: &'a str,
    /// Terms of the desks, each once.
    pub desk_terms: &'a [String],
    /// The desks as they stand.
    pub desks: &'a [String],
    /// yyyymmdd and its term; 0 when undated.
    pub day: (u32, &'a [u8]),
    pub number: u32,
}

#[derive(Clone, Copy)]
pub struct Paragraph<'a> {
    pub id: &'a str,
    pub kind: &'a str,
    pub section: &'a str,
    pub text: &'a str,
    pub number: u32,
    /// Its quotations, in order: the first character, the one past the last, the speaker's
    /// name or nothing.
    pub quotes: &'a [(u32, u32, String)],
    /// Its stored fields (`stored`).
    pub stored: &'a [u8],
}

/// Tokens of the fields that scores look at, summed over documents.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Words {
    pub text: u64,
    pub title: u64,
    pub section: u64,
}

struct Layout {
    id: FieldId,
    article: FieldId,
    kind: FieldId,
    path: FieldId,
    language: FieldId,
    text: FieldId,
    exact: FieldId,
    title: FieldId,
    section_words: FieldId,
    alike: FieldId,
    section: FieldId,
    desk: FieldId,
    city: FieldId,
    author: FieldId,
    source: FieldId,
    speaker: FieldId,
    quoted: FieldId,
    date: FieldId,
    words_column: ColumnId,
    number_column: ColumnId,
    article_no_column: ColumnId,
    date_column: ColumnId,
    article_column: ColumnId,
    desk_column: ColumnId,
    section_column: ColumnId,
    speaker_column: ColumnId,
}

impl Layout {
    fn of(builder: &mut Builder) -> Result<Layout> {
        Ok(Layout {
            id: builder.field("id")?,
            article: builder.field("article")?,
            kind: builder.field("kind")?,
            path: builder.field("path")?,
            language: builder.field("language")?,
            text: builder.field("text")?,
            exact: builder.field("exact")?,
            title: builder.field("title")?,
            section_words: builder.field("section_words")?,
            alike: builder.field(".alike")?,
            section: builder.field("section")?,
            desk: builder.field("desk")?,
            city: builder.field("city")?,
            author: builder.field("author")?,
            source: builder.field("source")?,
            speaker: builder.field("speaker")?,
            quoted: builder.field("quoted")?,
            date: builder.field("date")?,
            words_column: builder.number_column("words")?,
            number_column: builder.number_column("number")?,
            article_no_column: builder.number_column("article_no")?,
            date_column: builder.number_column("date")?,
            article_column: builder.text_column("article")?,
            desk_column: builder.text_column("desk")?,
            section_column: builder.text_column("section")?,
            speaker_column: builder.text_column("speaker")?,
        })
    }
}

/// Writes down what articles add to one Builder.
pub struct Articles {
    layout: Layout,
    /// Whether the tape told of each form, by the vocabulary's age.
    told: Vec<bool>,
    age: u32,
    tokens: Tokens,
    forms: Vec<FormId>,
    keys: Keys,
    title_words: u64,
}

impl Articles {
    pub fn new(builder: &mut Builder) -> Result<Articles> {
        Ok(Articles {
            layout: Layout::of(builder)?,
            told: Vec::new(),
            age: 0,
            tokens: Tokens::default(),
            forms: Vec::new(),
            keys: Keys::default(),
            title_words: 0,
        })
    }

    /// Begin an article: what its paragraphs share.
    pub fn begin<A: Ask>(
        &mut self,
        tape: &mut Tape,
        article: Article<'_>,
        vocabulary: &mut Vocabulary,
        ask: &mut A,
    ) -> std::result::Result<(), A::Error> {
        tape.unshare();
        vocabulary.forget_if_full();
        self.keys = Keys::default();
        let layout = &self.layout;
        add_value(tape, layout.article, article.id);
        add_value(tape, layout.path, article.path);
        add_value(tape, layout.language, article.language);
        for desk in article.desk_terms {
            add_value(tape, layout.desk, desk);
        }
        let exact = [
            (layout.city, article.city),
            (layout.author, article.author),
            (layout.source, article.source),
        ];
        for (field, text) in exact {
            self.add_exact(tape, field, text, 0, ask)?;
        }
        let title = self.layout.title;
        self.title_words = self.add_stems(tape, title, article.title, vocabulary, ask)?;
        self.share_columns(tape, article);
        tape.share();
        Ok(())
    }

    fn share_columns(&self, tape: &mut Tape, article: Article<'_>) {
        let layout = &self.layout;
        let (day, term) = article.day;
        if day != 0 {
            tape.add_term(layout.date, term);
            tape.set_number(layout.date_column, day);
        }
        tape.set_number(layout.article_no_column, article.number);
        tape.set_text(layout.article_column, article.id);
        tape.set_text(layout.desk_column, &article.desks.join(DESK_SEPARATOR));
    }

    /// Add a paragraph of the article that was begun; `last` says that none follows.
    pub fn add<A: Ask>(
        &mut self,
        tape: &mut Tape,
        paragraph: Paragraph<'_>,
        last: bool,
        vocabulary: &mut Vocabulary,
        ask: &mut A,
    ) -> std::result::Result<Words, A::Error> {
        add_value(tape, self.layout.id, paragraph.id);
        add_value(tape, self.layout.kind, paragraph.kind);
        self.read(paragraph.text, vocabulary, ask)?;
        let text = self.add_text(tape, vocabulary);
        self.add_quotes(tape, paragraph.quotes);
        self.add_keys(tape, paragraph.kind, last, vocabulary);
        let section = self.add_section(tape, paragraph.section, vocabulary, ask)?;
        self.add_speakers(tape, paragraph.quotes, ask)?;
        tape.set_number(self.layout.words_column, text as u32);
        tape.set_number(self.layout.number_column, paragraph.number);
        tape.end_document(paragraph.stored);
        Ok(Words {
            text,
            title: self.title_words,
            section,
        })
    }

    /// Find the forms of a text.
    fn read<A: Ask>(
        &mut self,
        text: &str,
        vocabulary: &mut Vocabulary,
        ask: &mut A,
    ) -> std::result::Result<(), A::Error> {
        self.cut(text, ask)?;
        self.forms.clear();
        for form in self.tokens.forms() {
            self.forms.push(vocabulary.form(form, ask)?);
        }
        Ok(())
    }

    fn cut<A: Ask>(&mut self, text: &str, ask: &mut A) -> std::result::Result<(), A::Error> {
        if !self.tokens.cut(text) {
            ask.tokens(text, &mut self.tokens)?;
        }
        Ok(())
    }

    fn add_text(&mut self, tape: &mut Tape, vocabulary: &Vocabulary) -> u64 {
        if self.age != vocabulary.age() {
            self.told.clear();
            self.age = vocabulary.age();
            tape.forget();
        }
        self.told
            .resize(vocabulary.len().max(self.told.len()), false);
        for &form in &self.forms {
            if !std::mem::replace(&mut self.told[form as usize], true) {
                tape.tell(form, vocabulary.text(form), vocabulary.stem(form));
            }
        }
        let (exact, text) = (self.layout.exact, self.layout.text);
        tape.add_words(exact, text, &self.forms);
        self.forms.len() as u64
    }

    /// Say that a part of the tape was wound back.
    pub fn wound_back(&mut self) {
        self.told.clear();
    }

    fn add_keys(&mut self, tape: &mut Tape, kind: &str, last: bool, vocabulary: &Vocabulary) {
        let hashes = self.forms.iter().map(|&form| vocabulary.hash(form));
        let alike = self.layout.alike;
        self.keys.add(kind, hashes, |key| tape.add_term(alike, key));
        if last {
            self.keys.article(|key| tape.add_term(alike, key));
        }
    }

    fn add_section<A: Ask>(
        &mut self,
        tape: &mut Tape,
        section: &str,
        vocabulary: &mut Vocabulary,
        ask: &mut A,
    ) -> std::result::Result<u64, A::Error> {
        if section.is_empty() {
            return Ok(0);
        }
        add_value(tape, self.layout.section, section);
        tape.set_text(self.layout.section_column, section);
        self.add_stems(tape, self.layout.section_words, section, vocabulary, ask)
    }

    /// Index where the quotations stand among the tokens of the text, which was read last
    /// (documents.quoted).
    fn add_quotes(&mut self, tape: &mut Tape, quotes: &[(u32, u32, String)]) {
        if quotes.is_empty() {
            return;
        }
        let places: Vec<(u32, u32)> = self.tokens.iter().map(|(_, from, to)| (from, to)).collect();
        let field = self.layout.quoted;
        for &(from, to, _) in quotes {
            let first = places.partition_point(|&(start, _)| start < from);
            let behind = places.partition_point(|&(_, end)| end <= to);
            tape.add_place(field, b"begin", first as u32);
            tape.add_place(field, b"end", behind.max(first) as u32);
        }
    }

    fn add_speakers<A: Ask>(
        &mut self,
        tape: &mut Tape,
        quotes: &[(u32, u32, String)],
        ask: &mut A,
    ) -> std::result::Result<(), A::Error> {
        let mut position = 0;
        let mut names: Vec<&str> = Vec::new();
        for (at, (_, _, name)) in quotes.iter().enumerate() {
            if name.is_empty() {
                continue;
            }
            if names.contains(&name.as_str()) {
                self.cut(name, ask)?;
            } else {
                position = self.add_exact(tape, self.layout.speaker, name, position, ask)?;
                position += SPEAKER_GAP;
            }
            names.push(name);
            if !self.tokens.is_empty() {
                tape.add_place(self.layout.quoted, b"named", at as u32);
            }
        }
        if !names.is_empty() {
            tape.set_text(self.layout.speaker_column, &names.join(DESK_SEPARATOR));
        }
        Ok(())
    }

    /// Index the exact forms of a short text from a position on; returns the one behind them.
    fn add_exact<A: Ask>(
        &mut self,
        tape: &mut Tape,
        field: FieldId,
        text: &str,
        mut position: u32,
        ask: &mut A,
    ) -> std::result::Result<u32, A::Error> {
        self.cut(text, ask)?;
        for form in self.tokens.forms() {
            tape.add_place(field, form.as_bytes(), position);
            position += 1;
        }
        Ok(position)
    }

    /// Index the stems of a short text, with its length; returns how many.
    fn add_stems<A: Ask>(
        &mut self,
        tape: &mut Tape,
        field: FieldId,
        text: &str,
        vocabulary: &mut Vocabulary,
        ask: &mut A,
    ) -> std::result::Result<u64, A::Error> {
        self.read(text, vocabulary, ask)?;
        for (position, &form) in self.forms.iter().enumerate() {
            tape.add_place(field, vocabulary.stem(form), position as u32);
        }
        tape.set_length(field, self.forms.len() as u32);
        Ok(self.forms.len() as u64)
    }
}

fn add_value(tape: &mut Tape, field: FieldId, value: &str) {
    if !value.is_empty() {
        tape.add_term(field, value.as_bytes());
    }
}

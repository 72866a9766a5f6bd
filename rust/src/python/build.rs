//! The classes Analysis and Builder: articles of Python to a segment.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple};
use rustc_hash::FxHashMap;

use crate::articles::adding::{Adding, WORTH};
use crate::articles::{Article, Articles, Ask, Paragraph, Tape, Vocabulary, Words};
use crate::invert::Builder;
use crate::python::segment::{u32s, PySegment};
use crate::python::values::encode_object;
use crate::python::write::carries_of;
use crate::segment::FieldSpec;
use crate::stored::{encode, put_int, put_text, Value};
use crate::tokens::Tokens;

/// Bytes that a paragraph's facts but its text take, more or less.
const SMALL_FACTS: usize = 160;

/// Distinct desks and days that are remembered.
const MOST_VALUES: usize = 1 << 16;

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(tokenize, module)?)?;
    module.add_class::<PyAnalysis>()?;
    module.add_class::<PyBuilder>()
}

/// Return the (exact form, first character, one past the last) of each token, or None.
#[pyfunction]
fn tokenize(text: &Bound<'_, PyString>) -> Option<Vec<(String, u32, u32)>> {
    let mut tokens = Tokens::default();
    // A text with half a surrogate pair is no UTF-8.
    let known = tokens.cut(text.to_str().ok()?);
    known.then(|| {
        tokens
            .iter()
            .map(|(form, start, end)| (form.to_owned(), start, end))
            .collect()
    })
}

/// What Python says of words and values, remembered.
#[pyclass(name = "Analysis", module = "searcher._native")]
pub struct PyAnalysis {
    vocabulary: Vocabulary,
    asked: Asked,
}

struct Asked {
    stem: Py<PyAny>,
    tokenize: Py<PyAny>,
    fold_value: Py<PyAny>,
    day_term: Py<PyAny>,
    desks: FxHashMap<String, String>,
    days: FxHashMap<u32, Vec<u8>>,
}

#[pymethods]
impl PyAnalysis {
    #[new]
    fn new(
        stem: Py<PyAny>,
        tokenize: Py<PyAny>,
        fold_value: Py<PyAny>,
        day_term: Py<PyAny>,
    ) -> PyAnalysis {
        let (desks, days) = (FxHashMap::default(), FxHashMap::default());
        let asked = Asked {
            stem,
            tokenize,
            fold_value,
            day_term,
            desks,
            days,
        };
        PyAnalysis {
            vocabulary: Vocabulary::default(),
            asked,
        }
    }
}

impl Asked {
    /// The terms of some desks: each folded once, sorted, none empty.
    fn desk_terms(&mut self, py: Python<'_>, desks: &[String]) -> PyResult<Vec<String>> {
        let mut terms = Vec::with_capacity(desks.len());
        for desk in desks {
            terms.push(self.desk_term(py, desk)?);
        }
        terms.retain(|term| !term.is_empty());
        terms.sort_unstable();
        terms.dedup();
        Ok(terms)
    }

    fn desk_term(&mut self, py: Python<'_>, desk: &str) -> PyResult<String> {
        if let Some(term) = self.desks.get(desk) {
            return Ok(term.clone());
        }
        let term: String = self.fold_value.call1(py, (desk,))?.extract(py)?;
        if self.desks.len() >= MOST_VALUES {
            self.desks.clear();
        }
        self.desks.insert(desk.to_owned(), term.clone());
        Ok(term)
    }

    fn day_term(&mut self, py: Python<'_>, day: u32) -> PyResult<Vec<u8>> {
        if day == 0 {
            return Ok(Vec::new());
        }
        if let Some(term) = self.days.get(&day) {
            return Ok(term.clone());
        }
        let term = self.day_term.call1(py, (day,))?;
        let term = term.bind(py).cast::<PyBytes>()?.as_bytes().to_vec();
        if self.days.len() >= MOST_VALUES {
            self.days.clear();
        }
        self.days.insert(day, term.clone());
        Ok(term)
    }
}

/// Asks Python while its lock is held.
struct Asking<'a, 'py> {
    py: Python<'py>,
    asked: &'a Asked,
}

impl Ask for Asking<'_, '_> {
    type Error = PyErr;

    fn stem(&mut self, form: &str) -> PyResult<String> {
        self.asked.stem.call1(self.py, (form,))?.extract(self.py)
    }

    fn tokens(&mut self, text: &str, into: &mut Tokens) -> PyResult<()> {
        into.clear();
        for token in self
            .asked
            .tokenize
            .bind(self.py)
            .call1((text,))?
            .try_iter()?
        {
            let (form, start, end): (String, u32, u32) = token?.extract()?;
            into.push(&form, start, end);
        }
        Ok(())
    }
}

/// Documents on their way to one segment file.
#[pyclass(name = "Builder", module = "searcher._native")]
pub struct PyBuilder {
    open: Option<Open>,
}

struct Open {
    adding: Adding,
    /// What was not handed over yet.
    tape: Tape,
    /// None until an article comes, whose fields the segment then has to have.
    articles: Option<Articles>,
    /// Documents that were added, and may wait.
    doc_count: u32,
}

#[pymethods]
impl PyBuilder {
    #[new]
    fn new(
        path: PathBuf,
        fields: Vec<(String, String, bool)>,
        limit_bytes: usize,
    ) -> PyResult<PyBuilder> {
        let specs: PyResult<Vec<FieldSpec>> = fields
            .into_iter()
            .map(|(name, carries, lengths)| {
                Ok(FieldSpec {
                    name,
                    carries: carries_of(&carries)?,
                    lengths,
                })
            })
            .collect();
        let builder = Builder::create(&path, specs?, limit_bytes)?;
        Ok(PyBuilder {
            open: Some(Open {
                adding: Adding::new(builder),
                tape: Tape::default(),
                articles: None,
                doc_count: 0,
            }),
        })
    }

    #[getter]
    fn doc_count(&self) -> PyResult<u32> {
        match &self.open {
            Some(open) => Ok(open.doc_count),
            None => Err(closed()),
        }
    }

    fn add_article(
        &mut self,
        py: Python<'_>,
        paragraphs: &Bound<'_, PyTuple>,
        number: u32,
        base: i64,
        source: &str,
        analysis: &mut PyAnalysis,
    ) -> PyResult<(u64, u64, u64)> {
        let Ok(first) = paragraphs.get_item(0) else {
            return Ok((0, 0, 0));
        };
        let facts = Facts::read(&first, intern!(py, "article"))?;
        let all = paragraphs.iter().map(|one| Own::read(&one));
        let all = (paragraphs.len(), all);
        self.open()?
            .add_all(py, facts, all, (number, base, source), analysis)
    }

    fn add(
        &mut self,
        py: Python<'_>,
        article: &Bound<'_, PyAny>,
        number: u32,
        source: &str,
        analysis: &mut PyAnalysis,
    ) -> PyResult<(u64, u64, u64)> {
        let base = article.getattr(intern!(py, "start_char"))?.extract()?;
        let facts = Facts::read(article, intern!(py, "id"))?;
        let paragraphs = paragraphs_of(article, &facts)?;
        let paragraphs = (paragraphs.len(), paragraphs.into_iter().map(Ok));
        self.open()?
            .add_all(py, facts, paragraphs, (number, base, source), analysis)
    }

    fn add_document(
        &mut self,
        py: Python<'_>,
        terms: Vec<(String, Vec<PyBackedBytes>)>,
        stored: &Bound<'_, PyDict>,
    ) -> PyResult<u32> {
        let mut bytes = Vec::new();
        encode_object(stored.as_any(), &mut bytes)?;
        self.open()?.with_builder(py, |builder| {
            builder.unshare()?;
            for (field, terms) in &terms {
                let field = builder.field(field)?;
                terms.iter().for_each(|term| builder.add_term(field, term));
            }
            builder.end_document(&bytes)
        })
    }

    fn add_segment(
        &mut self,
        py: Python<'_>,
        segment: &Bound<'_, PySegment>,
        deleted: &[u8],
    ) -> PyResult<()> {
        let (deleted, segment) = (u32s(deleted)?, Arc::clone(&segment.get().0));
        self.open()?
            .with_builder(py, |builder| builder.add_segment(segment, &deleted))
    }

    fn finish(&mut self, py: Python<'_>) -> PyResult<()> {
        let mut open = self.open.take().ok_or_else(closed)?;
        Ok(py.detach(|| {
            open.play()?;
            open.adding.end()?.finish()
        })?)
    }

    fn discard(&mut self, py: Python<'_>) {
        if let Some(mut open) = self.open.take() {
            // What is wrong with what is dropped is nobody's concern.
            py.detach(|| drop(open.adding.here().map(|_| ())));
        }
    }
}

fn closed() -> PyErr {
    PyRuntimeError::new_err("the segment is finished or discarded")
}

impl PyBuilder {
    fn open(&mut self) -> PyResult<&mut Open> {
        self.open.as_mut().ok_or_else(closed)
    }
}

impl Open {
    /// Add so many paragraphs of an article; returns how many words they have.
    fn add_all<'py>(
        &mut self,
        py: Python<'py>,
        facts: Facts<'py>,
        paragraphs: (usize, impl Iterator<Item = PyResult<Own<'py>>>),
        place: (u32, i64, &str),
        analysis: &mut PyAnalysis,
    ) -> PyResult<(u64, u64, u64)> {
        let (begin, count) = (self.tape.mark(), paragraphs.0 as u32);
        let done = self.add_each(py, facts, paragraphs, place, analysis);
        if done.is_err() {
            self.tape.wind_back(begin);
            self.articles.iter_mut().for_each(Articles::wound_back);
        }
        let words = done?;
        self.doc_count = self.doc_count.saturating_add(count);
        if self.tape.size_bytes() > WORTH {
            let tape = std::mem::take(&mut self.tape);
            py.detach(|| self.adding.hand_over(tape))?;
        }
        Ok((words.text, words.title, words.section))
    }

    /// Do all that waits.
    fn play(&mut self) -> crate::Result<()> {
        let tape = std::mem::take(&mut self.tape);
        self.adding.here()?.play(&tape)
    }

    /// Do something to the Builder, behind all that waits.
    fn with_builder<T: Send>(
        &mut self,
        py: Python<'_>,
        work: impl FnOnce(&mut Builder) -> crate::Result<T> + Send,
    ) -> PyResult<T> {
        let (done, doc_count) = py.detach(|| {
            self.play()?;
            let builder = &mut self.adding.here()?.builder;
            let done = work(builder)?;
            Ok::<_, crate::Error>((done, builder.doc_count()))
        })?;
        self.doc_count = doc_count;
        Ok(done)
    }

    fn add_each<'py>(
        &mut self,
        py: Python<'py>,
        facts: Facts<'py>,
        (count, paragraphs): (usize, impl Iterator<Item = PyResult<Own<'py>>>),
        place: (u32, i64, &str),
        analysis: &mut PyAnalysis,
    ) -> PyResult<Words> {
        if self.articles.is_none() {
            let player = py.detach(|| self.adding.here())?;
            self.articles = Some(Articles::new(&mut player.builder)?);
        }
        let Some(articles) = &mut self.articles else {
            return Err(closed());
        };
        let (number, base, source) = place;
        let mut total = Words::default();
        let desk_terms = analysis.asked.desk_terms(py, &facts.desks)?;
        let day_term = analysis.asked.day_term(py, facts.day)?;
        let shared = facts.stored(source)?;
        let (vocabulary, mut ask) = (
            &mut analysis.vocabulary,
            Asking {
                py,
                asked: &analysis.asked,
            },
        );
        let article = facts.article(number, &desk_terms, &day_term)?;
        articles.begin(&mut self.tape, article, vocabulary, &mut ask)?;
        let mut stored = Vec::new();
        for (at, own) in paragraphs.enumerate() {
            let own = own?;
            stored.clear();
            own.store(&shared, base, &mut stored)?;
            let paragraph = own.paragraph(&stored)?;
            let last = at + 1 == count;
            let words = articles.add(&mut self.tape, paragraph, last, vocabulary, &mut ask)?;
            total.text += words.text;
            total.title += words.title;
            total.section += words.section;
        }
        Ok(total)
    }
}

/// Encoded pairs of a dictionary.
#[derive(Default)]
struct Pairs {
    count: u64,
    bytes: Vec<u8>,
}

impl Pairs {
    fn add(&mut self, key: &str, value: &Value) {
        put_text(key, &mut self.bytes);
        encode(value, &mut self.bytes);
        self.count += 1;
    }

    fn add_int(&mut self, key: &str, value: i64) {
        put_text(key, &mut self.bytes);
        put_int(value, &mut self.bytes);
        self.count += 1;
    }

    /// Add a text, the empty one too.
    fn add_any_text(&mut self, key: &str, text: &str) {
        put_text(key, &mut self.bytes);
        put_text(text, &mut self.bytes);
        self.count += 1;
    }

    fn add_text(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.add_any_text(key, text);
        }
    }
}

/// Texts that Python holds.
#[derive(Clone)]
struct Text<'py>(Bound<'py, PyString>);

impl<'py> Text<'py> {
    fn of(object: &Bound<'py, PyAny>, name: &Bound<'py, PyString>) -> PyResult<Text<'py>> {
        Ok(Text(object.getattr(name)?.cast_into::<PyString>()?))
    }

    fn get(&self) -> PyResult<&str> {
        self.0.to_str()
    }
}

/// What a paragraph says of its article.
struct Facts<'py> {
    id: Text<'py>,
    path: Text<'py>,
    language: Text<'py>,
    title: Text<'py>,
    city: Text<'py>,
    author: Text<'py>,
    source: Text<'py>,
    date_source: Text<'py>,
    url: Text<'py>,
    desks: Vec<String>,
    day: u32,
}

impl<'py> Facts<'py> {
    /// Read them of an article, or of one of its paragraphs; `id` is the name of its id.
    fn read(of: &Bound<'py, PyAny>, id: &Bound<'py, PyString>) -> PyResult<Facts<'py>> {
        let py = of.py();
        let text = |name: &Bound<'py, PyString>| Text::of(of, name);
        Ok(Facts {
            id: text(id)?,
            path: text(intern!(py, "path"))?,
            language: text(intern!(py, "language"))?,
            title: text(intern!(py, "title"))?,
            city: text(intern!(py, "city"))?,
            author: text(intern!(py, "author"))?,
            source: text(intern!(py, "source"))?,
            date_source: text(intern!(py, "date_source"))?,
            url: text(intern!(py, "url"))?,
            desks: of.getattr(intern!(py, "desk"))?.extract()?,
            day: day_of(&of.getattr(intern!(py, "date"))?)?,
        })
    }

    fn article<'a>(
        &'a self,
        number: u32,
        desk_terms: &'a [String],
        day_term: &'a [u8],
    ) -> PyResult<Article<'a>> {
        Ok(Article {
            id: self.id.get()?,
            path: self.path.get()?,
            language: self.language.get()?,
            title: self.title.get()?,
            city: self.city.get()?,
            author: self.author.get()?,
            source: self.source.get()?,
            desk_terms,
            desks: &self.desks,
            day: (self.day, day_term),
            number,
        })
    }

    /// The stored fields that the paragraphs share (documents.document).
    fn stored(&self, source: &str) -> PyResult<Pairs> {
        let mut pairs = Pairs::default();
        pairs.add_any_text("article", self.id.get()?);
        pairs.add_text("title", self.title.get()?);
        pairs.add_text("date_source", self.date_source.get()?);
        pairs.add_text("city", self.city.get()?);
        pairs.add_text("author", self.author.get()?);
        pairs.add_text("source", self.source.get()?);
        pairs.add_text("language", self.language.get()?);
        pairs.add_text("path", self.path.get()?);
        pairs.add_text("url", self.url.get()?);
        if !self.desks.is_empty() {
            let desks = self.desks.iter().cloned().map(Value::Str);
            pairs.add("desk", &Value::Tuple(desks.collect()));
        }
        if self.day != 0 {
            pairs.add_int("date", i64::from(self.day));
        }
        if self.path.get()? != source {
            pairs.add_any_text("origin", source);
        }
        Ok(pairs)
    }
}

/// A day as yyyymmdd, 0 for None (documents.day_number).
pub fn day_of(date: &Bound<'_, PyAny>) -> PyResult<u32> {
    if date.is_none() {
        return Ok(0);
    }
    let py = date.py();
    let part = |name| -> PyResult<u32> { date.getattr(name)?.extract() };
    Ok(part(intern!(py, "year"))? * 10_000
        + part(intern!(py, "month"))? * 100
        + part(intern!(py, "day"))?)
}

/// The quotations of a paragraph: first character, one past the last, speaker.
fn quotes_of(quotes: &Bound<'_, PyAny>) -> PyResult<Vec<(u32, u32, String)>> {
    match quotes.cast::<PyTuple>() {
        Ok(quotes) if quotes.is_empty() => Ok(Vec::new()),
        _ => quotes.extract(),
    }
}

/// What a paragraph says of itself.
struct Own<'py> {
    id: String,
    kind: Text<'py>,
    /// None before the first heading.
    section: Option<Text<'py>>,
    text: Text<'py>,
    number: u32,
    start: i64,
    end: i64,
    quotes: Vec<(u32, u32, String)>,
}

impl<'py> Own<'py> {
    fn read(paragraph: &Bound<'py, PyAny>) -> PyResult<Own<'py>> {
        let py = paragraph.py();
        let text = |name: &Bound<'py, PyString>| Text::of(paragraph, name);
        Ok(Own {
            id: text(intern!(py, "id"))?.get()?.to_owned(),
            kind: text(intern!(py, "kind"))?,
            section: Some(text(intern!(py, "section"))?),
            text: text(intern!(py, "text"))?,
            number: paragraph.getattr(intern!(py, "number"))?.extract()?,
            start: paragraph.getattr(intern!(py, "start_char"))?.extract()?,
            end: paragraph.getattr(intern!(py, "end_char"))?.extract()?,
            quotes: quotes_of(&paragraph.getattr(intern!(py, "quotes"))?)?,
        })
    }

    fn section(&self) -> PyResult<&str> {
        self.section.as_ref().map_or(Ok(""), Text::get)
    }

    /// Append the stored fields: a dictionary of its own facts and the shared ones.
    fn store(&self, shared: &Pairs, base: i64, into: &mut Vec<u8>) -> PyResult<()> {
        let mut pairs = Pairs::default();
        pairs.bytes.reserve(self.text.get()?.len() + SMALL_FACTS);
        pairs.add_any_text("id", &self.id);
        pairs.add_int("number", i64::from(self.number));
        pairs.add_any_text("kind", self.kind.get()?);
        pairs.add_any_text("text", self.text.get()?);
        pairs.add_int("start", self.start - base);
        pairs.add_int("end", self.end - base);
        pairs.add_text("section", self.section()?);
        if !self.quotes.is_empty() {
            let quotes = self.quotes.iter().map(|(start, end, speaker)| {
                let speaker = Value::Str(speaker.clone());
                Value::Tuple(vec![
                    Value::Int((*start).into()),
                    Value::Int((*end).into()),
                    speaker,
                ])
            });
            pairs.add("quotes", &Value::Tuple(quotes.collect()));
        }
        // The head of a dictionary with so many pairs, which follow.
        into.push(DICT);
        crate::varint::put(into, pairs.count + shared.count);
        into.extend_from_slice(&pairs.bytes);
        into.extend_from_slice(&shared.bytes);
        Ok(())
    }

    fn paragraph<'a>(&'a self, stored: &'a [u8]) -> PyResult<Paragraph<'a>> {
        if self.id.is_empty() {
            return Err(PyValueError::new_err("a paragraph without an id"));
        }
        Ok(Paragraph {
            id: &self.id,
            kind: self.kind.get()?,
            section: self.section()?,
            text: self.text.get()?,
            number: self.number,
            quotes: &self.quotes,
            stored,
        })
    }
}

/// The paragraphs of an article: its headline, if it has one, and its blocks, each in the section
/// that it stands in (Article.paragraphs in searcher/model.py).
fn paragraphs_of<'py>(article: &Bound<'py, PyAny>, facts: &Facts<'py>) -> PyResult<Vec<Own<'py>>> {
    let py = article.py();
    let id = facts.id.get()?;
    let blocks = article.getattr(intern!(py, "blocks"))?;
    let blocks = blocks.cast_into::<PyTuple>()?;
    let mut made = Vec::with_capacity(blocks.len() + 1);
    if !facts.title.get()?.is_empty() {
        let (start, end) = article.getattr(intern!(py, "title_span"))?.extract()?;
        made.push(Own {
            id: format!("{id}#p0"),
            kind: Text(intern!(py, "headline").clone()),
            section: None,
            text: facts.title.clone(),
            number: 0,
            start,
            end,
            quotes: Vec::new(),
        });
    }
    let mut open: Vec<(i64, Text<'py>)> = Vec::new();
    for (number, block) in (1..).zip(blocks.iter_borrowed()) {
        let kind = Text::of(&block, intern!(py, "kind"))?;
        let is_heading = kind.get()? == "heading";
        let text = Text::of(&block, intern!(py, "text"))?;
        let level = match is_heading {
            true => block.getattr(intern!(py, "level"))?.extract()?,
            false => i64::MAX,
        };
        while open.last().is_some_and(|&(above, _)| above >= level) {
            open.pop();
        }
        let section = open.last().map(|(_, section)| section.clone());
        if is_heading {
            open.push((level, text.clone()));
        }
        made.push(Own {
            id: format!("{id}#p{number}"),
            kind,
            section,
            text,
            number,
            start: block.getattr(intern!(py, "start_char"))?.extract()?,
            end: block.getattr(intern!(py, "end_char"))?.extract()?,
            quotes: quotes_of(&block.getattr(intern!(py, "quotes"))?)?,
        });
    }
    Ok(made)
}

/// The tag of a dictionary in `stored`.
const DICT: u8 = 10;

//! The fingerprint of an article, as searcher/indexing/documents.py makes it: the digest of what
//! Python's `repr` writes of its values.  Of what isn't exactly of the types that readers give,
//! nothing is told, and Python makes it.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyString, PyTuple};

use crate::blake2b::blake2b;

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(fingerprint, module)?)
}

/// Return the hexadecimal fingerprint of an article; None when Python has to make it.
#[pyfunction]
fn fingerprint(article: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    let mut written = Repr(Vec::with_capacity(4096));
    if !written.article(article)? {
        return Ok(None);
    }
    let digest: [u8; 12] = blake2b(&written.0);
    let digits = b"0123456789abcdef";
    let digit = |half: u8| char::from(digits[usize::from(half)]);
    let hex = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    Ok(Some(hex.map(digit).collect()))
}

/// What Python's `repr` writes.  Each method tells whether it knew how.
struct Repr(Vec<u8>);

impl Repr {
    fn article<'py>(&mut self, article: &Bound<'py, PyAny>) -> PyResult<bool> {
        let py = article.py();
        let of = |name: &Bound<'py, PyString>| article.getattr(name);
        let (Some(start), Some(end)) = (
            int(&of(intern!(py, "start_char"))?),
            int(&of(intern!(py, "end_char"))?),
        ) else {
            return Ok(false);
        };
        let title = of(intern!(py, "title"))?;
        let span = of(intern!(py, "title_span"))?;
        let Some((from, to)) = pair(&span) else {
            return Ok(false);
        };
        self.push("((");
        let known = self.text(&of(intern!(py, "id"))?)? && self.next() && self.text(&title)?;
        self.push(", ");
        self.int(if title.is_truthy()? { from - start } else { 0 });
        self.push(", ");
        self.int(to - from);
        self.push(", ");
        self.int(i64::from(super::build::day_of(&of(intern!(py, "date"))?)?));
        let names = [
            intern!(py, "date_source"),
            intern!(py, "city"),
            intern!(py, "source"),
            intern!(py, "url"),
        ];
        for name in names {
            if !(self.next() && self.text(&of(name)?)?) {
                return Ok(false);
            }
        }
        let known = known
            && self.next()
            && self.texts(&of(intern!(py, "desk"))?)?
            && self.next()
            && self.text(&of(intern!(py, "author"))?)?
            && self.next()
            && self.text(&of(intern!(py, "language"))?)?
            && self.next();
        self.int(end - start);
        self.push("), [");
        let blocks = of(intern!(py, "blocks"))?;
        let Ok(blocks) = blocks.cast_exact::<PyTuple>() else {
            return Ok(false);
        };
        for (at, block) in blocks.iter_borrowed().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            if !self.block(&block, start)? {
                return Ok(false);
            }
        }
        self.push("])");
        Ok(known)
    }

    fn block<'py>(&mut self, block: &Bound<'py, PyAny>, base: i64) -> PyResult<bool> {
        let py = block.py();
        let of = |name: &Bound<'py, PyString>| block.getattr(name);
        let (Some(start), Some(end), Some(level)) = (
            int(&of(intern!(py, "start_char"))?),
            int(&of(intern!(py, "end_char"))?),
            int(&of(intern!(py, "level"))?),
        ) else {
            return Ok(false);
        };
        self.push("(");
        let known = self.text(&of(intern!(py, "kind"))?)?
            && self.next()
            && self.text(&of(intern!(py, "text"))?)?;
        for number in [start - base, end - start, level] {
            self.push(", ");
            self.int(number);
        }
        self.push(", ");
        let known = known && self.quotes(&of(intern!(py, "quotes"))?)?;
        self.push(")");
        Ok(known)
    }

    /// Write `tuple(map(tuple, quotes))`.
    fn quotes(&mut self, quotes: &Bound<'_, PyAny>) -> PyResult<bool> {
        let Ok(quotes) = quotes.cast_exact::<PyTuple>() else {
            return Ok(false);
        };
        self.push("(");
        for (at, quote) in quotes.iter_borrowed().enumerate() {
            let Some((start, end, speaker)) = quotation(&quote) else {
                return Ok(false);
            };
            self.push(if at > 0 { ", (" } else { "(" });
            self.int(start);
            self.push(", ");
            self.int(end);
            self.push(", ");
            if !self.text(&speaker)? {
                return Ok(false);
            }
            self.push(")");
        }
        self.push(if quotes.len() == 1 { ",)" } else { ")" });
        Ok(true)
    }

    /// Write a tuple of texts.
    fn texts(&mut self, texts: &Bound<'_, PyAny>) -> PyResult<bool> {
        let Ok(texts) = texts.cast_exact::<PyTuple>() else {
            return Ok(false);
        };
        self.push("(");
        for (at, text) in texts.iter_borrowed().enumerate() {
            if at > 0 {
                self.push(", ");
            }
            if !self.text(&text)? {
                return Ok(false);
            }
        }
        self.push(if texts.len() == 1 { ",)" } else { ")" });
        Ok(true)
    }

    fn text(&mut self, text: &Bound<'_, PyAny>) -> PyResult<bool> {
        let Ok(known) = text.cast_exact::<PyString>() else {
            return Ok(false);
        };
        // Which other characters can be printed, Python knows.
        match known.to_str() {
            Ok(plain) if plain.bytes().all(|byte| matches!(byte, b' '..=b'~')) => self.plain(plain),
            _ => self.push(known.repr()?.to_str()?),
        }
        Ok(true)
    }

    fn plain(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let quote = match bytes.contains(&b'\'') && !bytes.contains(&b'"') {
            true => b'"',
            false => b'\'',
        };
        self.0.push(quote);
        if bytes.contains(&b'\\') || quote == b'\'' && bytes.contains(&b'\'') {
            for &byte in bytes {
                if byte == b'\\' || byte == quote {
                    self.0.push(b'\\');
                }
                self.0.push(byte);
            }
        } else {
            self.0.extend(bytes);
        }
        self.0.push(quote);
    }

    fn int(&mut self, number: i64) {
        self.push(&number.to_string());
    }

    fn push(&mut self, text: &str) {
        self.0.extend(text.as_bytes());
    }

    /// Write what stands between two values.
    fn next(&mut self) -> bool {
        self.push(", ");
        true
    }
}

/// An int that is no bool, and not so large that a difference could overflow.
fn int(value: &Bound<'_, PyAny>) -> Option<i64> {
    let number: i64 = value.cast_exact::<PyInt>().ok()?.extract().ok()?;
    (number.unsigned_abs() < 1 << 62).then_some(number)
}

fn pair(value: &Bound<'_, PyAny>) -> Option<(i64, i64)> {
    let pair = value.cast_exact::<PyTuple>().ok()?;
    let item = |at| int(&pair.get_item(at).ok()?);
    (pair.len() == 2).then_some((item(0)?, item(1)?))
}

fn quotation<'py>(quote: &Bound<'py, PyAny>) -> Option<(i64, i64, Bound<'py, PyAny>)> {
    let quote = quote.cast::<PyTuple>().ok()?;
    let item = |at| int(&quote.get_item(at).ok()?);
    (quote.len() == 3).then_some((item(0)?, item(1)?, quote.get_item(2).ok()?))
}

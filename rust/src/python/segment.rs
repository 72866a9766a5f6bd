//! The class Segment.

use std::path::Path;
use std::sync::Arc;

use pyo3::exceptions::{PyIndexError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString};

use crate::columns::{Numbers, Texts};
use crate::error::{Error, Result};
use crate::forms::{passing, AnyGlob, Edits};
use crate::postings::{Postings, BLOCK};
use crate::python::values;
use crate::segment::{Carries, FieldId, Segment};
use crate::verify::verify;
use crate::{stored, whoosh_values};

/// A segment file, mapped.
#[pyclass(name = "Segment", module = "searcher._native", frozen, weakref)]
pub struct PySegment(pub Arc<Segment>);

/// (df, total weight, most weight, first docnum, last docnum, least length, most length)
type TermInfo = (u32, f64, f32, u32, u32, u32, u32);
/// (postings, last docnum, most weight, least length, most length)
type BlockBounds = (usize, u32, f32, u32, u32);

#[pymethods]
impl PySegment {
    #[new]
    fn new(path: &str) -> PyResult<Self> {
        Ok(PySegment(Arc::new(Segment::open(Path::new(path))?)))
    }

    #[getter]
    fn doc_count(&self) -> u32 {
        self.0.doc_count()
    }

    #[getter]
    fn path(&self) -> String {
        self.0.path().to_string_lossy().into_owned()
    }

    #[getter]
    fn seal(&self) -> u32 {
        self.0.seal()
    }

    #[getter]
    fn size_bytes(&self) -> u64 {
        self.0.size()
    }

    fn fields(&self) -> Vec<(String, &'static str, bool)> {
        let fields = self.0.fields().iter();
        fields
            .map(|spec| (spec.name.clone(), name_of(spec.carries), spec.lengths))
            .collect()
    }

    fn term_count(&self, field: &str) -> PyResult<usize> {
        Ok(match self.0.field(field) {
            Some(id) => self.0.terms(id)?.len(),
            None => 0,
        })
    }

    fn term_info(&self, py: Python<'_>, field: &str, term: &[u8]) -> PyResult<Option<TermInfo>> {
        let Some((id, list)) = self.list(field, term)? else {
            return Ok(None);
        };
        let (least, most) = py.detach(|| self.extremes(id, &list, 0..list.block_count()))?;
        let docs = (list.first_doc(), list.last_doc());
        Ok(Some((
            list.df(),
            list.total_weight(),
            list.max_weight(),
            docs.0,
            docs.1,
            least,
            most,
        )))
    }

    /// Documents and weight alone, which cost no look at the lengths.
    fn frequencies(&self, field: &str, term: &[u8]) -> PyResult<Option<(u32, f64)>> {
        Ok(self
            .list(field, term)?
            .map(|(_, list)| (list.df(), list.total_weight())))
    }

    #[pyo3(signature = (field, start = b"".as_slice(), count = 1024))]
    fn terms<'py>(
        &self,
        py: Python<'py>,
        field: &str,
        start: &[u8],
        count: usize,
    ) -> PyResult<Bound<'py, PyList>> {
        let terms = self.terms_while(field, start, |found, _| found < count)?;
        bytes_list(py, &terms)
    }

    fn prefixed<'py>(
        &self,
        py: Python<'py>,
        field: &str,
        prefix: &[u8],
    ) -> PyResult<Bound<'py, PyList>> {
        let terms = self.terms_while(field, prefix, |_, term| term.starts_with(prefix))?;
        bytes_list(py, &terms)
    }

    fn globbed(
        &self,
        py: Python<'_>,
        field: &str,
        pattern: &str,
        possessive: bool,
        most: usize,
    ) -> PyResult<Vec<String>> {
        self.passing(py, field, &AnyGlob::new(pattern), possessive, most)
    }

    fn fuzzy(
        &self,
        py: Python<'_>,
        field: &str,
        word: &str,
        distance: usize,
        most: usize,
    ) -> PyResult<Vec<String>> {
        self.passing(py, field, &Edits::new(word, distance)?, true, most)
    }

    fn docs<'py>(
        &self,
        py: Python<'py>,
        field: &str,
        term: &[u8],
    ) -> PyResult<Bound<'py, PyBytes>> {
        self.all(py, field, term, |list, block, out| list.docs(block, out))
    }

    fn tfs<'py>(&self, py: Python<'py>, field: &str, term: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
        self.all(py, field, term, |list, block, out| list.tfs(block, out))
    }

    fn block<'py>(
        &self,
        py: Python<'py>,
        field: &str,
        term: &[u8],
        number: usize,
    ) -> PyResult<Option<(Bound<'py, PyBytes>, Bound<'py, PyBytes>)>> {
        let Some((_, list)) = self.block_of(field, term, number)? else {
            return Ok(None);
        };
        let (mut docs, mut weights) = ([0; BLOCK], [0.0; BLOCK]);
        let count = list.docs(number, &mut docs)?;
        list.weights(number, &mut weights)?;
        Ok(Some((
            u32_bytes(py, &docs[..count]),
            f32_bytes(py, &weights[..count]),
        )))
    }

    /// None past the last block.
    fn block_bounds(
        &self,
        field: &str,
        term: &[u8],
        number: usize,
    ) -> PyResult<Option<BlockBounds>> {
        let Some((id, list)) = self.block_of(field, term, number)? else {
            return Ok(None);
        };
        let mut weights = [0.0; BLOCK];
        let count = list.weights(number, &mut weights)?;
        let heaviest = weights[..count].iter().copied().fold(0.0, f32::max);
        let (least, most) = self.extremes(id, &list, number..number + 1)?;
        Ok(Some((
            count,
            list.info(number).last_doc,
            heaviest,
            least,
            most,
        )))
    }

    fn find_block(&self, field: &str, term: &[u8], start: usize, doc: u32) -> PyResult<usize> {
        let list = self.list(field, term)?;
        Ok(
            list.map_or(0, |(_, list)| match start < list.block_count() {
                true => list.find_block(start, doc),
                false => list.block_count(),
            }),
        )
    }

    fn positions(&self, field: &str, term: &[u8], docs: &[u8]) -> PyResult<Vec<Vec<u32>>> {
        let docs = u32s(docs)?;
        let Some((_, list)) = self.list(field, term)? else {
            return missing(field, term, docs.first());
        };
        let mut reader = PositionReader::new(&list);
        docs.iter()
            .map(|&doc| match reader.of(doc)? {
                Some(positions) => Ok(positions),
                None => missing(field, term, Some(&doc)),
            })
            .collect()
    }

    fn values<'py>(
        &self,
        py: Python<'py>,
        field: &str,
        term: &[u8],
        number: usize,
    ) -> PyResult<Bound<'py, PyList>> {
        match self.block_of(field, term, number)? {
            Some((id, list)) => bytes_list(py, &self.block_values(id, &list, number)?),
            None => Ok(PyList::empty(py)),
        }
    }

    fn length(&self, field: &str, doc: u32) -> PyResult<u32> {
        self.check_doc(doc)?;
        Ok(match self.0.field(field) {
            Some(id) => self.0.lengths(id)?.get(doc),
            None => 0,
        })
    }

    fn lengths<'py>(&self, py: Python<'py>, field: &str) -> PyResult<Bound<'py, PyBytes>> {
        match self.0.field(field) {
            Some(id) => Ok(self.column(py, self.0.lengths(id)?)),
            None => Ok(u32_bytes(py, &vec![0; self.0.doc_count() as usize])),
        }
    }

    fn total_length(&self, field: &str) -> u64 {
        self.0.field(field).map_or(0, |id| self.0.total_length(id))
    }

    fn numbers<'py>(&self, py: Python<'py>, column: &str) -> PyResult<Option<Bound<'py, PyBytes>>> {
        Ok(self
            .0
            .numbers(column)?
            .map(|numbers| self.column(py, numbers)))
    }

    fn texts<'py>(&self, py: Python<'py>, column: &str) -> PyResult<Option<Bound<'py, PyList>>> {
        let Some(texts) = self.0.texts(column)? else {
            return Ok(None);
        };
        let distinct = distinct_texts(py, &texts)?;
        let docs = 0..self.0.doc_count();
        let of = docs
            .map(|doc| nth(&distinct, texts.rank(doc)))
            .collect::<PyResult<Vec<_>>>()?;
        Ok(Some(PyList::new(py, of)?))
    }

    fn number(&self, column: &str, doc: u32) -> PyResult<u32> {
        self.check_doc(doc)?;
        let numbers = self.0.numbers(column)?;
        Ok(numbers.map_or(0, |numbers| numbers.get(doc)))
    }

    fn text(&self, column: &str, doc: u32) -> PyResult<String> {
        self.check_doc(doc)?;
        Ok(match self.0.texts(column)? {
            Some(texts) => texts.text(texts.rank(doc))?.to_owned(),
            None => String::new(),
        })
    }

    fn distinct<'py>(
        &self,
        py: Python<'py>,
        column: &str,
    ) -> PyResult<Option<Vec<Bound<'py, PyString>>>> {
        let texts = self.0.texts(column)?;
        texts.map(|texts| distinct_texts(py, &texts)).transpose()
    }

    fn stored<'py>(&self, py: Python<'py>, doc: u32) -> PyResult<Bound<'py, PyAny>> {
        self.check_doc(doc)?;
        let bytes = self.0.stored(doc)?;
        if bytes.is_empty() {
            return Ok(pyo3::types::PyDict::new(py).into_any());
        }
        match stored::decode(&bytes) {
            Some(value) => values::from_value(py, &value),
            None => Err(Error::damaged(self.0.path(), 0, format!("stored document {doc}")).into()),
        }
    }

    fn section<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Option<Bound<'py, PyBytes>>> {
        Ok(self.0.section(name)?.map(|bytes| PyBytes::new(py, bytes)))
    }

    fn sections(&self) -> Vec<String> {
        self.0
            .section_names()
            .into_iter()
            .map(str::to_owned)
            .collect()
    }

    fn number_columns(&self) -> Vec<String> {
        self.0
            .number_names()
            .into_iter()
            .map(str::to_owned)
            .collect()
    }

    fn text_columns(&self) -> Vec<String> {
        self.0.text_names().into_iter().map(str::to_owned).collect()
    }

    fn check(&self, py: Python<'_>) -> PyResult<()> {
        Ok(py.detach(|| self.0.check())?)
    }

    fn verify(&self, py: Python<'_>) -> PyResult<(u64, u64, u32)> {
        let found = py.detach(|| verify(&self.0))?;
        Ok((found.terms, found.postings, found.documents))
    }
}

impl PySegment {
    fn list(&self, field: &str, term: &[u8]) -> Result<Option<(FieldId, Postings<'_>)>> {
        let Some(id) = self.0.field(field) else {
            return Ok(None);
        };
        Ok(self.0.postings(id, term)?.map(|list| (id, list)))
    }

    /// The list that has a block of a number.
    fn block_of(
        &self,
        field: &str,
        term: &[u8],
        number: usize,
    ) -> Result<Option<(FieldId, Postings<'_>)>> {
        Ok(self
            .list(field, term)?
            .filter(|(_, list)| number < list.block_count()))
    }

    /// Least and most length of the documents of some blocks; documents without a length
    /// don't count.
    fn extremes(
        &self,
        field: FieldId,
        list: &Postings<'_>,
        blocks: std::ops::Range<usize>,
    ) -> Result<(u32, u32)> {
        let lengths = self.0.lengths(field)?;
        let (mut least, mut most) = (u32::MAX, 0);
        let mut docs = [0; BLOCK];
        for block in if lengths.is_empty() { 0..0 } else { blocks } {
            let count = list.docs(block, &mut docs)?;
            for length in docs[..count]
                .iter()
                .map(|&doc| lengths.get(doc))
                .filter(|&l| l > 0)
            {
                (least, most) = (least.min(length), most.max(length));
            }
        }
        Ok((least.min(most), most))
    }

    fn terms_while(
        &self,
        field: &str,
        start: &[u8],
        wanted: impl Fn(usize, &[u8]) -> bool,
    ) -> Result<Vec<Vec<u8>>> {
        use fst::{IntoStreamer, Streamer};

        let mut found = Vec::new();
        let Some(id) = self.0.field(field) else {
            return Ok(found);
        };
        let mut stream = self.0.terms(id)?.range().ge(start).into_stream();
        while let Some((term, _)) = stream.next() {
            if !wanted(found.len(), term) {
                break;
            }
            found.push(term.to_vec());
        }
        Ok(found)
    }

    fn passing<T: crate::forms::Test + Sync>(
        &self,
        py: Python<'_>,
        field: &str,
        test: &T,
        possessive: bool,
        most: usize,
    ) -> PyResult<Vec<String>> {
        let Some(id) = self.0.field(field) else {
            return Ok(Vec::new());
        };
        let terms = self.0.terms(id)?;
        Ok(py.detach(|| passing(terms, test, possessive, most)))
    }

    fn all<'py>(
        &self,
        py: Python<'py>,
        field: &str,
        term: &[u8],
        decode: impl Fn(&Postings<'_>, usize, &mut [u32; BLOCK]) -> Result<usize> + Sync,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let Some((_, list)) = self.list(field, term)? else {
            return Ok(PyBytes::new(py, b""));
        };
        let found = py.detach(|| -> Result<Vec<u32>> {
            let mut found = Vec::with_capacity(list.df() as usize);
            let mut block = [0; BLOCK];
            for number in 0..list.block_count() {
                let count = decode(&list, number, &mut block)?;
                found.extend_from_slice(&block[..count]);
            }
            Ok(found)
        })?;
        Ok(u32_bytes(py, &found))
    }

    fn block_values(
        &self,
        field: FieldId,
        list: &Postings<'_>,
        number: usize,
    ) -> Result<Vec<Vec<u8>>> {
        let carries = self.0.fields()[usize::from(field)].carries;
        if matches!(carries, Carries::Opaque | Carries::Nothing) {
            return list.values(number);
        }
        let mut tfs = [0; BLOCK];
        let count = list.tfs(number, &mut tfs)?;
        if carries == Carries::Frequencies {
            return Ok(tfs[..count]
                .iter()
                .map(|&tf| whoosh_values::frequency(tf))
                .collect());
        }
        let mut places = Vec::new();
        (0..count)
            .map(|at| {
                places.clear();
                list.positions(number, at, &tfs, &mut places)?;
                Ok(whoosh_values::positions(&places))
            })
            .collect()
    }

    /// One number a document: native-endian uint32.
    fn column<'py>(&self, py: Python<'py>, numbers: Numbers<'_>) -> Bound<'py, PyBytes> {
        let values: Vec<u32> = (0..self.0.doc_count())
            .map(|doc| numbers.get(doc))
            .collect();
        u32_bytes(py, &values)
    }

    pub fn check_doc(&self, doc: u32) -> PyResult<()> {
        let count = self.0.doc_count();
        if doc < count {
            return Ok(());
        }
        Err(PyIndexError::new_err(format!(
            "document {doc} of a segment of {count}"
        )))
    }
}

/// Reads positions of ascending documents.
struct PositionReader<'a> {
    list: &'a Postings<'a>,
    block: usize,
    is_read: bool,
    count: usize,
    docs: [u32; BLOCK],
    tfs: [u32; BLOCK],
}

impl<'a> PositionReader<'a> {
    fn new(list: &'a Postings<'a>) -> Self {
        PositionReader {
            list,
            block: 0,
            is_read: false,
            count: 0,
            docs: [0; BLOCK],
            tfs: [0; BLOCK],
        }
    }

    /// None when the document isn't in the list, or comes before one that was asked for.
    fn of(&mut self, doc: u32) -> Result<Option<Vec<u32>>> {
        if self.block >= self.list.block_count() {
            return Ok(None);
        }
        let block = self.list.find_block(self.block, doc);
        if block >= self.list.block_count() {
            return Ok(None);
        }
        if block != self.block || !self.is_read {
            self.block = block;
            self.is_read = true;
            self.count = self.list.docs(block, &mut self.docs)?;
            self.list.tfs(block, &mut self.tfs)?;
        }
        let Ok(at) = self.docs[..self.count].binary_search(&doc) else {
            return Ok(None);
        };
        let mut places = Vec::new();
        self.list.positions(block, at, &self.tfs, &mut places)?;
        Ok(Some(places))
    }
}

fn missing<T: Default>(field: &str, term: &[u8], doc: Option<&u32>) -> PyResult<T> {
    let Some(doc) = doc else {
        return Ok(T::default());
    };
    let term = String::from_utf8_lossy(term);
    let message = format!("document {doc} doesn't hold {field}:{term}, or isn't in order");
    Err(PyValueError::new_err(message))
}

fn name_of(carries: Carries) -> &'static str {
    match carries {
        Carries::Nothing => "nothing",
        Carries::Frequencies => "frequencies",
        Carries::Positions => "positions",
        Carries::Opaque => "opaque",
    }
}

fn distinct_texts<'py>(py: Python<'py>, texts: &Texts<'_>) -> PyResult<Vec<Bound<'py, PyString>>> {
    (0..texts.count())
        .map(|rank| Ok(PyString::new(py, texts.text(rank)?)))
        .collect()
}

fn nth<'a, 'py>(
    distinct: &'a [Bound<'py, PyString>],
    rank: u32,
) -> PyResult<&'a Bound<'py, PyString>> {
    let text = distinct.get(rank as usize);
    text.ok_or_else(|| super::NativeError::new_err(format!("no text of rank {rank}")))
}

fn bytes_list<'py>(py: Python<'py>, items: &[Vec<u8>]) -> PyResult<Bound<'py, PyList>> {
    PyList::new(py, items.iter().map(|item| PyBytes::new(py, item)))
}

/// Return numbers as native-endian bytes.
pub fn u32_bytes<'py>(py: Python<'py>, numbers: &[u32]) -> Bound<'py, PyBytes> {
    let bytes: Vec<u8> = numbers
        .iter()
        .flat_map(|number| number.to_ne_bytes())
        .collect();
    PyBytes::new(py, &bytes)
}

fn f32_bytes<'py>(py: Python<'py>, numbers: &[f32]) -> Bound<'py, PyBytes> {
    let bytes: Vec<u8> = numbers
        .iter()
        .flat_map(|number| number.to_ne_bytes())
        .collect();
    PyBytes::new(py, &bytes)
}

/// Read native-endian bytes as numbers.
pub fn u32s(bytes: &[u8]) -> PyResult<Vec<u32>> {
    if bytes.len() % 4 != 0 {
        return Err(PyValueError::new_err(format!(
            "{} bytes are no uint32 numbers",
            bytes.len()
        )));
    }
    Ok(bytes
        .chunks_exact(4)
        .map(|b| u32::from_ne_bytes([b[0], b[1], b[2], b[3]]))
        .collect())
}

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PySegment>()
}

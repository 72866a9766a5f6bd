//! Postings of one field as Whoosh gives them, until it is known what they need.
//!
//! Whoosh's formats hold a weight and some bytes a posting.  Where these say no more than
//! how often and where a word stands, the field is written so that queries can run on it;
//! where a single posting says more (a boost, an unknown format), the field is kept as
//! Whoosh gave it.  That is known only after the last posting, so terms wait in a temporary
//! file.
//!
//!     Term     = length:u32 term postings:u32 doc:u32{postings} weight:f32{postings}
//!                end:u32{postings} bytes
//!
//! Numbers are little-endian; `bytes` are the values one behind the other.

use std::io::{BufReader, Read, Seek, Write};
use std::path::Path;

use tempfile::SpooledTempFile;

use crate::error::{Error, Result};
use crate::segment::{Carries, FieldId, SegmentWriter, TermPostings};
use crate::whoosh_values::{read_frequency, read_positions};

/// Bytes that wait in memory; more go to a file.
const IN_MEMORY: usize = 1 << 23;

/// The postings of a term, documents ascending.
#[derive(Default)]
pub struct Given {
    pub docs: Vec<u32>,
    pub weights: Vec<f32>,
    /// Where in `values` the value of each ends.
    pub ends: Vec<u32>,
    pub values: Vec<u8>,
}

impl Given {
    /// Add a posting.  Misuse: all values of a term take over 4 GiB.
    pub fn push(&mut self, doc: u32, weight: f32, value: &[u8]) -> Result<()> {
        let Ok(end) = u32::try_from(self.values.len() + value.len()) else {
            let message = "the values of one term take over 4 GiB; commit more often";
            return Err(Error::Misuse(message.to_owned()));
        };
        self.docs.push(doc);
        self.weights.push(weight);
        self.values.extend_from_slice(value);
        self.ends.push(end);
        Ok(())
    }

    fn value(&self, at: usize) -> &[u8] {
        let start = at
            .checked_sub(1)
            .map_or(0, |before| self.ends[before] as usize);
        &self.values[start..self.ends[at] as usize]
    }
}

/// The terms of a field on their way to a segment.
pub struct Waiting {
    file: SpooledTempFile,
    path: std::path::PathBuf,
    /// The least that says all of the postings so far.
    carries: Carries,
    tfs: Vec<u32>,
    positions: Vec<u32>,
    record: Vec<u8>,
}

impl Waiting {
    /// Wait beside the file of a segment; `carries` is what the field's format says at best.
    pub fn new(path: &Path, carries: Carries) -> Waiting {
        let parent = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        Waiting {
            file: tempfile::spooled_tempfile_in(IN_MEMORY, parent.unwrap_or(Path::new("."))),
            path: path.to_owned(),
            carries,
            tfs: Vec::new(),
            positions: Vec::new(),
            record: Vec::new(),
        }
    }

    /// What the postings so far need.
    pub fn carries(&self) -> Carries {
        self.carries
    }

    /// Add a term.
    pub fn add(&mut self, term: &[u8], given: &Given) -> Result<()> {
        if self.carries != Carries::Opaque && !self.read(given) {
            self.carries = Carries::Opaque;
        }
        self.record.clear();
        put_bytes(&mut self.record, term);
        put_numbers(&mut self.record, given.docs.len(), &given.docs, |doc| {
            doc.to_le_bytes()
        });
        put_numbers(
            &mut self.record,
            given.docs.len(),
            &given.weights,
            |weight| weight.to_le_bytes(),
        );
        put_numbers(&mut self.record, given.docs.len(), &given.ends, |end| {
            end.to_le_bytes()
        });
        put_bytes(&mut self.record, &given.values);
        self.file
            .write_all(&self.record)
            .map_err(|source| Error::io(&self.path, source))
    }

    /// Read what is given into `tfs` and `positions`; false when they would say less.
    fn read(&mut self, given: &Given) -> bool {
        self.tfs.clear();
        self.positions.clear();
        (0..given.docs.len()).all(|at| {
            let tf = self.tf(given.value(at));
            self.tfs.extend(tf);
            tf.is_some_and(|tf| tf > 0 && tf as f32 == given.weights[at] && tf < 1 << 24)
        })
    }

    fn tf(&mut self, value: &[u8]) -> Option<u32> {
        match self.carries {
            Carries::Nothing => value.is_empty().then_some(1),
            Carries::Frequencies => read_frequency(value),
            Carries::Positions => read_positions(value, &mut self.positions),
            Carries::Opaque => None,
        }
    }

    /// Add every term to a field of a segment, which carries what `carries` says.
    pub fn write(mut self, writer: &mut SegmentWriter, field: FieldId) -> Result<()> {
        let path = self.path.clone();
        let io = |source| Error::io(&path, source);
        self.file.rewind().map_err(io)?;
        let file = std::mem::replace(&mut self.file, SpooledTempFile::new(0));
        let mut file = BufReader::with_capacity(1 << 17, file);
        while let Some((term, given)) = read_term(&mut file).map_err(io)? {
            self.write_term(writer, field, &term, &given)?;
        }
        Ok(())
    }

    fn write_term(
        &mut self,
        writer: &mut SegmentWriter,
        field: FieldId,
        term: &[u8],
        given: &Given,
    ) -> Result<()> {
        if self.carries == Carries::Opaque {
            let postings = TermPostings {
                docs: &given.docs,
                weights: &given.weights,
                value_ends: &given.ends,
                values: &given.values,
                ..TermPostings::default()
            };
            return writer.add_term(field, term, &postings);
        }
        self.read(given);
        let postings = TermPostings {
            docs: &given.docs,
            tfs: if self.carries == Carries::Nothing {
                &[]
            } else {
                &self.tfs
            },
            positions: &self.positions,
            ..TermPostings::default()
        };
        writer.add_term(field, term, &postings)
    }
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend((bytes.len() as u32).to_le_bytes());
    out.extend(bytes);
}

fn put_numbers<T: Copy>(out: &mut Vec<u8>, count: usize, numbers: &[T], bytes: fn(T) -> [u8; 4]) {
    out.extend((count as u32).to_le_bytes());
    out.extend(numbers.iter().flat_map(|&number| bytes(number)));
}

fn read_term(file: &mut impl Read) -> std::io::Result<Option<(Vec<u8>, Given)>> {
    let mut first = [0; 1];
    if file.read(&mut first)? == 0 {
        return Ok(None);
    }
    let mut rest = [0; 3];
    file.read_exact(&mut rest)?;
    let length = u32::from_le_bytes([first[0], rest[0], rest[1], rest[2]]);
    let term = read_bytes(file, length as usize)?;
    let given = Given {
        docs: read_numbers(file, u32::from_le_bytes)?,
        weights: read_numbers(file, f32::from_le_bytes)?,
        ends: read_numbers(file, u32::from_le_bytes)?,
        values: {
            let length = read_count(file)?;
            read_bytes(file, length)?
        },
    };
    Ok(Some((term, given)))
}

fn read_count(file: &mut impl Read) -> std::io::Result<usize> {
    let mut count = [0; 4];
    file.read_exact(&mut count)?;
    Ok(u32::from_le_bytes(count) as usize)
}

fn read_bytes(file: &mut impl Read, count: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; count];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn read_numbers<T>(file: &mut impl Read, number: fn([u8; 4]) -> T) -> std::io::Result<Vec<T>> {
    let count = read_count(file)?;
    let bytes = read_bytes(file, count * 4)?;
    Ok(bytes
        .chunks_exact(4)
        .map(|b| number([b[0], b[1], b[2], b[3]]))
        .collect())
}

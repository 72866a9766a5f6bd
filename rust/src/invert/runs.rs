//! Postings put aside in a temporary file, all terms in order.
//!
//!     Run   = Field{fields}
//!     Field = (1:u8 term_length:varint term list_length:varint list)* 0:u8
//!
//! The list is that of `lists`.

use std::io::{BufReader, BufWriter, Read, Seek, Write};
use std::path::PathBuf;

use crate::disk::{self, DiskFile};
use crate::error::{Error, Result};
use crate::invert::memory::Memory;
use crate::varint;

const BUFFER: usize = 1 << 17;

/// A temporary file, gone when dropped.
pub struct Run {
    path: PathBuf,
    file: BufReader<DiskFile>,
}

impl Run {
    /// Put all postings of a memory into a file.
    pub fn write(path: PathBuf, memory: &Memory) -> Result<Run> {
        let file = DiskFile::create(&path).map_err(|source| Error::io(&path, source))?;
        let mut run = Run {
            path,
            file: BufReader::with_capacity(BUFFER, file),
        };
        let written = write_fields(run.file.get_mut(), memory).and_then(|()| run.file.rewind());
        written.map_err(|source| Error::io(&run.path, source))?;
        Ok(run)
    }

    /// Read the next term of the field that is read and its list; false at the field's end.
    pub fn next(&mut self, term: &mut Vec<u8>, list: &mut Vec<u8>) -> Result<bool> {
        let read = read_term(&mut self.file, term, list);
        read.map_err(|source| Error::io(&self.path, source))
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = disk::remove(&self.path);
    }
}

fn write_fields(file: &mut DiskFile, memory: &Memory) -> std::io::Result<()> {
    let mut out = BufWriter::with_capacity(BUFFER, file);
    let (mut head, mut list) = (Vec::new(), Vec::new());
    for field in &memory.fields {
        for id in field.sorted() {
            list.clear();
            field.lists[id as usize].read(field.carries, &memory.arena, &mut list);
            let term = field.terms.get(id);
            head.clear();
            head.push(1);
            varint::put(&mut head, term.len() as u64);
            head.extend_from_slice(term);
            varint::put(&mut head, list.len() as u64);
            out.write_all(&head)?;
            out.write_all(&list)?;
        }
        out.write_all(&[0])?;
    }
    out.flush()
}

fn read_term(
    file: &mut impl Read,
    term: &mut Vec<u8>,
    list: &mut Vec<u8>,
) -> std::io::Result<bool> {
    let mut tag = [0];
    file.read_exact(&mut tag)?;
    if tag[0] == 0 {
        return Ok(false);
    }
    read_bytes(file, term)?;
    read_bytes(file, list)?;
    Ok(true)
}

fn read_bytes(file: &mut impl Read, into: &mut Vec<u8>) -> std::io::Result<()> {
    let (mut length, mut shift, mut byte) = (0u64, 0, [0x80]);
    while byte[0] >= 0x80 {
        file.read_exact(&mut byte)?;
        length |= u64::from(byte[0] & 0x7f).checked_shl(shift).unwrap_or(0);
        shift += 7;
    }
    into.clear();
    // Not reserved at once: a torn length must not ask for all of the memory.
    let read = file.by_ref().take(length).read_to_end(into)?;
    if read as u64 == length {
        Ok(())
    } else {
        Err(std::io::ErrorKind::UnexpectedEof.into())
    }
}

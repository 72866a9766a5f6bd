//! A memory-mapped file of named sections, each page of it checked when it is first touched.
//!
//! ```text
//! File      = Header body Directory Footer
//! Header    = magic:8 version:u32 zero:u32
//! Directory = pages:u32 crc:u32{pages} sections:varint Section{sections}
//! Section   = name_length:varint name start:varint length:varint
//! Footer    = directory_start:u64 directory_length:u64 directory_crc:u32 file_length:u64
//!             version:u32 footer_crc:u32 magic:8
//! ```
//!
//! A page is 64 KiB of header and body, the last one may be shorter; its crc is CRC-32 (IEEE).
//! Numbers are little-endian.

use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

use memmap2::Mmap;
#[cfg(unix)]
use memmap2::UncheckedAdvice;
use rustc_hash::FxHashMap;

use crate::disk::{self, DiskFile};
use crate::error::{Error, Result};
use crate::varint::{self, Cursor};

pub const MAGIC: [u8; 8] = *b"\x89SRNAT\r\n";
/// Version 2 has counts of articles in lists, and blocks of stored documents that say once what
/// their documents share.
pub const VERSION: u32 = 2;
/// Older ones that are read.
const OLDEST: u32 = 1;
const PAGE: usize = 1 << 16;
const HEADER: usize = 16;
const FOOTER: usize = 44;

/// A file, mapped.  A file that another program shortens while its bytes are being read can
/// end this one with SIGBUS; `uncut` finds that it was shortened before.  Segments are never
/// written to after they got their name.
pub struct Container {
    path: PathBuf,
    file: File,
    map: Mmap,
    /// Checksum of the footer, which holds that of the directory, which holds those of all pages.
    seal: u32,
    /// Where the body ends.
    body_end: u64,
    page_crcs: Vec<u32>,
    page_seen: Box<[AtomicBool]>,
    sections: FxHashMap<String, Span>,
}

/// A range of bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub start: u64,
    pub length: u64,
}

impl Container {
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(|source| Error::io(path, source))?;
        // SAFETY: the file is only ever replaced by rename, never written in place.
        let map = unsafe { Mmap::map(&file) }.map_err(|source| Error::io(path, source))?;
        let footer = Footer::read(path, &map)?;
        let mut container = Container {
            path: path.to_owned(),
            file,
            map,
            seal: footer.seal,
            body_end: footer.directory_start,
            page_crcs: Vec::new(),
            page_seen: Box::default(),
            sections: FxHashMap::default(),
        };
        container.read_directory(&footer)?;
        Ok(container)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes of the whole file.
    pub fn size(&self) -> u64 {
        self.map.len() as u64
    }

    /// A number that stands for every byte of the file.
    pub fn seal(&self) -> u32 {
        self.seal
    }

    /// Fail when the file is no longer as long as it is mapped.
    pub fn uncut(&self) -> Result<()> {
        let now = self.file.metadata();
        let now = now.map_err(|source| Error::io(&self.path, source))?.len();
        if now == self.size() {
            return Ok(());
        }
        let found = format!("{now} bytes; it had {} when it was opened", self.size());
        Err(self.damaged(now.min(self.size()), found))
    }

    /// Give back the memory of the pages that were read; they come again when they are.
    ///
    /// The system does so by itself when memory is short, but until then they count as the
    /// process's own.
    pub fn let_go(&self) {
        // SAFETY: the mapping is shared and never written to, so that its pages are the file's.
        #[cfg(unix)]
        let _ = unsafe { self.map.unchecked_advise(UncheckedAdvice::DontNeed) };
    }

    /// Where the body ends, and all that can be pointed to.
    pub fn body_end(&self) -> u64 {
        self.body_end
    }

    /// Return where a section stands.
    pub fn section(&self, name: &str) -> Option<Span> {
        self.sections.get(name).copied()
    }

    /// Return the names of all sections, in order of the names.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.sections.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// Return bytes after checking the pages that they stand in.
    #[inline]
    pub fn bytes(&self, start: u64, length: u64) -> Result<&[u8]> {
        let end = match start.checked_add(length) {
            Some(end) if end <= self.body_end => end as usize,
            _ => return Err(self.damaged(start, "a pointer behind the end")),
        };
        let start = start as usize;
        if length > 0 {
            for page in start / PAGE..=(end - 1) / PAGE {
                if !self.page_seen[page].load(Ordering::Relaxed) {
                    self.verify(page)?;
                }
            }
        }
        Ok(&self.map[start..end])
    }

    /// Return all bytes of a span.
    #[inline]
    pub fn span(&self, span: Span) -> Result<&[u8]> {
        self.bytes(span.start, span.length)
    }

    /// Return a part of a span, `at` counting from its start.
    #[inline]
    pub fn part(&self, span: Span, at: u64, length: u64) -> Result<&[u8]> {
        match at.checked_add(length) {
            Some(end) if end <= span.length => self.bytes(span.start + at, length),
            _ => Err(self.damaged(span.start, "a pointer out of its section")),
        }
    }

    /// Verify every page.
    pub fn check(&self) -> Result<()> {
        (0..self.page_crcs.len()).try_for_each(|page| self.verify(page))
    }

    #[cold]
    pub fn damaged(&self, offset: u64, found: impl Into<String>) -> Error {
        Error::damaged(&self.path, offset, found)
    }

    #[cold]
    fn verify(&self, page: usize) -> Result<()> {
        let start = page * PAGE;
        let end = (start + PAGE).min(self.body_end as usize);
        if crc32fast::hash(&self.map[start..end]) != self.page_crcs[page] {
            let found = format!("the checksum of bytes {start} to {end} is wrong");
            return Err(self.damaged(start as u64, found));
        }
        self.page_seen[page].store(true, Ordering::Relaxed);
        Ok(())
    }

    fn read_directory(&mut self, footer: &Footer) -> Result<()> {
        let start = footer.directory_start;
        let bytes = &self.map[start as usize..][..footer.directory_length as usize];
        let mut cursor = Cursor::new(self, start, bytes);
        let count = u32::from_le_bytes(cursor.array()?) as usize;
        if count != (start as usize).div_ceil(PAGE) {
            return cursor.fail("a wrong number of pages");
        }
        let page_crcs = cursor
            .take(count * 4)?
            .chunks_exact(4)
            .map(le_u32)
            .collect();
        let sections = self.read_sections(&mut cursor)?;
        self.page_seen = (0..count).map(|_| AtomicBool::new(false)).collect();
        self.page_crcs = page_crcs;
        self.sections = sections;
        Ok(())
    }

    fn read_sections(&self, cursor: &mut Cursor<'_>) -> Result<FxHashMap<String, Span>> {
        let mut sections = FxHashMap::default();
        for _ in 0..cursor.varint()? {
            let length = cursor.u32()? as usize;
            let name = String::from_utf8_lossy(cursor.take(length)?).into_owned();
            let span = Span {
                start: cursor.varint()?,
                length: cursor.varint()?,
            };
            if span
                .start
                .checked_add(span.length)
                .is_none_or(|end| end > self.body_end)
            {
                return cursor.fail("a section behind the end");
            }
            sections.insert(name, span);
        }
        Ok(sections)
    }
}

fn le_u32(bytes: &[u8]) -> u32 {
    u32::from_le_bytes(bytes.try_into().expect("4 bytes"))
}

fn le_u64(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().expect("8 bytes"))
}

struct Footer {
    directory_start: u64,
    directory_length: u64,
    seal: u32,
}

impl Footer {
    fn read(path: &Path, file: &[u8]) -> Result<Footer> {
        if file.len() < HEADER + FOOTER || file[..8] != MAGIC {
            return Err(Error::damaged(path, 0, "not a segment of searcher"));
        }
        check_version(path, le_u32(&file[8..12]))?;
        let at = file.len() - FOOTER;
        let footer = &file[at..];
        if footer[36..] != MAGIC {
            return Err(Error::damaged(
                path,
                at as u64,
                "no footer: the file was cut or isn't complete",
            ));
        }
        check_version(path, le_u32(&footer[28..32]))?;
        if file[8..12] != footer[28..32] {
            return Err(Error::damaged(path, 8, "another version than at the end"));
        }
        if crc32fast::hash(&footer[..32]) != le_u32(&footer[32..36]) {
            return Err(Error::damaged(
                path,
                at as u64,
                "the checksum of the footer is wrong",
            ));
        }
        Footer::fields(path, file, at)
    }

    fn fields(path: &Path, file: &[u8], at: usize) -> Result<Footer> {
        let footer = &file[at..];
        let (start, length) = (le_u64(&footer[..8]), le_u64(&footer[8..16]));
        if le_u64(&footer[20..28]) != file.len() as u64 {
            return Err(Error::damaged(
                path,
                at as u64,
                format!("a file of {} bytes", file.len()),
            ));
        }
        if start < HEADER as u64 || start.checked_add(length) != Some(at as u64) {
            return Err(Error::damaged(
                path,
                at as u64,
                "a directory out of the file",
            ));
        }
        if crc32fast::hash(&file[start as usize..at]) != le_u32(&footer[16..20]) {
            return Err(Error::damaged(
                path,
                start,
                "the checksum of the directory is wrong",
            ));
        }
        Ok(Footer {
            directory_start: start,
            directory_length: length,
            seal: le_u32(&footer[32..36]),
        })
    }
}

fn check_version(path: &Path, found: u32) -> Result<()> {
    match found {
        OLDEST..=VERSION => Ok(()),
        _ => Err(Error::Version {
            path: path.to_owned(),
            found,
            expected: VERSION,
        }),
    }
}

/// Checked bytes of a mapped file that keep it mapped.
#[derive(Clone)]
pub struct Bytes {
    file: Arc<Container>,
    start: usize,
    end: usize,
}

impl Bytes {
    /// Check a span and hold it.
    pub fn new(file: &Arc<Container>, span: Span) -> Result<Bytes> {
        file.span(span)?;
        let start = span.start as usize;
        Ok(Bytes {
            file: Arc::clone(file),
            start,
            end: start + span.length as usize,
        })
    }
}

impl AsRef<[u8]> for Bytes {
    #[inline]
    fn as_ref(&self) -> &[u8] {
        &self.file.map[self.start..self.end]
    }
}

/// Writes a container, section by section, under a temporary name.
pub struct ContainerWriter {
    path: PathBuf,
    temporary: PathBuf,
    out: BufWriter<DiskFile>,
    at: u64,
    page: crc32fast::Hasher,
    page_crcs: Vec<u32>,
    sections: Vec<(String, Span)>,
    finished: bool,
}

impl ContainerWriter {
    pub fn create(path: &Path) -> Result<Self> {
        let temporary = beside(path, "tmp");
        let file = DiskFile::create(&temporary).map_err(|source| Error::io(&temporary, source))?;
        let mut writer = ContainerWriter {
            path: path.to_owned(),
            temporary,
            out: BufWriter::with_capacity(1 << 18, file),
            at: 0,
            page: crc32fast::Hasher::new(),
            page_crcs: Vec::new(),
            sections: Vec::new(),
            finished: false,
        };
        writer.write(&MAGIC)?;
        writer.write(&VERSION.to_le_bytes())?;
        writer.write(&[0; 4])?;
        Ok(writer)
    }

    /// Where the next byte will stand.
    pub fn position(&self) -> u64 {
        self.at
    }

    /// Add bytes to the body.
    pub fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        self.out
            .write_all(bytes)
            .map_err(|source| Error::io(&self.temporary, source))?;
        while !bytes.is_empty() {
            let room = PAGE - self.at as usize % PAGE;
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.page.update(now);
            self.at += now.len() as u64;
            self.end_page(PAGE);
            bytes = later;
        }
        Ok(())
    }

    /// Add zeros until the position is a multiple of `size`.
    pub fn align(&mut self, size: u64) -> Result<()> {
        let zeros = self.at.next_multiple_of(size) - self.at;
        self.write(&vec![0; zeros as usize])
    }

    /// Name what was written since `start`.
    pub fn end_section(&mut self, name: impl Into<String>, start: u64) {
        let span = Span {
            start,
            length: self.at - start,
        };
        self.sections.push((name.into(), span));
    }

    /// Name bytes that were written already.
    pub fn name_section(&mut self, name: impl Into<String>, span: Span) {
        self.sections.push((name.into(), span));
    }

    /// Add a whole section.
    pub fn section(&mut self, name: impl Into<String>, bytes: &[u8]) -> Result<()> {
        let name = name.into();
        if self.sections.iter().any(|(other, _)| *other == name) {
            return Err(Error::Misuse(format!("section {name} is written twice")));
        }
        let start = self.at;
        self.write(bytes)?;
        self.end_section(name, start);
        Ok(())
    }

    /// Add what a spill file holds.
    pub fn append(&mut self, spill: &mut Spill) -> Result<()> {
        let mut buffer = vec![0; PAGE];
        spill.rewind()?;
        loop {
            match spill.read(&mut buffer)? {
                0 => return Ok(()),
                count => self.write(&buffer[..count])?,
            }
        }
    }

    /// Write directory and footer, have all of it on the disk, and give it its name.
    pub fn finish(mut self) -> Result<()> {
        if self.at as usize % PAGE > 0 {
            self.end_page(1);
        }
        let directory = self.directory();
        let footer = self.footer(&directory);
        self.complete(&directory, &footer)
            .map_err(|source| Error::io(&self.temporary, source))?;
        disk::rename(&self.temporary, &self.path)
            .map_err(|source| Error::io(&self.path, source))?;
        self.finished = true;
        disk::sync_folder_of(&self.path)
            .map_err(|source| Error::io(disk::folder_of(&self.path), source))
    }

    fn complete(&mut self, directory: &[u8], footer: &[u8]) -> std::io::Result<()> {
        self.out.write_all(directory)?;
        self.out.write_all(footer)?;
        self.out.flush()?;
        self.out.get_ref().sync()
    }

    fn end_page(&mut self, unit: usize) {
        if self.at as usize % unit == 0 {
            let page = std::mem::take(&mut self.page);
            self.page_crcs.push(page.finalize());
        }
    }

    fn directory(&self) -> Vec<u8> {
        let mut out = (self.page_crcs.len() as u32).to_le_bytes().to_vec();
        for crc in &self.page_crcs {
            out.extend(crc.to_le_bytes());
        }
        varint::put(&mut out, self.sections.len() as u64);
        for (name, span) in &self.sections {
            varint::put(&mut out, name.len() as u64);
            out.extend(name.as_bytes());
            varint::put(&mut out, span.start);
            varint::put(&mut out, span.length);
        }
        out
    }

    fn footer(&self, directory: &[u8]) -> Vec<u8> {
        let length = directory.len() as u64;
        let mut out = self.at.to_le_bytes().to_vec();
        out.extend(length.to_le_bytes());
        out.extend(crc32fast::hash(directory).to_le_bytes());
        out.extend((self.at + length + FOOTER as u64).to_le_bytes());
        out.extend(VERSION.to_le_bytes());
        out.extend(crc32fast::hash(&out).to_le_bytes());
        out.extend(MAGIC);
        out
    }
}

impl Drop for ContainerWriter {
    fn drop(&mut self) {
        if !self.finished {
            let _ = disk::remove(&self.temporary);
        }
    }
}

/// A temporary file beside the one to be, gone when dropped.
pub struct Spill {
    path: PathBuf,
    file: BufWriter<DiskFile>,
    length: u64,
}

impl Spill {
    pub fn create(beside_path: &Path, extension: &str) -> Result<Spill> {
        let path = beside(beside_path, extension);
        let file = DiskFile::create(&path).map_err(|source| Error::io(&path, source))?;
        Ok(Spill {
            path,
            file: BufWriter::with_capacity(1 << 17, file),
            length: 0,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn length(&self) -> u64 {
        self.length
    }

    pub fn write_all(&mut self, bytes: &[u8]) -> Result<()> {
        self.length += bytes.len() as u64;
        self.file
            .write_all(bytes)
            .map_err(|source| Error::io(&self.path, source))
    }

    fn rewind(&mut self) -> Result<()> {
        let seek = self
            .file
            .flush()
            .and_then(|()| self.file.seek(SeekFrom::Start(0)));
        seek.map(drop)
            .map_err(|source| Error::io(&self.path, source))
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        self.file
            .get_mut()
            .read(buffer)
            .map_err(|source| Error::io(&self.path, source))
    }
}

impl Write for Spill {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.write_all(bytes)?;
        self.length += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Spill {
    fn drop(&mut self) {
        let _ = disk::remove(&self.path);
    }
}

/// Return `path` with one more extension.
fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}

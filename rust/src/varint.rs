//! Varints (LEB128: 7 bits a byte, low bits first, the high bit on all but the last), and a
//! cursor that reads them and never past its end.

use crate::container::Container;
use crate::error::Result;

/// Append a varint.
#[inline]
pub fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Reads bytes that stand at `base` of a file, so that it can say where they are damaged.
#[derive(Clone)]
pub struct Cursor<'a> {
    file: &'a Container,
    bytes: &'a [u8],
    base: u64,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(file: &'a Container, base: u64, bytes: &'a [u8]) -> Self {
        Cursor {
            file,
            bytes,
            base,
            at: 0,
        }
    }

    /// Where in the file the next byte stands.
    #[inline]
    pub fn offset(&self) -> u64 {
        self.base + self.at as u64
    }

    /// Bytes read so far.
    pub fn position(&self) -> usize {
        self.at
    }

    #[inline]
    pub fn byte(&mut self) -> Result<u8> {
        match self.bytes.get(self.at) {
            Some(&byte) => {
                self.at += 1;
                Ok(byte)
            }
            None => self.fail("a list ends too early"),
        }
    }

    #[inline]
    pub fn varint(&mut self) -> Result<u64> {
        let first = self.byte()?;
        if first < 0x80 {
            return Ok(u64::from(first));
        }
        self.longer(u64::from(first & 0x7f))
    }

    #[inline]
    pub fn u32(&mut self) -> Result<u32> {
        match u32::try_from(self.varint()?) {
            Ok(value) => Ok(value),
            Err(_) => self.fail("a number over 32 bits"),
        }
    }

    pub fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        match self.bytes.get(self.at..).and_then(|rest| rest.get(..count)) {
            Some(bytes) => {
                self.at += count;
                Ok(bytes)
            }
            None => self.fail("a list ends too early"),
        }
    }

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        Ok(self.take(N)?.try_into().expect("take() gave N bytes"))
    }

    #[cold]
    pub fn fail<T>(&self, found: &str) -> Result<T> {
        Err(self.file.damaged(self.offset(), found))
    }

    fn longer(&mut self, mut value: u64) -> Result<u64> {
        for shift in (7..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        self.fail("a number over 64 bits")
    }
}

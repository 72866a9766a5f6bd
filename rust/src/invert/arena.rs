//! Many byte streams that grow side by side, in memory that comes in large pieces.
//!
//! A stream is a chain of slices, each twice as long as the one before up to a limit; the
//! last four bytes of a slice say where the next one begins.  So the many terms that stand
//! in one document cost eight bytes, and the few common ones waste next to nothing.

const BLOCK_BITS: u32 = 16;
const BLOCK: usize = 1 << BLOCK_BITS;
const FIRST_SLICE: u32 = 8;
const LINK: u32 = 4;
const MOST_DOUBLINGS: u8 = 8;

/// Most bytes that an arena can hold: places in it are 32 bits.
pub const MOST_BYTES: usize = u32::MAX as usize - BLOCK;

/// A stream: where it begins, and where its next byte goes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stream {
    first: u32,
    at: u32,
    /// Where the link of the slice begins that `at` is in; 0 for a stream without any byte.
    link: u32,
    doublings: u8,
}

#[derive(Default)]
pub struct Arena {
    blocks: Vec<Box<[u8]>>,
    /// The first byte that is nobody's yet.
    free: u32,
}

impl Arena {
    pub fn size_bytes(&self) -> usize {
        self.blocks.len() * BLOCK
    }

    /// Append a number, seven bits a byte, low ones first.
    #[inline]
    pub fn push_number(&mut self, stream: &mut Stream, mut number: u64) {
        while number >= 0x80 {
            self.push(stream, number as u8 | 0x80);
            number >>= 7;
        }
        self.push(stream, number as u8);
    }

    pub fn push_bytes(&mut self, stream: &mut Stream, bytes: &[u8]) {
        for &byte in bytes {
            self.push(stream, byte);
        }
    }

    #[inline]
    fn push(&mut self, stream: &mut Stream, byte: u8) {
        if stream.at == stream.link {
            self.grow(stream);
        }
        self.blocks[(stream.at >> BLOCK_BITS) as usize][stream.at as usize % BLOCK] = byte;
        stream.at += 1;
    }

    fn grow(&mut self, stream: &mut Stream) {
        let is_new = stream.link == 0;
        if !is_new {
            stream.doublings = (stream.doublings + 1).min(MOST_DOUBLINGS);
        }
        let size = FIRST_SLICE << stream.doublings;
        let start = self.allocate(size);
        if is_new {
            stream.first = start;
        } else {
            self.slice_mut(stream.link, LINK)
                .copy_from_slice(&start.to_le_bytes());
        }
        stream.at = start;
        stream.link = start + size - LINK;
    }

    fn allocate(&mut self, size: u32) -> u32 {
        let left = self.size_bytes() as u32 - self.free;
        if left < size {
            self.free = self.size_bytes() as u32;
            self.blocks.push(vec![0; BLOCK].into_boxed_slice());
        }
        let start = self.free;
        self.free += size;
        start
    }

    fn slice_mut(&mut self, at: u32, length: u32) -> &mut [u8] {
        let from = at as usize % BLOCK;
        &mut self.blocks[(at >> BLOCK_BITS) as usize][from..from + length as usize]
    }

    fn slice(&self, from: u32, to: u32) -> &[u8] {
        let start = from as usize % BLOCK;
        &self.blocks[(from >> BLOCK_BITS) as usize][start..start + (to - from) as usize]
    }

    /// Append all bytes of a stream to `into`.
    pub fn read(&self, stream: &Stream, into: &mut Vec<u8>) {
        if stream.link == 0 {
            return;
        }
        let (mut start, mut doublings) = (stream.first, 0);
        loop {
            let link = start + (FIRST_SLICE << doublings) - LINK;
            if link == stream.link {
                into.extend_from_slice(self.slice(start, stream.at));
                return;
            }
            into.extend_from_slice(self.slice(start, link));
            let next = self.slice(link, link + LINK);
            start = u32::from_le_bytes([next[0], next[1], next[2], next[3]]);
            doublings = (doublings + 1).min(MOST_DOUBLINGS);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn streams_hold_what_was_put_into_each(parts in prop::collection::vec((0usize..5, prop::collection::vec(any::<u8>(), 0..400)), 0..200)) {
            let mut arena = Arena::default();
            let mut streams = [Stream::default(); 5];
            let mut expected = vec![Vec::new(); 5];
            for (which, bytes) in parts {
                arena.push_bytes(&mut streams[which], &bytes);
                expected[which].extend(bytes);
            }
            for (stream, bytes) in streams.iter().zip(expected) {
                let mut found = Vec::new();
                arena.read(stream, &mut found);
                prop_assert_eq!(found, bytes);
            }
        }
    }
}

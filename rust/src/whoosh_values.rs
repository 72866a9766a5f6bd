//! The bytes that Whoosh's own formats make of a posting (whoosh/formats.py).
//!
//!     Existence = nothing
//!     Frequency = count:u32
//!     Positions = count:u32 Pickle
//!
//! Numbers are big-endian; Pickle is the list of gaps between positions, the first from 0,
//! as Python's pickler writes it with protocol 2.  It is never run here: what isn't such a
//! list, byte for byte, isn't understood.

const PROTOCOL: [u8; 2] = [0x80, 2];
const EMPTY_LIST: u8 = b']';
/// Memorise as number 0.
const MEMO: [u8; 2] = [b'q', 0];
const MARK: u8 = b'(';
const APPEND: u8 = b'a';
const APPENDS: u8 = b'e';
const STOP: u8 = b'.';
const BYTE: u8 = b'K';
const SHORT: u8 = b'M';
const INT: u8 = b'J';
/// Items that the pickler appends at a time.
const BATCH: usize = 1000;

/// Return the value of a posting of the format Frequency.
pub fn frequency(count: u32) -> Vec<u8> {
    count.to_be_bytes().to_vec()
}

/// Return the value of a posting of the format Positions.  Positions are below 2^31 and
/// ascend.
pub fn positions(positions: &[u32]) -> Vec<u8> {
    let mut out = frequency(positions.len() as u32);
    out.extend(PROTOCOL);
    out.push(EMPTY_LIST);
    out.extend(MEMO);
    let mut before = 0;
    for batch in positions.chunks(BATCH) {
        put_batch(&mut out, batch, &mut before);
    }
    out.push(STOP);
    out
}

fn put_batch(out: &mut Vec<u8>, batch: &[u32], before: &mut u32) {
    let is_one = batch.len() == 1;
    if !is_one {
        out.push(MARK);
    }
    for &position in batch {
        put_int(out, position.wrapping_sub(*before));
        *before = position;
    }
    out.push(if is_one { APPEND } else { APPENDS });
}

fn put_int(out: &mut Vec<u8>, value: u32) {
    match value {
        0..=0xff => out.extend([BYTE, value as u8]),
        0x100..=0xffff => {
            out.push(SHORT);
            out.extend((value as u16).to_le_bytes());
        }
        _ => {
            out.push(INT);
            out.extend(value.to_le_bytes());
        }
    }
}

/// Return the count that is the value of a posting of the format Frequency.
pub fn read_frequency(value: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(value.try_into().ok()?))
}

/// Append the positions of a posting to `out` and return how many; None, and `out` as it
/// was, when `positions` wouldn't make the same value of them or they don't ascend.
pub fn read_positions(value: &[u8], out: &mut Vec<u32>) -> Option<u32> {
    let start = out.len();
    let read = read_gaps(value, out).filter(|_| {
        let found = &out[start..];
        found.is_sorted_by(|a, b| a < b) && positions(found) == value
    });
    if read.is_none() {
        out.truncate(start);
    }
    read
}

fn read_gaps(value: &[u8], out: &mut Vec<u32>) -> Option<u32> {
    let (count, pickle) = value.split_first_chunk::<4>()?;
    let mut items = pickle.get(PROTOCOL.len() + 1 + MEMO.len()..)?;
    let mut position = 0u32;
    loop {
        let (&code, rest) = items.split_first()?;
        let (gap, after) = match code {
            MARK | APPEND | APPENDS => {
                items = rest;
                continue;
            }
            STOP => break,
            BYTE => (u32::from(*rest.first()?), rest.get(1..)?),
            SHORT => (
                u32::from(u16::from_le_bytes(*rest.first_chunk()?)),
                rest.get(2..)?,
            ),
            INT => (u32::from_le_bytes(*rest.first_chunk()?), rest.get(4..)?),
            _ => return None,
        };
        position = position
            .checked_add(gap)
            .filter(|&position| position < 1 << 31)?;
        out.push(position);
        items = after;
    }
    Some(u32::from_be_bytes(*count))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn positions_come_back(mut gaps in proptest::collection::vec(1u32..70_000, 0..30)) {
            let mut position = 0;
            for gap in &mut gaps {
                position += *gap;
                *gap = position;
            }
            let mut found = vec![7];
            let value = positions(&gaps);
            prop_assert_eq!(read_positions(&value, &mut found), Some(gaps.len() as u32));
            prop_assert_eq!(&found[1..], &gaps[..]);
        }

        #[test]
        fn what_is_no_list_of_gaps_is_not_understood(value in proptest::collection::vec(any::<u8>(), 0..40)) {
            let mut found = vec![7];
            if read_positions(&value, &mut found).is_none() {
                prop_assert_eq!(found, vec![7]);
            } else {
                prop_assert_eq!(positions(&found[1..]), value);
            }
        }
    }
}

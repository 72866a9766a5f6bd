//! Numbers of one width packed side by side, the lowest bit first, each readable by itself.

/// Bits that hold every number up to `most`.
pub fn width(most: u32) -> u8 {
    (32 - most.leading_zeros()) as u8
}

/// Append numbers, each under 2 to the `width`.
pub fn pack(numbers: impl Iterator<Item = u32>, width: u8, out: &mut Vec<u8>) {
    let (mut pending, mut filled) = (0u64, 0);
    for number in numbers {
        pending |= u64::from(number) << filled;
        filled += u32::from(width);
        while filled >= 8 {
            out.push(pending as u8);
            pending >>= 8;
            filled -= 8;
        }
    }
    if filled > 0 {
        out.push(pending as u8);
    }
}

/// Return the number that begins at a bit; bits behind the end are 0.
#[inline]
pub fn get(bytes: &[u8], bit: usize, width: u8) -> u32 {
    let at = bit / 8;
    let word = match bytes.get(at..at + 8) {
        Some(word) => u64::from_le_bytes(word.try_into().expect("8 bytes")),
        None => last_word(bytes.get(at..).unwrap_or_default()),
    };
    ((word >> (bit % 8)) & ((1 << width) - 1)) as u32
}

fn last_word(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    word[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(word)
}

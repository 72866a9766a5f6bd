//! BLAKE2b (RFC 7693) without a key, as Python's hashlib has it: the hashes of words that shingles
//! are made of, and of the contents of articles.

const IV: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];
const SIGMA: [[usize; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];
const ROUNDS: usize = 12;
/// Bytes that are taken at once.
const BLOCK: usize = 128;
/// Without a key, in a tree of one leaf; the length of the digest goes into the lowest byte.
const PARAMETERS: u64 = 0x0101_0000;

/// Return the digest of some bytes, 1 to 64 bytes long.
pub fn blake2b<const LENGTH: usize>(bytes: &[u8]) -> [u8; LENGTH] {
    let mut state = IV;
    state[0] ^= PARAMETERS | LENGTH as u64;
    let blocks = bytes.len().div_ceil(BLOCK).max(1);
    for at in 0..blocks {
        let part = &bytes[at * BLOCK..bytes.len().min((at + 1) * BLOCK)];
        let so_far = at * BLOCK + part.len();
        compress(&mut state, part, so_far as u64, at + 1 == blocks);
    }
    std::array::from_fn(|at| state[at / 8].to_le_bytes()[at % 8])
}

/// Return the hash of an exact form (WordHashes in searcher/duplicates/shingles.py).
pub fn word_hash(form: &[u8]) -> u64 {
    u64::from_le_bytes(blake2b(form))
}

fn compress(state: &mut [u64; 8], part: &[u8], so_far: u64, last: bool) {
    let mut padded = [0; BLOCK];
    padded[..part.len()].copy_from_slice(part);
    let message: [u64; 16] = std::array::from_fn(|at| {
        u64::from_le_bytes(padded[8 * at..8 * at + 8].try_into().expect("8 bytes"))
    });
    let mut v = [0; 16];
    v[..8].copy_from_slice(state);
    v[8..].copy_from_slice(&IV);
    v[12] ^= so_far;
    if last {
        v[14] = !v[14];
    }
    for round in 0..ROUNDS {
        let order = &SIGMA[round % SIGMA.len()];
        for (at, [a, b, c, d]) in MIXED.into_iter().enumerate() {
            let (x, y) = (message[order[2 * at]], message[order[2 * at + 1]]);
            mix(&mut v, [a, b, c, d], x, y);
        }
    }
    for at in 0..8 {
        state[at] ^= v[at] ^ v[at + 8];
    }
}

/// Which four words are mixed, first the columns, then the diagonals.
const MIXED: [[usize; 4]; 8] = [
    [0, 4, 8, 12],
    [1, 5, 9, 13],
    [2, 6, 10, 14],
    [3, 7, 11, 15],
    [0, 5, 10, 15],
    [1, 6, 11, 12],
    [2, 7, 8, 13],
    [3, 4, 9, 14],
];

fn mix(v: &mut [u64; 16], [a, b, c, d]: [usize; 4], x: u64, y: u64) {
    v[a] = v[a].wrapping_add(v[b]).wrapping_add(x);
    v[d] = (v[d] ^ v[a]).rotate_right(32);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(24);
    v[a] = v[a].wrapping_add(v[b]).wrapping_add(y);
    v[d] = (v[d] ^ v[a]).rotate_right(16);
    v[c] = v[c].wrapping_add(v[d]);
    v[b] = (v[b] ^ v[c]).rotate_right(63);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_that_python_makes() {
        for (form, hash) in [
            ("".to_owned(), 0xb4b2_7974_57a0_a6e4),
            ("the".to_owned(), 0x2e3a_9790_6cab_da5e),
            ("zürich".to_owned(), 0x84cf_67cc_10b2_2537),
            ("1,000".to_owned(), 0x3cf9_38de_bffe_6b42),
            ("x".repeat(127), 0xfc4f_7c44_afa0_708e),
            ("x".repeat(128), 0x0224_e1e8_74e3_1c90),
            ("x".repeat(129), 0xa3a5_eed8_b914_de18),
            ("ab".repeat(255), 0xb92a_d10a_7a49_4c62),
        ] {
            assert_eq!(word_hash(form.as_bytes()), hash, "{form}");
        }
    }

    #[test]
    fn a_longer_digest_is_another() {
        let digest = [
            0x1e, 0xc3, 0x6e, 0xb4, 0x83, 0x3f, 0x3f, 0x16, 0x00, 0xcb, 0xfe, 0x7c,
        ];
        assert_eq!(blake2b(b"The dam broke."), digest);
    }
}

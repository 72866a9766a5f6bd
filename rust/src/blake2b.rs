//! BLAKE2b (RFC 7693) as Python's hashlib has it: the hashes of words that shingles are made of,
//! and of the contents of articles.

use blake2b_simd::Params;

/// Return the digest of some bytes, 1 to 64 bytes long.
pub fn blake2b<const LENGTH: usize>(bytes: &[u8]) -> [u8; LENGTH] {
    let digest = Params::new().hash_length(LENGTH).hash(bytes);
    std::array::from_fn(|at| digest.as_bytes()[at])
}

/// Return the hash of an exact form (WordHashes in searcher/duplicates/shingles.py).
pub fn word_hash(form: &[u8]) -> u64 {
    u64::from_le_bytes(blake2b(form))
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

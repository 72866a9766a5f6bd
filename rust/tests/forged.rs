//! Bytes that are wrong under right checksums: nothing is promised of what is read then, but
//! that reading ends, in an answer or in an error, and never panics.
//!
//! The terms are left out: the checksums stand for the fst crate, which trusts its bytes.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use searcher_native::postings::BLOCK;
use searcher_native::segment::{Carries, FieldSpec, Segment, SegmentWriter, TermPostings};
use searcher_native::stored::{decode, encode, Value};
use searcher_native::verify::verify;

const FOOTER: usize = 44;
const DOCS: u32 = 700;

/// A paragraph, every third without an article.
fn stored(doc: u32) -> Vec<u8> {
    let text = |text: String| Value::Str(text);
    let article = format!("a.sgm:{}", doc / 5);
    let mut pairs = vec![
        ("id", text(format!("{article}#p{doc}"))),
        ("number", Value::Int(doc.into())),
        ("kind", text("text".to_owned())),
        ("text", text(format!("paragraph {doc} of the archive"))),
        ("start", Value::Int(0)),
        ("end", Value::Int(20)),
    ];
    if doc % 3 > 0 {
        let desks = vec![text("grain".to_owned())];
        pairs.extend([
            ("article", text(article)),
            ("path", text("a.sgm".to_owned())),
            ("desk", Value::Tuple(desks)),
        ]);
    }
    let pairs = pairs.into_iter();
    let pairs = pairs.map(|(name, value)| (Value::Str(name.to_owned()), value));
    let mut bytes = Vec::new();
    encode(&Value::Dict(pairs.collect()), &mut bytes);
    bytes
}

fn write(path: &Path) {
    let spec = |name: &str, carries| FieldSpec {
        name: name.into(),
        carries,
        lengths: true,
    };
    let fields = vec![
        spec("nothing", Carries::Nothing),
        spec("frequencies", Carries::Frequencies),
        spec("positions", Carries::Positions),
        spec("opaque", Carries::Opaque),
    ];
    let mut writer = SegmentWriter::create(path, fields).unwrap();
    for doc in 0..DOCS {
        writer.add_stored(&stored(doc)).unwrap();
    }
    let lengths: Vec<u32> = (0..DOCS).map(|doc| 10 + doc % 300).collect();
    for field in 0..4 {
        writer.set_lengths(field, &lengths).unwrap();
        for (term, step) in [
            ("common", 1),
            ("often", 3),
            ("seldom", 97),
            ("unique", DOCS),
        ] {
            add_term(&mut writer, field, term.as_bytes(), step as usize);
        }
    }
    writer
        .add_numbers(
            "date",
            &(0..DOCS).map(|doc| 19_870_000 + doc).collect::<Vec<_>>(),
        )
        .unwrap();
    let of: Vec<u32> = (0..DOCS).map(|doc| doc % 3).collect();
    writer
        .add_texts("desk", &["", "world", "sport"], &of)
        .unwrap();
    writer.finish(DOCS).unwrap();
}

fn add_term(writer: &mut SegmentWriter, field: u16, term: &[u8], step: usize) {
    let docs: Vec<u32> = (0..DOCS).step_by(step).collect();
    let tfs: Vec<u32> = docs.iter().map(|doc| 1 + doc % 4).collect();
    let positions: Vec<u32> = tfs
        .iter()
        .flat_map(|&tf| (0..tf).map(|at| at * 1000))
        .collect();
    let ends: Vec<u32> = (1..=docs.len() as u32).map(|at| at * 3).collect();
    let postings = match field {
        0 => TermPostings {
            docs: &docs,
            ..TermPostings::default()
        },
        1 => TermPostings {
            docs: &docs,
            tfs: &tfs,
            ..TermPostings::default()
        },
        2 => TermPostings {
            docs: &docs,
            tfs: &tfs,
            positions: &positions,
            ..TermPostings::default()
        },
        _ => TermPostings {
            docs: &docs,
            weights: &vec![1.5; docs.len()],
            value_ends: &ends,
            values: &vec![7; 3 * docs.len()],
            ..TermPostings::default()
        },
    };
    writer.add_term(field, term, &postings).unwrap();
}

/// Change bytes of the body, but none of the terms, and make the checksums right.
fn forge(bytes: &mut [u8], changes: &[(usize, u8)], terms: &[(usize, usize)]) {
    let footer = bytes.len() - FOOTER;
    let directory = u64::from_le_bytes(bytes[footer..footer + 8].try_into().unwrap()) as usize;
    for &(at, value) in changes {
        let at = 16 + at % (directory - 16);
        if !terms.iter().any(|&(start, end)| (start..end).contains(&at)) {
            bytes[at] = value;
        }
    }
    for (page, start) in (0..directory).step_by(1 << 16).enumerate() {
        let crc = crc32fast::hash(&bytes[start..(start + (1 << 16)).min(directory)]);
        bytes[directory + 4 + 4 * page..][..4].copy_from_slice(&crc.to_le_bytes());
    }
    let crc = crc32fast::hash(&bytes[directory..footer]);
    bytes[footer + 16..footer + 20].copy_from_slice(&crc.to_le_bytes());
    let crc = crc32fast::hash(&bytes[footer..footer + 32]);
    bytes[footer + 32..footer + 36].copy_from_slice(&crc.to_le_bytes());
}

/// Read all that can be read; errors are as good as answers.
fn read_everything(path: &Path) {
    let Ok(segment) = Segment::open(path) else {
        return;
    };
    for id in 0..segment.fields().len() as u16 {
        let _ = segment.lengths(id).map(|lengths| lengths.get(DOCS - 1));
        for term in ["common", "often", "seldom", "unique"] {
            let _ = read_list(&segment, id, term.as_bytes());
        }
    }
    for doc in (0..DOCS).step_by(50) {
        let _ = segment.stored(doc).map(|bytes| decode(&bytes));
    }
    if let Ok(Some(texts)) = segment.texts("desk") {
        (0..DOCS).for_each(|doc| drop(texts.text(texts.rank(doc))));
    }
    let _ = verify(&segment);
    let _ = segment
        .numbers("date")
        .map(|numbers| numbers.map(|numbers| numbers.get(3)));
}

fn read_list(segment: &Segment, id: u16, term: &[u8]) -> searcher_native::Result<()> {
    let Some(list) = segment.postings(id, term)? else {
        return Ok(());
    };
    let (mut docs, mut tfs, mut weights) = ([0; BLOCK], [0; BLOCK], [0.0; BLOCK]);
    let mut places = Vec::new();
    for block in 0..list.block_count().min(64) {
        list.info(block);
        list.find_block(block, DOCS / 2);
        let _ = list.docs(block, &mut docs);
        let _ = list.weights(block, &mut weights);
        let _ = list.values(block);
        let count = list.tfs(block, &mut tfs).unwrap_or(0);
        for at in 0..count.min(BLOCK) {
            places.clear();
            let _ = list.positions(block, at, &tfs, &mut places);
        }
    }
    Ok(())
}

/// Where the terms stand: an FST ends in its length and its own checksum, so they are found by
/// changing nothing but what lies between lists and meta; here by name, in the directory.
fn terms_of(bytes: &[u8]) -> Vec<(usize, usize)> {
    let footer = bytes.len() - FOOTER;
    let directory = u64::from_le_bytes(bytes[footer..footer + 8].try_into().unwrap()) as usize;
    let pages = u32::from_le_bytes(bytes[directory..directory + 4].try_into().unwrap()) as usize;
    let mut rest = &bytes[directory + 4 + 4 * pages..footer];
    let count = varint(&mut rest);
    let mut spans = Vec::new();
    for _ in 0..count {
        let length = varint(&mut rest);
        let (name, after) = rest.split_at(length);
        rest = after;
        let (start, length) = (varint(&mut rest), varint(&mut rest));
        if name.starts_with(b"terms/") {
            spans.push((start, start + length));
        }
    }
    spans
}

fn varint(bytes: &mut &[u8]) -> usize {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first().unwrap();
        *bytes = rest;
        value |= usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    value
}

#[test]
fn a_whole_segment_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("whole.nat");
    write(&path);
    let segment = Segment::open(&path).unwrap();
    for id in 0..4 {
        read_list(&segment, id, b"common").unwrap();
        assert_eq!(segment.postings(id, b"common").unwrap().unwrap().df(), DOCS);
    }
    assert_eq!(terms_of(&fs::read(&path).unwrap()).len(), 4);
}

#[test]
fn a_whole_segment_is_verified() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("whole.nat");
    write(&path);
    let verified = verify(&Segment::open(&path).unwrap()).unwrap();
    let lists = u64::from(DOCS + DOCS.div_ceil(3) + DOCS.div_ceil(97) + 1);
    assert_eq!((verified.terms, verified.postings), (16, 4 * lists));
    assert_eq!(verified.documents, DOCS);
}

/// Every byte of the postings in turn: most forgeries contradict the rest, and none panics.
#[test]
fn verify_finds_forged_postings() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("whole.nat");
    write(&path);
    let whole = fs::read(&path).unwrap();
    let forged = folder.path().join("forged.nat");
    let (mut tried, mut found) = (0, 0);
    for at in (0..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        forge(
            &mut bytes,
            &[(at, whole[16 + at % 1000] ^ 0x41)],
            &terms_of(&whole),
        );
        if bytes == whole {
            continue;
        }
        fs::write(&forged, &bytes).unwrap();
        tried += 1;
        found += u32::from(Segment::open(&forged).and_then(|s| verify(&s)).is_err());
    }
    assert!(found > tried / 4, "{found} of {tried}");
}

/// The fst crate trusts its bytes; what it makes of wrong ones is an error here.
#[test]
fn forged_terms_are_an_error_to_verify() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("whole.nat");
    write(&path);
    let whole = fs::read(&path).unwrap();
    let forged = folder.path().join("forged.nat");
    for (start, end) in terms_of(&whole) {
        for at in start..end {
            let mut bytes = whole.clone();
            forge(&mut bytes, &[(at - 16, whole[at] ^ 0x11)], &[]);
            fs::write(&forged, &bytes).unwrap();
            assert!(Segment::open(&forged).and_then(|s| verify(&s)).is_err());
        }
    }
}

#[test]
fn forged_bytes_never_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("whole.nat");
    write(&path);
    let whole = fs::read(&path).unwrap();
    let terms = terms_of(&whole);
    let forged = folder.path().join("forged.nat");
    let cases = std::env::var("FORGED_CASES").map_or(1500, |count| count.parse().unwrap());
    let change = (
        any::<usize>(),
        prop_oneof![any::<u8>(), Just(0), Just(0xff), Just(0x80)],
    );
    let changes = proptest::collection::vec(change, 1..20);
    proptest!(ProptestConfig::with_cases(cases), |(changes in changes)| {
        let mut bytes = whole.clone();
        forge(&mut bytes, &changes, &terms);
        fs::write(&forged, &bytes).unwrap();
        read_everything(&forged);
    });
}

//! Segments read back as they were written.

use std::path::PathBuf;

use proptest::prelude::*;
use searcher_native::postings::{Postings, BLOCK};
use searcher_native::segment::{Carries, FieldSpec, Segment, SegmentWriter, TermPostings};
use searcher_native::verify::verify;
use searcher_native::{Error, Result};
use tempfile::TempDir;

const K1: f64 = 1.2;
const B: f64 = 0.75;

/// A list as a test means it: (document, positions or as many zeros as tf).
type List = Vec<(u32, Vec<u32>)>;

struct Place {
    _directory: TempDir,
    path: PathBuf,
}

fn place() -> Place {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("MAIN_x.nat");
    Place {
        _directory: directory,
        path,
    }
}

fn spec(name: &str, carries: Carries, lengths: bool) -> FieldSpec {
    FieldSpec {
        name: name.to_owned(),
        carries,
        lengths,
    }
}

/// Write one list under the term `t` of a field, and open the segment.
fn segment_of(list: &List, carries: Carries, lengths: &[u32], doc_count: u32) -> (Place, Segment) {
    let place = place();
    write_list(&place, list, carries, lengths, doc_count).unwrap();
    let segment = Segment::open(&place.path).unwrap();
    (place, segment)
}

fn write_list(
    place: &Place,
    list: &List,
    carries: Carries,
    lengths: &[u32],
    doc_count: u32,
) -> Result<()> {
    let fields = vec![spec("f", carries, !lengths.is_empty())];
    let mut writer = SegmentWriter::create(&place.path, fields)?;
    if !lengths.is_empty() {
        writer.set_lengths(0, lengths)?;
    }
    let docs: Vec<u32> = list.iter().map(|(doc, _)| *doc).collect();
    let tfs: Vec<u32> = list
        .iter()
        .map(|(_, positions)| positions.len() as u32)
        .collect();
    let positions = match carries {
        Carries::Positions => list
            .iter()
            .flat_map(|(_, positions)| positions.clone())
            .collect(),
        _ => Vec::new(),
    };
    let postings = TermPostings {
        docs: &docs,
        tfs: &tfs,
        positions: &positions,
        ..Default::default()
    };
    writer.add_term(0, b"t", &postings)?;
    writer.finish(doc_count)
}

/// Read all of a list through its blocks.
fn read(list: &Postings<'_>, with_positions: bool) -> List {
    let (mut docs, mut tfs) = ([0; BLOCK], [0; BLOCK]);
    let mut all = Vec::new();
    for block in 0..list.block_count() {
        let len = list.docs(block, &mut docs).unwrap();
        assert_eq!(list.tfs(block, &mut tfs).unwrap(), len);
        let (mut both_docs, mut both_tfs) = ([0; BLOCK], [0; BLOCK]);
        let both = list.both(block, &mut both_docs, &mut both_tfs).unwrap();
        assert_eq!(
            (&both_docs[..both], &both_tfs[..both]),
            (&docs[..len], &tfs[..len])
        );
        for at in 0..len {
            let mut positions = Vec::new();
            list.positions(block, at, &tfs, &mut positions).unwrap();
            if !with_positions {
                assert!(positions.is_empty());
                positions = vec![0; tfs[at] as usize];
            }
            all.push((docs[at], positions));
        }
    }
    all
}

fn assert_reads(list: &List, carries: Carries, lengths: &[u32], doc_count: u32) {
    let (_place, segment) = segment_of(list, carries, lengths, doc_count);
    segment.check().unwrap();
    let postings = segment.postings(0, b"t").unwrap().unwrap();
    assert!(segment.postings(0, b"u").unwrap().is_none());
    let expected = match carries {
        Carries::Nothing => list.iter().map(|(doc, _)| (*doc, vec![0])).collect(),
        Carries::Frequencies => list
            .iter()
            .map(|(doc, p)| (*doc, vec![0; p.len()]))
            .collect(),
        _ => list.clone(),
    };
    assert_eq!(read(&postings, carries == Carries::Positions), expected);
    assert_eq!(postings.df() as usize, expected.len());
    assert_eq!(
        postings.total_tf(),
        expected.iter().map(|(_, p)| p.len() as u64).sum::<u64>()
    );
    assert_eq!(
        postings.max_tf() as usize,
        expected.iter().map(|(_, p)| p.len()).max().unwrap()
    );
    assert_directory(&segment, &postings, &expected, lengths);
    assert_bitmap(&postings, &expected, doc_count);
}

fn assert_directory(segment: &Segment, postings: &Postings<'_>, list: &List, lengths: &[u32]) {
    for (block, chunk) in list.chunks(BLOCK).enumerate() {
        let info = postings.info(block);
        assert_eq!(info.first_doc, chunk[0].0);
        assert_eq!(info.last_doc, chunk[chunk.len() - 1].0);
        assert_eq!(info.len as usize, chunk.len());
        let max_tf = chunk.iter().map(|(_, p)| p.len() as u32).max().unwrap();
        assert!(info.max_tf == max_tf || max_tf >= 65535 && info.max_tf == postings.max_tf());
        for (doc, positions) in chunk {
            let length = f64::from(lengths.get(*doc as usize).copied().unwrap_or(0));
            let norm = K1 * (1.0 - B + B * length / segment.mean_length(0));
            let tf = positions.len() as f64;
            assert!(f64::from(info.max_impact) >= tf / (tf + norm));
        }
    }
    for from in 0..=postings.block_count() {
        for doc in list
            .iter()
            .flat_map(|(doc, _)| [doc.saturating_sub(1), *doc, doc + 1])
        {
            let chunks = list.chunks(BLOCK).enumerate().skip(from);
            let mut ending = chunks.filter(|(_, chunk)| chunk[chunk.len() - 1].0 >= doc);
            let expected = ending
                .next()
                .map_or(postings.block_count(), |(block, _)| block);
            assert_eq!(
                postings.find_block(from, doc),
                expected,
                "from {from} to {doc}"
            );
        }
    }
}

fn assert_bitmap(postings: &Postings<'_>, list: &List, doc_count: u32) {
    let Some(bitmap) = postings.bitmap() else {
        return;
    };
    assert_eq!(bitmap.len(), doc_count.div_ceil(64) as usize * 8);
    let held: Vec<u32> = (0..bitmap.len() as u32 * 8)
        .filter(|doc| bitmap[*doc as usize / 8] >> (doc % 8) & 1 == 1)
        .collect();
    assert_eq!(held, list.iter().map(|(doc, _)| *doc).collect::<Vec<_>>());
}

fn positions() -> impl Strategy<Value = Vec<u32>> {
    prop_oneof![
        4 => Just(vec![3]),
        2 => prop::collection::vec(0u32..200, 1..5),
        1 => prop::collection::vec(any::<u32>(), 1..4),
        1 => prop::collection::vec(0u32..2000, 1..300),
    ]
    .prop_map(|mut positions| {
        positions.sort_unstable();
        positions
    })
}

/// Lists with gaps of very different widths, whose sizes are near the borders of blocks.
fn lists() -> impl Strategy<Value = List> {
    let size = prop_oneof![1usize..5, 120..135usize, 250..260usize, 1..700usize];
    let gap = prop_oneof![Just(1u32..2), Just(1..4), Just(1..300), Just(1..100_000)];
    (
        size,
        gap,
        prop_oneof![4 => 0u32..3, 1 => 4_000_000_000u32..4_200_000_000],
    )
        .prop_flat_map(|(size, gap, first)| {
            let posting = (
                gap,
                prop_oneof![3 => Just(vec![7]).boxed(), 1 => positions().boxed()],
            );
            (Just(first), prop::collection::vec(posting, size))
        })
        .prop_map(|(first, postings)| {
            let mut doc = first;
            let mut list = Vec::new();
            for (gap, positions) in postings {
                list.push((doc, positions));
                doc += gap;
            }
            list
        })
}

fn carries() -> impl Strategy<Value = Carries> {
    prop_oneof![
        Just(Carries::Nothing),
        Just(Carries::Frequencies),
        Just(Carries::Positions)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_list_reads_back_as_it_was_written(list in lists(), carries in carries(), lengths in prop::collection::vec(0u32..500, 0..300)) {
        let lengths = if list[list.len() - 1].0 < 10_000_000 { lengths } else { Vec::new() };
        let doc_count = list[list.len() - 1].0 + 1;
        let doc_count = doc_count.max(lengths.len() as u32);
        assert_reads(&list, carries, &lengths, doc_count);
    }
}

#[test]
fn an_empty_segment_reads() {
    let place = place();
    SegmentWriter::create(&place.path, vec![])
        .unwrap()
        .finish(0)
        .unwrap();
    let segment = Segment::open(&place.path).unwrap();
    assert_eq!(segment.doc_count(), 0);
    assert!(segment.fields().is_empty());
    assert_eq!(segment.stored(0).unwrap(), b"");
    segment.check().unwrap();
}

#[test]
fn lists_at_the_borders_of_blocks_read() {
    for size in [1, 2, 3, 63, 64, 127, 128, 129, 255, 256, 257] {
        for gap in [1, 2, 9] {
            let list: List = (0..size)
                .map(|at| (at * gap, vec![at; 1 + at as usize % 3]))
                .collect();
            for carries in [Carries::Nothing, Carries::Frequencies, Carries::Positions] {
                assert_reads(&list, carries, &[10, 20, 30], (size * gap).max(3));
            }
        }
    }
}

#[test]
fn a_million_occurrences_in_a_document_read() {
    let many: Vec<u32> = (0..1 << 20).map(|at| at * 2).collect();
    assert_reads(&vec![(0, many.clone())], Carries::Positions, &[1 << 20], 1);
    let list: List = (0..130)
        .map(|doc| (doc, if doc == 5 { many.clone() } else { vec![1] }))
        .collect();
    assert_reads(&list, Carries::Positions, &[1 << 20], 130);
}

#[test]
fn a_dense_list_is_a_bitmap_and_reads_the_same() {
    let list: List = (0..1000)
        .filter(|doc| doc % 7 != 3)
        .map(|doc| (doc, vec![0; 1 + doc as usize % 2]))
        .collect();
    let (_place, segment) = segment_of(&list, Carries::Frequencies, &[], 1000);
    assert!(segment
        .postings(0, b"t")
        .unwrap()
        .unwrap()
        .bitmap()
        .is_some());
    assert_reads(&list, Carries::Frequencies, &[], 1000);
}

#[test]
fn a_bitmap_that_is_shorter_than_the_segment_is_not_shown() {
    let list: List = (0..1000).map(|doc| (doc, vec![0])).collect();
    let (_place, segment) = segment_of(&list, Carries::Nothing, &[], 5000);
    let postings = segment.postings(0, b"t").unwrap().unwrap();
    assert!(postings.bitmap().is_none());
    assert_eq!(read(&postings, false), list);
}

#[test]
fn documents_out_of_order_are_refused() {
    let place = place();
    let refused = |list: &List| {
        let result = write_list(&place, list, Carries::Positions, &[], 10);
        assert!(matches!(result, Err(Error::Misuse(_))), "{list:?}");
    };
    refused(&vec![(3, vec![1]), (3, vec![1])]);
    refused(&vec![(3, vec![1]), (2, vec![1])]);
    refused(&vec![(3, vec![2, 1])]);
    refused(&vec![(3, vec![])]);
    refused(&vec![]);
    refused(&vec![(10, vec![1])]);
    assert_eq!(
        std::fs::read_dir(place.path.parent().unwrap())
            .unwrap()
            .count(),
        0
    );
}

/// Write a list of every second document, with some numbers of articles for the list and others
/// for the column.
fn with_articles(df: u32, counted: &[u32], column: &[u32]) -> (Place, Segment) {
    let place = place();
    let fields = vec![FieldSpec {
        name: "f".to_owned(),
        carries: Carries::Frequencies,
        lengths: true,
    }];
    let mut writer = SegmentWriter::create(&place.path, fields).unwrap();
    writer.count_articles(counted);
    let docs: Vec<u32> = (0..df).map(|at| at * 2).collect();
    let postings = TermPostings {
        docs: &docs,
        ..Default::default()
    };
    writer.add_term(0, b"t", &postings).unwrap();
    writer.add_numbers("article_no", column).unwrap();
    writer.finish(2 * df).unwrap();
    let segment = Segment::open(&place.path).unwrap();
    (place, segment)
}

#[test]
fn a_long_list_says_how_many_articles_hold_its_term() {
    let numbers: Vec<u32> = (0..600).map(|doc| 1 + doc / 5).collect();
    for (df, expected) in [(300, Some(120)), (200, Some(80)), (127, None)] {
        let numbers = &numbers[..2 * df as usize];
        let (_place, segment) = with_articles(df, numbers, numbers);
        let list = segment.postings(0, b"t").unwrap().unwrap();
        assert_eq!(list.articles(), expected);
        assert!(verify(&segment).is_ok());
    }
}

#[test]
fn articles_that_are_not_those_of_the_column_are_found_out() {
    let numbers: Vec<u32> = (0..600).map(|doc| 1 + doc / 5).collect();
    let (_place, segment) = with_articles(300, &numbers, &[]);
    assert!(verify(&segment).is_err());
}

//! Documents beside a posting list: what is found block by block is what both hold.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use searcher_native::exec::meeting::{self, Together};
use searcher_native::postings::{Postings, BLOCK};
use searcher_native::segment::{Carries, FieldSpec, Segment, SegmentWriter, TermPostings};

const DOCUMENTS: u32 = 3000;

/// Where a term stands, by document.
type Held = BTreeMap<u32, Vec<u32>>;

fn written(held: &Held, path: &std::path::Path) -> Segment {
    let spec = FieldSpec {
        name: "text".to_owned(),
        carries: Carries::Positions,
        lengths: true,
    };
    let mut writer = SegmentWriter::create(path, vec![spec]).unwrap();
    for _ in 0..DOCUMENTS {
        writer.add_stored(b"").unwrap();
    }
    writer.set_lengths(0, &[9; DOCUMENTS as usize]).unwrap();
    let postings = TermPostings {
        docs: &Vec::from_iter(held.keys().copied()),
        tfs: &Vec::from_iter(held.values().map(|at| at.len() as u32)),
        positions: &Vec::from_iter(held.values().flatten().copied()),
        ..TermPostings::default()
    };
    writer.add_term(0, b"term", &postings).unwrap();
    writer.finish(DOCUMENTS).unwrap();
    Segment::open(path).unwrap()
}

fn places() -> impl Strategy<Value = Vec<u32>> {
    let few = prop::collection::btree_set(0u32..300, 1..4);
    prop_oneof![3 => Just(vec![7]), 1 => few.prop_map(Vec::from_iter)]
}

/// Lists of one document, of one block and of several, and one that is a bitmap.
fn lists() -> impl Strategy<Value = Held> {
    prop_oneof![Just(2usize), Just(100), Just(400), Just(2500)]
        .prop_flat_map(|most| prop::collection::btree_map(0..DOCUMENTS, places(), 1..=most))
}

fn documents() -> impl Strategy<Value = BTreeSet<u32>> {
    let most = prop_oneof![Just(3usize), Just(200), Just(2500)];
    most.prop_flat_map(|most| prop::collection::btree_set(0..DOCUMENTS, 0..=most))
}

fn check(held: &Held, asked: &BTreeSet<u32>, list: &Postings<'_>) {
    let docs = Vec::from_iter(asked.iter().copied());
    let both = Vec::from_iter(docs.iter().copied().filter(|doc| held.contains_key(doc)));

    let mut kept = docs.clone();
    meeting::keep(&mut kept, list).unwrap();
    assert_eq!(kept, both);
    assert_eq!(meeting::count(&docs, list).unwrap(), both.len() as u64);

    let mut counts = Vec::new();
    meeting::occurrences(&docs, list, |at, tf| counts.push((docs[at], tf))).unwrap();
    let tfs = both.iter().map(|doc| (*doc, held[doc].len() as u32));
    assert_eq!(counts, Vec::from_iter(tfs));

    let mut held_counts = Vec::new();
    meeting::held_occurrences(&both, list, |at, tf| held_counts.push((both[at], tf))).unwrap();
    assert_eq!(held_counts, counts);

    let mut places = Vec::new();
    meeting::positions(&docs, list, |at, position| {
        places.push((docs[at], position))
    })
    .unwrap();
    let positions = both
        .iter()
        .flat_map(|doc| held[doc].iter().map(move |p| (*doc, *p)));
    assert_eq!(places, Vec::from_iter(positions));
}

/// What a list and another one have in common, from where each of both stands in them.
fn check_together(held: &Held, list: &Postings<'_>, other: &Held, first: &Postings<'_>) {
    let mut together = Together::of(first).unwrap();
    together.keep(list).unwrap();
    let both = Vec::from_iter(other.keys().copied().filter(|doc| held.contains_key(doc)));
    assert_eq!(together.docs, both);

    let sides = [(other, first), (held, list)];
    for ((held, list), places) in sides.into_iter().zip(&together.places) {
        let Some(places) = places else {
            assert!(list.bitmap().is_some());
            continue;
        };
        let mut counts = Vec::new();
        meeting::occurrences_at(places, list, |at, tf| counts.push((both[at], tf))).unwrap();
        let tfs = both.iter().map(|doc| (*doc, held[doc].len() as u32));
        assert_eq!(counts, Vec::from_iter(tfs));

        let mut found = Vec::new();
        meeting::positions_at(places, list, |at, position| {
            found.push((both[at], position))
        })
        .unwrap();
        let positions = both
            .iter()
            .flat_map(|doc| held[doc].iter().map(move |p| (*doc, *p)));
        assert_eq!(found, Vec::from_iter(positions));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn documents_and_a_list_have_in_common_what_both_hold(held in lists(), asked in documents()) {
        let folder = tempfile::tempdir().unwrap();
        let segment = written(&held, &folder.path().join("one.nat"));
        let list = segment.postings(0, b"term").unwrap().unwrap();
        check(&held, &asked, &list);
        // Documents that the list holds fill whole blocks, others only a part of one.
        check(&held, &BTreeSet::from_iter(held.keys().copied()), &list);
        check(&held, &BTreeSet::from_iter(held.keys().copied().step_by(40)), &list);
        for block in 0..list.block_count() {
            let mut tfs = [0; BLOCK];
            let count = list.tfs(block, &mut tfs).unwrap();
            let each = Vec::from_iter((0..count).map(|at| list.tf(block, at).unwrap()));
            assert_eq!(each, tfs[..count]);
        }
    }

    #[test]
    fn where_documents_stand_in_two_lists_is_where_both_hold_them(
        held in lists(), other in lists(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let segments = [(&held, "one.nat"), (&other, "two.nat")]
            .map(|(held, name)| written(held, &folder.path().join(name)));
        let [list, first] = segments.each_ref().map(|segment| {
            segment.postings(0, b"term").unwrap().unwrap()
        });
        check_together(&held, &list, &other, &first);
    }
}

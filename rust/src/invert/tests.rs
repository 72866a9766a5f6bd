//! What comes out of a Builder is what went in, however it was put aside and copied.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::postings::BLOCK;

const KEYS: FieldId = 0;
const TIMES: FieldId = 1;
const WORDS: FieldId = 2;
const BLOBS: FieldId = 3;

fn fields() -> Vec<FieldSpec> {
    let spec = |name: &str, carries, lengths| FieldSpec {
        name: name.to_owned(),
        carries,
        lengths,
    };
    vec![
        spec("keys", Carries::Nothing, false),
        spec("times", Carries::Frequencies, false),
        spec("words", Carries::Positions, true),
        spec("blobs", Carries::Opaque, false),
    ]
}

/// One document: words from a small alphabet, and the number and text of its columns.
#[derive(Clone, Debug, PartialEq)]
struct Doc {
    words: Vec<u8>,
    number: u32,
    text: String,
}

fn docs() -> impl Strategy<Value = Vec<Doc>> {
    let doc = (
        prop::collection::vec(0u8..40, 0..30),
        0u32..70_000,
        "[ab]{0,2}",
    );
    let doc = doc.prop_map(|(words, number, text)| Doc {
        words,
        number,
        text,
    });
    prop::collection::vec(doc, 0..60)
}

fn term(word: u8) -> Vec<u8> {
    vec![b'a' + word / 26, b'a' + word % 26]
}

fn add(builder: &mut Builder, doc: &Doc) {
    for (position, &word) in doc.words.iter().enumerate() {
        builder.add_term(KEYS, &term(word));
        let id = builder.intern(WORDS, &term(word));
        builder.add_place(WORDS, id, position as u32);
    }
    for (word, tf) in counts(doc) {
        builder
            .add_posting(TIMES, &term(word), Posting::Frequency(tf))
            .unwrap();
        let posting = Posting::Opaque {
            weight: tf as f32 / 2.0,
            value: vec![word; tf as usize],
        };
        builder.add_posting(BLOBS, &term(word), posting).unwrap();
    }
    builder.set_length(WORDS, doc.words.len() as u32).unwrap();
    let (number, text) = (
        builder.number_column("n").unwrap(),
        builder.text_column("t").unwrap(),
    );
    builder.set_number(number, doc.number);
    builder.set_text(text, &doc.text).unwrap();
}

fn counts(doc: &Doc) -> BTreeMap<u8, u32> {
    let mut counts = BTreeMap::new();
    for &word in &doc.words {
        *counts.entry(word).or_default() += 1;
    }
    counts
}

fn build(path: &Path, docs: &[Doc], limit_bytes: usize) -> Arc<Segment> {
    let mut builder = Builder::create(path, fields(), limit_bytes).unwrap();
    for doc in docs {
        add(&mut builder, doc);
        builder.end_document(&stored(doc)).unwrap();
    }
    builder.finish().unwrap();
    Arc::new(Segment::open(path).unwrap())
}

fn stored(doc: &Doc) -> Vec<u8> {
    doc.words.clone()
}

/// (document, tf, positions) of each posting of a term.
fn postings(segment: &Segment, field: FieldId, term: &[u8]) -> Vec<(u32, u32, Vec<u32>)> {
    let mut found = Vec::new();
    let Some(list) = segment.postings(field, term).unwrap() else {
        return found;
    };
    let (mut docs, mut tfs) = ([0; BLOCK], [0; BLOCK]);
    for block in 0..list.block_count() {
        let len = list.docs(block, &mut docs).unwrap();
        list.tfs(block, &mut tfs).unwrap();
        for at in 0..len {
            let mut places = Vec::new();
            list.positions(block, at, &tfs, &mut places).unwrap();
            found.push((docs[at], tfs[at], places));
        }
    }
    found
}

fn blobs(segment: &Segment, term: &[u8]) -> Vec<(f32, Vec<u8>)> {
    let mut found = Vec::new();
    let Some(list) = segment.postings(BLOBS, term).unwrap() else {
        return found;
    };
    let mut weights = [0.0; BLOCK];
    for block in 0..list.block_count() {
        let len = list.weights(block, &mut weights).unwrap();
        found.extend(
            weights[..len]
                .iter()
                .copied()
                .zip(list.values(block).unwrap()),
        );
    }
    found
}

fn check(segment: &Segment, docs: &[Doc]) {
    assert_eq!(segment.doc_count() as usize, docs.len());
    for word in 0..40 {
        let (mut keys, mut times, mut places) = (Vec::new(), Vec::new(), Vec::new());
        let mut values = Vec::new();
        for (number, doc) in docs.iter().enumerate() {
            let at: Vec<u32> = (0..doc.words.len())
                .filter(|&at| doc.words[at] == word)
                .map(|at| at as u32)
                .collect();
            if at.is_empty() {
                continue;
            }
            let (number, tf) = (number as u32, at.len() as u32);
            keys.push((number, 1, Vec::new()));
            times.push((number, tf, Vec::new()));
            values.push((tf as f32 / 2.0, vec![word; tf as usize]));
            places.push((number, tf, at));
        }
        let term = term(word);
        assert_eq!(postings(segment, KEYS, &term), keys);
        assert_eq!(postings(segment, TIMES, &term), times);
        assert_eq!(postings(segment, WORDS, &term), places);
        assert_eq!(blobs(segment, &term), values);
    }
    for (number, doc) in docs.iter().enumerate() {
        let number = number as u32;
        assert_eq!(segment.stored(number).unwrap(), stored(doc));
        assert_eq!(
            segment.lengths(WORDS).unwrap().get(number) as usize,
            doc.words.len()
        );
        let column = segment.numbers("n").unwrap().unwrap();
        assert_eq!(column.get(number), doc.number);
        let column = segment.texts("t").unwrap().unwrap();
        assert_eq!(column.text(column.rank(number)).unwrap(), doc.text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_segment_holds_what_its_documents_hold(docs in docs()) {
        let folder = tempfile::tempdir().unwrap();
        check(&build(&folder.path().join("a.nat"), &docs, 0), &docs);
    }

    #[test]
    fn a_merge_keeps_live_documents_in_order(parts in prop::collection::vec((docs(), any::<u64>(), any::<bool>()), 0..5)) {
        let folder = tempfile::tempdir().unwrap();
        let mut builder = Builder::create(&folder.path().join("all.nat"), fields(), 0).unwrap();
        let mut expected = Vec::new();
        for (number, (docs, dead, copied)) in parts.iter().enumerate() {
            if !copied {
                for doc in docs {
                    add(&mut builder, doc);
                    builder.end_document(&stored(doc)).unwrap();
                }
                expected.extend(docs.clone());
                continue;
            }
            let is_dead = |doc: &usize| dead >> (doc % 64) & 1 == 1;
            let segment = build(&folder.path().join(format!("{number}.nat")), docs, 0);
            let deleted: Vec<u32> = (0..docs.len()).filter(is_dead).map(|doc| doc as u32).collect();
            builder.add_segment(segment, &deleted).unwrap();
            expected.extend((0..docs.len()).filter(|doc| !is_dead(doc)).map(|doc| docs[doc].clone()));
        }
        builder.finish().unwrap();
        check(&Segment::open(&folder.path().join("all.nat")).unwrap(), &expected);
    }
}

fn words(count: usize) -> Vec<Doc> {
    let word = |at: usize| (at * at % 40) as u8;
    (0..count)
        .map(|n| Doc {
            words: (0..300).map(|at| word(n + at)).collect(),
            number: 0,
            text: String::new(),
        })
        .collect()
}

#[test]
fn past_the_limit_postings_are_put_aside_and_nothing_is_left_behind() {
    let folder = tempfile::tempdir().unwrap();
    let docs = words(4_000);
    let mut builder = Builder::create(&folder.path().join("a.nat"), fields(), 0).unwrap();
    for doc in &docs {
        add(&mut builder, doc);
        builder.end_document(&stored(doc)).unwrap();
    }
    assert!(builder.runs > 1, "{} runs", builder.runs);

    builder.finish().unwrap();

    check(&Segment::open(&folder.path().join("a.nat")).unwrap(), &docs);
    assert_eq!(names(folder.path()), ["a.nat"]);
}

#[test]
fn a_builder_that_is_dropped_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut builder = Builder::create(&folder.path().join("a.nat"), fields(), 0).unwrap();
    for doc in words(2_000) {
        add(&mut builder, &doc);
        builder.end_document(&stored(&doc)).unwrap();
    }
    drop(builder);

    assert!(
        names(folder.path()).is_empty(),
        "{:?}",
        names(folder.path())
    );
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn a_refused_document_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.nat");
    let mut builder = Builder::create(&path, fields(), 0).unwrap();
    let doc = Doc {
        words: vec![1],
        number: 5,
        text: "a".to_owned(),
    };
    add(
        &mut builder,
        &Doc {
            words: vec![7, 7],
            number: 9,
            text: "b".to_owned(),
        },
    );
    builder.cancel_document();
    add(&mut builder, &doc);
    builder.end_document(&stored(&doc)).unwrap();
    builder.finish().unwrap();

    let segment = Segment::open(&path).unwrap();
    check(&segment, &[doc]);
    assert_eq!(segment.terms(WORDS).unwrap().len(), 1);
}

#[test]
fn what_is_shared_is_in_each_document_until_it_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.nat");
    let mut builder = Builder::create(&path, fields(), 0).unwrap();
    builder.add_term(KEYS, b"article");
    builder.share();
    builder.end_document(b"").unwrap();
    builder.add_term(KEYS, b"own");
    builder.end_document(b"").unwrap();
    builder.unshare().unwrap();
    builder.end_document(b"").unwrap();
    builder.finish().unwrap();

    let segment = Segment::open(&path).unwrap();
    let docs = |term| {
        postings(&segment, KEYS, term)
            .iter()
            .map(|p| p.0)
            .collect::<Vec<_>>()
    };
    assert_eq!((docs(b"article"), docs(b"own")), (vec![0, 1], vec![1]));
}

#[test]
fn a_term_given_twice_in_a_document_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut builder = Builder::create(&folder.path().join("a.nat"), fields(), 0).unwrap();
    builder
        .add_posting(TIMES, b"a", Posting::Frequency(1))
        .unwrap();
    builder
        .add_posting(TIMES, b"a", Posting::Frequency(2))
        .unwrap();

    assert!(matches!(builder.end_document(b""), Err(Error::Misuse(_))));
}

#[test]
fn a_field_takes_what_it_carries_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let mut builder = Builder::create(&folder.path().join("a.nat"), fields(), 0).unwrap();

    assert!(builder
        .add_posting(KEYS, b"a", Posting::Frequency(1))
        .is_err());
    assert!(builder.set_length(KEYS, 1).is_err());
    assert!(builder.field("none").is_err());
}

#[test]
fn articles_of_a_term_are_counted_anew_when_segments_are_merged() {
    let folder = tempfile::tempdir().unwrap();
    let built = |name: &str, add: &dyn Fn(&mut Builder)| {
        let path = folder.path().join(name);
        let mut builder = Builder::create(&path, fields(), 0).unwrap();
        add(&mut builder);
        builder.finish().unwrap();
        Arc::new(Segment::open(&path).unwrap())
    };
    let articles = |segment: &Segment| {
        let list = segment.postings(WORDS, b"a").unwrap().unwrap();
        (list.df(), list.articles())
    };
    let add = |builder: &mut Builder, number: u32| {
        let column = builder.number_column("article_no").unwrap();
        let word = builder.intern(WORDS, b"a");
        builder.add_place(WORDS, word, 0);
        builder.set_number(column, number);
        builder.end_document(b"").unwrap();
    };
    let one = built("one.nat", &|builder| {
        (0..150).for_each(|at| add(builder, 1 + at / 3))
    });
    let other = built("other.nat", &|builder| {
        (0..100).for_each(|at| add(builder, 61 + at / 3))
    });
    let merged = built("merged.nat", &|builder| {
        builder
            .add_segment(Arc::clone(&one), &[0, 1, 2, 4])
            .unwrap();
        builder.add_segment(Arc::clone(&other), &[]).unwrap();
    });

    assert_eq!(articles(&one), (150, Some(50)));
    assert_eq!(articles(&other), (100, None));
    assert_eq!(articles(&merged), (246, Some(49 + 34)));
    crate::verify::verify(&merged).unwrap();
}

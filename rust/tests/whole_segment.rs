//! Whole segments: many fields, columns, stored documents, and damage to all of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use searcher_native::postings::BLOCK;
use searcher_native::segment::{Carries, FieldSpec, Segment, SegmentWriter, TermPostings};
use searcher_native::stored::{decode, encode, Value};
use searcher_native::{Error, Result};
use tempfile::TempDir;

/// A posting of a model: document, tf, positions, weight, value.
type Posting = (u32, Vec<u32>, f32, Vec<u8>);
type Terms = BTreeMap<Vec<u8>, Vec<Posting>>;

#[derive(Clone, Debug)]
struct Model {
    fields: Vec<(Carries, Vec<u32>, Terms)>,
    numbers: Vec<u32>,
    texts: Vec<String>,
    stored: Vec<Vec<u8>>,
    section: Vec<u8>,
}

impl Model {
    fn doc_count(&self) -> u32 {
        self.stored.len() as u32
    }

    fn write(&self, path: &Path) -> Result<()> {
        let specs = self
            .fields
            .iter()
            .enumerate()
            .map(|(at, (carries, lengths, _))| FieldSpec {
                name: format!("field{at}"),
                carries: *carries,
                lengths: !lengths.is_empty(),
            });
        let mut writer = SegmentWriter::create(path, specs.collect())?;
        self.stored
            .iter()
            .try_for_each(|bytes| writer.add_stored(bytes))?;
        for (field, (_, lengths, terms)) in self.fields.iter().enumerate() {
            if !lengths.is_empty() {
                writer.set_lengths(field as u16, lengths)?;
            }
            for (term, postings) in terms {
                write_term(&mut writer, field as u16, term, postings)?;
            }
        }
        writer.add_numbers("date", &self.numbers)?;
        let texts: Vec<&str> = self.texts.iter().map(String::as_str).collect();
        writer.add_texts("kind", &texts, &(0..texts.len() as u32).collect::<Vec<_>>())?;
        writer.add_section("more", &self.section)?;
        writer.finish(self.doc_count())
    }
}

fn write_term(writer: &mut SegmentWriter, field: u16, term: &[u8], list: &[Posting]) -> Result<()> {
    let docs: Vec<u32> = list.iter().map(|posting| posting.0).collect();
    let tfs: Vec<u32> = list.iter().map(|posting| posting.1.len() as u32).collect();
    let positions: Vec<u32> = list.iter().flat_map(|posting| posting.1.clone()).collect();
    let weights: Vec<f32> = list.iter().map(|posting| posting.2).collect();
    let values: Vec<u8> = list.iter().flat_map(|posting| posting.3.clone()).collect();
    let mut end = 0;
    let ends = list.iter().map(|posting| {
        end += posting.3.len() as u32;
        end
    });
    let value_ends: Vec<u32> = ends.collect();
    let mut postings = TermPostings {
        docs: &docs,
        tfs: &tfs,
        ..Default::default()
    };
    match field {
        0 => postings.positions = &positions,
        3 => {
            postings.weights = &weights;
            postings.value_ends = &value_ends;
            postings.values = &values;
        }
        _ => {}
    }
    writer.add_term(field, term, &postings)
}

/// Read all that a segment holds; the same for equal models.
fn read_all(segment: &Segment) -> Result<Model> {
    let mut fields = Vec::new();
    for (field, spec) in segment.fields().iter().enumerate() {
        let mut terms = Terms::new();
        let keys = segment.terms(field as u16)?.stream().into_byte_keys();
        for term in keys {
            terms.insert(term.clone(), read_term(segment, field as u16, &term)?);
        }
        let lengths = segment.lengths(field as u16)?;
        let lengths = if spec.lengths {
            0..segment.doc_count()
        } else {
            0..0
        }
        .map(|doc| lengths.get(doc))
        .collect();
        fields.push((spec.carries, lengths, terms));
    }
    let numbers = segment.numbers("date")?.unwrap();
    let texts = segment.texts("kind")?.unwrap();
    let docs = 0..segment.doc_count();
    Ok(Model {
        fields,
        numbers: docs.clone().map(|doc| numbers.get(doc)).collect(),
        texts: docs
            .clone()
            .map(|doc| Ok(texts.text(texts.rank(doc))?.to_owned()))
            .collect::<Result<_>>()?,
        stored: docs.map(|doc| segment.stored(doc)).collect::<Result<_>>()?,
        section: segment.section("more")?.unwrap().to_vec(),
    })
}

fn read_term(segment: &Segment, field: u16, term: &[u8]) -> Result<Vec<Posting>> {
    let list = segment.postings(field, term)?.unwrap();
    let (mut docs, mut tfs, mut weights) = ([0; BLOCK], [0; BLOCK], [0.0; BLOCK]);
    let mut all = Vec::new();
    for block in 0..list.block_count() {
        let len = list.docs(block, &mut docs)?;
        list.tfs(block, &mut tfs)?;
        list.weights(block, &mut weights)?;
        let values = list.values(block)?;
        for at in 0..len {
            let mut positions = Vec::new();
            list.positions(block, at, &tfs, &mut positions)?;
            positions.resize(tfs[at] as usize, 0);
            all.push((docs[at], positions, weights[at], values[at].clone()));
        }
    }
    Ok(all)
}

fn assert_same(model: &Model, read: &Model) {
    assert_eq!(read.numbers, model.numbers);
    assert_eq!(read.texts, model.texts);
    assert_eq!(read.stored, model.stored);
    assert_eq!(read.section, model.section);
    assert_eq!(read.fields, model.fields);
}

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

const DOCS: u32 = 300;

fn postings(field: usize) -> impl Strategy<Value = Vec<Posting>> {
    let counts = if field == 0 || field == 1 {
        1..4usize
    } else {
        1..2
    };
    let one = (
        prop::collection::vec(0u32..300, counts),
        0.5f32..4.0,
        prop::collection::vec(any::<u8>(), 0..6),
    );
    let docs = prop_oneof![
        4 => prop::collection::btree_set(0..DOCS, 1..6),
        1 => prop::collection::btree_set(0..DOCS, 1..DOCS as usize),
    ];
    docs.prop_flat_map(move |docs| {
        let count = docs.len();
        (Just(docs), prop::collection::vec(one.clone(), count))
    })
    .prop_map(move |(docs, rest)| {
        let posting = |(doc, (mut positions, weight, value)): (u32, (Vec<u32>, f32, Vec<u8>))| {
            positions.sort_unstable();
            if field != 0 {
                positions.fill(0);
            }
            let weight = if field == 3 {
                weight
            } else {
                positions.len() as f32
            };
            (
                doc,
                positions,
                weight,
                if field == 3 { value } else { Vec::new() },
            )
        };
        docs.into_iter().zip(rest).map(posting).collect()
    })
}

fn terms(field: usize) -> impl Strategy<Value = Terms> {
    prop::collection::btree_map(
        "[a-e]{0,4}".prop_map(String::into_bytes),
        postings(field),
        0..12,
    )
}

fn lengths() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(0u32..1000, DOCS as usize)
}

fn models() -> impl Strategy<Value = Model> {
    let texts = prop::collection::vec("[a-cé]{0,2}", DOCS as usize);
    let stored = prop::collection::vec(prop::collection::vec(97u8..101, 0..60), DOCS as usize);
    let columns = (
        prop::collection::vec(any::<u32>(), DOCS as usize),
        texts,
        stored,
    );
    (terms(0), terms(1), terms(2), terms(3), lengths(), columns).prop_map(
        |(first, second, third, fourth, lengths, (numbers, texts, stored))| Model {
            fields: vec![
                (Carries::Positions, lengths.clone(), first),
                (Carries::Frequencies, lengths, second),
                (Carries::Nothing, Vec::new(), third),
                (Carries::Opaque, Vec::new(), fourth),
            ],
            numbers,
            texts,
            stored,
            section: b"more".to_vec(),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_segment_reads_back_as_it_was_written(model in models()) {
        let place = place();
        model.write(&place.path).unwrap();
        let segment = Segment::open(&place.path).unwrap();
        assert_same(&model, &read_all(&segment).unwrap());
        segment.check().unwrap();
        prop_assert_eq!(std::fs::read_dir(place.path.parent().unwrap()).unwrap().count(), 1);
    }
}

fn small() -> Model {
    let posting = |doc: u32, field: usize| {
        let positions = if field == 0 {
            vec![doc % 7, 9 + doc]
        } else {
            vec![0]
        };
        let value = if field == 3 {
            vec![doc as u8; 3]
        } else {
            Vec::new()
        };
        (
            doc,
            positions.clone(),
            if field == 3 {
                1.5
            } else {
                positions.len() as f32
            },
            value,
        )
    };
    let terms = |field: usize| {
        let lists: [(&[u8], Vec<u32>); 4] = [
            (b"all", (0..140).collect()),
            (b"few", vec![3, 8, 90]),
            (b"far", (0..140).step_by(11).collect()),
            (b"one", vec![77]),
        ];
        lists.map(|(term, docs)| {
            (
                term.to_vec(),
                docs.into_iter().map(|doc| posting(doc, field)).collect(),
            )
        })
    };
    let lengths: Vec<u32> = (0..140).map(|doc| 10 + doc % 30).collect();
    let kinds = [
        (Carries::Positions, lengths),
        (Carries::Frequencies, vec![]),
        (Carries::Nothing, vec![]),
        (Carries::Opaque, vec![]),
    ];
    Model {
        fields: kinds
            .into_iter()
            .enumerate()
            .map(|(at, (carries, lengths))| (carries, lengths, terms(at).into()))
            .collect(),
        numbers: (0..140).map(|doc| doc * 1000).collect(),
        texts: (0..140).map(|doc| format!("section {}", doc % 3)).collect(),
        stored: (0..140)
            .map(|doc| format!("a paragraph, number {doc}").into_bytes())
            .collect(),
        section: b"bytes of somebody else".to_vec(),
    }
}

/// Every flip is found on opening, or on reading the bytes; what is read is never wrong.
#[test]
fn a_flipped_bit_is_found_before_it_is_used() {
    let place = place();
    let model = small();
    model.write(&place.path).unwrap();
    let good = std::fs::read(&place.path).unwrap();
    let damaged = place.path.with_extension("bad");
    let mut checked = 0;
    for at in 0..good.len() {
        // Each byte in one bit, and each bit of the parts that stand outside of pages.
        let bits = if at < 16 || at + 400 > good.len() {
            0..8
        } else {
            at % 8..at % 8 + 1
        };
        for bit in bits {
            let mut bytes = good.clone();
            bytes[at] ^= 1 << bit;
            std::fs::write(&damaged, &bytes).unwrap();
            let outcome =
                Segment::open(&damaged).and_then(|segment| segment.check().and(read_all(&segment)));
            assert_found(outcome, at);
            checked += 1;
        }
    }
    assert!(checked > good.len());
}

fn assert_found(outcome: Result<Model>, at: usize) {
    match outcome {
        Err(Error::Damaged { .. } | Error::Version { .. }) => {}
        Err(other) => panic!("byte {at}: {other}"),
        Ok(_) => panic!("byte {at}: the flip was not found"),
    }
}

/// Reading alone, without check(), finds a flip too.
#[test]
fn a_flipped_bit_is_found_by_reading_what_it_is_in() {
    let place = place();
    let model = small();
    model.write(&place.path).unwrap();
    let good = std::fs::read(&place.path).unwrap();
    for at in (0..good.len()).step_by(13) {
        let mut bytes = good.clone();
        bytes[at] ^= 0x10;
        std::fs::write(&place.path, &bytes).unwrap();
        match Segment::open(&place.path).and_then(|segment| read_all(&segment)) {
            Ok(read) => assert_same(&model, &read),
            Err(Error::Damaged { path, .. }) => assert_eq!(path, place.path),
            Err(Error::Version { .. }) => {}
            Err(other) => panic!("byte {at}: {other}"),
        }
    }
}

#[test]
fn a_cut_file_is_damaged() {
    let place = place();
    small().write(&place.path).unwrap();
    let good = std::fs::read(&place.path).unwrap();
    for length in (0..good.len()).step_by(37) {
        std::fs::write(&place.path, &good[..length]).unwrap();
        assert!(
            matches!(Segment::open(&place.path), Err(Error::Damaged { .. })),
            "{length}"
        );
    }
    std::fs::write(&place.path, [&good[..], b"x"].concat()).unwrap();
    assert!(matches!(
        Segment::open(&place.path),
        Err(Error::Damaged { .. })
    ));
}

#[test]
fn a_newer_version_is_named() {
    let place = place();
    small().write(&place.path).unwrap();
    let mut bytes = std::fs::read(&place.path).unwrap();
    bytes[8] = 9;
    std::fs::write(&place.path, bytes).unwrap();
    let outcome = Segment::open(&place.path).map(drop);
    assert!(
        matches!(outcome, Err(Error::Version { found: 9, .. })),
        "{outcome:?}"
    );
}

#[test]
fn a_missing_file_is_an_io_error() {
    let outcome = Segment::open(&place().path).map(drop);
    assert!(matches!(outcome, Err(Error::Io { .. })), "{outcome:?}");
}

#[test]
fn stored_documents_of_every_size_read() {
    let place = place();
    let sizes = [0, 1, 100, 2047, 2048, 5000, 0, 0, 300_000, 7];
    let documents: Vec<Vec<u8>> = (0..3000)
        .map(|doc| {
            (0..sizes[doc % 10] / (1 + doc / 40))
                .map(|at| (at * doc % 251) as u8)
                .collect()
        })
        .collect();
    let mut writer = SegmentWriter::create(&place.path, Vec::new()).unwrap();
    documents
        .iter()
        .for_each(|bytes| writer.add_stored(bytes).unwrap());
    writer.finish(3005).unwrap();
    let segment = Segment::open(&place.path).unwrap();
    for (doc, bytes) in documents.iter().enumerate() {
        assert_eq!(&segment.stored(doc as u32).unwrap(), bytes);
    }
    assert_eq!(segment.stored(1500).unwrap(), documents[1500]);
    assert_eq!(segment.stored(3004).unwrap(), b"");
}

#[test]
fn terms_out_of_order_are_refused() {
    let place = place();
    let specs = vec![FieldSpec {
        name: "f".to_owned(),
        carries: Carries::Nothing,
        lengths: true,
    }];
    let mut writer = SegmentWriter::create(&place.path, specs).unwrap();
    let postings = TermPostings {
        docs: &[0],
        ..Default::default()
    };
    writer.add_term(0, b"b", &postings).unwrap();
    assert!(matches!(
        writer.add_term(0, b"a", &postings),
        Err(Error::Misuse(_))
    ));
    assert!(matches!(
        writer.add_term(0, b"b", &postings),
        Err(Error::Misuse(_))
    ));
    assert!(matches!(
        writer.add_term(1, b"c", &postings),
        Err(Error::Misuse(_))
    ));
    assert!(matches!(writer.set_lengths(0, &[1]), Err(Error::Misuse(_))));
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        prop::collection::vec(any::<u8>(), 0..20).prop_map(Value::BigInt),
        (-1e300f64..1e300).prop_map(Value::Float),
        ".{0,9}".prop_map(Value::Str),
        prop::collection::vec(any::<u8>(), 0..9).prop_map(Value::Bytes),
        any::<u32>().prop_map(Value::Date),
        (any::<u32>(), any::<u64>(), prop::option::of(any::<i32>())).prop_map(
            |(ordinal, microseconds, offset)| Value::DateTime {
                ordinal,
                microseconds,
                offset
            }
        ),
    ];
    leaf.prop_recursive(4, 30, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Tuple),
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
            prop::collection::vec((inner.clone(), inner), 0..5).prop_map(Value::Dict),
        ]
    })
}

proptest! {
    #[test]
    fn a_value_decodes_to_itself(value in values()) {
        let mut bytes = Vec::new();
        encode(&value, &mut bytes);
        prop_assert_eq!(decode(&bytes), Some(value));
        bytes.push(0);
        prop_assert_eq!(decode(&bytes), None);
    }

    #[test]
    fn any_bytes_decode_or_do_not(bytes in prop::collection::vec(0u8..20, 0..40)) {
        if let Some(value) = decode(&bytes) {
            let mut again = Vec::new();
            encode(&value, &mut again);
            prop_assert_eq!(decode(&again), Some(value));
        }
    }
}

#[test]
fn values_nested_too_deep_are_not_read() {
    let mut bytes = [9, 1].repeat(100_000);
    bytes.push(0);
    assert_eq!(decode(&bytes), None);
}

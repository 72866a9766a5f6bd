//! Times what a segment costs to read, on lists and documents that are made up:
//! `cargo run --release --no-default-features --example segment_timing`

use std::hint::black_box;
use std::time::{Duration, Instant};

use searcher_native::postings::{Postings, BLOCK};
use searcher_native::segment::{Carries, FieldSpec, Segment, SegmentWriter, TermPostings};
use searcher_native::stored::{encode, Value};
use searcher_native::Result;

const DOCS: u32 = 1_000_000;
const ROUNDS: usize = 7;
const WORDS: [&str; 12] = [
    "oil",
    "prices",
    "rose",
    "sharply",
    "on",
    "the",
    "market",
    "after",
    "a",
    "statement",
    "said",
    "Monday",
];

/// Numbers that look random and are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (((self.0 >> 32) * u64::from(limit)) >> 32) as u32
    }
}

fn main() -> Result<()> {
    let path = std::env::temp_dir().join(format!("segment_timing_{}.nat", std::process::id()));
    let written = best(1, || write(&path).expect("the segment is written"));
    let segment = Segment::open(&path)?;
    println!(
        "write {DOCS} documents         {written:?}, {} bytes",
        segment.size()
    );
    println!(
        "open                          {:?}",
        best(ROUNDS, || Segment::open(&path))
    );
    for term in ["every 3", "every 20", "every 400"] {
        time_list(
            &segment
                .postings(0, term.as_bytes())?
                .expect("a term of the segment"),
            term,
        );
    }
    time_stored(&segment);
    let _ = std::fs::remove_file(&path);
    Ok(())
}

fn write(path: &std::path::Path) -> Result<()> {
    let fields = vec![FieldSpec {
        name: "text".into(),
        carries: Carries::Positions,
        lengths: true,
    }];
    let mut writer = SegmentWriter::create(path, fields)?;
    let mut random = Random(1);
    let mut bytes = Vec::new();
    for doc in 0..DOCS {
        bytes.clear();
        encode(&document(doc, &mut random), &mut bytes);
        writer.add_stored(&bytes)?;
    }
    let lengths: Vec<u32> = (0..DOCS).map(|_| 20 + random.below(60)).collect();
    writer.set_lengths(0, &lengths)?;
    for (term, step) in [("every 20", 20), ("every 3", 3), ("every 400", 400)] {
        write_list(&mut writer, term, step, &mut random)?;
    }
    writer.finish(DOCS)
}

fn document(doc: u32, random: &mut Random) -> Value {
    let words: Vec<&str> = (0..40).map(|_| WORDS[random.below(12) as usize]).collect();
    let text = |key: &str, value: String| (Value::Str(key.into()), Value::Str(value));
    Value::Dict(vec![
        text("id", format!("articles/{}.txt#p{}", doc / 7, doc % 7)),
        text("text", words.join(" ")),
        (Value::Str("date".into()), Value::Int(19_870_226)),
    ])
}

fn write_list(
    writer: &mut SegmentWriter,
    term: &str,
    step: u32,
    random: &mut Random,
) -> Result<()> {
    let docs: Vec<u32> = (0..DOCS).filter(|_| random.below(step) == 0).collect();
    let tfs: Vec<u32> = docs.iter().map(|_| 1 + random.below(5) / 3).collect();
    let total: u32 = tfs.iter().sum();
    let mut positions = Vec::with_capacity(total as usize);
    for &tf in &tfs {
        let first = random.below(40);
        positions.extend((0..tf).map(|at| first + 9 * at));
    }
    let postings = TermPostings {
        docs: &docs,
        tfs: &tfs,
        positions: &positions,
        ..Default::default()
    };
    writer.add_term(0, term.as_bytes(), &postings)
}

fn time_list(list: &Postings<'_>, term: &str) {
    let (mut docs, mut tfs) = ([0; BLOCK], [0; BLOCK]);
    let each = |took: Duration| took.as_nanos() as f64 / f64::from(list.df());
    let doc_time = best(ROUNDS, || {
        (0..list.block_count()).for_each(|block| {
            black_box(list.docs(block, &mut docs)).expect("the file is whole");
        });
    });
    let tf_time = best(ROUNDS, || {
        (0..list.block_count()).for_each(|block| {
            black_box(list.tfs(block, &mut tfs)).expect("the file is whole");
        });
    });
    let position_time = best(ROUNDS, || time_positions(list));
    println!(
        "{term:10} {:7} documents  docs {:.2} ns, tfs {:.2} ns, positions {:.2} ns each",
        list.df(),
        each(doc_time),
        each(tf_time),
        each(position_time)
    );
}

/// Decode the positions of every eighth posting, as a phrase does.
fn time_positions(list: &Postings<'_>) {
    let (mut tfs, mut positions) = ([0; BLOCK], Vec::new());
    for block in 0..list.block_count() {
        let len = list.tfs(block, &mut tfs).expect("the file is whole");
        for at in (0..len).step_by(8) {
            positions.clear();
            list.positions(block, at, &tfs, &mut positions)
                .expect("the file is whole");
            black_box(&positions);
        }
    }
}

fn time_stored(segment: &Segment) {
    let mut random = Random(2);
    let fetch = |random: &mut Random| {
        for _ in 0..10 {
            black_box(segment.stored(random.below(DOCS))).expect("the file is whole");
        }
    };
    (0..2000).for_each(|_| fetch(&mut random));
    let took = best(ROUNDS, || (0..100).for_each(|_| fetch(&mut random)));
    println!("ten scattered documents       {:?}", took / 100);
}

/// Return the shortest time of some rounds.
fn best<T>(rounds: usize, mut work: impl FnMut() -> T) -> Duration {
    let time = |_| {
        let start = Instant::now();
        black_box(work());
        start.elapsed()
    };
    (0..rounds).map(time).min().unwrap_or_default()
}

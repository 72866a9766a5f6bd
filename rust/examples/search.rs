//! Time searches by class over a segment that `generate` wrote.
//!
//!     cargo run --release --no-default-features --example search -- FILE [CLASS]
//!
//! Prints the median and the slowest of 40 searches of each class, in microseconds, for the
//! counts alone and for a page of ten.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use searcher_native::exec::index::Index;
use searcher_native::exec::plan::{Node, Word};
use searcher_native::exec::scoring::Totals;
use searcher_native::segment::Segment;
use searcher_native::Result;

const SEARCHES: u32 = 40;

fn name(rank: u32) -> Vec<u8> {
    format!("w{rank}").into_bytes()
}

fn word(rank: u32) -> Node {
    Node::Word {
        word: Word::Stem { stem: name(rank) },
        boost: 1.0,
    }
}

fn phrase(ranks: &[u32]) -> Node {
    let places = ranks
        .iter()
        .map(|rank| Some(Arc::new(vec![name(*rank)])))
        .collect();
    Node::Word {
        word: Word::Phrase {
            field: "exact".to_owned(),
            places,
            slop: 0,
        },
        boost: 1.0,
    }
}

fn prefix(rank: u32) -> Node {
    let mut forms = vec![rank.to_string()];
    for digits in 1..4 {
        forms.extend(
            (0..10u32.pow(digits))
                .map(|end| format!("{rank}{end:0width$}", width = digits as usize)),
        );
    }
    forms.sort();
    let forms = forms
        .into_iter()
        .map(|form| format!("w{form}").into_bytes())
        .collect();
    Node::Word {
        word: Word::Forms {
            field: "exact".to_owned(),
            forms,
        },
        boost: 1.0,
    }
}

fn days(year: u32) -> Node {
    Node::Numbers {
        column: "date".to_owned(),
        ranges: vec![(year * 10_000, (year + 2) * 10_000)],
    }
}

fn section(at: u32) -> Node {
    Node::Terms {
        field: "section".to_owned(),
        terms: vec![format!("section{at}").into_bytes()],
    }
}

/// The words of a search: rare ones, usual ones, common ones.
fn rare(at: u32) -> u32 {
    20_000 + at * 997
}

fn usual(at: u32) -> u32 {
    300 + at * 71
}

fn common(at: u32) -> u32 {
    5 + at * 7 % 101
}

fn made(class: &str, at: u32) -> Node {
    match class {
        "rare" => word(rare(at)),
        "common" => word(common(at)),
        "and2" => Node::And(vec![word(common(at)), word(usual(at))]),
        "and2 common" => Node::And(vec![word(common(at)), word(common(at + 3))]),
        "and3" => Node::And(vec![
            word(common(at)),
            word(common(at + 3)),
            word(usual(at)),
        ]),
        "or2" => Node::Or(vec![word(common(at)), word(usual(at))]),
        "or5" => Node::Or(vec![
            word(common(at)),
            word(usual(at)),
            word(common(at + 4)),
            word(rare(at)),
            word(common(at + 9)),
        ]),
        "phrase2" => phrase(&[common(at), common(at + 1)]),
        "phrase3" => phrase(&[common(at), common(at + 1), common(at + 5)]),
        "prefix" => prefix(30 + at),
        "and2 days" => Node::And(vec![
            word(common(at)),
            word(usual(at)),
            days(1990 + at % 30),
        ]),
        "or2 days section" => Node::And(vec![
            Node::Or(vec![word(common(at)), word(usual(at))]),
            days(1990 + at % 30),
            section(at % 24),
        ]),
        "not" => Node::And(vec![
            word(common(at)),
            Node::Not(Box::new(word(common(at + 3)))),
        ]),
        _ => panic!("no class {class}"),
    }
}

const CLASSES: [&str; 13] = [
    "rare",
    "common",
    "and2",
    "and2 common",
    "and3",
    "or2",
    "or5",
    "phrase2",
    "phrase3",
    "prefix",
    "and2 days",
    "or2 days section",
    "not",
];

fn plan(class: &str, at: u32) -> Node {
    let captions = Node::Terms {
        field: "kind".to_owned(),
        terms: vec![b"caption".to_vec()],
    };
    Node::And(vec![made(class, at), Node::Not(Box::new(captions))])
}

fn microseconds(index: &Index, plan: &Node, limit: usize) -> Result<(f64, u64)> {
    let (mut best, mut total) = (f64::MAX, 0);
    for _ in 0..3 {
        let start = Instant::now();
        total = index.page(plan, 60.0, 0, limit)?.total;
        best = best.min(start.elapsed().as_secs_f64() * 1e6);
    }
    Ok((best, total))
}

fn run(index: &Index, class: &str) -> Result<()> {
    let (mut counts, mut pages, mut totals) = (Vec::new(), Vec::new(), Vec::new());
    for at in 0..SEARCHES {
        let plan = plan(class, at);
        counts.push(microseconds(index, &plan, 0)?.0);
        let (page, total) = microseconds(index, &plan, 10)?;
        pages.push(page);
        totals.push(total as f64);
    }
    for times in [&mut counts, &mut pages, &mut totals] {
        times.sort_by(f64::total_cmp);
    }
    let (middle, last) = (SEARCHES as usize / 2, SEARCHES as usize - 1);
    println!(
        "{class:18} count {:7.0} {:7.0}   page {:7.0} {:7.0}   hits {:7.0}",
        counts[middle], counts[last], pages[middle], pages[last], totals[middle]
    );
    Ok(())
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("a segment");
    let only = arguments.next();
    let segment = Arc::new(Segment::open(Path::new(&path))?);
    let words = segment.numbers("words")?.expect("a column of lengths");
    let total = (0..segment.doc_count())
        .map(|doc| u64::from(words.get(doc)))
        .sum();
    let totals = Totals {
        documents: u64::from(segment.doc_count()),
        words: total,
    };
    let index = Index::new(vec![segment], vec![vec![]], totals)?;
    for class in CLASSES
        .iter()
        .filter(|class| only.as_ref().is_none_or(|only| only == *class))
    {
        run(&index, class)?;
    }
    Ok(())
}

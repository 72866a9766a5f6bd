//! docs/native-format.md shows the bytes that are written.

use std::fmt::Write as _;

use searcher_native::container::{Container, Span};
use searcher_native::segment::{Carries, FieldSpec, SegmentWriter, TermPostings};
use searcher_native::stored::{encode, Value};
use tempfile::TempDir;

const PAGE: &str = include_str!("../../docs/native-format.md");

#[test]
fn the_page_shows_the_bytes_of_its_example() {
    let shown = dump();
    assert!(
        PAGE.contains(&shown),
        "docs/native-format.md should show:\n{shown}"
    );
}

/// Write "The dam broke." and "The dam, the dam!", and show every byte of the file.
fn dump() -> String {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("MAIN_x.nat");
    let text = FieldSpec {
        name: "text".to_owned(),
        carries: Carries::Positions,
        lengths: true,
    };
    let mut writer = SegmentWriter::create(&path, vec![text]).unwrap();
    for number in [1, 2] {
        let mut stored = Vec::new();
        encode(
            &Value::Dict(vec![(Value::Str("number".to_owned()), Value::Int(number))]),
            &mut stored,
        );
        writer.add_stored(&stored).unwrap();
    }
    writer.set_lengths(0, &[3, 4]).unwrap();
    let mut add = |term: &[u8], docs: &[u32], tfs: &[u32], positions: &[u32]| {
        let postings = TermPostings {
            docs,
            tfs,
            positions,
            ..Default::default()
        };
        writer.add_term(0, term, &postings).unwrap();
    };
    add(b"broke", &[0], &[1], &[2]);
    add(b"dam", &[0, 1], &[1, 2], &[1, 1, 3]);
    add(b"the", &[0, 1], &[1, 2], &[0, 0, 2]);
    writer
        .add_numbers("date", &[19_870_226, 19_870_227])
        .unwrap();
    writer.add_texts("section", &["news", ""], &[0, 1]).unwrap();
    writer.finish(2).unwrap();
    show(
        &std::fs::read(&path).unwrap(),
        &Container::open(&path).unwrap(),
    )
}

fn show(bytes: &[u8], file: &Container) -> String {
    let mut sections: Vec<(Span, &str)> = file
        .names()
        .into_iter()
        .map(|name| (file.section(name).unwrap(), name))
        .collect();
    sections.sort_by_key(|(span, _)| (span.start, span.length));
    let directory = Span {
        start: file.body_end(),
        length: bytes.len() as u64 - 44 - file.body_end(),
    };
    let footer = Span {
        start: bytes.len() as u64 - 44,
        length: 44,
    };
    sections.insert(
        0,
        (
            Span {
                start: 0,
                length: 16,
            },
            "header",
        ),
    );
    sections.extend([(directory, "directory"), (footer, "footer")]);
    let mut out = String::new();
    for (span, name) in sections {
        writeln!(out, "    {name} at {}", span.start).unwrap();
        let part = &bytes[span.start as usize..(span.start + span.length) as usize];
        for row in part.chunks(24) {
            let row: Vec<String> = row.iter().map(|byte| format!("{byte:02x}")).collect();
            writeln!(out, "        {}", row.join(" ")).unwrap();
        }
    }
    out
}

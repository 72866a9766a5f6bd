//! Write a segment of generated paragraphs with the statistics of news.
//!
//!     cargo run --release --no-default-features --example generate -- FILE [PARAGRAPHS]
//!
//! Words follow Zipf's law and repeat within an article; a stem is `w` and its rank.  About one
//! paragraph in six is a headline; dates ascend from 1987 to 2026; there are 24 sections.

use std::path::PathBuf;

use searcher_native::segment::{Carries, FieldSpec, SegmentWriter, TermPostings};
use searcher_native::Result;

const VOCABULARY: f64 = 300_000.0;
const FIELDS: [(&str, Carries, bool); 6] = [
    ("exact", Carries::Positions, true),
    ("kind", Carries::Nothing, false),
    ("section", Carries::Nothing, false),
    ("section_words", Carries::Positions, false),
    ("text", Carries::Positions, true),
    ("title", Carries::Positions, false),
];

/// xorshift64*, so that a run can be repeated.
struct Chance(u64);

impl Chance {
    fn unit(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, end: u32) -> u32 {
        (self.unit() * f64::from(end)) as u32
    }

    fn rank(&mut self) -> u32 {
        (self.unit() * VOCABULARY.ln()).exp() as u32
    }
}

/// Postings of one field, by term: document and position of each token.
type Lists = Vec<Vec<(u32, u32)>>;

#[derive(Default)]
struct Corpus {
    words: Lists,
    titles: Lists,
    sections: Lists,
    kinds: [Vec<u32>; 3],
    lengths: Vec<u32>,
    days: Vec<u32>,
    articles: Vec<u32>,
    numbers: Vec<u32>,
    section_of: Vec<u32>,
}

fn add(lists: &mut Lists, word: u32, doc: u32, position: u32) {
    let at = word as usize;
    if lists.len() <= at {
        lists.resize_with(at + 1, Vec::new);
    }
    lists[at].push((doc, position));
}

fn article(corpus: &mut Corpus, chance: &mut Chance, number: u32, progress: f64) {
    let topic: Vec<u32> = (0..12).map(|_| chance.rank()).collect();
    let title: Vec<u32> = (0..8).map(|_| topic[chance.below(12) as usize]).collect();
    let section = chance.below(24);
    let day = (progress * 39.0 * 336.0) as u32;
    let day = (1987 + day / 336) * 10_000 + (day / 28 % 12 + 1) * 100 + day % 28 + 1;
    for paragraph in 0..1 + 2 + chance.below(7) {
        let doc = corpus.lengths.len() as u32;
        let words: Vec<u32> = if paragraph == 0 {
            title.clone()
        } else {
            let length =
                8 + (chance.unit() + chance.unit() + chance.unit()) as u32 * 12 + chance.below(30);
            let word = |_| match chance.unit() {
                u if u < 0.12 => topic[(u * 100.0) as usize],
                _ => chance.rank(),
            };
            (0..length).map(word).collect()
        };
        for (at, word) in words.iter().enumerate() {
            add(&mut corpus.words, *word, doc, at as u32);
        }
        for (at, word) in title.iter().enumerate() {
            add(&mut corpus.titles, *word, doc, at as u32);
        }
        if paragraph > 3 {
            add(&mut corpus.sections, topic[3], doc, 0);
        }
        let kind = if paragraph == 0 {
            1
        } else {
            usize::from(chance.unit() < 0.01) * 2
        };
        corpus.kinds[kind].push(doc);
        corpus.lengths.push(words.len() as u32);
        corpus.days.push(day);
        corpus.articles.push(number + 1);
        corpus.numbers.push(paragraph);
        corpus.section_of.push(section);
    }
}

fn write_words(writer: &mut SegmentWriter, field: u16, lists: &Lists) -> Result<()> {
    let mut terms: Vec<(String, &Vec<(u32, u32)>)> = lists
        .iter()
        .enumerate()
        .filter(|(_, list)| !list.is_empty())
        .map(|(word, list)| (format!("w{word}"), list))
        .collect();
    terms.sort();
    for (term, list) in terms {
        let (mut docs, mut tfs) = (Vec::new(), Vec::<u32>::new());
        for (doc, _) in list {
            if docs.last() == Some(doc) {
                *tfs.last_mut().expect("one a document") += 1;
            } else {
                docs.push(*doc);
                tfs.push(1);
            }
        }
        let positions: Vec<u32> = list.iter().map(|(_, position)| *position).collect();
        let postings = TermPostings {
            docs: &docs,
            tfs: &tfs,
            positions: &positions,
            ..TermPostings::default()
        };
        writer.add_term(field, term.as_bytes(), &postings)?;
    }
    Ok(())
}

fn write_values(
    writer: &mut SegmentWriter,
    field: u16,
    values: Vec<(String, Vec<u32>)>,
) -> Result<()> {
    let mut values = values;
    values.sort();
    for (value, docs) in values {
        let postings = TermPostings {
            docs: &docs,
            ..TermPostings::default()
        };
        writer.add_term(field, value.as_bytes(), &postings)?;
    }
    Ok(())
}

fn write(corpus: &Corpus, path: &std::path::Path) -> Result<()> {
    let specs = FIELDS.map(|(name, carries, lengths)| FieldSpec {
        name: name.to_owned(),
        carries,
        lengths,
    });
    let mut writer = SegmentWriter::create(path, specs.to_vec())?;
    let count = corpus.lengths.len() as u32;
    for _ in 0..count {
        writer.add_stored(b"")?;
    }
    writer.set_lengths(0, &corpus.lengths)?;
    write_words(&mut writer, 0, &corpus.words)?;
    let kinds = ["text", "headline", "caption"].iter().zip(&corpus.kinds);
    write_values(
        &mut writer,
        1,
        kinds
            .map(|(kind, docs)| (kind.to_string(), docs.clone()))
            .collect(),
    )?;
    let of = |section: u32| {
        (0..count)
            .filter(move |doc| corpus.section_of[*doc as usize] == section)
            .collect()
    };
    write_values(
        &mut writer,
        2,
        (0..24).map(|s| (format!("section{s}"), of(s))).collect(),
    )?;
    write_words(&mut writer, 3, &corpus.sections)?;
    writer.set_lengths(4, &corpus.lengths)?;
    write_words(&mut writer, 4, &corpus.words)?;
    write_words(&mut writer, 5, &corpus.titles)?;
    writer.add_numbers("date", &corpus.days)?;
    writer.add_numbers("words", &corpus.lengths)?;
    writer.add_numbers("number", &corpus.numbers)?;
    writer.add_numbers("article_no", &corpus.articles)?;
    let names: Vec<String> = (0..corpus.articles.last().map_or(0, |last| last + 1))
        .map(|n| format!("a{n:08}"))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    writer.add_texts("article", &names, &corpus.articles)?;
    writer.finish(count)
}

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let path = PathBuf::from(arguments.next().expect("the file to be"));
    let wanted: u32 = arguments
        .next()
        .map_or(1_000_000, |count| count.parse().expect("a number"));
    let (mut corpus, mut chance, mut number) = (Corpus::default(), Chance(20_260_101), 0);
    while (corpus.lengths.len() as u32) < wanted {
        let progress = corpus.lengths.len() as f64 / f64::from(wanted);
        article(&mut corpus, &mut chance, number, progress);
        number += 1;
    }
    write(&corpus, &path)
}

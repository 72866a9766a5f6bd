//! Searches over random segments give what a look at every document gives, to the last bit.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use proptest::prelude::*;
use searcher_native::exec::apart::Apartness;
use searcher_native::exec::index::Index;
use searcher_native::exec::matches::Matches;
use searcher_native::exec::order::Sort;
use searcher_native::exec::plan::{Expansion, Likeness, Node, Word};
use searcher_native::exec::scoring::{ordinal, Fading, Totals};
use searcher_native::forms::{AnyGlob, Edits, Test};
use searcher_native::segment::{Carries, FieldSpec, Segment, SegmentWriter, TermPostings};

const KINDS: [&str; 7] = [
    "text", "quote", "list", "headline", "heading", "caption", "",
];
const DAYS: [u32; 5] = [0, 20240229, 20250101, 20250102, 20260101];
const SECTIONS: [&str; 3] = ["", "news", "sport"];

#[derive(Clone, Debug)]
struct Doc {
    words: Vec<u8>,
    title: Vec<u8>,
    section: usize,
    kind: usize,
    day: usize,
    article: u32,
    number: u32,
    deleted: bool,
}

impl Doc {
    fn is_record(&self) -> bool {
        KINDS[self.kind].is_empty()
    }

    fn live(&self) -> bool {
        !self.deleted && !self.is_record()
    }

    /// First word and the one behind the last of each quotation.
    fn quotes(&self) -> Vec<(u32, u32)> {
        let fits = |&(_, end): &(u32, u32)| end as usize <= self.words.len();
        let shift = self.number % 3;
        let quotes = [(shift, shift + 2), (shift + 3, shift + 6)];
        quotes.into_iter().filter(fits).collect()
    }

    fn tokens(&self, field: &str) -> Vec<String> {
        let stems = |words: &[u8]| words.iter().map(|w| format!("w{w}")).collect();
        match field {
            "text" => stems(&self.words),
            "title" => stems(&self.title),
            "section_words" if self.section > 0 && !self.is_record() => {
                vec![format!("w{}", self.section)]
            }
            "exact" => {
                let form =
                    |(at, w): (usize, &u8)| format!("w{w}{}", if at % 3 == 0 { "s" } else { "" });
                self.words.iter().enumerate().map(form).collect()
            }
            "quoted" => {
                let mut marks = vec!["-".to_owned(); self.words.len() + 1];
                for (begin, end) in self.quotes() {
                    marks[begin as usize] = "begin".to_owned();
                    marks[end as usize] = "end".to_owned();
                }
                marks
            }
            "kind" if !self.is_record() => vec![KINDS[self.kind].to_owned()],
            "section" if self.section > 0 => vec![SECTIONS[self.section].to_owned()],
            _ => Vec::new(),
        }
    }
}

type Corpus = Vec<Vec<Doc>>;

// Writing.

const FIELDS: [(&str, Carries, bool); 7] = [
    ("text", Carries::Positions, true),
    ("exact", Carries::Positions, true),
    ("title", Carries::Positions, false),
    ("section_words", Carries::Positions, false),
    ("kind", Carries::Nothing, false),
    ("section", Carries::Nothing, false),
    ("quoted", Carries::Positions, false),
];

fn written(docs: &[Doc], path: &std::path::Path) -> Segment {
    let specs = FIELDS.map(|(name, carries, lengths)| FieldSpec {
        name: name.to_owned(),
        carries,
        lengths,
    });
    let mut writer = SegmentWriter::create(path, specs.to_vec()).unwrap();
    for _ in docs {
        writer.add_stored(b"").unwrap();
    }
    let articles: Vec<u32> = docs.iter().map(article_number).collect();
    writer.count_articles(&articles);
    for (field, (name, _, lengths)) in FIELDS.iter().enumerate() {
        write_field(&mut writer, docs, field as u16, name, *lengths);
    }
    write_columns(&mut writer, docs);
    writer.finish(docs.len() as u32).unwrap();
    Segment::open(path).unwrap()
}

fn write_field(writer: &mut SegmentWriter, docs: &[Doc], field: u16, name: &str, lengths: bool) {
    if lengths {
        let of: Vec<u32> = docs.iter().map(|doc| doc.words.len() as u32).collect();
        writer.set_lengths(field, &of).unwrap();
    }
    let mut terms: BTreeMap<String, Vec<(u32, Vec<u32>)>> = BTreeMap::new();
    for (doc, one) in docs.iter().enumerate() {
        let mut here: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (at, token) in one.tokens(name).into_iter().enumerate() {
            here.entry(token).or_default().push(at as u32);
        }
        for (token, at) in here {
            terms.entry(token).or_default().push((doc as u32, at));
        }
    }
    for (term, list) in terms {
        let docs: Vec<u32> = list.iter().map(|(doc, _)| *doc).collect();
        let tfs: Vec<u32> = list.iter().map(|(_, at)| at.len() as u32).collect();
        let positions: Vec<u32> = list.iter().flat_map(|(_, at)| at.clone()).collect();
        let carried = FIELDS[field as usize].1 == Carries::Positions;
        let postings = TermPostings {
            docs: &docs,
            tfs: if carried { &tfs } else { &[] },
            positions: if carried { &positions } else { &[] },
            ..TermPostings::default()
        };
        writer.add_term(field, term.as_bytes(), &postings).unwrap();
    }
}

fn write_columns(writer: &mut SegmentWriter, docs: &[Doc]) {
    let column = |value: &dyn Fn(&Doc) -> u32| docs.iter().map(value).collect::<Vec<u32>>();
    writer
        .add_numbers("date", &column(&|doc| DAYS[doc.day]))
        .unwrap();
    writer
        .add_numbers("words", &column(&|doc| doc.words.len() as u32))
        .unwrap();
    writer
        .add_numbers("number", &column(&|doc| doc.number))
        .unwrap();
    writer
        .add_numbers("article_no", &column(&article_number))
        .unwrap();
    let names: Vec<String> = docs.iter().map(article_name).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let own: Vec<u32> = (0..docs.len() as u32).collect();
    writer.add_texts("article", &names, &own).unwrap();
    writer
        .add_texts("section", &SECTIONS, &column(&|doc| doc.section as u32))
        .unwrap();
}

fn article_number(doc: &Doc) -> u32 {
    if doc.is_record() {
        0
    } else {
        doc.article + 1
    }
}

fn article_name(doc: &Doc) -> String {
    format!("a{}", doc.article.wrapping_mul(7919) % 1009)
}

// The model: every document is looked at.

fn passes<T: Test>(test: &T, term: &str) -> bool {
    let end = term
        .chars()
        .try_fold(test.start(), |state, char| test.step(&state, char));
    end.is_some_and(|state| test.accepts(&state))
}

fn stands_for(expansion: &Expansion, term: &str) -> bool {
    match &expansion.likeness {
        Likeness::Glob(pattern) => passes(&AnyGlob::new(pattern), term),
        Likeness::Fuzzy(text, distance) => passes(&Edits::new(text, *distance).unwrap(), term),
    }
}

type Place = Vec<u32>;

struct Model<'m> {
    corpus: &'m Corpus,
    totals: Totals,
    /// Idfs of words by their address and field.
    known: RefCell<HashMap<(usize, usize), f64>>,
}

impl Model<'_> {
    fn known(&self, word: &Word, field: usize, weight: impl FnOnce() -> f64) -> f64 {
        let key = (std::ptr::from_ref(word) as usize, field);
        let known = self.known.borrow().get(&key).copied();
        known.unwrap_or_else(|| {
            let weight = weight();
            self.known.borrow_mut().insert(key, weight);
            weight
        })
    }

    fn all(&self) -> Vec<(usize, u32)> {
        let parts = self.corpus.iter().enumerate();
        parts
            .flat_map(|(at, docs)| (0..docs.len() as u32).map(move |doc| (at, doc)))
            .collect()
    }

    fn doc(&self, id: (usize, u32)) -> &Doc {
        &self.corpus[id.0][id.1 as usize]
    }

    fn live(&self) -> Vec<(usize, u32)> {
        self.all()
            .into_iter()
            .filter(|id| self.doc(*id).live())
            .collect()
    }

    fn article(&self, id: (usize, u32)) -> Vec<(usize, u32)> {
        let wanted = self.doc(id).article;
        self.live()
            .into_iter()
            .filter(|other| self.doc(*other).article == wanted)
            .collect()
    }

    fn places(&self, word: &Word, id: (usize, u32)) -> Vec<Place> {
        let tokens = |field: &str| self.doc(id).tokens(field);
        let at_any = |field: &str, forms: &[Vec<u8>]| -> Vec<u32> {
            let tokens = tokens(field);
            let held = |at: &u32| forms.contains(&tokens[*at as usize].clone().into_bytes());
            (0..tokens.len() as u32).filter(held).collect()
        };
        match word {
            Word::Stem { stem } => at_any("text", std::slice::from_ref(stem))
                .into_iter()
                .map(|p| vec![p])
                .collect(),
            Word::Forms { field, forms } => {
                at_any(field, forms).into_iter().map(|p| vec![p]).collect()
            }
            Word::Expanded(expansion) => {
                let tokens = tokens(&expansion.field);
                let held = |at: &u32| stands_for(expansion, &tokens[*at as usize]);
                let places = (0..tokens.len() as u32).filter(held);
                places.map(|p| vec![p]).collect()
            }
            Word::Phrase {
                field,
                places,
                slop,
            } => {
                let here: Vec<Vec<u32>> = places
                    .iter()
                    .map(|forms| match forms {
                        Some(forms) => at_any(field, forms),
                        None => (0..self.doc(id).words.len() as u32).collect(),
                    })
                    .collect();
                phrase(&here, *slop)
            }
            Word::Near {
                left,
                right,
                distance,
                ordered,
                absent,
            } => {
                let (left, right) = (self.places(left, id), self.places(right, id));
                near(&left, &right, *distance, *ordered, *absent)
            }
            Word::Either(words) => {
                let all: BTreeSet<Place> = words.iter().flat_map(|w| self.places(w, id)).collect();
                all.into_iter().collect()
            }
            Word::Quoted(word) => {
                let mut places = self.places(word, id);
                let quotes = self.doc(id).quotes();
                places.retain(|place| {
                    let (first, last) = (place[0], place[place.len() - 1]);
                    quotes.iter().any(|&(b, e)| b <= first && last < e)
                });
                places
            }
            Word::AtLeast { count, word } => {
                let article = self.article(id);
                let counted = article
                    .iter()
                    .filter(|other| KINDS[self.doc(**other).kind] != "caption");
                let total: usize = counted.map(|other| self.places(word, *other).len()).sum();
                if total >= *count as usize {
                    self.places(word, id)
                } else {
                    Vec::new()
                }
            }
        }
    }

    fn holds(&self, word: &Word, id: (usize, u32)) -> bool {
        !self.places(word, id).is_empty()
    }

    fn idf_of(&self, holds: impl Fn((usize, u32)) -> bool) -> f64 {
        self.totals
            .idf(self.live().into_iter().filter(|id| holds(*id)).count() as u64)
    }

    fn weight(&self, word: &Word) -> f64 {
        match word {
            Word::Phrase { field, places, .. } => {
                let mut sum = 0.0;
                for place in places {
                    sum += match place {
                        None => self.idf_of(|id| !self.doc(id).words.is_empty()),
                        Some(forms) => self.weight(&Word::Forms {
                            field: field.clone(),
                            forms: forms.to_vec(),
                        }),
                    };
                }
                sum
            }
            Word::Near {
                left, absent: true, ..
            } => self.weight(left),
            Word::Near { left, right, .. } => self.weight(left) + self.weight(right),
            Word::AtLeast { word, .. } | Word::Quoted(word) => self.weight(word),
            word => self.idf_of(|id| self.holds(word, id)),
        }
    }

    fn count(&self, field: &str, stem: &[u8], id: (usize, u32)) -> f64 {
        let tokens = self.doc(id).tokens(field);
        tokens
            .iter()
            .filter(|token| token.as_bytes() == stem)
            .count() as f64
    }

    fn bm25(&self, weight: f64, tf: f64, id: (usize, u32)) -> f64 {
        let (length, mean) = (self.doc(id).words.len() as f64, self.totals.mean_length());
        weight * tf * (1.2 + 1.0) / (tf + 1.2 * (1.0 - 0.75 + 0.75 * length / mean))
    }

    /// The score where a node matches.
    fn score(&self, node: &Node, id: (usize, u32)) -> Option<f64> {
        match node {
            Node::And(nodes) => nodes
                .iter()
                .map(|node| self.score(node, id))
                .try_fold(0.0, |sum, score| Some(sum + score?)),
            Node::Or(nodes) => {
                let scores: Vec<f64> = nodes
                    .iter()
                    .filter_map(|node| self.score(node, id))
                    .collect();
                (!scores.is_empty()).then(|| scores.iter().fold(0.0, |sum, score| sum + score))
            }
            Node::Article(nodes) => {
                if !self.in_article(nodes, id) {
                    return None;
                }
                let wanted = nodes.iter().filter(|node| !matches!(node, Node::Not(_)));
                Some(
                    wanted
                        .filter_map(|node| self.score(node, id))
                        .fold(0.0, |sum, score| sum + score),
                )
            }
            Node::Word { word, boost } => {
                let tf = self.places(word, id).len() as f64;
                (tf > 0.0).then(|| self.word_score(word, *boost, tf, id))
            }
            Node::Given {
                docs,
                tfs,
                weight,
                boost,
                scores,
            } => {
                let at = docs[id.0].binary_search(&id.1).ok()?;
                if !scores {
                    return Some(0.0);
                }
                let score = self.bm25(*weight, tfs[id.0][at], id);
                Some(if *boost == 1.0 { score } else { boost * score })
            }
            node => self.filters(node, id).then_some(0.0),
        }
    }

    fn word_score(&self, word: &Word, boost: f64, tf: f64, id: (usize, u32)) -> f64 {
        let mut score = self.bm25(self.known(word, 0, || self.weight(word)), tf, id);
        if let Word::Stem { stem } = word {
            for (at, field) in ["title", "section_words"].into_iter().enumerate() {
                let count = self.count(field, stem, id);
                let idf = || self.idf_of(|id| self.count(field, stem, id) > 0.0);
                let weight = self.known(word, at + 1, idf);
                if count > 0.0 {
                    score += 0.5 * (weight * count * (1.2 + 1.0) / (count + 1.2));
                }
            }
        }
        if boost == 1.0 {
            score
        } else {
            boost * score
        }
    }

    fn in_article(&self, nodes: &[Node], id: (usize, u32)) -> bool {
        let article = self.article(id);
        let anywhere = |node: &Node| article.iter().any(|other| self.matches(node, *other));
        let wanted: Vec<&Node> = nodes
            .iter()
            .filter(|node| !matches!(node, Node::Not(_)))
            .collect();
        let unwanted = nodes.iter().filter_map(|node| match node {
            Node::Not(node) => Some(node.as_ref()),
            _ => None,
        });
        (wanted.is_empty() || wanted.iter().any(|node| self.matches(node, id)))
            && wanted.iter().all(|node| anywhere(node))
            && !unwanted.into_iter().any(anywhere)
    }

    fn matches(&self, node: &Node, id: (usize, u32)) -> bool {
        self.score(node, id).is_some()
    }

    fn filters(&self, node: &Node, id: (usize, u32)) -> bool {
        let doc = self.doc(id);
        match node {
            Node::All => true,
            Node::Not(node) => !self.matches(node, id),
            Node::Lead => {
                let texts_before = self
                    .article(id)
                    .into_iter()
                    .filter(|other| other.1 < id.1 && self.doc(*other).kind == 0)
                    .count();
                doc.kind == 3 || doc.kind == 0 && texts_before < 3
            }
            Node::Terms { field, terms } => doc
                .tokens(field)
                .iter()
                .any(|token| terms.contains(&token.clone().into_bytes())),
            Node::Held(word) => self.holds(word, id),
            Node::Titled(word) => self
                .article(id)
                .into_iter()
                .any(|other| self.doc(other).kind == 3 && self.holds(word, other)),
            Node::Numbers { column, ranges } => {
                let number = if column == "date" {
                    DAYS[doc.day]
                } else {
                    doc.words.len() as u32
                };
                ranges
                    .iter()
                    .any(|(low, high)| (*low..=*high).contains(&number))
            }
            _ => unreachable!(),
        }
    }

    /// (score, segment, doc) of every hit, unordered.
    fn hits(&self, node: &Node) -> Vec<(f64, usize, u32)> {
        let mut hits = Vec::new();
        for id in self.live() {
            if let Some(mut score) = self.score(node, id) {
                if matches!(KINDS[self.doc(id).kind], "headline" | "heading") {
                    score *= 0.5;
                }
                hits.push((score, id.0, id.1));
            }
        }
        hits
    }

    fn order(&self, sort: Sort, a: &(f64, usize, u32), b: &(f64, usize, u32)) -> Ordering {
        let (one, other) = (self.doc((a.1, a.2)), self.doc((b.1, b.2)));
        let day = |doc: &Doc| f64::from(DAYS[doc.day]);
        let key = |hit: &(f64, usize, u32), doc: &Doc| match sort {
            Sort::Score => (hit.0, day(doc)),
            Sort::Newest => (day(doc), hit.0),
            Sort::Oldest if doc.day == 0 => (f64::NEG_INFINITY, hit.0),
            Sort::Oldest => (-day(doc), hit.0),
        };
        let (left, right) = (key(a, one), key(b, other));
        let names = (article_name(one), one.number).cmp(&(article_name(other), other.number));
        right
            .partial_cmp(&left)
            .unwrap()
            .then(names)
            .then((a.1, a.2).cmp(&(b.1, b.2)))
    }
}

fn phrase(places: &[Vec<u32>], slop: u32) -> Vec<Place> {
    let mut found = Vec::new();
    for &first in &places[0] {
        let mut one = vec![first];
        for place in &places[1..] {
            match place.iter().find(|p| *p > one.last().unwrap()) {
                Some(next) if next - first < places.len() as u32 + slop => one.push(*next),
                _ => break,
            }
        }
        if one.len() == places.len() {
            found.push(one);
        }
    }
    found
}

fn near(left: &[Place], right: &[Place], distance: u32, ordered: bool, absent: bool) -> Vec<Place> {
    let behind = |one: &Place, other: &Place| other[0] > one[one.len() - 1];
    let gap = |one: &Place, other: &Place| {
        let (a, b) = (
            i64::from(other[0]) - i64::from(one[one.len() - 1]),
            i64::from(one[0]) - i64::from(other[other.len() - 1]),
        );
        a.max(b).max(1) - 1
    };
    let nearest = |one: &Place, others: &[Place], side: i32| -> Option<Place> {
        let fits = |other: &&Place| match side {
            1 => behind(one, other),
            -1 => behind(other, one),
            _ => !other.iter().any(|p| one.contains(p)),
        };
        let best = others
            .iter()
            .filter(fits)
            .map(|other| (gap(one, other), other.clone()))
            .min();
        best.filter(|best| best.0 <= i64::from(distance))
            .map(|best| best.1)
    };
    let side = i32::from(ordered);
    if absent {
        return left
            .iter()
            .filter(|one| nearest(one, right, side).is_none())
            .cloned()
            .collect();
    }
    let mut found = BTreeSet::new();
    let mut add = |one: &Place, other: Option<Place>| {
        if let Some(other) = other {
            let mut both = [one.clone(), other].concat();
            both.sort_unstable();
            found.insert(both);
        }
    };
    left.iter()
        .for_each(|one| add(one, nearest(one, right, side)));
    right
        .iter()
        .for_each(|one| add(one, nearest(one, left, -side)));
    found.into_iter().collect()
}

// What is searched.

fn articles(most: usize, long: usize) -> impl Strategy<Value = Vec<Vec<Doc>>> {
    let doc = (
        prop::collection::vec(0u8..6, 0..long),
        0usize..3,
        0usize..6,
        prop::bool::weighted(0.15),
    );
    let article = (
        prop::collection::vec(doc, 1..6),
        prop::collection::vec(0u8..6, 0..3),
        0usize..5,
    );
    let made = article.prop_map(|(docs, title, day)| {
        let doc =
            |(at, (words, section, kind, deleted)): (usize, (Vec<u8>, usize, usize, bool))| Doc {
                words,
                title: title.clone(),
                section,
                kind: if at == 0 { kind } else { kind.min(5) },
                day,
                article: 0,
                number: at as u32,
                deleted,
            };
        docs.into_iter().enumerate().map(doc).collect()
    });
    prop::collection::vec(made, 0..most)
}

fn corpora() -> impl Strategy<Value = Corpus> {
    let segment = (articles(25, 9), prop::bool::ANY, 1usize..60);
    (prop::collection::vec(segment, 1..4), prop::bool::ANY).prop_map(|(segments, keeps)| {
        let mut article = 0;
        segments
            .into_iter()
            .map(|(articles, record, times)| {
                let mut docs = Vec::new();
                // Repeated, so that lists of several blocks come about.
                let copies = articles.iter().cycle().take(articles.len() * times.min(12));
                for mut one in copies.cloned() {
                    for doc in &mut one {
                        doc.article = article;
                        doc.deleted &= !keeps;
                    }
                    article += 1;
                    docs.extend(one);
                }
                if record {
                    docs.push(Doc {
                        words: vec![],
                        title: vec![],
                        section: 1,
                        kind: 6,
                        day: 2,
                        article: 0,
                        number: 0,
                        deleted: false,
                    });
                }
                docs
            })
            .collect()
    })
}

fn stem() -> impl Strategy<Value = Vec<u8>> {
    (0u8..7).prop_map(|w| format!("w{w}").into_bytes())
}

fn form() -> impl Strategy<Value = Vec<u8>> {
    (0u8..7, prop::bool::ANY)
        .prop_map(|(w, s)| format!("w{w}{}", if s { "s" } else { "" }).into_bytes())
}

fn forms() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::btree_set(form(), 0..4).prop_map(|forms| forms.into_iter().collect())
}

fn likeness() -> impl Strategy<Value = Likeness> {
    let glob = |pattern: &str| Likeness::Glob(pattern.to_owned());
    let fuzzy = |distance| Likeness::Fuzzy("w3".to_owned(), distance);
    let patterns = ["w*", "w2*", "?4", "w?s", "*s", "w5"].map(glob);
    let all = [patterns.as_slice(), &[fuzzy(0), fuzzy(1), fuzzy(2)]].concat();
    prop::sample::select(all)
}

fn expansion(likeness: Likeness, most: usize) -> Expansion {
    Expansion {
        field: "exact".to_owned(),
        likeness,
        most,
        shown: "it".to_owned(),
    }
}

/// The places of a phrase: equal ones share their terms.
fn shared(places: Vec<Option<Vec<Vec<u8>>>>) -> Vec<Option<Arc<Vec<Vec<u8>>>>> {
    let mut known: BTreeMap<Vec<Vec<u8>>, Arc<Vec<Vec<u8>>>> = BTreeMap::new();
    let mut one = |forms: Vec<Vec<u8>>| {
        let new = Arc::new(forms.clone());
        known.entry(forms).or_insert(new).clone()
    };
    places
        .into_iter()
        .map(|place| place.map(&mut one))
        .collect()
}

fn words() -> impl Strategy<Value = Word> {
    let place = prop::option::weighted(0.9, forms());
    let text_place = prop::option::weighted(0.95, stem().prop_map(|stem| vec![stem]));
    let exact = "exact".to_owned();
    let leaf = prop_oneof![
        4 => stem().prop_map(|stem| Word::Stem { stem }),
        1 => forms().prop_map(|forms| Word::Forms { field: "exact".to_owned(), forms }),
        1 => likeness().prop_map(|likeness| Word::Expanded(expansion(likeness, 20))),
        1 => (prop::collection::vec(place, 1..4), 0u32..3).prop_map(move |(places, slop)| Word::Phrase { field: exact.clone(), places: shared(places), slop }),
        1 => (prop::collection::vec(text_place, 2..4), 0u32..2).prop_map(|(places, slop)| Word::Phrase { field: "text".to_owned(), places: shared(places), slop }),
    ];
    let deeper = leaf.prop_recursive(2, 6, 3, |word| {
        prop_oneof![
            word.clone().prop_map(|word| Word::Quoted(Box::new(word))),
            (
                word.clone(),
                word.clone(),
                0u32..4,
                prop::bool::ANY,
                prop::bool::ANY
            )
                .prop_map(|(left, right, distance, ordered, absent)| Word::Near {
                    left: Box::new(left),
                    right: Box::new(right),
                    distance,
                    ordered,
                    absent,
                }),
            // An Or stands beside something only.
            (prop::collection::vec(word.clone(), 1..3), word).prop_map(|(either, right)| {
                Word::Near {
                    left: Box::new(Word::Either(either)),
                    right: Box::new(right),
                    distance: 2,
                    ordered: false,
                    absent: false,
                }
            }),
        ]
    });
    (deeper, prop::option::weighted(0.1, 1u32..4)).prop_map(|(word, least)| match least {
        Some(count) => Word::AtLeast {
            count,
            word: Box::new(word),
        },
        None => word,
    })
}

fn boosts() -> impl Strategy<Value = f64> {
    prop_oneof![3 => Just(1.0), 1 => Just(0.3), 1 => Just(2.5)]
}

fn nodes() -> impl Strategy<Value = Node> {
    let day = 0usize..5;
    let leaf = prop_oneof![
        8 => (stem(), boosts()).prop_map(|(stem, boost)| Node::Word { word: Word::Stem { stem }, boost }),
        5 => (words(), boosts()).prop_map(|(word, boost)| Node::Word { word, boost }),
        1 => Just(Node::All),
        1 => Just(Node::Lead),
        2 => prop::sample::subsequence(KINDS[..6].to_vec(), 0..3).prop_map(|kinds| Node::Terms {
            field: "kind".to_owned(), terms: kinds.iter().map(|kind| kind.as_bytes().to_vec()).collect(),
        }),
        1 => Just(Node::Terms { field: "section".to_owned(), terms: vec![b"news".to_vec()] }),
        1 => words().prop_map(Node::Held),
        1 => words().prop_map(Node::Titled),
        2 => (day.clone(), day).prop_map(|(a, b)| Node::Numbers { column: "date".to_owned(), ranges: vec![(DAYS[a.min(b)], DAYS[a.max(b)])] }),
        1 => Just(Node::Numbers { column: "words".to_owned(), ranges: vec![(0, 1), (4, 5), (7, 9)] }),
        1 => (prop::bool::ANY, boosts()).prop_map(|(scores, boost)| Node::Given { docs: vec![], tfs: vec![], weight: 1.7, boost, scores }),
    ];
    leaf.prop_recursive(3, 16, 4, |node| {
        prop_oneof![
            4 => prop::collection::vec(node.clone(), 1..5).prop_map(Node::And),
            4 => prop::collection::vec(node.clone(), 1..5).prop_map(Node::Or),
            2 => node.clone().prop_map(|node| Node::Not(Box::new(node))),
            1 => prop::collection::vec(node, 1..4).prop_map(Node::Article),
        ]
    })
}

/// Give the Given nodes some documents.
fn filled(node: Node, corpus: &Corpus) -> Node {
    let fill = |nodes: Vec<Node>| nodes.into_iter().map(|node| filled(node, corpus)).collect();
    match node {
        Node::And(nodes) => Node::And(fill(nodes)),
        Node::Or(nodes) => Node::Or(fill(nodes)),
        Node::Article(nodes) => Node::Article(fill(nodes)),
        Node::Not(node) => Node::Not(Box::new(filled(*node, corpus))),
        Node::Given {
            weight,
            boost,
            scores,
            ..
        } => {
            let docs: Vec<Vec<u32>> = corpus
                .iter()
                .map(|docs| (0..docs.len() as u32).step_by(3).collect())
                .collect();
            let tfs = docs
                .iter()
                .map(|docs| docs.iter().map(|doc| f64::from(doc % 4 + 1)).collect())
                .collect();
            Node::Given {
                docs,
                tfs,
                weight,
                boost,
                scores,
            }
        }
        node => node,
    }
}

fn index_of(corpus: &Corpus, folder: &std::path::Path) -> (Index, Totals) {
    let live = || corpus.iter().flatten().filter(|doc| doc.live());
    let totals = Totals {
        documents: live().count() as u64,
        words: live().map(|doc| doc.words.len() as u64).sum(),
    };
    let (mut segments, mut deleted) = (Vec::new(), Vec::new());
    for (at, docs) in corpus.iter().enumerate() {
        segments.push(Arc::new(written(docs, &folder.join(format!("{at}.nat")))));
        deleted.push(
            (0..docs.len() as u32)
                .filter(|doc| docs[*doc as usize].deleted)
                .collect(),
        );
    }
    (Index::new(segments, deleted, totals).unwrap(), totals)
}

/// (score, segment, document) of each.
type Scored = Vec<(f64, usize, u32)>;

type Hit = (u64, u32, u32);

fn shown(hits: &[searcher_native::exec::order::Candidate]) -> Vec<Hit> {
    hits.iter()
        .map(|hit| (hit.score.to_bits(), hit.segment, hit.doc))
        .collect()
}

fn expected(hits: &[(f64, usize, u32)]) -> Vec<Hit> {
    hits.iter()
        .map(|hit| (hit.0.to_bits(), hit.1 as u32, hit.2))
        .collect()
}

/// How many cases to try, `PROPTEST_CASES` when that is set.
fn cases(usual: u32) -> u32 {
    let set = std::env::var("PROPTEST_CASES").ok();
    set.map_or(usual, |cases| {
        cases.parse().expect("PROPTEST_CASES is a number")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(150)))]

    #[test]
    fn a_search_finds_what_a_look_at_every_document_finds(
        corpus in corpora(), node in nodes(), page in (0usize..4, 1usize..9), fades in prop::bool::ANY, seed: u8,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (mut index, totals) = index_of(&corpus, folder.path());
        index.few = 0;
        if seed % 2 == 0 {
            index.apartness = Apartness { long: seed as u32 % 4, many: 0, near: u64::MAX };
        }
        let model = Model { corpus: &corpus, totals, known: RefCell::default() };
        let node = filled(node, &corpus);
        let mut hits = model.hits(&node);
        let (offset, limit) = page;

        hits.sort_by(|a, b| model.order(Sort::Score, a, b));
        let found = index.page(&node, 60.0, offset, limit).unwrap();
        let cut = |hits: &[(f64, usize, u32)]| expected(&hits[offset.min(hits.len())..(offset + limit).min(hits.len())]);
        prop_assert_eq!(found.total, hits.len() as u64);
        prop_assert_eq!(shown(&found.hits), cut(&hits));
        let articles: BTreeSet<u32> = hits.iter().map(|hit| model.doc((hit.1, hit.2)).article).collect();
        prop_assert_eq!(found.articles, articles.len() as u64);

        let matches = Matches::new(Arc::new(index), node.clone(), 60.0).unwrap();
        prop_assert_eq!((matches.total(), matches.articles()), (found.total, found.articles));
        for at in 0..corpus.len() {
            let mut docs: Vec<u32> = hits.iter().filter(|hit| hit.1 == at).map(|hit| hit.2).collect();
            docs.sort_unstable();
            prop_assert_eq!(matches.docs(at).unwrap(), docs);
        }
        let fading = fades.then_some(Fading { days: 20.5, today: ordinal(20250601) });
        if let Some(fading) = fading {
            hits.iter_mut().for_each(|hit| hit.0 *= fading.factor(DAYS[model.doc((hit.1, hit.2)).day]));
        }
        for sort in [Sort::Score, Sort::Newest, Sort::Oldest] {
            hits.sort_by(|a, b| model.order(sort, a, b));
            prop_assert_eq!(shown(&matches.hits(sort, offset, limit, fading).unwrap()), cut(&hits));
            prop_assert_eq!(shown(&matches.hits(sort, 0, usize::MAX, fading).unwrap()), expected(&hits));
            let mut groups: Vec<(u32, Scored)> = Vec::new();
            for hit in &hits {
                let article = model.doc((hit.1, hit.2)).article;
                match groups.iter_mut().find(|group| group.0 == article) {
                    Some(group) => group.1.push(*hit),
                    None => groups.push((article, vec![*hit])),
                }
            }
            let naive: Vec<(usize, Vec<Hit>)> = groups.iter().skip(offset).take(limit)
                .map(|group| (group.1.len(), expected(&group.1[..group.1.len().min(3)]))).collect();
            let found = matches.groups(sort, page, 3, fading).unwrap();
            let found: Vec<(usize, Vec<Hit>)> = found.iter().map(|group| (group.0, shown(&group.1))).collect();
            prop_assert_eq!(found, naive);
        }
        prop_assert_eq!(matches.days().unwrap(), counted(&model, &hits, |doc| DAYS[doc.day]));
        let sections = counted(&model, &hits, |doc| SECTIONS[doc.section].to_owned());
        prop_assert_eq!(matches.counts("section").unwrap(), sections);
    }
}

/// (value, hits, articles) of each value that hits have.
fn counted<V: Ord + Clone>(
    model: &Model<'_>,
    hits: &[(f64, usize, u32)],
    value: impl Fn(&Doc) -> V,
) -> Vec<(V, u64, u64)> {
    let mut counts: BTreeMap<V, (u64, BTreeSet<u32>)> = BTreeMap::new();
    for hit in hits {
        let doc = model.doc((hit.1, hit.2));
        let count = counts.entry(value(doc)).or_default();
        count.0 += 1;
        count.1.insert(doc.article);
    }
    counts
        .into_iter()
        .map(|(value, count)| (value, count.0, count.1.len() as u64))
        .collect()
}

/// Documents of several windows; words of a low number are frequent.  None is deleted where the
/// seed is even.
fn wide_corpus(seed: u64) -> Corpus {
    let mut state = seed | 1;
    let mut below = move |end: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) % end
    };
    let mut word = move || (below(10).min(below(10)).min(below(20)), below(1000));
    let mut article = 0;
    let mut segment = |count: u32| {
        let mut docs = Vec::new();
        while (docs.len() as u32) < count {
            article += 1;
            let title: Vec<u8> = (0..word().0 % 3).map(|_| word().0 as u8).collect();
            let day = word().1 as usize % 5;
            for number in 0..1 + word().1 as u32 % 6 {
                let length = word().1 % if word().1 < 20 { 500 } else { 14 };
                docs.push(Doc {
                    words: (0..length).map(|_| word().0 as u8).collect(),
                    title: title.clone(),
                    section: word().1 as usize % 3,
                    kind: if number == 0 {
                        3
                    } else {
                        word().1 as usize % 6
                    },
                    day,
                    article,
                    number,
                    deleted: word().1 < 30 && seed % 2 == 1,
                });
            }
        }
        docs
    };
    vec![segment(9000), segment(300), segment(5000)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(6)))]

    #[test]
    fn what_is_not_scored_is_none_of_the_first_hits(
        seed: u64, searches in prop::collection::vec((nodes(), 0usize..3, 1usize..40, prop::bool::ANY), 30),
    ) {
        let corpus = wide_corpus(seed);
        let folder = tempfile::tempdir().unwrap();
        let (mut index, _) = index_of(&corpus, folder.path());
        for (node, offset, limit, fades) in searches {
            let node = filled(node, &corpus);
            let fading = fades.then_some(Fading { days: 20.5, today: ordinal(20250601) });
            let mut found = Vec::new();
            let apart = Apartness { long: 40, many: 0, near: u64::MAX };
            let usual = Apartness::default();
            for (few, sparse, apartness) in [
                (0, 0, usual), (u64::MAX, 0, usual), (0, 0, apart), (u64::MAX, 0, apart),
                (0, 1 << 12, usual), (0, 1 << 8, apart),
            ] {
                (index.few, index.sparse, index.apartness) = (few, sparse, apartness);
                let page = index.page(&node, 60.0, offset, limit).unwrap();
                let shared = Arc::new(index);
                let matches = Matches::new(Arc::clone(&shared), node.clone(), 60.0).unwrap();
                let sorts = [Sort::Score, Sort::Newest, Sort::Oldest];
                let hits = sorts.map(|sort| shown(&matches.hits(sort, offset, limit, fading).unwrap()));
                found.push((page.total, page.articles, shown(&page.hits), hits));
                drop(matches);
                index = Arc::into_inner(shared).unwrap();
            }
            prop_assert!(found.iter().all(|one| *one == found[0]), "{:?}", found);
        }
    }
}

#[test]
fn a_word_alone_is_found_as_with_others() {
    let folder = tempfile::tempdir().unwrap();
    let (mut index, _) = index_of(&wide_corpus(2), folder.path());
    let nothing = Node::Terms {
        field: "kind".to_owned(),
        terms: vec![b"none".to_vec()],
    };
    for (word, boost) in [(0, 1.0), (1, 0.0), (2, 0.25), (5, 3.0), (7, 1.0), (99, 1.0)] {
        let word = Word::Stem {
            stem: format!("w{word}").into_bytes(),
        };
        let word = Node::Word { word, boost };
        let alone = Node::And(vec![word.clone(), Node::Not(Box::new(nothing.clone()))]);
        // What may match more isn't counted by its list.
        let either = Node::Or(vec![word, Node::And(vec![nothing.clone(), Node::Lead])]);
        for (offset, limit) in [(0, 10), (3, 1), (40, 300), (0, 0)] {
            index.few = 0;
            let page = |index: &Index, node| {
                let page = index.page(node, 60.0, offset, limit).unwrap();
                (page.total, page.articles, shown(&page.hits))
            };
            let bounded = [page(&index, &alone), page(&index, &either)];
            index.few = u64::MAX;
            let scored = page(&index, &alone);
            assert_eq!(bounded, [scored.clone(), scored]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(60)))]

    #[test]
    fn an_expansion_is_limited_by_its_distinct_terms_in_all_segments(
        corpus in corpora(), likeness in likeness(), most in 0usize..8,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (index, _) = index_of(&corpus, folder.path());
        let expansion = expansion(likeness, most);
        let tokens: BTreeSet<String> = corpus.iter().flatten().flat_map(|doc| doc.tokens("exact")).collect();
        let count = tokens.iter().filter(|token| stands_for(&expansion, token)).count();
        let node = Node::Held(Word::Expanded(expansion));
        let found = index.page(&node, 60.0, 0, 10).map(|page| page.total);
        if count <= most {
            prop_assert!(found.is_ok());
        } else {
            let message = format!("it stands for over {most} words of the archive");
            prop_assert_eq!(found.unwrap_err().to_string(), message);
        }
    }
}

#[test]
fn a_search_that_takes_too_long_stops() {
    let folder = tempfile::tempdir().unwrap();
    let doc = Doc {
        words: vec![1],
        title: vec![],
        section: 0,
        kind: 0,
        day: 1,
        article: 0,
        number: 1,
        deleted: false,
    };
    let (index, _) = index_of(&vec![vec![doc]], folder.path());
    let node = Node::Word {
        word: Word::Stem {
            stem: b"w1".to_vec(),
        },
        boost: 1.0,
    };
    let stopped = index.page(&node, 0.0, 0, 10);
    assert!(matches!(
        stopped,
        Err(searcher_native::Error::Limit {
            name: "seconds",
            ..
        })
    ));
}

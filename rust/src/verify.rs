//! Does a segment hold what its own directories say?  More than checksums tell: they are right in
//! a file that a faulty program wrote, or that somebody made up.
//!
//! Every list is decoded whole: its documents ascend and exist, its counts and bounds are those of
//! what it holds, the positions of a document ascend.  Every column and every stored document is
//! read.

use std::panic::{catch_unwind, AssertUnwindSafe};

use fst::Streamer;

use crate::error::{Error, Result};
use crate::postings::{Postings, BLOCK};
use crate::segment::{Carries, FieldId, Numbers, Segment, ARTICLES};
use crate::stored;

/// As in searcher/engines/scoring.py.
const K1: f64 = 1.2;
const B: f64 = 0.75;
/// How much the rounding of a bound to float32 can take from it.
const ROUNDING: f64 = 1e-6;

/// What was verified of a segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    pub terms: u64,
    pub postings: u64,
    pub documents: u32,
}

/// Read all of a segment, and fail where it contradicts itself.
pub fn verify(segment: &Segment) -> Result<Verified> {
    segment.check()?;
    let mut verified = Verified {
        documents: segment.doc_count(),
        ..Verified::default()
    };
    for field in 0..segment.fields().len() {
        verify_terms(segment, field as FieldId, &mut verified)?;
    }
    verify_columns(segment)?;
    (0..segment.stored_count()).try_for_each(|doc| verify_stored(segment, doc))?;
    Ok(verified)
}

fn verify_terms(segment: &Segment, field: FieldId, verified: &mut Verified) -> Result<()> {
    let lists = Lists {
        segment,
        field,
        lengths: segment.lengths(field)?,
        articles: segment.numbers(ARTICLES)?,
        mean: segment.mean_length(field),
    };
    // The fst crate trusts its bytes: forged ones can make it read past their end.
    let walked = catch_unwind(AssertUnwindSafe(|| walk(&lists)));
    let (terms, postings) = walked.unwrap_or_else(|_| lists.fail("terms that can't be read"))?;
    verified.terms += terms;
    verified.postings += postings;
    Ok(())
}

fn walk(lists: &Lists<'_>) -> Result<(u64, u64)> {
    let terms = lists.segment.terms(lists.field)?;
    if terms.as_fst().verify().is_err() {
        return lists.fail("terms whose checksum is wrong");
    }
    let (mut count, mut postings) = (0, 0);
    let mut before: Option<Vec<u8>> = None;
    let mut stream = terms.stream();
    while let Some((term, value)) = stream.next() {
        if before.as_deref().is_some_and(|before| before >= term) {
            return lists.fail("terms that don't ascend");
        }
        before = Some(term.to_vec());
        count += 1;
        postings += lists.verify(value)?;
        // Forged terms may be more than any program could count.
        if count > terms.len() as u64 {
            return lists.fail("more terms than it has");
        }
    }
    if count != terms.len() as u64 {
        return lists.fail("fewer terms than it has");
    }
    Ok((count, postings))
}

/// The lists of a field.
struct Lists<'a> {
    segment: &'a Segment,
    field: FieldId,
    lengths: Numbers<'a>,
    articles: Option<Numbers<'a>>,
    mean: f64,
}

impl Lists<'_> {
    fn verify(&self, value: u64) -> Result<u64> {
        let list = self.segment.list(self.field, value)?;
        let mut sums = Sums::default();
        for block in 0..list.block_count() {
            self.verify_block(&list, block, &mut sums)?;
        }
        if list.df() != sums.docs || list.total_tf() != sums.tf || list.max_tf() != sums.max_tf {
            return self.fail("a list that isn't what its head says");
        }
        self.verify_bitmap(&list)?;
        if list.articles().is_some_and(|said| said != sums.articles) {
            return self.fail("a list of other articles");
        }
        Ok(u64::from(sums.docs))
    }

    /// Count the articles of a block's documents.
    fn count_articles(&self, docs: &[u32], sums: &mut Sums) {
        for doc in docs {
            let here = self.articles.as_ref().map(|numbers| numbers.get(*doc));
            sums.articles += u32::from(sums.last_article != Some(here));
            sums.last_article = Some(here);
        }
    }

    fn verify_block(&self, list: &Postings<'_>, block: usize, sums: &mut Sums) -> Result<()> {
        let (mut docs, mut tfs) = ([0; BLOCK], [0; BLOCK]);
        let info = list.info(block);
        let count = list.docs(block, &mut docs)?;
        list.tfs(block, &mut tfs)?;
        let (docs, tfs_of) = (&docs[..count], &tfs[..count]);
        let ascend = docs.windows(2).all(|pair| pair[0] < pair[1]);
        let follows = sums.docs == 0 || sums.last_doc < docs[0];
        let stands = docs[0] == info.first_doc && docs[count - 1] == info.last_doc;
        if !(ascend && follows && stands && info.last_doc < self.segment.doc_count()) {
            return self.fail("documents that don't ascend");
        }
        let most = tfs_of.iter().copied().max().unwrap_or(0);
        if most > info.max_tf || tfs_of.contains(&0) {
            return self.fail("a block that isn't what its head says");
        }
        self.verify_bound(docs, tfs_of, f64::from(info.max_impact))?;
        self.verify_values(list, block, &tfs, count)?;
        self.count_articles(docs, sums);
        sums.add(docs, tfs_of, most);
        Ok(())
    }

    fn verify_bound(&self, docs: &[u32], tfs: &[u32], bound: f64) -> Result<()> {
        let impact = |(&doc, &tf): (&u32, &u32)| {
            let length = f64::from(self.lengths.get(doc));
            let norm = K1 * (1.0 - B + B * length / self.mean);
            f64::from(tf) / (f64::from(tf) + norm)
        };
        if docs
            .iter()
            .zip(tfs)
            .map(impact)
            .any(|one| one > bound + ROUNDING)
        {
            return self.fail("a block of better postings than its bound");
        }
        Ok(())
    }

    fn verify_values(
        &self,
        list: &Postings<'_>,
        block: usize,
        tfs: &[u32; BLOCK],
        count: usize,
    ) -> Result<()> {
        if self.segment.fields()[usize::from(self.field)].carries == Carries::Opaque {
            return list.values(block).map(drop);
        }
        let mut places = Vec::new();
        for at in 0..count {
            places.clear();
            list.positions(block, at, tfs, &mut places)?;
            if places.windows(2).any(|pair| pair[0] > pair[1]) {
                return self.fail("positions that don't ascend");
            }
        }
        Ok(())
    }

    fn verify_bitmap(&self, list: &Postings<'_>) -> Result<()> {
        let Some(bitmap) = list.bitmap() else {
            return Ok(());
        };
        let set: u32 = bitmap.iter().map(|byte| byte.count_ones()).sum();
        match set == list.df() {
            true => Ok(()),
            false => self.fail("a bitmap of other documents"),
        }
    }

    #[cold]
    fn fail<T>(&self, found: &str) -> Result<T> {
        let name = &self.segment.fields()[usize::from(self.field)].name;
        fail(self.segment, &format!("field {name}: {found}"))
    }
}

#[derive(Default)]
struct Sums {
    docs: u32,
    last_doc: u32,
    tf: u64,
    max_tf: u32,
    articles: u32,
    /// The number of the last document's article; None inside without such a column.
    last_article: Option<Option<u32>>,
}

impl Sums {
    fn add(&mut self, docs: &[u32], tfs: &[u32], most: u32) {
        self.docs += docs.len() as u32;
        self.last_doc = docs.last().copied().unwrap_or(0);
        self.tf += tfs.iter().map(|&tf| u64::from(tf)).sum::<u64>();
        self.max_tf = self.max_tf.max(most);
    }
}

fn verify_columns(segment: &Segment) -> Result<()> {
    for name in segment.number_names() {
        let values = segment.numbers(name)?.map_or(0, |values| values.len());
        if values > segment.doc_count() as usize {
            return fail(
                segment,
                &format!("column {name}: more values than documents"),
            );
        }
    }
    segment
        .text_names()
        .into_iter()
        .try_for_each(|name| verify_texts(segment, name))
}

fn verify_texts(segment: &Segment, name: &str) -> Result<()> {
    let Some(texts) = segment.texts(name)? else {
        return Ok(());
    };
    for rank in 1..texts.count() {
        if texts.text(rank - 1)? >= texts.text(rank)? {
            return fail(segment, &format!("column {name}: texts that don't ascend"));
        }
    }
    (0..texts.ranks().len() as u32).try_for_each(|doc| texts.text(texts.rank(doc)).map(drop))
}

fn verify_stored(segment: &Segment, doc: u32) -> Result<()> {
    let bytes = segment.stored(doc)?;
    if bytes.is_empty() || stored::decode(&bytes).is_some() {
        return Ok(());
    }
    fail(segment, &format!("stored document {doc} can't be read"))
}

#[cold]
fn fail<T>(segment: &Segment, found: &str) -> Result<T> {
    Err(Error::damaged(segment.path(), 0, found))
}

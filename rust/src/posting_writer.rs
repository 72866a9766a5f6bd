//! Encodes posting lists; the bytes are those that `postings` reads.

use bitpacking::{BitPacker, BitPacker4x};

use crate::bits;
use crate::error::{Error, Result};
use crate::postings::{self, impact_of, ListFormat, BLOCK, COUNTED, MOST_TF};
use crate::segment::{Carries, TermPostings};
use crate::varint::put;

/// As in searcher/engines/scoring.py.
const K1: f64 = 1.2;
const B: f64 = 0.75;
/// A term that more than one of so many documents holds is kept as a bitmap.
const DENSE: u64 = 8;
const ZSTD_LEVEL: i32 = 3;

/// The lengths of a field, and what bounds are made of them.
#[derive(Default)]
pub(crate) struct Lengths {
    pub of: Vec<u32>,
    pub mean: f64,
}

impl Lengths {
    fn impact(&self, doc: u32, tf: u32) -> f64 {
        let length = self.of.get(doc as usize).copied().unwrap_or(0);
        let norm = K1 * (1.0 - B + B * f64::from(length) / self.mean);
        f64::from(tf) / (f64::from(tf) + norm)
    }
}

/// Return the least byte whose bound isn't under an impact.
fn impact_code(impact: f64) -> u8 {
    let code = (impact * 255.0).ceil().clamp(0.0, 255.0) as u8;
    if f64::from(impact_of(code)) < impact {
        code.saturating_add(1)
    } else {
        code
    }
}

/// One list on its way to bytes.
pub(crate) struct ListEncoder<'a> {
    pub format: ListFormat,
    pub postings: &'a TermPostings<'a>,
    pub lengths: &'a Lengths,
    /// The number of each document's article, where articles are to be counted.
    pub articles: Option<&'a [u32]>,
    /// Documents of the segment as far as they are known.
    pub doc_count: u32,
    /// Where in the file the list will stand.
    pub start: u64,
}

/// One block: postings `from` to `to`, whose positions begin at `first_position`.
#[derive(Clone, Copy)]
struct Block {
    from: usize,
    to: usize,
    first_position: usize,
}

impl ListEncoder<'_> {
    /// Return the document of a list that says nothing else, and so needs no bytes.
    pub fn inline(&self) -> Option<u32> {
        let bare = !self.format.scored && !self.format.has_extra();
        match self.postings.docs {
            [doc] if bare && self.ones() && self.validate().is_ok() => Some(*doc),
            _ => None,
        }
    }

    /// Append the list to `out`.
    pub fn encode(&self, out: &mut Vec<u8>) -> Result<()> {
        self.validate()?;
        put(out, self.df() as u64 * 2 + u64::from(self.ones()));
        if self.df() < BLOCK {
            self.encode_short(out);
            return Ok(());
        }
        self.encode_long(out)
    }

    fn df(&self) -> usize {
        self.postings.docs.len()
    }

    fn counted(&self) -> bool {
        matches!(
            self.format.carries,
            Carries::Frequencies | Carries::Positions
        )
    }

    fn ones(&self) -> bool {
        !self.counted() || self.postings.tfs.iter().all(|&tf| tf == 1)
    }

    fn tf(&self, at: usize) -> u32 {
        if self.counted() {
            self.postings.tfs.get(at).copied().unwrap_or(1)
        } else {
            1
        }
    }

    fn total_tf(&self) -> u64 {
        (0..self.df()).map(|at| u64::from(self.tf(at))).sum()
    }

    fn max_tf(&self, block: Block) -> u32 {
        (block.from..block.to)
            .map(|at| self.tf(at))
            .max()
            .unwrap_or(1)
    }

    fn whole(&self) -> Block {
        Block {
            from: 0,
            to: self.df(),
            first_position: 0,
        }
    }

    fn validate(&self) -> Result<()> {
        let TermPostings {
            docs,
            tfs,
            positions,
            weights,
            value_ends,
            values,
        } = self.postings;
        let opaque = self.format.carries == Carries::Opaque;
        let problem = if docs.is_empty() {
            "a term without documents"
        } else if !docs.windows(2).all(|pair| pair[0] < pair[1]) {
            "the documents of a term don't ascend"
        } else if docs[docs.len() - 1] == u32::MAX {
            "document 4294967295 is one too many"
        } else if !tfs.is_empty() && (tfs.len() != docs.len() || tfs.contains(&0)) {
            "tfs have to be one a document, 1 or more"
        } else if self.format.carries == Carries::Positions && !self.positions_ascend() {
            "positions have to be tf a document, ascending"
        } else if !positions.is_empty() && self.format.carries != Carries::Positions {
            "positions in a field that carries none"
        } else if opaque && (weights.len() != docs.len() || value_ends.len() != docs.len()) {
            "weights and values have to be one a document"
        } else if opaque && !value_ends.is_sorted()
            || value_ends.last().map_or(0, |&end| end as usize) != values.len()
        {
            "the ends of values don't ascend to their length"
        } else {
            return Ok(());
        };
        Err(Error::Misuse(problem.to_owned()))
    }

    fn positions_ascend(&self) -> bool {
        let mut rest = self.postings.positions;
        for at in 0..self.df() {
            let Some((these, others)) = rest.split_at_checked(self.tf(at) as usize) else {
                return false;
            };
            if !these.is_sorted() {
                return false;
            }
            rest = others;
        }
        rest.is_empty()
    }

    fn encode_short(&self, out: &mut Vec<u8>) {
        let (docs, whole) = (self.postings.docs, self.whole());
        put(out, u64::from(docs[0]));
        if docs.len() > 1 {
            put(out, u64::from(docs[docs.len() - 1] - docs[0]));
        }
        self.put_totals(out);
        if self.format.scored {
            out.push(self.impact(whole));
        }
        let mut few = Vec::new();
        if docs.len() > 1 {
            self.put_few(whole, true, &mut few);
            if self.format.has_extra() {
                put(out, few.len() as u64);
            }
        }
        out.append(&mut few);
        self.put_extra(whole, out);
    }

    fn put_totals(&self, out: &mut Vec<u8>) {
        if !self.ones() {
            put(out, self.total_tf() - self.df() as u64);
            if self.df() > 1 {
                put(out, u64::from(self.max_tf(self.whole())));
            }
        }
        if self.format.carries == Carries::Opaque {
            let weights = self.postings.weights;
            let total: f64 = weights.iter().map(|&weight| f64::from(weight)).sum();
            out.extend(total.to_le_bytes());
            out.extend(
                weights
                    .iter()
                    .fold(f32::MIN, |most, &weight| most.max(weight))
                    .to_le_bytes(),
            );
        }
    }

    fn impact(&self, block: Block) -> u8 {
        let docs = &self.postings.docs[block.from..block.to];
        let impacts = docs
            .iter()
            .zip(block.from..)
            .map(|(&doc, at)| self.lengths.impact(doc, self.tf(at)));
        if self.format.scored {
            impact_code(impacts.fold(0.0, f64::max))
        } else {
            255
        }
    }

    fn put_few(&self, block: Block, with_docs: bool, out: &mut Vec<u8>) {
        let docs = &self.postings.docs[block.from..block.to];
        if with_docs && docs.len() > 2 {
            for pair in docs[..docs.len() - 1].windows(2) {
                put(out, u64::from(pair[1] - pair[0] - 1));
            }
        }
        if !self.ones() {
            for at in block.from..block.to {
                put(out, u64::from(self.tf(at) - 1));
            }
        }
    }

    /// Append the positions or values of a block; returns how many positions.
    fn put_extra(&self, block: Block, out: &mut Vec<u8>) -> usize {
        match self.format.carries {
            Carries::Positions => self.put_positions(block, out),
            Carries::Opaque => {
                self.put_opaque(block, out);
                0
            }
            Carries::Nothing | Carries::Frequencies => 0,
        }
    }

    fn put_positions(&self, block: Block, out: &mut Vec<u8>) -> usize {
        let mut gaps = Vec::new();
        let mut rest = &self.postings.positions[block.first_position..];
        for at in block.from..block.to {
            let (these, others) = rest.split_at(self.tf(at) as usize);
            let before = std::iter::once(&0).chain(these);
            gaps.extend(
                these
                    .iter()
                    .zip(before)
                    .map(|(position, before)| position - before),
            );
            rest = others;
        }
        if self.df() == 1 {
            gaps.iter().for_each(|&gap| put(out, u64::from(gap)));
        } else {
            let width = bits::width(gaps.iter().copied().max().unwrap_or(0));
            out.push(width);
            bits::pack(gaps.iter().copied(), width, out);
        }
        gaps.len()
    }

    fn put_opaque(&self, block: Block, out: &mut Vec<u8>) {
        let TermPostings {
            weights,
            value_ends,
            values,
            ..
        } = self.postings;
        let start = if block.from == 0 {
            0
        } else {
            value_ends[block.from - 1]
        };
        let end = value_ends[block.to - 1];
        let mut raw = Vec::new();
        weights[block.from..block.to]
            .iter()
            .for_each(|weight| raw.extend(weight.to_le_bytes()));
        value_ends[block.from..block.to]
            .iter()
            .for_each(|&end| raw.extend((end - start).to_le_bytes()));
        raw.extend(&values[start as usize..end as usize]);
        let packed = zstd::bulk::compress(&raw, ZSTD_LEVEL).expect("zstd compresses into memory");
        put(out, raw.len() as u64);
        put(out, packed.len() as u64);
        out.extend(packed);
    }

    fn known_docs(&self) -> u32 {
        self.doc_count.max(self.postings.docs[self.df() - 1] + 1)
    }

    fn is_dense(&self) -> bool {
        self.df() as u64 * DENSE > u64::from(self.known_docs())
    }

    fn encode_long(&self, out: &mut Vec<u8>) -> Result<()> {
        let (mut lasts, mut entries) = (Vec::new(), Vec::new());
        let (mut data, mut extra) = (Vec::new(), Vec::new());
        let mut first_position = 0;
        for from in (0..self.df()).step_by(BLOCK) {
            let block = Block {
                from,
                to: (from + BLOCK).min(self.df()),
                first_position,
            };
            lasts.extend(self.postings.docs[block.to - 1].to_le_bytes());
            let (data_at, extra_at) = (offset(&data)?, offset(&extra)?);
            let (doc_bits, tf_bits) = self.put_block(block, &mut data);
            first_position += self.put_extra(block, &mut extra);
            entries.extend(self.postings.docs[from].to_le_bytes());
            entries.extend(data_at.to_le_bytes());
            if self.format.has_extra() {
                entries.extend(extra_at.to_le_bytes());
            }
            entries.extend([doc_bits, tf_bits]);
            entries.extend((self.max_tf(block).min(MOST_TF) as u16).to_le_bytes());
            entries.push(self.impact(block));
        }
        self.put_totals(out);
        self.put_flags(data.len(), out);
        self.align(out);
        if self.is_dense() {
            self.put_bitmap(out);
        }
        for part in [lasts, entries, data, extra] {
            out.extend(part);
        }
        Ok(())
    }

    fn put_flags(&self, data_length: usize, out: &mut Vec<u8>) {
        let articles = self.articles.filter(|_| self.format.scored);
        let dense = if self.is_dense() { postings::DENSE } else { 0 };
        let counted = if articles.is_some() { COUNTED } else { 0 };
        out.push(dense | counted);
        put(out, data_length as u64);
        if let Some(articles) = articles {
            put(out, runs(self.postings.docs, articles));
        }
    }

    /// Append a block's documents and tfs; returns their widths.
    fn put_block(&self, block: Block, data: &mut Vec<u8>) -> (u8, u8) {
        let Ok(docs) = <&[u32; BLOCK]>::try_from(&self.postings.docs[block.from..block.to]) else {
            self.put_few(block, !self.is_dense(), data);
            return (0, 0);
        };
        let packer = BitPacker4x::new();
        let doc_bits = if self.is_dense() {
            0
        } else {
            put_docs(&packer, docs, data)
        };
        let tf_bits = if self.ones() {
            0
        } else {
            self.put_tfs(&packer, block, data)
        };
        (doc_bits, tf_bits)
    }

    fn put_tfs(&self, packer: &BitPacker4x, block: Block, data: &mut Vec<u8>) -> u8 {
        let tfs: [u32; BLOCK] = std::array::from_fn(|at| self.tf(block.from + at) - 1);
        let width = packer.num_bits(&tfs);
        let mut packed = [0; 4 * BLOCK];
        let length = packer.compress(&tfs, &mut packed, width);
        data.extend(&packed[..length]);
        width
    }

    fn align(&self, out: &mut Vec<u8>) {
        while (self.start + out.len() as u64) % 8 > 0 {
            out.push(0);
        }
    }

    fn put_bitmap(&self, out: &mut Vec<u8>) {
        let mut words = vec![0u64; self.known_docs().div_ceil(64) as usize];
        for &doc in self.postings.docs {
            words[doc as usize / 64] |= 1 << (doc % 64);
        }
        out.extend((words.len() as u64).to_le_bytes());
        words.iter().for_each(|word| out.extend(word.to_le_bytes()));
    }
}

/// How many articles hold some documents; those of one stand together.
fn runs(docs: &[u32], articles: &[u32]) -> u64 {
    let number = |doc: &u32| articles.get(*doc as usize).copied().unwrap_or(0);
    let changes = docs
        .windows(2)
        .map(|two| number(&two[0]) != number(&two[1]));
    1 + changes.map(u64::from).sum::<u64>()
}

fn put_docs(packer: &BitPacker4x, docs: &[u32; BLOCK], data: &mut Vec<u8>) -> u8 {
    let before = docs[0].checked_sub(1);
    let width = packer.num_bits_strictly_sorted(before, docs);
    let mut packed = [0; 4 * BLOCK];
    let length = packer.compress_strictly_sorted(before, docs, &mut packed, width);
    data.extend(&packed[..length]);
    width
}

fn offset(region: &[u8]) -> Result<u32> {
    let message = "a list of over 4 GiB; write smaller segments";
    u32::try_from(region.len()).map_err(|_| Error::Misuse(message.to_owned()))
}

//! Blocks to frames, beside the thread that makes them.
//!
//! Blocks are handed over in batches.  What is packed comes back in their order, so the bytes
//! don't depend on who was quicker.  The thread touches neither a file nor the interpreter.

use std::path::Path;
use std::sync::mpsc::{channel, sync_channel, Receiver, SyncSender};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;

use zstd::zstd_safe::{self, CCtx};

use crate::error::{Error, Result};
use crate::stored::MAGIC;
use crate::threads;
use crate::varint::put;

/// Bytes of documents that the dictionary is trained on, at most; twice as many take twice as
/// long and save 1 byte in 100.
pub const SAMPLES: usize = 1 << 20;
/// Bytes of blocks that are handed over at once, behind those: some milliseconds' work.
pub const BATCH: usize = 1 << 16;
/// Batches that wait to be packed.
const WAITING: usize = 4;
/// Smaller segments do without: training takes longer than writing them.
const LEAST_SAMPLES: usize = 1 << 17;
/// Of the dictionary at most; an eighth of the samples when that is less.
const DICTIONARY: usize = 1 << 16;
/// Level 6 saves 5 bytes in 100 and packs six times slower.
const LEVEL: i32 = 3;

/// Blocks, or their frames, one behind the other.
#[derive(Default)]
pub struct Batch {
    pub bytes: Vec<u8>,
    lengths: Vec<usize>,
    documents: Vec<usize>,
}

impl Batch {
    /// Add a block of some documents.
    pub fn add(&mut self, heads: &[u64], documents: &[u8]) {
        let start = self.bytes.len();
        heads.iter().for_each(|&head| put(&mut self.bytes, head));
        self.bytes.extend(documents);
        self.lengths.push(self.bytes.len() - start);
        self.documents.push(heads.len());
    }

    /// Each with how many documents are in it.
    pub fn blocks(&self) -> impl Iterator<Item = (&[u8], usize)> {
        let mut rest = &self.bytes[..];
        let lengths = self.lengths.iter().zip(&self.documents);
        lengths.map(move |(&length, &documents)| {
            let (block, others) = rest.split_at(length);
            rest = others;
            (block, documents)
        })
    }
}

/// The thread that packs.
pub struct Packing {
    blocks: SyncSender<Batch>,
    /// Never locked: what holds it may be shared by threads, a Receiver may not.
    frames: Mutex<Receiver<Batch>>,
    thread: JoinHandle<Vec<u8>>,
}

impl Packing {
    /// Start it, for the file of a path.
    pub fn start(path: &Path) -> Result<Packing> {
        let (blocks, waiting) = sync_channel::<Batch>(WAITING);
        let (done, frames) = channel();
        let work = move || {
            let mut packer = None;
            for batch in waiting {
                let packer = packer.get_or_insert_with(|| Packer::of(&batch));
                // Whoever waited for it has given up.
                if done.send(packer.pack_all(&batch)).is_err() {
                    break;
                }
            }
            packer.map_or_else(Vec::new, |packer| packer.dictionary)
        };
        let thread = threads::spawn("packing", work).map_err(|error| Error::io(path, error))?;
        Ok(Packing {
            blocks,
            frames: Mutex::new(frames),
            thread,
        })
    }

    /// Hand over a batch, waiting for room; returns what is packed, in order.
    pub fn hand_over(&mut self, batch: Batch) -> Vec<Batch> {
        // A thread that is gone is told of by `finish`.
        let _ = self.blocks.send(batch);
        let frames = self.frames.get_mut();
        frames
            .unwrap_or_else(PoisonError::into_inner)
            .try_iter()
            .collect()
    }

    /// Hand over the last batch, and tell all frames that are left; returns the dictionary.
    pub fn finish(self, last: Batch, tell: impl FnMut(Batch) -> Result<()>) -> Result<Vec<u8>> {
        let _ = self.blocks.send(last);
        drop(self.blocks);
        let frames = self.frames.into_inner();
        let mut frames = frames.unwrap_or_else(PoisonError::into_inner).into_iter();
        frames.try_for_each(tell)?;
        match self.thread.join() {
            Ok(dictionary) => Ok(dictionary),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

/// Train a dictionary on blocks; empty when there are too few of them to learn from.
fn train(batch: &Batch) -> Vec<u8> {
    if batch.bytes.len() < LEAST_SAMPLES {
        return Vec::new();
    }
    let size = DICTIONARY.min(batch.bytes.len() / 8);
    zstd::dict::from_continuous(&batch.bytes, &batch.lengths, size).unwrap_or_default()
}

/// Packs blocks, each by itself.
pub struct Packer {
    pub dictionary: Vec<u8>,
    context: CCtx<'static>,
    out: Vec<u8>,
}

impl Packer {
    /// Return one with a dictionary that is trained on the first batch.
    pub fn of(first: &Batch) -> Packer {
        let dictionary = train(first);
        let mut context = CCtx::create();
        let parameters = [
            zstd_safe::CParameter::CompressionLevel(LEVEL),
            zstd_safe::CParameter::DictIdFlag(false),
        ];
        for parameter in parameters {
            context
                .set_parameter(parameter)
                .expect("zstd knows its parameters");
        }
        context
            .load_dictionary(&dictionary)
            .expect("zstd takes the dictionary that it made");
        Packer {
            dictionary,
            context,
            out: Vec::new(),
        }
    }

    /// Return the frames of some blocks, without their magic numbers.
    pub fn pack_all(&mut self, batch: &Batch) -> Batch {
        let mut frames = Batch {
            bytes: Vec::with_capacity(batch.bytes.len() / 2),
            lengths: Vec::with_capacity(batch.lengths.len()),
            documents: batch.documents.clone(),
        };
        for (block, _) in batch.blocks() {
            let frame = self.pack(block);
            frames.bytes.extend(frame);
            frames.lengths.push(frame.len());
        }
        frames
    }

    fn pack(&mut self, block: &[u8]) -> &[u8] {
        self.out.clear();
        self.out.reserve(zstd_safe::compress_bound(block.len()));
        let packed = self.context.compress2(&mut self.out, block);
        packed.expect("zstd compresses into a buffer of its bound");
        &self.out[MAGIC.len()..]
    }
}

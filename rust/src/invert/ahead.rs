//! Terms and their postings, read by a thread ahead of whoever writes them.
//!
//! They are handed over in batches, one at a time, so two are in memory at most.  A long list is
//! a batch by itself, and nothing is read beside it while it is written.

use std::sync::mpsc::{channel, sync_channel, Receiver, SyncSender};
use std::thread;

use crate::error::{Error, Result};
use crate::invert::lists::Numbers;
use crate::invert::merge::Tell;
use crate::segment::{FieldId, TermPostings};

/// Numbers in a batch: some hundred kilobytes, and a millisecond's work.
const WORTH: usize = 1 << 16;

/// Numbers of a list that is held alone: some megabytes.
const LONG: usize = 1 << 20;

/// Where a term and its postings end in a batch; they begin where those before end.
#[derive(Clone, Copy, Default)]
struct Ends {
    term: usize,
    docs: usize,
    tfs: usize,
    positions: usize,
    weights: usize,
    value_ends: usize,
    values: usize,
}

/// Terms of a field with their postings, in order.
#[derive(Default)]
struct Batch {
    field: FieldId,
    terms: Vec<u8>,
    numbers: Numbers,
    ends: Vec<Ends>,
}

impl Batch {
    fn end(&mut self, term: &[u8]) {
        self.terms.extend_from_slice(term);
        let numbers = &self.numbers;
        self.ends.push(Ends {
            term: self.terms.len(),
            docs: numbers.docs.len(),
            tfs: numbers.tfs.len(),
            positions: numbers.positions.len(),
            weights: numbers.weights.len(),
            value_ends: numbers.value_ends.len(),
            values: numbers.values.len(),
        });
    }

    fn size(&self) -> usize {
        self.terms.len() / 4 + self.numbers.size()
    }

    fn each(
        &self,
        mut write: impl FnMut(FieldId, &[u8], &TermPostings<'_>) -> Result<()>,
    ) -> Result<()> {
        let (numbers, mut from) = (&self.numbers, Ends::default());
        for &to in &self.ends {
            let postings = TermPostings {
                docs: &numbers.docs[from.docs..to.docs],
                tfs: &numbers.tfs[from.tfs..to.tfs],
                positions: &numbers.positions[from.positions..to.positions],
                weights: &numbers.weights[from.weights..to.weights],
                value_ends: &numbers.value_ends[from.value_ends..to.value_ends],
                values: &numbers.values[from.values..to.values],
            };
            write(self.field, &self.terms[from.term..to.term], &postings)?;
            from = to;
        }
        Ok(())
    }
}

/// Takes terms, and hands them over.
struct Ahead {
    batch: Batch,
    batches: SyncSender<Batch>,
    /// The numbers of long lists that were written, to be used again.
    written: Receiver<Numbers>,
}

impl Ahead {
    /// Add a term; an error when nobody wants more.
    fn add(&mut self, field: FieldId, term: &[u8], numbers: &mut Numbers) -> Result<()> {
        if field != self.batch.field || self.batch.size() + numbers.size() > WORTH {
            self.hand_over()?;
            self.batch.field = field;
        }
        if numbers.size() > LONG {
            return self.lend(term, numbers);
        }
        self.batch.numbers.append(numbers);
        self.batch.end(term);
        Ok(())
    }

    /// Hand over the numbers of one term, and wait until they come back.
    fn lend(&mut self, term: &[u8], numbers: &mut Numbers) -> Result<()> {
        self.batch.numbers = std::mem::take(numbers);
        self.batch.end(term);
        self.hand_over()?;
        *numbers = self.written.recv().map_err(|_| unwanted())?;
        Ok(())
    }

    fn hand_over(&mut self) -> Result<()> {
        let batch = std::mem::take(&mut self.batch);
        if batch.ends.is_empty() {
            return Ok(());
        }
        self.batches.send(batch).map_err(|_| unwanted())
    }
}

/// Ends the reading; whoever wrote has the error to tell.
fn unwanted() -> Error {
    Error::Misuse("nobody writes what is read".to_owned())
}

/// Have `read` tell its terms in a thread, and write each here.
pub fn write_ahead(
    read: impl FnOnce(&mut Tell<'_>) -> Result<()> + Send,
    mut write: impl FnMut(FieldId, &[u8], &TermPostings<'_>) -> Result<()>,
    path: &std::path::Path,
) -> Result<()> {
    let (batches, read_ones) = sync_channel::<Batch>(0);
    let (done, written) = channel();
    thread::scope(|scope| {
        let reading = thread::Builder::new().name("reading".to_owned());
        let reading = reading.spawn_scoped(scope, move || {
            let batch = Batch::default();
            let mut ahead = Ahead {
                batch,
                batches,
                written,
            };
            read(&mut |field, term, numbers| ahead.add(field, term, numbers))?;
            ahead.hand_over()
        });
        let reading = reading.map_err(|error| Error::io(path, error))?;
        let written = read_ones.iter().try_for_each(|batch| {
            batch.each(&mut write)?;
            if batch.numbers.size() > LONG {
                // It is waited for.
                let _ = done.send(batch.numbers);
            }
            Ok(())
        });
        // Who reads may wait for either.
        drop((read_ones, done));
        let read = reading.join();
        let read = read.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        // Who reads stops in the middle when who writes fails.
        written.and(read)
    })
}

//! The postings of all sources as one sequence of terms.

use std::sync::Arc;

use fst::map::Stream;
use fst::Streamer;

use crate::error::Result;
use crate::invert::lists::Numbers;
use crate::invert::memory::{Lists, Memory};
use crate::invert::runs::Run;
use crate::invert::terms::TermId;
use crate::postings::{Postings, BLOCK};
use crate::segment::{Carries, FieldId, Segment};

/// Documents of a segment, and postings of all, that are read before their pages are given back:
/// some megabytes.
pub const STORED_HELD: u32 = 1 << 14;
const POSTINGS_HELD: usize = 1 << 20;

/// Postings that are in order already, of documents that come behind those of the source
/// before.
pub enum Source {
    Memory(Memory),
    Run(Run),
    Segment(Merged),
}

/// A segment that is copied.
pub struct Merged {
    pub segment: Arc<Segment>,
    /// Of each of its documents the number in the new segment, u32::MAX for none.
    pub newnums: Vec<u32>,
}

/// A field as it is merged: its number, its name in other segments, what it carries.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    pub id: FieldId,
    pub name: &'a str,
    pub carries: Carries,
}

/// Takes a term with its numbers, which may be changed; an error when no more are wanted.
pub type Tell<'a> = dyn FnMut(FieldId, &[u8], &mut Numbers) -> Result<()> + 'a;

/// Read all terms of a field.
///
/// `numbers` are whatever they are, before and afterwards.
pub fn read_field(
    field: Field<'_>,
    sources: &mut [Source],
    numbers: &mut Numbers,
    tell: &mut Tell<'_>,
) -> Result<()> {
    let mut cursors = Vec::new();
    for source in sources {
        if let Some(mut cursor) = Cursor::new(source, field)? {
            if cursor.advance(true)? {
                cursors.push(cursor);
            }
        }
    }
    match &mut cursors[..] {
        [only] => read_alone(field, only, numbers, tell),
        _ => read_merged(field, cursors, numbers, tell),
    }
}

/// Read the terms of one source.
fn read_alone(
    field: Field<'_>,
    cursor: &mut Cursor<'_>,
    numbers: &mut Numbers,
    tell: &mut Tell<'_>,
) -> Result<()> {
    let mut read = 0;
    while !cursor.is_done() {
        numbers.clear();
        cursor.append(numbers)?;
        read += numbers.docs.len() + 1;
        if !numbers.docs.is_empty() {
            tell(field.id, cursor.term(), numbers)?;
        }
        if read > POSTINGS_HELD {
            read = 0;
            cursor.let_go();
        }
        cursor.advance(false)?;
    }
    Ok(())
}

/// Read the terms of several sources, equal ones as one.
fn read_merged(
    field: Field<'_>,
    mut cursors: Vec<Cursor<'_>>,
    numbers: &mut Numbers,
    tell: &mut Tell<'_>,
) -> Result<()> {
    let (mut term, mut read) = (Vec::new(), 0);
    while let Some(least) = cursors.iter().map(Cursor::term).min() {
        term.clear();
        term.extend_from_slice(least);
        numbers.clear();
        let mut ended = false;
        for cursor in cursors.iter_mut().filter(|cursor| cursor.term() == term) {
            cursor.append(numbers)?;
            ended |= !cursor.advance(false)?;
        }
        if ended {
            cursors.retain(|cursor| !cursor.is_done());
        }
        read += numbers.docs.len() + 1;
        if !numbers.docs.is_empty() {
            tell(field.id, &term, numbers)?;
        }
        if read > POSTINGS_HELD {
            read = 0;
            cursors.iter().for_each(Cursor::let_go);
        }
    }
    Ok(())
}

/// A place among the terms of one source.
enum Cursor<'a> {
    Memory {
        lists: &'a Lists,
        memory: &'a Memory,
        ids: Vec<TermId>,
        at: usize,
        bytes: Vec<u8>,
    },
    Run {
        run: &'a mut Run,
        carries: Carries,
        term: Vec<u8>,
        list: Vec<u8>,
        done: bool,
    },
    Segment {
        merged: &'a Merged,
        field: FieldId,
        stream: Box<Stream<'a>>,
        term: Vec<u8>,
        value: u64,
        done: bool,
    },
}

impl<'a> Cursor<'a> {
    fn new(source: &'a mut Source, field: Field<'_>) -> Result<Option<Cursor<'a>>> {
        let cursor = match source {
            Source::Memory(memory) => {
                let lists = &memory.fields[usize::from(field.id)];
                Cursor::Memory {
                    lists,
                    memory,
                    ids: lists.sorted(),
                    at: 0,
                    bytes: Vec::new(),
                }
            }
            Source::Run(run) => {
                let (term, list) = (Vec::new(), Vec::new());
                Cursor::Run {
                    run,
                    carries: field.carries,
                    term,
                    list,
                    done: false,
                }
            }
            Source::Segment(merged) => match merged.segment.field(field.name) {
                Some(id) => Cursor::segment(merged, id)?,
                None => return Ok(None),
            },
        };
        Ok(Some(cursor))
    }

    fn segment(merged: &'a Merged, field: FieldId) -> Result<Cursor<'a>> {
        let stream = Box::new(merged.segment.terms(field)?.stream());
        Ok(Cursor::Segment {
            merged,
            field,
            stream,
            term: Vec::new(),
            value: 0,
            done: false,
        })
    }

    fn let_go(&self) {
        if let Cursor::Segment { merged, .. } = self {
            merged.segment.let_go();
        }
    }

    fn term(&self) -> &[u8] {
        match self {
            Cursor::Memory { lists, ids, at, .. } => lists.terms.get(ids[*at]),
            Cursor::Run { term, .. } | Cursor::Segment { term, .. } => term,
        }
    }

    /// Go to the first term, or to the next; false when there is none.
    fn advance(&mut self, first: bool) -> Result<bool> {
        match self {
            Cursor::Memory { at, .. } => *at += usize::from(!first),
            Cursor::Run {
                run,
                term,
                list,
                done,
                ..
            } => *done = !run.next(term, list)?,
            Cursor::Segment {
                stream,
                term,
                value,
                done,
                ..
            } => match stream.next() {
                Some((next, next_value)) => {
                    term.clear();
                    term.extend_from_slice(next);
                    *value = next_value;
                }
                None => *done = true,
            },
        }
        Ok(!self.is_done())
    }

    fn is_done(&self) -> bool {
        match self {
            Cursor::Memory { ids, at, .. } => *at == ids.len(),
            Cursor::Run { done, .. } | Cursor::Segment { done, .. } => *done,
        }
    }

    /// Add the postings of the term to those of the sources before.
    fn append(&mut self, numbers: &mut Numbers) -> Result<()> {
        match self {
            Cursor::Memory {
                lists,
                memory,
                ids,
                at,
                bytes,
            } => {
                bytes.clear();
                lists.lists[ids[*at] as usize].read(lists.carries, &memory.arena, bytes);
                numbers.decode(lists.carries, bytes)
            }
            Cursor::Run { carries, list, .. } => numbers.decode(*carries, list),
            Cursor::Segment {
                merged,
                field,
                value,
                ..
            } => {
                let carries = merged.segment.fields()[usize::from(*field)].carries;
                let postings = merged.segment.list(*field, *value)?;
                copy(&postings, carries, &merged.newnums, numbers)
            }
        }
    }
}

/// Add the postings of a list whose documents live on, under their new numbers.
fn copy(
    postings: &Postings<'_>,
    carries: Carries,
    newnums: &[u32],
    numbers: &mut Numbers,
) -> Result<()> {
    let (mut docs, mut tfs, mut weights) = ([0; BLOCK], [0; BLOCK], [0.0; BLOCK]);
    for block in 0..postings.block_count() {
        let len = postings.docs(block, &mut docs)?;
        match carries {
            Carries::Nothing => {}
            Carries::Opaque => {
                postings.weights(block, &mut weights)?;
            }
            Carries::Frequencies | Carries::Positions => {
                postings.tfs(block, &mut tfs)?;
            }
        }
        let values = if carries == Carries::Opaque {
            postings.values(block)?
        } else {
            Vec::new()
        };
        for (at, &doc) in docs[..len].iter().enumerate() {
            let new = newnums.get(doc as usize).copied().unwrap_or(u32::MAX);
            if new == u32::MAX {
                continue;
            }
            numbers.docs.push(new);
            match carries {
                Carries::Nothing => {}
                Carries::Frequencies => numbers.tfs.push(tfs[at]),
                Carries::Positions => {
                    numbers.tfs.push(tfs[at]);
                    postings.positions(block, at, &tfs, &mut numbers.positions)?;
                }
                Carries::Opaque => {
                    numbers.weights.push(weights[at]);
                    numbers.values.extend_from_slice(&values[at]);
                    numbers.value_ends.push(numbers.values.len() as u32);
                }
            }
        }
    }
    Ok(())
}

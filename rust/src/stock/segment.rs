//! A segment with its deletions, to ask in Whoosh's way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::Result;
use crate::segment::{FieldId, Segment};

use super::evaluate::Evaluator;
use super::found::Found;
use super::plan::Node;

/// A segment with the documents that were deleted when it was made.
pub struct StockSegment {
    segment: Arc<Segment>,
    /// Ascending.
    deleted: Vec<u32>,
    codes: LengthCodes,
}

impl StockSegment {
    /// Args: the segment, its deleted documents, ascending, and the length that each byte
    /// of Whoosh's stands for.
    pub fn new(segment: Arc<Segment>, deleted: Vec<u32>, table: [u32; 256]) -> Self {
        let codes = LengthCodes::new(table);
        StockSegment {
            segment,
            deleted,
            codes,
        }
    }

    /// The live documents that a plan finds.
    pub fn find(&self, plan: &Node, scored: bool) -> Result<Found> {
        self.segment.uncut()?;
        let evaluator = Evaluator {
            segment: &self.segment,
            deleted: &self.deleted,
            codes: &self.codes,
        };
        evaluator.live(plan, scored)
    }
}

/// The lengths of documents in each field as Whoosh keeps them, a byte each.
pub struct LengthCodes {
    /// The length that a byte stands for, ascending.
    pub table: [u32; 256],
    fields: Mutex<HashMap<FieldId, Arc<Vec<u8>>>>,
}

impl LengthCodes {
    fn new(table: [u32; 256]) -> Self {
        LengthCodes {
            table,
            fields: Mutex::default(),
        }
    }

    /// The bytes of a field, worked out when they are first asked for; none without lengths.
    pub fn of(&self, segment: &Segment, field: &str) -> Result<Arc<Vec<u8>>> {
        let Some(id) = segment.field(field) else {
            return Ok(Arc::default());
        };
        let mut fields = self.fields.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(codes) = fields.get(&id) {
            return Ok(Arc::clone(codes));
        }
        let lengths = segment.lengths(id)?;
        let documents = 0..lengths.len() as u32;
        let codes = documents.map(|doc| self.code(lengths.get(doc)));
        let codes = Arc::new(codes.collect());
        fields.insert(id, Arc::clone(&codes));
        Ok(codes)
    }

    /// Lengths between two of the table are rounded up, those behind its end to the last.
    fn code(&self, length: u32) -> u8 {
        let at = self.table.partition_point(|&other| other < length);
        at.min(255) as u8
    }
}

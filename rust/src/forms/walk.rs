//! The way through an FST of terms that a test leaves open.
//!
//! Where a test knows the few characters that may come next, as a fuzzy word without an edit
//! left does, these alone are looked for; elsewhere all that a node goes on with is tried.

use fst::raw::{CompiledAddr, Fst, Node};
use fst::Map;

use super::reading::{At, Reading};
use super::Test;

/// Call `found` with each term that passes a test, and its value, in order, until it returns
/// false; with `possessive` with those too that pass without their 's.
pub fn each_passing<D: AsRef<[u8]>, T: Test>(
    terms: &Map<D>,
    test: &T,
    possessive: bool,
    mut found: impl FnMut(&[u8], u64) -> bool,
) {
    let fst = terms.as_fst();
    let mut walk = Walk {
        reading: Reading { test, possessive },
        term: Vec::new(),
        ahead: Vec::new(),
        chars: Vec::new(),
        bytes: Vec::new(),
    };
    let start = walk.reading.start();
    if walk.visit(&fst.root(), 0, &start, &mut found) {
        walk.run(fst, &mut found);
    }
}

struct Walk<'t, T: Test> {
    reading: Reading<'t, T>,
    /// What was read on the way to where the walk is.
    term: Vec<u8>,
    /// Still to visit, the next one last.
    ahead: Vec<Branch<T::State>>,
    chars: Vec<char>,
    bytes: Vec<u8>,
}

/// A node of the FST to be visited.
struct Branch<S> {
    node: CompiledAddr,
    /// What the values of its terms have in common.
    value: u64,
    /// Bytes before its own.
    depth: usize,
    byte: u8,
    at: At<S>,
}

impl<T: Test> Walk<'_, T> {
    fn run<D: AsRef<[u8]>>(&mut self, fst: &Fst<D>, found: &mut impl FnMut(&[u8], u64) -> bool) {
        while let Some(branch) = self.ahead.pop() {
            self.term.truncate(branch.depth);
            self.term.push(branch.byte);
            if !self.visit(&fst.node(branch.node), branch.value, &branch.at, found) {
                return;
            }
        }
    }

    /// Tell of a term that ends here, and look where others go on; false to stop.
    fn visit(
        &mut self,
        node: &Node<'_>,
        value: u64,
        at: &At<T::State>,
        found: &mut impl FnMut(&[u8], u64) -> bool,
    ) -> bool {
        let ends = node.is_final() && self.reading.is_match(at);
        if ends && !found(&self.term, value + node.final_output().value()) {
            return false;
        }
        if self.looks_for_few(at) {
            for at_byte in (0..self.bytes.len()).rev() {
                if let Some(number) = node.find_input(self.bytes[at_byte]) {
                    self.branch(node, number, value, at);
                }
            }
        } else {
            (0..node.len())
                .rev()
                .for_each(|number| self.branch(node, number, value, at));
        }
        true
    }

    fn branch(&mut self, node: &Node<'_>, number: usize, value: u64, at: &At<T::State>) {
        let transition = node.transition(number);
        if let Some(at) = self.reading.accept(at, transition.inp) {
            self.ahead.push(Branch {
                node: transition.addr,
                value: value + transition.out.value(),
                depth: self.term.len(),
                byte: transition.inp,
                at,
            });
        }
    }

    /// Put the bytes that alone may come next in `bytes`, ascending; false when all may.
    fn looks_for_few(&mut self, at: &At<T::State>) -> bool {
        self.chars.clear();
        if !self.reading.following(at, &mut self.chars) {
            return false;
        }
        let first = |char: &char| char.encode_utf8(&mut [0; 4]).as_bytes()[0];
        self.bytes.clear();
        self.bytes.extend(self.chars.iter().map(first));
        if self.bytes.len() > 1 {
            self.bytes.sort_unstable();
            self.bytes.dedup();
        }
        true
    }
}

//! A segment on its way, beside the thread that adds to it.
//!
//! Whoever cuts articles into words hands over tapes, and goes on.  They are played in their
//! order, so the bytes don't depend on who was quicker; an error is told by the next call.

use std::sync::mpsc::{sync_channel, SyncSender};
use std::thread::JoinHandle;

use super::tape::{Player, Tape};
use crate::error::{Error, Result};
use crate::invert::Builder;
use crate::threads;

/// Bytes of a tape that is worth being handed over: a millisecond's work.
pub const WORTH: usize = 1 << 16;
/// Tapes that wait to be played.
const WAITING: usize = 8;

/// A Builder, here or with its thread.
pub enum Adding {
    Here(Box<Player>),
    There(Thread),
    /// Lost to an error.
    Gone,
}

/// The thread that has it.
pub struct Thread {
    tapes: SyncSender<Tape>,
    handle: JoinHandle<(Box<Player>, Result<()>)>,
}

impl Adding {
    pub fn new(builder: Builder) -> Adding {
        Adding::Here(Box::new(Player::new(builder)))
    }

    /// Have a tape played, waiting for room; a thread is started for it.
    pub fn hand_over(&mut self, tape: Tape) -> Result<()> {
        let thread = match std::mem::replace(self, Adding::Gone) {
            Adding::Here(player) => Thread::start(player)?,
            Adding::There(thread) => thread,
            Adding::Gone => return Err(gone()),
        };
        let sent = thread.tapes.send(tape).is_ok();
        *self = Adding::There(thread);
        if sent {
            return Ok(());
        }
        // It ends before its time by an error alone.
        self.here().map(|_| ())
    }

    /// Return the Builder, once all that was handed over is done.
    pub fn here(&mut self) -> Result<&mut Player> {
        if matches!(self, Adding::There(_)) {
            if let Adding::There(thread) = std::mem::replace(self, Adding::Gone) {
                *self = Adding::Here(thread.end()?);
            }
        }
        match self {
            Adding::Here(player) => Ok(player),
            _ => Err(gone()),
        }
    }

    /// Return the Builder for good, as `here` does.
    pub fn end(mut self) -> Result<Builder> {
        self.here()?;
        match self {
            Adding::Here(player) => Ok(player.builder),
            _ => Err(gone()),
        }
    }
}

impl Thread {
    fn start(mut player: Box<Player>) -> Result<Thread> {
        let path = player.builder.path().to_owned();
        let (tapes, waiting) = sync_channel::<Tape>(WAITING);
        let work = move || {
            let played = waiting.iter().try_for_each(|tape| player.play(&tape));
            (player, played)
        };
        let handle = threads::spawn("adding", work).map_err(|error| Error::io(&path, error))?;
        Ok(Thread { tapes, handle })
    }

    fn end(self) -> Result<Box<Player>> {
        drop(self.tapes);
        match self.handle.join() {
            Ok((player, played)) => played.map(|()| player),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

fn gone() -> Error {
    Error::Misuse("the segment was lost to an error that was told before".to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::segment::{Carries, FieldSpec};

    const KEYS: u16 = 0;
    const WORDS: u16 = 1;
    const STEMS: u16 = 2;

    fn builder(path: &Path) -> Builder {
        let spec = |name: &str, carries, lengths| FieldSpec {
            name: name.to_owned(),
            carries,
            lengths,
        };
        let fields = vec![
            spec("keys", Carries::Nothing, false),
            spec("words", Carries::Positions, true),
            spec("stems", Carries::Positions, true),
        ];
        let mut builder = Builder::create(path, fields, 0).unwrap();
        builder.number_column("n").unwrap();
        builder.text_column("t").unwrap();
        builder
    }

    /// What one document says, told to a tape that knows no form yet.
    fn say(tape: &mut Tape, words: &[u8], forgets: bool) {
        if forgets {
            tape.forget();
        }
        tape.unshare();
        tape.add_term(KEYS, b"shared");
        tape.share();
        for &word in words {
            // The forms of two tapes may have the same number.
            let (form, name) = (u32::from(word % 7), vec![b'a' + word; 3]);
            tape.tell(form, &name, &name[..2]);
            tape.add_words(WORDS, STEMS, &[form, form]);
            tape.add_term(KEYS, &name);
            tape.set_number(0, u32::from(word));
            tape.set_text(1, "text");
            tape.end_document(&[0]);
        }
    }

    fn built(name: &str, work: impl FnOnce(&mut Adding)) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        let mut adding = Adding::new(builder(&path));
        work(&mut adding);
        adding.end().unwrap().finish().unwrap();
        std::fs::read(path).unwrap()
    }

    proptest! {
        #[test]
        fn whoever_plays_a_tape_adds_the_same(said in prop::collection::vec((prop::collection::vec(0u8..26, 0..9), any::<bool>()), 0..9)) {
            let here = built("here", |adding| {
                let mut tape = Tape::default();
                said.iter().for_each(|(words, forgets)| say(&mut tape, words, *forgets));
                adding.here().unwrap().play(&tape).unwrap();
            });
            let there = built("there", |adding| {
                for (at, (words, forgets)) in said.iter().enumerate() {
                    let mut tape = Tape::default();
                    say(&mut tape, words, *forgets);
                    adding.hand_over(tape).unwrap();
                    if at % 3 == 2 {
                        adding.here().unwrap();
                    }
                }
            });
            prop_assert_eq!(here, there);
        }
    }

    #[test]
    fn what_is_wound_back_is_not_added() {
        let [whole, wound] = [false, true].map(|is_wound| {
            built("segment", |adding| {
                let mut tape = Tape::default();
                say(&mut tape, b"\x01\x02", false);
                if is_wound {
                    let mark = tape.mark();
                    say(&mut tape, b"\x09\x03", true);
                    tape.wind_back(mark);
                }
                say(&mut tape, b"\x02\x08", false);
                adding.here().unwrap().play(&tape).unwrap();
            })
        });
        assert!(whole == wound);
    }

    #[test]
    fn an_error_of_the_thread_is_told_by_the_next_call_and_nothing_is_added_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let mut adding = Adding::new(builder(&folder.path().join("segment")));
        let mut tape = Tape::default();
        tape.set_length(KEYS, 1);
        adding.hand_over(tape).unwrap();

        let told = adding.here().err().unwrap().to_string();
        assert!(told.contains("has no lengths"), "{told}");
        for _ in 0..2 * WAITING {
            assert!(adding.hand_over(Tape::default()).is_err());
        }
        assert!(adding.here().is_err() && adding.end().is_err());
    }

    #[test]
    fn one_who_goes_on_handing_over_learns_of_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let mut adding = Adding::new(builder(&folder.path().join("segment")));
        let mut tape = Tape::default();
        tape.set_length(KEYS, 1);
        adding.hand_over(tape).unwrap();

        // The thread ends at once, and then nobody is there to take another one.
        let told = (0..).find_map(|_| adding.hand_over(Tape::default()).err());
        assert!(told.unwrap().to_string().contains("has no lengths"));
    }
}

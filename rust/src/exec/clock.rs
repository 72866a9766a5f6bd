//! The wall time that a search may take.

use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// Stops a search that took too long.
pub struct Clock {
    deadline: Option<Instant>,
}

impl Clock {
    /// Start the clock.
    pub fn start(seconds: f64) -> Clock {
        let time = Duration::try_from_secs_f64(seconds.max(0.0)).ok();
        let deadline = time.and_then(|time| Instant::now().checked_add(time));
        Clock { deadline }
    }

    /// Fail once the seconds are over; costs some tens of nanoseconds.
    pub fn check(&self) -> Result<()> {
        match self.deadline {
            Some(deadline) if Instant::now() > deadline => Err(over()),
            _ => Ok(()),
        }
    }
}

#[cold]
fn over() -> Error {
    Error::Limit {
        name: "seconds",
        message: "the search took too long, and stopped".to_owned(),
    }
}

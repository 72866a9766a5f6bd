//! The wall time that a search may take.

use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// Stops a search that took too long.
pub struct Clock {
    deadline: Option<Instant>,
    seconds: f64,
}

impl Clock {
    /// Start the clock.
    pub fn start(seconds: f64) -> Clock {
        let time = Duration::try_from_secs_f64(seconds.max(0.0)).ok();
        let deadline = time.and_then(|time| Instant::now().checked_add(time));
        Clock { deadline, seconds }
    }

    /// Fail once the seconds are over; costs some tens of nanoseconds.
    pub fn check(&self) -> Result<()> {
        match self.deadline {
            Some(deadline) if Instant::now() > deadline => Err(self.over()),
            _ => Ok(()),
        }
    }

    #[cold]
    fn over(&self) -> Error {
        let message = format!(
            "the search took too long, and stopped; the limit `seconds` is {}.",
            self.seconds
        );
        Error::Limit {
            name: "seconds",
            message,
        }
    }
}

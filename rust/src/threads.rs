//! Threads of the core's own, and what the process keeps for them.

use std::cell::Cell;
use std::io;
use std::thread::{self, JoinHandle};

thread_local! {
    static IS_CORES: Cell<bool> = const { Cell::new(false) };
}

/// Start a thread of the core's own, which may work on files.
pub fn spawn<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<JoinHandle<T>> {
    thread::Builder::new().name(name.to_owned()).spawn(|| {
        IS_CORES.set(true);
        work()
    })
}

/// Whether the caller is a thread of the core's own, whom nobody sends signals.
pub fn is_cores() -> bool {
    IS_CORES.get()
}

/// Have memory that is free given back to the system early, in the whole process.
///
/// glibc has an arena for each thread, and by itself keeps up to 64 MB that are free at the top of
/// each, which other threads don't use.
pub fn give_back_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: it sets a number that the next free() looks at.
    unsafe {
        libc::mallopt(libc::M_TRIM_THRESHOLD, 1 << 20);
    }
}

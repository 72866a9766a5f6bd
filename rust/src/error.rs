//! What can go wrong; each says where.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug)]
pub enum Error {
    /// The system refused; `path` is the file.
    Io { path: PathBuf, source: io::Error },
    /// A file doesn't hold what it should at `offset`.
    Damaged {
        path: PathBuf,
        offset: u64,
        found: String,
    },
    /// A file of a version that this program doesn't read.
    Version {
        path: PathBuf,
        found: u32,
        expected: u32,
    },
    /// A limit of a query was reached; `name` is the field of searcher.query.limits.Limits.
    Limit { name: &'static str, message: String },
    /// The caller asked for what can't be: documents out of order, an unknown field.
    Misuse(String),
}

impl Error {
    pub fn io(path: &Path, source: io::Error) -> Self {
        Error::Io {
            path: path.to_owned(),
            source,
        }
    }

    pub fn damaged(path: &Path, offset: u64, found: impl Into<String>) -> Self {
        Error::Damaged {
            path: path.to_owned(),
            offset,
            found: found.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io { path, source } => write!(out, "{}: {source}", path.display()),
            Error::Damaged {
                path,
                offset,
                found,
            } => write!(out, "{}: damaged at byte {offset}: {found}", path.display()),
            Error::Version {
                path,
                found,
                expected,
            } => write!(
                out,
                "{}: segment version {found}, this program reads {expected}",
                path.display()
            ),
            Error::Limit { message, .. } | Error::Misuse(message) => out.write_str(message),
        }
    }
}

impl std::error::Error for Error {}

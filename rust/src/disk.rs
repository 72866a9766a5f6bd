//! Files on their way to the disk: each operation that changes one goes through here.
//!
//! A watcher is told of an operation before it is done, and can refuse it.  The interpreter
//! watches for Ctrl-C, which must not wait for the end of a long write; the tests of
//! docs/reliability.md watch to fail or to kill at each operation in turn.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// What is about to be done to a file, or to a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Create,
    Write,
    Sync,
    Rename,
    Remove,
}

impl Operation {
    pub fn name(self) -> &'static str {
        match self {
            Operation::Create => "create",
            Operation::Write => "write",
            Operation::Sync => "sync",
            Operation::Rename => "rename",
            Operation::Remove => "remove",
        }
    }
}

/// Is told of an operation on a path before it is done; an error is what it ends with.
pub type Watcher = dyn Fn(Operation, &Path) -> io::Result<()> + Send + Sync;

static WATCHER: RwLock<Option<Arc<Watcher>>> = RwLock::new(None);

/// Have all operations of this process watched from now on, in place of who watched before.
pub fn watch(watcher: Arc<Watcher>) {
    *WATCHER.write().unwrap_or_else(PoisonError::into_inner) = Some(watcher);
}

fn tell(operation: Operation, path: &Path) -> io::Result<()> {
    // Not locked while it is told: a watcher may wait for the interpreter.
    let watcher = WATCHER
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    watcher.map_or(Ok(()), |watcher| watcher(operation, path))
}

/// A file that is written, and read again.
pub struct DiskFile {
    path: PathBuf,
    file: File,
}

impl DiskFile {
    /// Make an empty file, which whoever may enter its folder may read, and nobody else.
    pub fn create(path: &Path) -> io::Result<DiskFile> {
        tell(Operation::Create, path)?;
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(true);
        limit_mode(&mut options, path)?;
        let file = options.open(path)?;
        Ok(DiskFile {
            path: path.to_owned(),
            file,
        })
    }

    /// Wait until all of it is on the disk.
    pub fn sync(&self) -> io::Result<()> {
        tell(Operation::Sync, &self.path)?;
        self.file.sync_all()
    }
}

impl Write for DiskFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        tell(Operation::Write, &self.path)?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Read for DiskFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

impl Seek for DiskFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

/// Give a file another name.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    tell(Operation::Rename, to)?;
    fs::rename(from, to)
}

/// Remove a file.
pub fn remove(path: &Path) -> io::Result<()> {
    tell(Operation::Remove, path)?;
    fs::remove_file(path)
}

/// Have the names of the files beside `path` on the disk.
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = folder_of(path);
    tell(Operation::Sync, folder)?;
    if cfg!(windows) {
        return Ok(());
    }
    File::open(folder)?.sync_all()
}

/// The folder that a path stands in.
pub fn folder_of(path: &Path) -> &Path {
    let parent = path.parent();
    parent
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

#[cfg(unix)]
fn limit_mode(options: &mut OpenOptions, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt};

    options.mode(fs::metadata(folder_of(path))?.mode() & 0o666);
    Ok(())
}

#[cfg(not(unix))]
fn limit_mode(_options: &mut OpenOptions, _path: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_file_is_no_more_open_than_its_folder() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        for (mode, expected) in [(0o700, 0o600), (0o750, 0o640)] {
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
            let path = folder.path().join(mode.to_string());
            DiskFile::create(&path).unwrap();
            let found = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
            assert_eq!(found & !expected, 0);
        }
    }

    #[test]
    fn a_file_without_a_folder_stands_in_the_current_one() {
        assert_eq!(folder_of(Path::new("a")), Path::new("."));
        assert_eq!(folder_of(Path::new("b/a")), Path::new("b"));
    }
}

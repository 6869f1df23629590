//! The recording VFS: forwards every call to the system's own, keeps a trace, and can fail on request.

use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::mem::size_of;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::{Mutex, MutexGuard, Once, OnceLock, PoisonError};

use rusqlite::ffi;

/// One thing that happened to a file of the recorded folder, named without the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// Opened; `existed` tells whether it was there.
    Open { name: String, existed: bool },
    /// Bytes written at an offset.
    Write { name: String, offset: usize, bytes: Vec<u8> },
    /// Cut or stretched to a size.
    Truncate { name: String, size: usize },
    /// Made durable.
    Sync { name: String },
    /// Unlinked; `synced` tells whether the folder was made durable too.
    Delete { name: String, synced: bool },
    /// Given another name, by the program itself.
    Rename { from: String, to: String },
    /// The folder made durable, by the program itself.
    SyncFolder,
    /// The caller was told that this act is recorded.
    Ack(u32),
}

/// What is made to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A write finds the disk full.
    WriteFull,
    /// A write fails.
    WriteError,
    /// Making durable fails.
    SyncError,
}

#[derive(Default)]
struct State {
    folder: Option<PathBuf>,
    ops: Vec<Op>,
    fault: Option<(Fault, usize)>,
}

static STATE: Mutex<Option<State>> = Mutex::new(None);
static TURN: Mutex<()> = Mutex::new(());
static INSTALL: Once = Once::new();
static SYSTEM: OnceLock<usize> = OnceLock::new();

fn state() -> MutexGuard<'static, Option<State>> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A recording that goes on; one at a time.
pub struct Recording {
    _turn: MutexGuard<'static, ()>,
}

impl Recording {
    /// Begins to record what happens in a folder.
    #[must_use]
    pub fn start(folder: &Path) -> Self {
        Self::start_with(folder, None)
    }

    /// Begins to record, and lets the operation of a kind with this number fail, once.
    #[must_use]
    pub fn start_with(folder: &Path, fault: Option<(Fault, usize)>) -> Self {
        install();
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = Some(folder.to_path_buf());
        *state() = Some(State { folder, ops: Vec::new(), fault });
        Self { _turn: turn }
    }

    /// Writes down that the caller was told "recorded".
    pub fn ack(&self, number: u32) {
        if let Some(state) = state().as_mut() {
            state.ops.push(Op::Ack(number));
        }
    }

    /// Tells whether the fault asked for has not happened yet.
    #[must_use]
    pub fn fault_is_left(&self) -> bool {
        state().as_ref().is_some_and(|state| state.fault.is_some())
    }

    /// Ends the recording and returns the trace.
    #[must_use]
    pub fn finish(self) -> Vec<Op> {
        state().take().map(|state| state.ops).unwrap_or_default()
    }
}

/// Returns the name inside the recorded folder, if the path lies there.
fn inside(path: &Path) -> Option<String> {
    let state = state();
    let folder = state.as_ref()?.folder.as_ref()?;
    Some(path.strip_prefix(folder).ok()?.to_str()?.to_owned())
}

fn push(op: Op) {
    if let Some(state) = state().as_mut() {
        state.ops.push(op);
    }
}

/// Counts an operation down; tells whether it must fail now.
fn must_fail(kinds: &[Fault]) -> Option<Fault> {
    let mut state = state();
    let fault = &mut state.as_mut()?.fault;
    let (kind, left) = fault.as_mut()?;
    if !kinds.contains(kind) {
        return None;
    }
    if *left > 0 {
        *left -= 1;
        return None;
    }
    let kind = *kind;
    *fault = None;
    Some(kind)
}

/// A file of ours; the system's own file lies right behind it in memory.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    /// Name inside the recorded folder; null for files that are not recorded.
    name: *mut String,
}

fn system() -> *mut ffi::sqlite3_vfs {
    *SYSTEM.get().expect("installed") as *mut ffi::sqlite3_vfs
}

unsafe fn real(file: *mut ffi::sqlite3_file) -> *mut ffi::sqlite3_file {
    unsafe { file.cast::<u8>().add(size_of::<File>()).cast() }
}

unsafe fn name(file: *mut ffi::sqlite3_file) -> Option<String> {
    unsafe { (*file.cast::<File>()).name.as_ref().cloned() }
}

unsafe fn path_of<'a>(name: *const c_char) -> &'a Path {
    Path::new(OsStr::from_bytes(unsafe { CStr::from_ptr(name) }.to_bytes()))
}

/// Calls a method of the system's own file.
macro_rules! forward {
    ($file:expr, $method:ident $(, $arg:expr)*) => {{
        let real = real($file);
        ((*(*real).pMethods).$method.expect("method of the system"))(real $(, $arg)*)
    }};
}

unsafe extern "C" fn x_close(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe {
        let own = file.cast::<File>();
        if !(*own).name.is_null() {
            drop(Box::from_raw((*own).name));
            (*own).name = ptr::null_mut();
        }
        forward!(file, xClose)
    }
}

unsafe extern "C" fn x_read(
    file: *mut ffi::sqlite3_file,
    to: *mut c_void,
    size: c_int,
    offset: i64,
) -> c_int {
    unsafe { forward!(file, xRead, to, size, offset) }
}

unsafe extern "C" fn x_write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    size: c_int,
    offset: i64,
) -> c_int {
    unsafe {
        if let Some(name) = name(file) {
            match must_fail(&[Fault::WriteFull, Fault::WriteError]) {
                Some(Fault::WriteFull) => return ffi::SQLITE_FULL,
                Some(_) => return ffi::SQLITE_IOERR_WRITE,
                None => {}
            }
            let length = usize::try_from(size).expect("size");
            let bytes = std::slice::from_raw_parts(from.cast::<u8>(), length).to_vec();
            push(Op::Write { name, offset: usize::try_from(offset).expect("offset"), bytes });
        }
        forward!(file, xWrite, from, size, offset)
    }
}

unsafe extern "C" fn x_truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    unsafe {
        if let Some(name) = name(file) {
            push(Op::Truncate { name, size: usize::try_from(size).expect("size") });
        }
        forward!(file, xTruncate, size)
    }
}

unsafe extern "C" fn x_sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    unsafe {
        let name = name(file);
        if name.is_some() && must_fail(&[Fault::SyncError]).is_some() {
            return ffi::SQLITE_IOERR_FSYNC;
        }
        let done = forward!(file, xSync, flags);
        if let (Some(name), ffi::SQLITE_OK) = (name, done) {
            push(Op::Sync { name });
        }
        done
    }
}

unsafe extern "C" fn x_file_size(file: *mut ffi::sqlite3_file, size: *mut i64) -> c_int {
    unsafe { forward!(file, xFileSize, size) }
}

unsafe extern "C" fn x_lock(file: *mut ffi::sqlite3_file, lock: c_int) -> c_int {
    unsafe { forward!(file, xLock, lock) }
}

unsafe extern "C" fn x_unlock(file: *mut ffi::sqlite3_file, lock: c_int) -> c_int {
    unsafe { forward!(file, xUnlock, lock) }
}

unsafe extern "C" fn x_check_lock(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    unsafe { forward!(file, xCheckReservedLock, out) }
}

unsafe extern "C" fn x_control(file: *mut ffi::sqlite3_file, op: c_int, arg: *mut c_void) -> c_int {
    unsafe { forward!(file, xFileControl, op, arg) }
}

unsafe extern "C" fn x_sector_size(file: *mut ffi::sqlite3_file) -> c_int {
    unsafe { forward!(file, xSectorSize) }
}

unsafe extern "C" fn x_characteristics(file: *mut ffi::sqlite3_file) -> c_int {
    // A disk that tears writes gives no such promise.
    unsafe { forward!(file, xDeviceCharacteristics) & !ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE }
}

unsafe extern "C" fn x_shm_map(
    file: *mut ffi::sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    unsafe { forward!(file, xShmMap, page, size, extend, out) }
}

unsafe extern "C" fn x_shm_lock(
    file: *mut ffi::sqlite3_file,
    offset: c_int,
    n: c_int,
    flags: c_int,
) -> c_int {
    unsafe { forward!(file, xShmLock, offset, n, flags) }
}

unsafe extern "C" fn x_shm_barrier(file: *mut ffi::sqlite3_file) {
    unsafe { forward!(file, xShmBarrier) }
}

unsafe extern "C" fn x_shm_unmap(file: *mut ffi::sqlite3_file, delete: c_int) -> c_int {
    unsafe { forward!(file, xShmUnmap, delete) }
}

/// Version 2: shared memory for WAL, but no memory-mapped reads.
static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(x_close),
    xRead: Some(x_read),
    xWrite: Some(x_write),
    xTruncate: Some(x_truncate),
    xSync: Some(x_sync),
    xFileSize: Some(x_file_size),
    xLock: Some(x_lock),
    xUnlock: Some(x_unlock),
    xCheckReservedLock: Some(x_check_lock),
    xFileControl: Some(x_control),
    xSectorSize: Some(x_sector_size),
    xDeviceCharacteristics: Some(x_characteristics),
    xShmMap: Some(x_shm_map),
    xShmLock: Some(x_shm_lock),
    xShmBarrier: Some(x_shm_barrier),
    xShmUnmap: Some(x_shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

unsafe extern "C" fn x_open(
    _vfs: *mut ffi::sqlite3_vfs,
    z_name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    unsafe {
        let own = file.cast::<File>();
        (*own).base.pMethods = ptr::null();
        (*own).name = ptr::null_mut();
        let recorded = if z_name.is_null() { None } else { inside(path_of(z_name)) };
        let existed = !z_name.is_null() && path_of(z_name).exists();
        let done = ((*system()).xOpen.expect("xOpen"))(system(), z_name, real(file), flags, out);
        if !(*real(file)).pMethods.is_null() {
            (*own).base.pMethods = &raw const METHODS;
        }
        if let (Some(name), ffi::SQLITE_OK) = (recorded, done) {
            push(Op::Open { name: name.clone(), existed });
            (*own).name = Box::into_raw(Box::new(name));
        }
        done
    }
}

unsafe extern "C" fn x_delete(
    _vfs: *mut ffi::sqlite3_vfs,
    z_name: *const c_char,
    sync: c_int,
) -> c_int {
    unsafe {
        let done = ((*system()).xDelete.expect("xDelete"))(system(), z_name, sync);
        if let (Some(name), ffi::SQLITE_OK) = (inside(path_of(z_name)), done) {
            push(Op::Delete { name, synced: sync != 0 });
        }
        done
    }
}

unsafe extern "C" fn x_access(
    _vfs: *mut ffi::sqlite3_vfs,
    z_name: *const c_char,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    unsafe { ((*system()).xAccess.expect("xAccess"))(system(), z_name, flags, out) }
}

unsafe extern "C" fn x_full_path(
    _vfs: *mut ffi::sqlite3_vfs,
    z_name: *const c_char,
    size: c_int,
    out: *mut c_char,
) -> c_int {
    unsafe { ((*system()).xFullPathname.expect("xFullPathname"))(system(), z_name, size, out) }
}

unsafe extern "C" fn x_randomness(
    _vfs: *mut ffi::sqlite3_vfs,
    size: c_int,
    out: *mut c_char,
) -> c_int {
    unsafe { ((*system()).xRandomness.expect("xRandomness"))(system(), size, out) }
}

unsafe extern "C" fn x_sleep(_vfs: *mut ffi::sqlite3_vfs, microseconds: c_int) -> c_int {
    unsafe { ((*system()).xSleep.expect("xSleep"))(system(), microseconds) }
}

unsafe extern "C" fn x_time(_vfs: *mut ffi::sqlite3_vfs, out: *mut i64) -> c_int {
    unsafe { ((*system()).xCurrentTimeInt64.expect("xCurrentTimeInt64"))(system(), out) }
}

unsafe extern "C" fn x_last_error(
    _vfs: *mut ffi::sqlite3_vfs,
    size: c_int,
    out: *mut c_char,
) -> c_int {
    unsafe { ((*system()).xGetLastError.expect("xGetLastError"))(system(), size, out) }
}

/// Puts the recording VFS below every connection that names none.
///
/// # Panics
///
/// If the system has no VFS of its own.
pub fn install() {
    INSTALL.call_once(|| unsafe {
        let system = ffi::sqlite3_vfs_find(ptr::null());
        assert!(!system.is_null());
        SYSTEM.set(system as usize).expect("installed once");
        let ours = Box::new(ffi::sqlite3_vfs {
            iVersion: 2,
            szOsFile: c_int::try_from(size_of::<File>()).expect("size") + (*system).szOsFile,
            mxPathname: (*system).mxPathname,
            pNext: ptr::null_mut(),
            zName: c"rec".as_ptr(),
            pAppData: ptr::null_mut(),
            xOpen: Some(x_open),
            xDelete: Some(x_delete),
            xAccess: Some(x_access),
            xFullPathname: Some(x_full_path),
            xDlOpen: None,
            xDlError: None,
            xDlSym: None,
            xDlClose: None,
            xRandomness: Some(x_randomness),
            xSleep: Some(x_sleep),
            xCurrentTime: None,
            xGetLastError: Some(x_last_error),
            xCurrentTimeInt64: Some(x_time),
            xSetSystemCall: None,
            xGetSystemCall: None,
            xNextSystemCall: None,
        });
        let answer = ffi::sqlite3_vfs_register(Box::into_raw(ours), 1);
        assert_eq!(answer, ffi::SQLITE_OK);
    });
}

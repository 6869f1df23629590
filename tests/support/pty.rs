//! A program in a pseudo-terminal: keys go in, its screen can be read.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};

/// A program in a terminal of 80 by 24.
pub(crate) struct Pty {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    pub(crate) bytes: Receiver<Vec<u8>>,
    pub(crate) seen: Vec<u8>,
    master: Box<dyn portable_pty::MasterPty + Send>,
    reader: JoinHandle<()>,
    size: (u16, u16),
}

impl Pty {
    /// Starts the program.
    pub(crate) fn start(mut command: CommandBuilder) -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        command.env("TERM", "xterm-256color");
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let (sender, bytes) = channel();
        let reader = std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count) = reader.read(&mut buffer) {
                if count == 0 || sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let (seen, master) = (Vec::new(), pair.master);
        Self { child, writer, bytes, seen, master, reader, size: (24, 80) }
    }

    /// Returns what stands on the screen.
    pub(crate) fn screen(&self) -> String {
        let (rows, cols) = self.size;
        let mut parser = vt100::Parser::new(rows.try_into().unwrap(), cols.try_into().unwrap(), 0);
        parser.process(&self.seen);
        parser.screen().contents()
    }

    /// Waits until the words are on the screen.
    pub(crate) fn until(&mut self, words: &str) {
        while !self.screen().contains(words) {
            match self.bytes.recv_timeout(Duration::from_secs(20)) {
                Ok(bytes) => self.seen.extend(bytes),
                Err(error) => panic!("never seen: {words} ({error})\n{}", self.screen()),
            }
        }
    }

    /// Reads until nothing came for so long; longer than the guards, whose clock is the real one.
    pub(crate) fn quiet(&mut self, ms: u64) {
        while let Ok(bytes) = self.bytes.recv_timeout(Duration::from_millis(ms)) {
            self.seen.extend(bytes);
        }
    }

    /// Gives the window another size; what was on the screen before is forgotten.
    pub(crate) fn resize(&mut self, cols: u16, rows: u16) {
        self.seen.clear();
        self.size = (rows, cols);
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        self.master.resize(size).unwrap();
    }

    /// Sends a signal to the program.
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let id = self.child.process_id().and_then(|id| i32::try_from(id).ok());
        let id = id.and_then(rustix::process::Pid::from_raw).unwrap();
        rustix::process::kill_process(id, signal).unwrap();
    }

    /// Returns the exit status, once the program is gone.
    pub(crate) fn status(&mut self) -> u32 {
        self.child.wait().unwrap().exit_code()
    }

    /// Takes the terminal away, at a key that changes the screen; returns the exit status.
    pub(crate) fn hang_up(self, key: &str) -> u32 {
        let Self { mut child, mut writer, bytes, master, reader, .. } = self;
        // With nobody to hand bytes to, the reader ends at the next ones and lets the terminal go.
        drop(bytes);
        writer.write_all(key.as_bytes()).unwrap();
        reader.join().unwrap();
        drop((writer, master));
        child.wait().unwrap().exit_code()
    }

    /// Presses keys.
    pub(crate) fn send(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Reads until the child writes no more.
    pub(crate) fn all(&mut self) -> String {
        while let Ok(bytes) = self.bytes.recv_timeout(Duration::from_secs(20)) {
            self.seen.extend(bytes);
        }
        String::from_utf8_lossy(&self.seen).into_owned()
    }

    /// Reads until the child is gone.
    pub(crate) fn rest(&mut self) -> String {
        let all = self.all();
        let _ = self.child.kill();
        let _ = self.child.wait();
        all
    }
}

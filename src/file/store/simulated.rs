#![cfg(test)]
//! A simulated machine with one file, whose operations fail, and that loses what a power cut may
//! lose.

use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard};

use super::storage::Storage;
use crate::testing::keys::Rng;

/// A change that is not durable yet.
#[derive(Clone)]
enum Pending {
    Write(usize, Vec<u8>),
    Cut(usize),
}

impl Pending {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Cut(len) => bytes.resize(*len, 0),
            Self::Write(at, new) => {
                let len = bytes.len().max(at + new.len());
                bytes.resize(len, 0);
                bytes[*at..at + new.len()].copy_from_slice(new);
            }
        }
    }
}

#[derive(Clone, Default)]
struct SimFile {
    /// What readers see.
    now: Vec<u8>,
    durable: Vec<u8>,
    pending: Vec<Pending>,
}

impl SimFile {
    fn change(&mut self, change: Pending) {
        change.apply(&mut self.now);
        self.pending.push(change);
    }

    /// What is left after a power cut: of the changes that are not durable, any may be lost, torn,
    /// or made before others.
    fn after_power_cut(&self, rng: &mut Rng) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        let mut pending = self.pending.clone();
        for i in (1..pending.len()).rev() {
            if rng.below(4) == 0 {
                pending.swap(i, rng.below(i + 1));
            }
        }
        for change in pending {
            match (rng.below(4), change) {
                (0, _) => {}
                (1, Pending::Write(at, new)) => {
                    // Some blocks of the write.
                    for (i, block) in new.chunks(64).enumerate() {
                        if rng.below(2) == 0 {
                            Pending::Write(at + 64 * i, block.to_vec()).apply(&mut bytes);
                        }
                    }
                }
                (_, change) => change.apply(&mut bytes),
            }
        }
        bytes
    }
}

#[derive(Default)]
struct Machine {
    files: Vec<SimFile>,
    /// The file that the name leads to, and the one that it leads to after a power cut.
    named: usize,
    durably_named: usize,
    /// The number of operations so far, and those that fail.
    operations: usize,
    fails: Range<usize>,
}

/// A simulated machine, whose disk has one name.
#[derive(Clone, Default)]
pub(super) struct SimMachine(Arc<Mutex<Machine>>);

impl SimMachine {
    /// A machine whose file has these bytes.
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        let file = SimFile { now: bytes.clone(), durable: bytes, pending: Vec::new() };
        Self(Arc::new(Mutex::new(Machine { files: vec![file], ..Machine::default() })))
    }

    fn machine(&self) -> MutexGuard<'_, Machine> {
        self.0.lock().unwrap()
    }

    /// The file that the name leads to.
    pub(super) fn disk(&self) -> Box<dyn Storage> {
        Box::new(SimDisk { machine: self.clone(), file: self.machine().named })
    }

    /// Makes operations fail, by their numbers.
    pub(super) fn fail(&self, operations: Range<usize>) {
        self.machine().fails = operations;
    }

    /// The number of operations so far.
    pub(super) fn operations(&self) -> usize {
        self.machine().operations
    }

    /// What the name leads to.
    pub(super) fn now(&self) -> Vec<u8> {
        let machine = self.machine();
        machine.files[machine.named].now.clone()
    }

    /// What the name may lead to after a power cut.
    pub(super) fn after_power_cut(&self, rng: &mut Rng) -> Vec<u8> {
        let machine = self.machine();
        let file = if rng.below(2) == 0 { machine.named } else { machine.durably_named };
        machine.files[file].after_power_cut(rng)
    }
}

/// A file of a simulated machine.
struct SimDisk {
    machine: SimMachine,
    file: usize,
}

impl SimDisk {
    /// Counts an operation. Returns an error with the machine if it fails.
    fn operate(&self) -> (MutexGuard<'_, Machine>, io::Result<()>) {
        let mut machine = self.machine.machine();
        let fails = machine.fails.contains(&machine.operations);
        machine.operations += 1;
        let result = if fails { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) };
        (machine, result)
    }
}

impl Storage for SimDisk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.machine.machine().files[self.file].now.len() as u64)
    }

    fn read_at(&self, at: u64, bytes: &mut [u8]) -> io::Result<()> {
        let machine = self.machine.machine();
        let from = machine.files[self.file].now.get(at as usize..at as usize + bytes.len());
        bytes.copy_from_slice(from.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        let (mut machine, result) = self.operate();
        // The first write that fails has written a part.
        let len = match result {
            Ok(()) => bytes.len(),
            Err(_) if machine.operations == machine.fails.start + 1 => bytes.len() / 2,
            Err(_) => 0,
        };
        machine.files[self.file].change(Pending::Write(at as usize, bytes[..len].to_vec()));
        result
    }

    fn set_len(&mut self, len: u64) -> io::Result<()> {
        let (mut machine, result) = self.operate();
        result?;
        machine.files[self.file].change(Pending::Cut(len as usize));
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        let (mut machine, result) = self.operate();
        result?;
        let file = &mut machine.files[self.file];
        file.durable.clone_from(&file.now);
        file.pending.clear();
        Ok(())
    }

    fn successor(&self) -> io::Result<Box<dyn Storage>> {
        let (mut machine, result) = self.operate();
        result?;
        machine.files.push(SimFile::default());
        let file = machine.files.len() - 1;
        Ok(Box::new(Self { machine: self.machine.clone(), file }))
    }

    fn install(&mut self) -> io::Result<()> {
        let (mut machine, result) = self.operate();
        result?;
        machine.named = self.file;
        Ok(())
    }

    fn sync_name(&mut self) -> io::Result<()> {
        let (mut machine, result) = self.operate();
        result?;
        machine.durably_named = machine.named;
        Ok(())
    }
}

//! Tests of the example `scan` that run it as a process.

#[cfg(target_os = "linux")]
mod deadline;
#[cfg(target_os = "linux")]
mod deep;
mod finds;
mod live;
mod options;
mod process;
mod rules;

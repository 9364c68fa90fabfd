//! Answers, as text or as JSON.
//!
//! ```json
//! {"version":17}
//! {"key":"apple","value":"green"}
//! {"key_bytes":[255],"value":null}
//! {"version":17,"time":"2026-11-28T15:20:01Z","keys":2,"bytes":168,"change":"put apple"}
//! {"version":17,"time":"2026-11-28T15:20:01Z","value":"green"}
//! {"change":"changed","key":"apple","value":"green","before":"red"}
//! ```
//!
//! A JSON string is Unicode, and keys and values need not be. One that is not UTF-8 is an array of
//! bytes, in a field whose name ends in `_bytes`.

use std::fmt::Display;
use std::io::{self, Write};

use bytetrie::Change;
use bytetrie_examples::figures::count;
use serde_core::Serialize;

use crate::versions::{Value, Version};
use crate::words::Shown;

/// Writes answers, each in one piece.
pub struct Printer<W> {
    pub out: W,
    pub json: bool,
    line: Vec<u8>,
}

impl<W: Write> Printer<W> {
    pub fn new(out: W, json: bool) -> Self {
        Self { out, json, line: Vec::new() }
    }

    /// Acknowledges a change, which is durable in this version.
    pub fn ok(&mut self, version: u64) -> io::Result<()> {
        self.answer(format_args!("ok {version}"), |json| json.field("version", &version))
    }

    /// Acknowledges a compaction.
    pub fn compacted(&mut self, versions: u64, bytes: u64) -> io::Result<()> {
        let text = format_args!("ok, {} kept, {} freed", count(versions, "version"), count(bytes, "byte"));
        self.answer(text, |json| {
            json.field("versions_kept", &versions);
            json.field("bytes_freed", &bytes);
        })
    }

    /// Prints the value of a key: in text its bytes as they are.
    pub fn value(&mut self, key: &[u8], value: &Value) -> io::Result<()> {
        if self.json {
            return self.entry(key, value);
        }
        self.out.write_all(value)?;
        self.out.write_all(b"\n")
    }

    /// Answers that a key does not exist: in text by nothing, since every text may be a value.
    pub fn absent(&mut self, key: &[u8]) -> io::Result<()> {
        if !self.json {
            return Ok(());
        }
        self.answer("", |json| {
            json.bytes("key", key);
            json.value("value", None);
        })
    }

    /// Prints a key and its value.
    pub fn entry(&mut self, key: &[u8], value: &Value) -> io::Result<()> {
        self.answer(format_args!("{} {}", Shown(key), Shown(value)), |json| {
            json.bytes("key", key);
            json.bytes("value", value);
        })
    }

    /// Prints a version.
    pub fn version(&mut self, version: &Version) -> io::Result<()> {
        let Version { number, keys, bytes, change, .. } = version;
        let time = time(version);
        let (known, size) = (count(keys, "key"), count(bytes, "byte"));
        self.answer(format_args!("{number}  {time}  {known}, {size} written  {change}"), |json| {
            json.field("version", number);
            json.field("time", &time);
            json.field("keys", keys);
            json.field("bytes", bytes);
            json.field("change", change);
        })
    }

    /// Prints a version of a key: its new value, or that it was deleted.
    pub fn version_of_key(&mut self, version: &Version, value: Option<&Value>) -> io::Result<()> {
        let time = time(version);
        let change = value.map_or("del".to_string(), |value| format!("put {}", Shown(value)));
        self.answer(format_args!("{}  {time}  {change}", version.number), |json| {
            json.field("version", &version.number);
            json.field("time", &time);
            json.value("value", value);
        })
    }

    /// Prints the change of a key from one version to another.
    pub fn change(&mut self, key: &[u8], change: Change<'_, Value>) -> io::Result<()> {
        let (sign, name) = match change {
            Change::Added(_) => ('+', "added"),
            Change::Removed(_) => ('-', "removed"),
            Change::Changed(..) => ('~', "changed"),
        };
        let [before, after] = [change.before(), change.after()].map(|value| {
            let text = value.map(|value| format!(" {}", Shown(value)));
            text.unwrap_or_default()
        });
        self.answer(format_args!("{sign} {}{before}{after}", Shown(key)), |json| {
            json.field("change", name);
            json.bytes("key", key);
            match change {
                Change::Added(value) | Change::Removed(value) => json.bytes("value", value),
                Change::Changed(before, value) => {
                    json.bytes("value", value);
                    json.bytes("before", before);
                }
            }
        })
    }

    fn answer(&mut self, text: impl Display, json: impl FnOnce(&mut Object<'_>)) -> io::Result<()> {
        self.line.clear();
        if self.json {
            self.line.push(b'{');
            json(&mut Object(&mut self.line));
            self.line.push(b'}');
        } else {
            write!(self.line, "{text}")?;
        }
        self.line.push(b'\n');
        self.out.write_all(&self.line)
    }
}

/// The time of a version in UTC; `-` if it is unknown.
fn time(version: &Version) -> String {
    version.time.map_or("-".to_string(), |time| humantime::format_rfc3339_seconds(time).to_string())
}

/// A JSON object that is being written, with its fields in this order.
struct Object<'a>(&'a mut Vec<u8>);

impl Object<'_> {
    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        if self.0.len() > 1 {
            self.0.push(b',');
        }
        serde_json::to_writer(&mut *self.0, name).expect("a string is valid JSON");
        self.0.push(b':');
        serde_json::to_writer(&mut *self.0, value).expect("numbers, strings and arrays are valid JSON");
    }

    fn bytes(&mut self, name: &str, bytes: &[u8]) {
        match str::from_utf8(bytes) {
            Ok(text) => self.field(name, text),
            Err(_) => self.field(&format!("{name}_bytes"), bytes),
        }
    }

    fn value(&mut self, name: &str, value: Option<&Value>) {
        match value {
            Some(value) => self.bytes(name, value),
            None => self.field(name, &()),
        }
    }
}

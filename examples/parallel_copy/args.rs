//! The command line.
//!
//! The implementations that `clap`'s derive macro would generate are written by hand, because the
//! macro takes longer to compile than this example.

use std::path::PathBuf;

use clap::{
    Arg, ArgAction, ArgMatches, Command, CommandFactory, Error, FromArgMatches, Parser, value_parser,
};

/// The arguments.
#[derive(Debug)]
pub(crate) struct Args {
    /// The directory whose paths are copied, or the file whose lines are copied.
    pub(crate) paths: Option<PathBuf>,
    /// The number of worker threads.
    pub(crate) threads: u16,
    /// The number of generated elements.
    pub(crate) elements: u64,
    /// Whether the work is repeated with one thread, for comparison.
    pub(crate) compare: bool,
}

impl Parser for Args {}

impl CommandFactory for Args {
    fn command() -> Command {
        let paths = Arg::new("paths").long("paths").value_name("DIR|FILE").conflicts_with("elements").help(
            "Copy real input: every path below this directory (value: size), or every line of this file \
             (value: its number)",
        );
        let threads = Arg::new("threads").long("threads").value_name("N").default_value("4");
        let elements = Arg::new("elements").long("elements").value_name("N").default_value("65535").help(
            "The number of generated elements; the remainder of dividing it by the number of threads is \
             left out",
        );
        let compare = Arg::new("compare").long("compare").action(ArgAction::SetTrue);
        let about = "Copies one subtrie of a map to another, by threads that receive zippers over channels";
        let more = "Without --paths, the input is generated numbers. With it, the input is the paths \
                    below a directory or the lines of a file.";
        Command::new("parallel_copy")
            .version(env!("CARGO_PKG_VERSION"))
            .about(about)
            .long_about(format!("{about}.\n\n{more}"))
            .arg(paths.value_parser(value_parser!(PathBuf)))
            .arg(
                threads
                    .help("The number of worker threads, 1 to 256")
                    .value_parser(value_parser!(u16).range(1..=256)),
            )
            .arg(elements.value_parser(value_parser!(u64)))
            .arg(compare.help("Repeat the work with one thread, and print the speed-up"))
    }

    fn command_for_update() -> Command {
        Self::command()
    }
}

impl FromArgMatches for Args {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        Ok(Self {
            paths: matches.get_one("paths").cloned(),
            threads: *matches.get_one("threads").expect("it has a default"),
            elements: *matches.get_one("elements").expect("it has a default"),
            compare: matches.get_flag("compare"),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

//! The subcommand: its arguments, its input and output, its exit code.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use super::{Document, Kind, Options, StreamReader, inspect};

/// Reads SIP, SDP and what travels inside and prints what they say as JSON.
#[derive(Clone, Debug, clap::Args)]
#[command(after_long_help = include_str!("../../INSPECT.md"))]
pub struct Args {
    /// What the input is: sip, sdp, cpim, multipart, mime, imdn (and other XML documents, listed below), uri, header:NAME, or auto to tell it from the bytes
    #[arg(long = "as", value_name = "KIND", default_value = "auto")]
    kind: Kind,
    /// Read a stream of messages and keep-alives, as a connection carries them, in place of one datagram
    #[arg(long)]
    stream: bool,
    /// Type every field and tolerate nothing
    #[arg(long)]
    strict: bool,
    /// The file to read; - is standard input
    file: PathBuf,
}

/// All input was accepted.
const ACCEPTED: u8 = 0;
/// Something in the input is malformed.
const MALFORMED: u8 = 1;
/// The command line is wrong, or a file cannot be read or written.
const USAGE: u8 = 2;

/// How much of a stream is read at once.
const PIECE: usize = 64 * 1024;

/// Runs the subcommand.
#[must_use]
pub fn run(args: &Args) -> ExitCode {
    if args.stream && !matches!(args.kind, Kind::Auto | Kind::Sip) {
        return usage("--stream reads SIP only");
    }
    let mut input = match open(args) {
        Ok(input) => input,
        Err(error) => return usage(&format!("{}: {error}", args.file.display())),
    };
    let mut printer = Printer::new();
    let outcome = if args.stream {
        print_stream(&mut input, args.strict, &mut printer)
    } else {
        print_whole(&mut input, args, &mut printer)
    };
    match outcome {
        Ok(()) => ExitCode::from(printer.code),
        Err(Stop::Input(error)) => usage(&format!("{}: {error}", args.file.display())),
        // Whoever read the documents has seen enough; that is no fault.
        Err(Stop::Output(error)) if error.kind() == ErrorKind::BrokenPipe => {
            ExitCode::from(printer.code)
        }
        Err(Stop::Output(error)) => usage(&format!("standard output: {error}")),
    }
}

/// Why the work ends early.
enum Stop {
    Input(io::Error),
    Output(io::Error),
}

fn open(args: &Args) -> io::Result<Box<dyn Read>> {
    Ok(if args.file.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(&args.file)?)
    })
}

fn print_whole(input: &mut dyn Read, args: &Args, printer: &mut Printer) -> Result<(), Stop> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes).map_err(Stop::Input)?;
    let options = Options { kind: args.kind.clone(), stream: args.stream, strict: args.strict };
    printer.print(&inspect(&bytes.into(), &options))
}

/// Prints the messages as they arrive, so that a capture can be watched.
fn print_stream(input: &mut dyn Read, strict: bool, printer: &mut Printer) -> Result<(), Stop> {
    let mut reader = StreamReader::new(strict);
    let mut piece = vec![0; PIECE];
    while !reader.is_closed() {
        let count = match input.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(Stop::Input(error)),
        };
        printer.print(&reader.push(piece.get(..count).unwrap_or_default()))?;
    }
    printer.print(reader.finish().as_slice())
}

/// Documents go to standard output, faults to standard error.
struct Printer {
    output: BufWriter<io::StdoutLock<'static>>,
    code: u8,
}

impl Printer {
    fn new() -> Self {
        Self { output: BufWriter::new(io::stdout().lock()), code: ACCEPTED }
    }

    fn print(&mut self, documents: &[Document]) -> Result<(), Stop> {
        for document in documents {
            for fault in &document.faults {
                self.code = MALFORMED;
                complain(fault);
            }
            write(&mut self.output, document).map_err(Stop::Output)?;
        }
        self.output.flush().map_err(Stop::Output)
    }
}

fn write(output: &mut impl Write, document: &Document) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *output, &document.json)?;
    output.write_all(b"\n")
}

/// Says something on standard error. When that is closed, nobody listens.
fn complain(what: impl std::fmt::Display) {
    let _ = writeln!(io::stderr(), "{what}");
}

fn usage(what: &str) -> ExitCode {
    complain(format_args!("missiva: {what}"));
    ExitCode::from(USAGE)
}

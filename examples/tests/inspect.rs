//! `missiva inspect` as a user runs it: exit codes, standard input, streams, pipes that close.

#![allow(clippy::unwrap_used, reason = "a program that does not start has nothing to report")]

use std::env;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Deserializer, Value};

const MESSAGE: &str = "OPTIONS sip:b@example.com SIP/2.0\r\nVia: SIP/2.0/TCP a.example.com;branch=z9hG4bK1\r\n\
    From: <sip:a@example.com>;tag=1\r\nTo: <sip:b@example.com>\r\nCall-ID: 1@a\r\nCSeq: 1 OPTIONS\r\n\
    Max-Forwards: 70\r\nContent-Length: 2\r\n\r\nhi";

#[test]
fn a_fixture_is_printed_and_accepted() {
    let file = fixture("cpm/msg01_pager_imdn.sip");
    let output = run(&[file.to_str().unwrap()], b"");
    let documents = documents(&output, 0);
    assert_eq!(documents[0]["start"]["method"], "MESSAGE");
    assert_eq!(documents[0]["body"]["kind"], "cpim");
    assert!(output.stderr.is_empty());
}

#[test]
fn malformed_input_exits_with_1_and_one_line_a_fault() {
    let message = MESSAGE.replace("70", "secret").replace("<sip:b@example.com>", "\"secret");
    let lenient = run(&["-"], message.as_bytes());
    let documents_seen = documents(&lenient, 0);
    assert_eq!(documents_seen[0]["tolerated"].as_array().unwrap().len(), 2);
    assert!(lenient.stderr.is_empty());

    let strict = run(&["--strict", "-"], message.as_bytes());
    documents(&strict, 1);
    let lines = String::from_utf8(strict.stderr).unwrap();
    let [to, hops] = ["\"secret", "secret\r\nContent"].map(|part| message.find(part).unwrap());
    let expected = format!(
        "offset {to}: To: quoted string is not closed\n\
         offset {hops}: Max-Forwards: invalid or out-of-range number\n"
    );
    assert_eq!(lines, expected);

    let bare = MESSAGE.replace("\r\nTo", "\nTo");
    let refused = run(&["-"], bare.as_bytes());
    assert_eq!(documents(&refused, 1)[0]["kind"], "malformed");
    let lines = String::from_utf8(refused.stderr).unwrap();
    let at = bare.find("\nTo").unwrap();
    assert_eq!(lines, format!("offset {at}: framing: line feed without carriage return\n"));
}

#[test]
fn usage_exits_with_2_and_prints_no_document() {
    for arguments in [
        &["no-such-file"][..],
        &[],
        &["--as", "sap", "-"],
        &["--as", "header:", "-"],
        &["--stream", "--as", "uri", "-"],
        &["--stream", "--as", "sdp", "-"],
        &["--what", "-"],
        &["."],
    ] {
        let output = run(arguments, b"");
        documents(&output, 2);
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_stream_gives_a_document_a_message() {
    let input = format!("\r\n{MESSAGE}\r\n\r\n{MESSAGE}{MESSAGE}");
    let output = run(&["--stream", "-"], input.as_bytes());
    let documents = documents(&output, 0);
    let seen: Vec<_> = documents
        .iter()
        .map(|one| (one["kind"].as_str().unwrap(), one["offset"].as_u64().unwrap()))
        .collect();
    let len = MESSAGE.len() as u64;
    assert_eq!(
        seen,
        [("request", 2), ("ping", 2 + len), ("request", 6 + len), ("request", 6 + 2 * len)]
    );
}

#[test]
fn a_stream_that_ends_too_soon_is_malformed() {
    let input = [MESSAGE, &MESSAGE[..MESSAGE.len() - 1]].concat();
    let output = run(&["--stream", "-"], input.as_bytes());
    assert_eq!(documents(&output, 1).len(), 2);
    let expected = format!("offset {}: body: unexpected end\n", input.len());
    assert_eq!(String::from_utf8(output.stderr).unwrap(), expected);
}

/// Documents are printed when their message is whole, not when the input ends.
#[test]
fn a_stream_is_shown_while_it_lasts() {
    let mut child = spawn(&["--stream", "-"]);
    let mut input = child.stdin.take().unwrap();
    input.write_all(MESSAGE.as_bytes()).unwrap();
    input.flush().unwrap();
    let mut output = child.stdout.take().unwrap();
    let mut first = [0; 1];
    output.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"{");
    drop(input);
    let mut rest = Vec::new();
    output.read_to_end(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let mut child = spawn(&["--stream", "-"]);
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    // Once the program has seen that nobody reads, its input closes too.
    for _ in 0..10_000 {
        if input.write_all(MESSAGE.as_bytes()).is_err() {
            break;
        }
    }
    drop(input);
    let mut complaint = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
    assert_eq!((complaint.as_str(), child.wait().unwrap().code()), ("", Some(0)));
}

#[test]
fn kinds_are_told_or_said() {
    for (arguments, input, code, kind) in [
        (&["-"][..], "sips:alice@example.com;transport=tcp\n", 0, "uri"),
        (&["-"], "v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nt=0 0\n", 0, "sdp"),
        (&["--strict", "-"], "v=0\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n", 1, "sdp"),
        (&["--as", "sdp", "-"], "o=- 1 1 IN IP4 192.0.2.1\r\n", 1, "malformed"),
        (&["--as", "uri", "-"], "tel:+15550100", 0, "uri"),
        (&["--as", "uri", "-"], "sip:a b@example.com\n", 1, "uri"),
        (&["--as", "header:v", "-"], "SIP/2.0/UDP a.example.com\r\n", 0, "header"),
        (&["--as", "header:Content-Length", "-"], "17", 0, "header"),
        (&["--as", "header:Content-Length", "-"], "-1", 1, "header"),
        (&["--as", "header:X-Any", "-"], "any\r\n thing", 0, "header"),
        (&["--as", "header:Subject", "-"], "one\r\nVia: two", 1, "header"),
        (&["-"], "\r\n\r\n", 0, "ping"),
        (&["-"], "\r\n", 0, "pong"),
        (&["-"], "", 1, "malformed"),
        (&["-"], "what is this?", 1, "malformed"),
        (&["--as", "sip", "-"], "what is this?", 1, "malformed"),
    ] {
        let output = run(arguments, input.as_bytes());
        let documents = documents(&output, code);
        assert_eq!(documents[0]["kind"], kind, "{arguments:?} {input:?}");
        assert_eq!(documents.len(), 1);
        let lines = output.stderr.iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(lines, usize::from(code == 1), "{arguments:?} {input:?}");
    }
}

#[test]
fn help_describes_the_schema() {
    let output = run(&["--help"], b"");
    let help = String::from_utf8(output.stdout).unwrap();
    for word in ["--strict", "--stream", "tolerated", "validation", "offset N: FIELD"] {
        assert!(help.contains(word), "{word}");
    }
}

/// The documents on standard output, and the exit code that must be there.
fn documents(output: &Output, code: i32) -> Vec<Value> {
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{complaint}");
    Deserializer::from_slice(&output.stdout).into_iter().map(Result::unwrap).collect()
}

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = spawn(arguments);
    // A program that stops at its arguments reads nothing.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn spawn(arguments: &[&str]) -> std::process::Child {
    Command::new(env!("CARGO_BIN_EXE_missiva"))
        .arg("inspect")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// A message of the corpora. Asked at run time: builds of two clones may share their output.
fn fixture(name: &str) -> PathBuf {
    let here =
        env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).join("../tests/fixtures/sip").join(name)
}

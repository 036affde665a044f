//! Checks a subject's work before it is timed: a fast wrong answer is not a result.

use std::fmt;

use crate::sip::corpus::{Plan, Sample, Start};
use crate::sip::subject::{Refused, Subject, Task, Wire};

/// The Via line that every forwarding subject pushes.
pub const OUR_VIA: &str = "SIP/2.0/TCP proxy.example.com:5060;branch=z9hG4bKmissivabench";

/// How a subject's answer falls short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shortfall {
    /// The message as a whole was refused: there is nothing to time.
    Refused,
    /// Fewer (or more) header lines than the message has.
    Lines {
        /// Lines reported.
        found: usize,
        /// Lines there are.
        expected: usize,
    },
    /// Values that the library types but could not read.
    Faults(usize),
    /// The written message is not the one asked for; the text names the first difference.
    Output(String),
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused => f.write_str("refuses the message"),
            Self::Lines { found, expected } => {
                write!(f, "returns {found} of {expected} header lines")
            }
            Self::Faults(count) => write!(f, "cannot read {count} of the values it types"),
            Self::Output(what) => write!(f, "writes something else: {what}"),
        }
    }
}

/// Runs `task` once on every sample and compares; the first shortfall is returned.
///
/// # Errors
/// With what is missing.
pub fn verify(subject: &mut dyn Subject, task: Task, samples: &[Sample]) -> Result<(), Shortfall> {
    let mut wire = Wire::default();
    let mut worst = Ok(());
    for sample in samples {
        let seen = match subject.once(task, sample, &mut wire) {
            Ok(seen) => seen,
            Err(Refused) => return Err(Shortfall::Refused),
        };
        let verdict = match task {
            Task::Frame | Task::Index | Task::Typed if seen.headers != sample.header_lines() => {
                Err(Shortfall::Lines { found: seen.headers, expected: sample.header_lines() })
            }
            Task::Forward => forwarded(sample, wire.written()),
            Task::Build => built(&sample.plan, wire.written()),
            _ if seen.faults > 0 => Err(Shortfall::Faults(seen.faults)),
            _ => Ok(()),
        };
        // A later sample may be refused outright, which weighs more than a single value.
        if worst.is_ok() {
            worst = verdict;
        }
    }
    worst
}

/// What a proxy owes a request: its own Via on top, Max-Forwards one less, its own Route
/// (the topmost) gone, all else there. And a response: the topmost Via gone.
///
/// # Errors
/// With the first difference.
pub fn forwarded(sample: &Sample, written: &[u8]) -> Result<(), Shortfall> {
    let mut plan = sample.plan.clone();
    let wanted = &mut plan.headers;
    if sample.is_request() {
        if let Some(own) = wanted.iter().position(|(name, _)| name == "Route") {
            wanted.remove(own);
        }
        for (name, value) in wanted.iter_mut() {
            if name == "Max-Forwards" {
                let hops: u32 = value.parse().unwrap_or(0);
                *value = hops.saturating_sub(1).to_string();
            }
        }
        wanted.insert(0, ("Via".to_owned(), OUR_VIA.to_owned()));
    } else if let Some(top) = wanted.iter().position(|(name, _)| name == "Via") {
        wanted.remove(top);
    }
    compare(&plan, written)
}

/// The message of the plan.
///
/// # Errors
/// With the first difference.
pub fn built(plan: &Plan, written: &[u8]) -> Result<(), Shortfall> {
    compare(plan, written)
}

/// Same start line, same headers with the same values, same body.
///
/// Between headers of different names the order is free, and so is the spelling of blanks,
/// quotes and letter case, and whether a list stands on one line or several: libraries that
/// print from types may choose. Within one name the order of values counts.
fn compare(wanted: &Plan, written: &[u8]) -> Result<(), Shortfall> {
    let got = Sample::new(bytes::Bytes::copy_from_slice(written)).plan;
    let (want_start, got_start) = (start_key(&wanted.start), start_key(&got.start));
    if want_start != got_start {
        return Err(Shortfall::Output(format!("start line {got_start}, not {want_start}")));
    }
    if wanted.body != got.body {
        return Err(Shortfall::Output(format!(
            "body of {} bytes, not {}",
            got.body.len(),
            wanted.body.len()
        )));
    }
    for (name, _) in &wanted.headers {
        let (want, have) = (values_key(wanted, name), values_key(&got, name));
        if want != have {
            return Err(Shortfall::Output(format!("{name}: {have}, not {want}")));
        }
    }
    for (name, _) in &got.headers {
        if !wanted.headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name)) {
            return Err(Shortfall::Output(format!("{name}: not asked for")));
        }
    }
    Ok(())
}

fn start_key(start: &Start) -> String {
    match start {
        Start::Request { method, uri } => format!("{method} {uri}"),
        Start::Response { code, reason } => format!("{code} {reason}"),
    }
}

fn values_key(plan: &Plan, name: &str) -> String {
    plan.headers
        .iter()
        .filter(|(n, _)| n.eq_ignore_ascii_case(name))
        .flat_map(|(_, value)| value.chars().chain([',']))
        .filter(|c| !c.is_whitespace() && *c != '"')
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

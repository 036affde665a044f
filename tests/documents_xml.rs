//! XML documents from standards, from deployed clients and from enemies: what is read out of each, and what is
//! refused why.
//!
//! `verdicts.tsv` has a line for each; beside each that is read stands a `.golden` with the value. Both are rewritten
//! with `UPDATE_GOLDEN=1 cargo test -p missiva-tests --test documents_xml`.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot read the repository has nothing to report"
)]

mod xml_kinds;

use std::fmt::Write;
use std::{env, fs};

use missiva_content::{Limits, Part};
use missiva_core::FaultKind;

use xml_kinds::{KINDS, documents, fixtures};

/// Each document is read, or refused, as its line says.
#[test]
fn every_document_has_its_verdict() {
    let folder = fixtures().join("content/xml");
    let update = env::var_os("UPDATE_GOLDEN").is_some();
    let mut verdicts = String::from("document\tverdict\n");
    let mut differ = Vec::new();
    let mut count = 0;
    for kind in &KINDS {
        for (name, bytes) in documents(kind) {
            count += 1;
            let path = format!("{}/{name}", kind.folder);
            match (kind.read)(&bytes, &Limits::DEFAULT) {
                Err(fault) => writeln!(verdicts, "{path}\t{fault}").unwrap(),
                Ok(read) => {
                    writeln!(verdicts, "{path}\tread").unwrap();
                    let golden = folder.join(&path).with_extension("golden");
                    if update {
                        fs::write(&golden, &read.shown).unwrap();
                    } else if fs::read_to_string(&golden).unwrap_or_default() != read.shown {
                        differ.push(format!("{path} is read as\n{}", read.shown));
                    }
                }
            }
        }
    }
    if update {
        fs::write(folder.join("verdicts.tsv"), &verdicts).unwrap();
    }
    let expected = fs::read_to_string(folder.join("verdicts.tsv")).unwrap();
    for (line, verdict) in expected.lines().zip(verdicts.lines()) {
        if line != verdict {
            differ.push(format!("{line}\nis now\n{verdict}"));
        }
    }
    assert!(count >= 60, "only {count} documents found");
    assert_eq!(expected.lines().count(), verdicts.lines().count(), "a line for each document");
    assert!(differ.is_empty(), "{}", differ.join("\n\n"));
}

/// What is read is written, read again as the same, and written again as the same bytes.
#[test]
fn what_is_read_is_written_and_read_again() {
    for kind in &KINDS {
        for (name, bytes) in documents(kind) {
            let Ok(read) = (kind.read)(&bytes, &Limits::DEFAULT) else {
                continue;
            };
            for written in &read.written {
                let again = (kind.read)(written, &Limits::DEFAULT);
                let again = again.unwrap_or_else(|fault| panic!("{}/{name}: {fault}", kind.folder));
                assert_eq!(again, read, "{}/{name}", kind.folder);
            }
        }
    }
}

/// Every kind ends at the first byte of a document type, and long before the last of too many elements.
#[test]
fn every_kind_refuses_bombs() {
    for kind in &KINDS {
        let refused = |xml: &str, limits: &Limits| {
            let fault = (kind.read)(xml.as_bytes(), limits)
                .err()
                .unwrap_or_else(|| panic!("{}", kind.folder));
            (fault.kind, fault.field, fault.at as usize)
        };
        let bomb = format!("<!DOCTYPE a [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'>]>{}&b;", kind.root);
        let refusal = (FaultKind::Unsupported, Part::Markup, 0);
        assert_eq!(refused(&bomb, &Limits::DEFAULT), refusal, "{}", kind.folder);
        let external = format!("<!DOCTYPE a SYSTEM 'file:///etc/passwd'>{}", kind.root);
        assert_eq!(refused(&external, &Limits::DEFAULT), refusal, "{}", kind.folder);

        for limits in [Limits::strict(), Limits::DEFAULT, Limits::lab()] {
            let nested = format!("{}{}", kind.root, "<list>".repeat(100_000));
            let (what, _, at) = refused(&nested, &limits);
            assert_eq!(what, FaultKind::Limit, "{}", kind.folder);
            let over = limits.max_depth.saturating_mul(6).saturating_add(kind.root.len());
            assert!(at <= over.max(limits.max_document), "{}", kind.folder);
        }

        let many = format!("{}{}", kind.root, "<a/>".repeat(Limits::DEFAULT.max_elements));
        assert_eq!(refused(&many, &Limits::DEFAULT).0, FaultKind::Limit, "{}", kind.folder);
    }
}

/// A gigabyte of attributes is refused by its size alone, unread; as much as the laboratory allows is refused at the
/// first attribute too many.
#[test]
fn a_flood_of_attributes_is_refused() {
    let kind = &KINDS[0];
    let mut xml = kind.root.trim_end_matches('>').to_owned();
    for number in 0..400_000 {
        write!(xml, " a{number}=''").unwrap();
    }
    xml.push_str("/>");
    for limits in [Limits::strict(), Limits::DEFAULT] {
        let fault = (kind.read)(xml.as_bytes(), &limits).unwrap_err();
        assert_eq!((fault.kind, fault.field), (FaultKind::Limit, Part::Body));
    }
    let fault = (kind.read)(xml.as_bytes(), &Limits::lab()).unwrap_err();
    assert_eq!((fault.kind, fault.field, fault.at), (FaultKind::Limit, Part::Markup, 0));
}

/// Whatever byte a document breaks off at, and whatever byte of it is another: an answer, and no panic.
#[test]
fn broken_documents_are_answered() {
    for kind in &KINDS {
        let all = documents(kind).into_iter().filter(|(_, bytes)| bytes.len() < 1500);
        for (_, bytes) in all {
            for end in 0..bytes.len() {
                let _ = (kind.read)(&bytes[..end], &Limits::DEFAULT);
            }
            for (place, other) in (0..bytes.len()).zip(b"<>&\"'/ \0\xE2".iter().cycle()) {
                let mut changed = bytes.clone();
                changed[place] = *other;
                if let Ok(read) = (kind.read)(&changed, &Limits::DEFAULT) {
                    for written in &read.written {
                        // The value may differ in what writing makes plain: a date without an offset gets one.
                        let again =
                            (kind.read)(written, &Limits::DEFAULT).map(|again| again.written);
                        let text = String::from_utf8_lossy(&changed);
                        assert_eq!(again.as_ref(), Ok(&read.written), "{text}");
                    }
                }
            }
        }
    }
}

//! The strict reading of a message.

use missiva_core::{Fault, FaultKind};

use super::name::{is_strict_name, is_token};
use super::{Address, Cpim, CpimHeader, Known, escape, identifier, index, words};
use crate::error::Place;
use crate::imdn::{Dispositions, MAX_MESSAGE_ID};
use crate::{DateTime, ParseError, Part};

/// Headers that may stand once.
const SINGLE: [Known; 6] = [
    Known::From,
    Known::DateTime,
    Known::MessageId,
    Known::DispositionNotification,
    Known::OriginalTo,
    Known::PayloadType,
];

impl Cpim {
    /// Everything that RFC 3862 and RFC 5438 have against the message, and RFC 2045 against the headers of its
    /// content: names, spaces, escapes and prefixes that only a lenient reader takes, values that are none.
    #[must_use]
    pub fn faults(&self) -> Vec<ParseError> {
        let mut faults = self.head_faults();
        faults.extend(self.report_fault());
        faults.extend(self.content().faults());
        faults
    }

    /// Everything against the headers themselves, each at most once.
    pub(super) fn head_faults(&self) -> Vec<ParseError> {
        let mut faults: Vec<_> =
            self.headers().filter_map(|header| self.header_fault(&header)).collect();
        for known in SINGLE {
            faults.extend(self.only(known).err());
        }
        faults
    }

    fn header_fault(&self, header: &CpimHeader<'_>) -> Option<ParseError> {
        if !is_strict_name(header.spelling().as_bytes()) {
            return Some(header.fault(FaultKind::Unexpected));
        }
        if header.namespace().is_none() {
            // RFC 3862 section 3.4: a prefix is declared before it is used.
            return Some(header.fault(FaultKind::Value));
        }
        let text = match header.text() {
            Ok(text) => text,
            Err(fault) => return Some(fault),
        };
        if !header.is_plain_line() {
            return Some(header.fault(FaultKind::Unexpected));
        }
        let language = header.language().filter(|language| !is_language(language));
        if language.is_some() || header.params().any(|(name, value)| !is_param(name, value)) {
            return Some(header.fault(FaultKind::Value));
        }
        self.value_fault(header, text).err()
    }

    fn value_fault(&self, header: &CpimHeader<'_>, text: &str) -> Result<(), ParseError> {
        let refuse = |fault: Option<Fault>| match fault {
            Some(fault) => Err(fault.of(header.part(), header.value_at())),
            None => Ok(()),
        };
        let bad = |kind: FaultKind| Some(Fault::new(kind, 0));
        match header.known() {
            Known::From
            | Known::To
            | Known::Cc
            | Known::OriginalTo
            | Known::ImdnRecordRoute
            | Known::ImdnRoute => {
                header.read_with(Address::read)?;
                refuse(Address::strict_fault(text))
            }
            Known::DateTime => header.read(DateTime::parse_strict).map(drop),
            Known::Ns => {
                let read = index::read_ns(self.bytes(), header.slot.value);
                let spaced = text.starts_with('<') || text.contains(" <");
                refuse(if read.is_none() || !spaced { bad(FaultKind::Unexpected) } else { None })
            }
            Known::Require => {
                let odd = words(text).find(|(_, name)| !is_strict_name(name.as_bytes()));
                refuse(odd.map(|(at, _)| Fault::new(FaultKind::Unexpected, at)))
            }
            Known::MessageId => {
                let id = header.read_with(|cursor| identifier(cursor, MAX_MESSAGE_ID))?;
                refuse(if is_token(id) { None } else { bad(FaultKind::Unexpected) })
            }
            Known::DispositionNotification => header.read(Dispositions::parse_strict).map(drop),
            _ => refuse(escape::first_fault(text)),
        }
    }

    /// What reports need: the message's name and its date (RFC 5438 section 6).
    fn report_fault(&self) -> Option<ParseError> {
        let wants = self.all(Known::DispositionNotification).next()?;
        let lacks = |known| self.all(known).next().is_none();
        let at = wants.slot.line as usize;
        for known in [Known::MessageId, Known::DateTime] {
            if lacks(known) {
                return Some(ParseError::new(FaultKind::Empty, Part::Cpim(known.as_str()), at));
            }
        }
        None
    }
}

/// `Language-tag` by its shape (RFC 5646): subtags of one to eight letters and digits.
pub(super) fn is_language(text: &str) -> bool {
    text.split('-').all(|tag| {
        (1..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// `Ext-param`: a name, and a token or a string.
fn is_param(name: &str, value: &str) -> bool {
    let quoted = value.starts_with('"') && escape::string_end(value) == Some(value.len());
    super::name::is_word(name) && (quoted || is_token(value))
}

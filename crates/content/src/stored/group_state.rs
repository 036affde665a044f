//! The state of a group at the end of one of its sessions.

use std::cmp::Ordering;

use bytes::{Bytes, BytesMut};
use missiva_core::FaultKind;

use crate::xml::{Ns, Reader, Writer, straighten, word};
use crate::{DateTime, Limits, ParseError, Part};

/// Who belongs to a group, and where its last session was.
///
/// One is written whenever a session of the group ends; a folder may hold several, of which the newest counts
/// ([`newest`](Self::newest)). No deployed form has a namespace; any is taken.
///
/// ```
/// use missiva_content::Limits;
/// use missiva_content::stored::{GroupState, GroupType};
///
/// let xml = br#"<groupstate timestamp="2012-06-13T16:39:57-05:00" lastfocussessionid="sip:da9274453@company.com"
///     group-type="Closed"><participant name="bob" comm-addr="tel:+16135551212"/></groupstate>"#;
/// let state = GroupState::parse(xml, &Limits::DEFAULT)?;
/// assert_eq!((state.group_type, state.participants.len()), (GroupType::Closed, 1));
/// # Ok::<(), missiva_content::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct GroupState {
    /// When it was so.
    pub timestamp: DateTime,
    /// The identity of the last session, as it was written: with or without `sip:`.
    pub last_focus_session_id: String,
    /// Whether others may be added.
    pub group_type: GroupType,
    /// The group's Contribution-ID, where it stands.
    pub contribution_id: Option<String>,
    /// The members.
    pub participants: Vec<Participant>,
}

word::words! {
    /// Whether members may be added to a group.
    GroupType {
        /// No.
        Closed = "Closed",
        /// Yes.
        Open = "Open",
    }
}

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Participant {
    /// What to show.
    pub name: Option<String>,
    /// The address.
    pub comm_addr: String,
}

impl GroupState {
    /// The one that counts among several: the one with the latest time stamp; the later one of equals.
    pub fn newest<'a>(states: impl IntoIterator<Item = &'a Self>) -> Option<&'a Self> {
        states.into_iter().max_by(|a, b| compare(&a.timestamp, &b.timestamp))
    }

    /// The address to rejoin at.
    #[must_use]
    pub fn focus(&self) -> String {
        let id = &self.last_focus_session_id;
        let has_scheme = |scheme: &str| {
            id.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        };
        if ["sip:", "sips:", "tel:"].into_iter().any(has_scheme) {
            id.clone()
        } else {
            format!("sip:{id}")
        }
    }

    /// Reads a document.
    ///
    /// # Errors
    ///
    /// What makes it none: markup, one of the three attributes missing or wrong, a member without address.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, ParseError> {
        let bytes = straighten(bytes);
        let mut reader = Reader::fragment(&bytes, limits)?;
        match reader.child()? {
            Some((_, "groupstate")) => {}
            None => return Err(reader.fault(FaultKind::End, Part::Markup)),
            Some(_) => return Err(reader.fault(FaultKind::Value, Part::Element("groupstate"))),
        }
        let missing = |name| reader.fault(FaultKind::Empty, Part::Attribute(name));
        let timestamp = reader.typed_attribute(Ns::None, "timestamp", word::date)?;
        let group_type = reader.typed_attribute(Ns::None, "group-type", GroupType::read)?;
        let mut state = Self {
            timestamp: timestamp.ok_or_else(|| missing("timestamp"))?,
            last_focus_session_id: reader.required("lastfocussessionid")?.into_owned(),
            group_type: group_type.ok_or_else(|| missing("group-type"))?,
            contribution_id: reader.attribute(Ns::None, "contributionid")?.map(Into::into),
            participants: Vec::new(),
        };
        while let Some((_, name)) = reader.child()? {
            if name == "participant" {
                let name = reader.attribute(Ns::None, "name")?.map(Into::into);
                let comm_addr = reader.required("comm-addr")?.into_owned();
                state.participants.push(Participant { name, comm_addr });
            }
            reader.skip()?;
        }
        reader.finish()?;
        Ok(state)
    }

    /// Appends the document.
    pub fn write(&self, out: &mut BytesMut) {
        let mut writer = Writer::document(out, Ns::None, "groupstate");
        writer.shown("timestamp", Some(self.timestamp));
        writer.attribute("lastfocussessionid", &self.last_focus_session_id);
        writer.attribute("group-type", self.group_type.as_str());
        writer.optional("contributionid", self.contribution_id.as_deref());
        for Participant { name, comm_addr } in &self.participants {
            writer.start("participant");
            writer.optional("name", name.as_deref());
            writer.attribute("comm-addr", comm_addr);
            writer.end();
        }
        writer.end();
    }

    /// The document alone.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(512);
        self.write(&mut out);
        out.freeze()
    }
}

fn compare(a: &DateTime, b: &DateTime) -> Ordering {
    (a.unix_seconds(), a.nanos()).cmp(&(b.unix_seconds(), b.nanos()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::samples::{date, maybe, text};
    use proptest::prelude::*;

    const WHOLE: &str = "<groupstate timestamp='2012-06-13T16:39:57-05:00' lastfocussessionid='da@c.example' \
        group-type='closed' contributionid='abc'><participant comm-addr='tel:+1'/><x/></groupstate>";

    fn parse(xml: &str) -> Result<GroupState, ParseError> {
        GroupState::parse(xml.as_bytes(), &Limits::DEFAULT)
    }

    #[test]
    fn every_quotation_mark_is_taken() {
        let curled = WHOLE.replace("='", "=“").replace(['\''], "”");
        let state = parse(WHOLE).unwrap();
        assert_eq!(parse(&curled).as_ref(), Ok(&state));
        assert_eq!(
            (state.focus().as_str(), state.contribution_id.as_deref()),
            ("sip:da@c.example", Some("abc"))
        );
    }

    #[test]
    fn states_that_are_none_are_refused() {
        let table = [
            (
                "timestamp='2012-06-13T16:39:57-05:00'",
                "",
                FaultKind::Empty,
                Part::Attribute("timestamp"),
            ),
            ("2012-06-13T", "2012-06-31T", FaultKind::Number, Part::Attribute("timestamp")),
            (
                "lastfocussessionid='da@c.example'",
                "",
                FaultKind::Empty,
                Part::Attribute("lastfocussessionid"),
            ),
            ("group-type='closed'", "", FaultKind::Empty, Part::Attribute("group-type")),
            ("'closed'", "'shut'", FaultKind::Value, Part::Attribute("group-type")),
            ("comm-addr='tel:+1'", "", FaultKind::Empty, Part::Attribute("comm-addr")),
            ("groupstate", "group", FaultKind::Value, Part::Element("groupstate")),
            (WHOLE, "", FaultKind::End, Part::Markup),
        ];
        for (before, after, kind, part) in table {
            let fault = parse(&WHOLE.replace(before, after)).expect_err(before);
            assert_eq!((fault.kind, fault.field), (kind, part), "{before} → {after}");
        }
    }

    #[test]
    fn the_newest_counts_whatever_its_offset() {
        let state = |timestamp: &str| {
            let timestamp = DateTime::parse(timestamp).unwrap();
            GroupState { timestamp, ..parse(WHOLE).unwrap() }
        };
        let states =
            ["2012-06-13T16:39:57-05:00", "2012-06-13T21:39:58Z", "2012-06-13T23:39:57+02:00"]
                .map(state);
        assert_eq!(GroupState::newest(&states), Some(&states[1]));
        assert_eq!(GroupState::newest([]), None);
    }

    proptest! {
        #[test]
        fn states_come_back(
            timestamp in date(),
            last_focus_session_id in text(),
            open in any::<bool>(),
            contribution_id in maybe(text()),
            members in proptest::collection::vec((maybe(text()), text()), 0..4),
        ) {
            let state = GroupState {
                timestamp,
                last_focus_session_id,
                group_type: if open { GroupType::Open } else { GroupType::Closed },
                contribution_id,
                participants: members.into_iter().map(|(name, comm_addr)| Participant { name, comm_addr }).collect(),
            };
            let bytes = state.to_bytes();
            let read = GroupState::parse(&bytes, &Limits::DEFAULT).unwrap();
            prop_assert_eq!(&read, &state);
            prop_assert_eq!(read.to_bytes(), bytes);
        }
    }
}

//! What one stream of a description says, read in one pass over its lines.

use super::PREFERRED;
use crate::attribute::{ConnectionReuse, Direction, Setup};
use crate::file::{FileRange, FileSelector};
use crate::line::Connection;
use crate::msrp::{Path, TypeList};
use crate::{FieldName, Media, ParseError, Section, field};

/// What the session says for all its streams.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Common<'d> {
    direction: Option<Direction>,
    connection: Option<Connection<'d>>,
    setup: Option<Setup>,
    reuse: Option<ConnectionReuse>,
}

impl<'d> Common<'d> {
    pub(super) fn read(session: &Section<'d>) -> Result<Self, ParseError> {
        Ok(Self {
            direction: session.direction(),
            connection: session.get::<field::Connection>()?,
            setup: session.get::<field::Setup>()?,
            reuse: session.get::<field::ConnectionReuse>()?,
        })
    }
}

/// What one stream says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts<'d> {
    pub(super) direction: Direction,
    pub(super) connection: Option<Connection<'d>>,
    pub(super) setup: Option<Setup>,
    pub(super) reuse: Option<ConnectionReuse>,
    pub(super) path: Option<Path<'d>>,
    pub(super) accept_types: Option<TypeList<'d>>,
    pub(super) accept_wrapped_types: Option<TypeList<'d>>,
    pub(super) max_size: Option<u64>,
    pub(super) cema: bool,
    pub(super) rtcp_mux: bool,
    pub(super) rtcp_mux_only: bool,
    pub(super) mid: Option<&'d str>,
    pub(super) selector: Option<FileSelector<'d>>,
    /// The selector as it was written.
    pub(super) selector_text: &'d str,
    pub(super) transfer_id: Option<&'d str>,
    pub(super) range: Option<FileRange>,
    pub(super) preferred: bool,
}

impl<'d> Facts<'d> {
    pub(super) fn read(media: &Media<'d>, common: &Common<'d>) -> Result<Self, ParseError> {
        let mut facts = Self {
            direction: common.direction.unwrap_or_default(),
            connection: common.connection,
            setup: common.setup,
            reuse: common.reuse,
            path: None,
            accept_types: None,
            accept_wrapped_types: None,
            max_size: None,
            cema: false,
            rtcp_mux: false,
            rtcp_mux_only: false,
            mid: None,
            selector: None,
            selector_text: "",
            transfer_id: None,
            range: None,
            preferred: false,
        };
        let mut own_connection = false;
        for line in media.lines() {
            match line.name() {
                FieldName::Connection if !own_connection => {
                    facts.connection = line.read::<field::Connection>()?;
                    own_connection = true;
                }
                FieldName::Setup => facts.setup = line.read::<field::Setup>()?,
                FieldName::ConnectionReuse => {
                    facts.reuse = line.read::<field::ConnectionReuse>()?
                }
                FieldName::Path => facts.path = line.read::<field::Path>()?,
                FieldName::AcceptTypes => facts.accept_types = line.read::<field::AcceptTypes>()?,
                FieldName::AcceptWrappedTypes => {
                    facts.accept_wrapped_types = line.read::<field::AcceptWrappedTypes>()?;
                }
                FieldName::MaxSize => {
                    facts.max_size = line.read::<field::MaxSize>()?.map(|size| size.0);
                }
                FieldName::MsrpCema => facts.cema = true,
                FieldName::RtcpMux => facts.rtcp_mux = true,
                FieldName::RtcpMuxOnly => facts.rtcp_mux_only = true,
                FieldName::Mid => facts.mid = line.read::<field::Mid>()?.map(|mid| mid.0),
                FieldName::FileSelector => {
                    facts.selector = line.read::<field::FileSelector>()?;
                    facts.selector_text = line.value();
                }
                FieldName::FileTransferId => {
                    facts.transfer_id = line.read::<field::FileTransferId>()?.map(|id| id.0);
                }
                FieldName::FileRange => facts.range = line.read::<field::FileRange>()?,
                FieldName::OtherAttribute => {
                    facts.preferred |=
                        line.attribute().is_some_and(|name| name.eq_ignore_ascii_case(PREFERRED));
                }
                name => {
                    if let Some(direction) = Direction::of(name) {
                        facts.direction = direction;
                    }
                }
            }
        }
        Ok(facts)
    }

    /// Whether the stream carries a file. An empty selector says only that file transfer is known (RFC 5547 section
    /// 8.5), and some peers announce the size of a large message by a selector that has nothing else.
    pub(super) fn is_file(&self) -> bool {
        self.transfer_id.is_some()
            || self.selector.is_some_and(|selector| {
                selector != FileSelector { size: selector.size, ..FileSelector::default() }
            })
    }

    pub(super) fn is_multicast(&self) -> bool {
        self.connection.is_some_and(|connection| connection.is_multicast())
    }
}

//! Reading a conference document, an element a function.

use missiva_core::FaultKind;

use super::element::{
    Description, DisconnectionMethod, Endpoint, EndpointStatus, Execution, Host, JoiningMethod,
    Media, MediaStatus, Medium, State, Uri, Uris, User,
};
use super::{ConferenceInfo, ConferenceState};
use crate::ParseError;
use crate::xml::{Ns, Reader, word};

type Read<T> = Result<T, ParseError>;

const CONFERENCE: Ns = Ns::Conference;

/// Reads an element's text into a field that it may fill once.
macro_rules! field {
    ($reader:ident, $field:expr, $name:literal, text) => {{
        let value = $reader.string($name)?;
        $reader.once(&mut $field, $name, value)?
    }};
    ($reader:ident, $field:expr, $name:literal, $read:path) => {{
        let value = $reader.typed($name, $read)?;
        $reader.once(&mut $field, $name, value)?
    }};
    ($reader:ident, $field:expr, $name:literal = $value:expr) => {{
        let value = $value;
        $reader.once(&mut $field, $name, value)?
    }};
}

pub(super) fn conference(reader: &mut Reader<'_>) -> Read<ConferenceInfo> {
    let entity = reader.required("entity")?.into_owned();
    let mut info = ConferenceInfo {
        state: state(reader)?,
        version: reader.typed_attribute(Ns::None, "version", word::number)?,
        ..ConferenceInfo::new(entity, 0)
    };
    while let Some(child) = reader.child()? {
        match child {
            (CONFERENCE, "conference-description") => {
                field!(reader, info.description, "conference-description" = description(reader)?);
            }
            (CONFERENCE, "host-info") => field!(reader, info.host, "host-info" = host(reader)?),
            (CONFERENCE, "conference-state") => {
                field!(reader, info.conference_state, "conference-state" = how_it_goes(reader)?);
            }
            (CONFERENCE, "users") => {
                field!(reader, info.users_state, "users" = state(reader)?);
                while let Some(child) = reader.child()? {
                    match child {
                        (CONFERENCE, "user") => info.users.push(user(reader)?),
                        _ => reader.skip()?,
                    }
                }
            }
            (CONFERENCE, "sidebars-by-ref") => {
                field!(reader, info.sidebars_by_ref, "sidebars-by-ref" = uris(reader)?);
            }
            (CONFERENCE, "sidebars-by-val") => {
                field!(reader, info.sidebars_by_val, "sidebars-by-val" = reader.extension()?);
            }
            _ => reader.other(CONFERENCE, &mut info.extensions)?,
        }
    }
    info.sidebars_by_ref = some(info.sidebars_by_ref);
    Ok(info)
}

/// `state`, which is `full` where nothing is written.
fn state(reader: &Reader<'_>) -> Read<State> {
    Ok(reader.typed_attribute(Ns::None, "state", State::read)?.unwrap_or(State::Full))
}

fn description(reader: &mut Reader<'_>) -> Read<Description> {
    let mut read = Description::default();
    while let Some(child) = reader.child()? {
        match child {
            (CONFERENCE, "display-text") => field!(reader, read.display_text, "display-text", text),
            (CONFERENCE, "subject") => field!(reader, read.subject, "subject", text),
            (CONFERENCE, "free-text") => field!(reader, read.free_text, "free-text", text),
            (CONFERENCE, "keywords") => field!(reader, read.keywords, "keywords", list),
            (CONFERENCE, "conf-uris") => {
                field!(reader, read.conf_uris, "conf-uris" = uris(reader)?);
            }
            (CONFERENCE, "service-uris") => {
                field!(reader, read.service_uris, "service-uris" = uris(reader)?);
            }
            (CONFERENCE, "maximum-user-count") => {
                field!(reader, read.maximum_user_count, "maximum-user-count", word::number);
            }
            (CONFERENCE, "available-media") => {
                while let Some(child) = reader.child()? {
                    match child {
                        (CONFERENCE, "entry") => read.available_media.push(medium(reader)?),
                        _ => reader.skip()?,
                    }
                }
            }
            _ => reader.other(CONFERENCE, &mut read.extensions)?,
        }
    }
    (read.conf_uris, read.service_uris) = (some(read.conf_uris), some(read.service_uris));
    Ok(read)
}

fn medium(reader: &mut Reader<'_>) -> Read<Medium> {
    let mut read = Medium { label: reader.required("label")?.into_owned(), ..Medium::default() };
    let mut kind = None;
    while let Some(child) = reader.child()? {
        match child {
            (CONFERENCE, "display-text") => field!(reader, read.display_text, "display-text", text),
            (CONFERENCE, "type") => field!(reader, kind, "type", text),
            (CONFERENCE, "status") => field!(reader, read.status, "status", MediaStatus::read),
            _ => reader.other(CONFERENCE, &mut read.extensions)?,
        }
    }
    read.kind = kind.ok_or_else(|| reader.missing("type"))?;
    Ok(read)
}

fn host(reader: &mut Reader<'_>) -> Read<Host> {
    let mut read = Host::default();
    while let Some(child) = reader.child()? {
        match child {
            (CONFERENCE, "display-text") => field!(reader, read.display_text, "display-text", text),
            (CONFERENCE, "web-page") => field!(reader, read.web_page, "web-page", trimmed),
            (CONFERENCE, "uris") => field!(reader, read.uris, "uris" = uris(reader)?),
            _ => reader.other(CONFERENCE, &mut read.extensions)?,
        }
    }
    read.uris = some(read.uris);
    Ok(read)
}

fn how_it_goes(reader: &mut Reader<'_>) -> Read<ConferenceState> {
    let mut read = ConferenceState::default();
    while let Some(child) = reader.child()? {
        match child {
            (CONFERENCE, "user-count") => {
                field!(reader, read.user_count, "user-count", word::number)
            }
            (CONFERENCE, "active") => field!(reader, read.active, "active", word::truth),
            (CONFERENCE, "locked") => field!(reader, read.locked, "locked", word::truth),
            _ => reader.other(CONFERENCE, &mut read.extensions)?,
        }
    }
    Ok(read)
}

/// A list without an address is none: the schema asks for one.
fn some(uris: Option<Uris>) -> Option<Uris> {
    uris.filter(|uris| !uris.entries.is_empty())
}

fn uris(reader: &mut Reader<'_>) -> Read<Uris> {
    let mut read = Uris { state: state(reader)?, entries: Vec::new() };
    while let Some(child) = reader.child()? {
        match child {
            (CONFERENCE, "entry") => read.entries.push(uri(reader)?),
            _ => reader.skip()?,
        }
    }
    Ok(read)
}

fn uri(reader: &mut Reader<'_>) -> Read<Uri> {
    let mut read = Uri::default();
    let mut address = None;
    while let Some(child) = reader.child()? {
        match child {
            (CONFERENCE, "uri") => field!(reader, address, "uri" = reader.token("uri")?),
            (CONFERENCE, "display-text") => field!(reader, read.display_text, "display-text", text),
            (CONFERENCE, "purpose") => field!(reader, read.purpose, "purpose", text),
            (CONFERENCE, "modified") => {
                field!(reader, read.modified, "modified" = execution(reader)?);
            }
            _ => reader.other(CONFERENCE, &mut read.extensions)?,
        }
    }
    read.uri = address.ok_or_else(|| reader.missing("uri"))?;
    Ok(read)
}

fn execution(reader: &mut Reader<'_>) -> Read<Execution> {
    let mut read = Execution::default();
    while let Some(child) = reader.child()? {
        match child {
            (CONFERENCE, "when") => field!(reader, read.when, "when", word::date),
            (CONFERENCE, "reason") => field!(reader, read.reason, "reason", text),
            (CONFERENCE, "by") => field!(reader, read.by, "by", trimmed),
            _ => reader.skip()?,
        }
    }
    Ok(read)
}

fn user(reader: &mut Reader<'_>) -> Read<User> {
    let own = reader.typed_attribute(Ns::None, "yourown", word::truth)?;
    let mut read = User {
        entity: reader.attribute(Ns::None, "entity")?.map(Into::into),
        state: state(reader)?,
        your_own: own == Some(true),
        ..User::new("")
    };
    while let Some(child) = reader.child()? {
        match child {
            (CONFERENCE, "display-text") => field!(reader, read.display_text, "display-text", text),
            (CONFERENCE, "associated-aors") => {
                field!(reader, read.associated_aors, "associated-aors" = uris(reader)?);
            }
            (CONFERENCE, "roles") => {
                while let Some(child) = reader.child()? {
                    match child {
                        (CONFERENCE, "entry") => read.roles.push(reader.string("entry")?),
                        _ => reader.skip()?,
                    }
                }
            }
            (CONFERENCE, "languages") => field!(reader, read.languages, "languages", list),
            (CONFERENCE, "cascaded-focus") => {
                field!(reader, read.cascaded_focus, "cascaded-focus", trimmed);
            }
            (CONFERENCE, "endpoint") => read.endpoints.push(endpoint(reader)?),
            _ => reader.other(CONFERENCE, &mut read.extensions)?,
        }
    }
    read.associated_aors = some(read.associated_aors);
    Ok(read)
}

fn endpoint(reader: &mut Reader<'_>) -> Read<Endpoint> {
    let mut read = Endpoint {
        entity: reader.attribute(Ns::None, "entity")?.map(Into::into),
        state: state(reader)?,
        ..Endpoint::unknown()
    };
    while let Some(child) = reader.child()? {
        match child {
            (CONFERENCE, "display-text") => field!(reader, read.display_text, "display-text", text),
            (CONFERENCE, "referred") => {
                field!(reader, read.referred, "referred" = execution(reader)?);
            }
            (CONFERENCE, "status") => field!(reader, read.status, "status", EndpointStatus::read),
            (CONFERENCE, "joining-method") => {
                field!(reader, read.joining_method, "joining-method", JoiningMethod::read);
            }
            (CONFERENCE, "joining-info") => {
                field!(reader, read.joining_info, "joining-info" = execution(reader)?);
            }
            (CONFERENCE, "disconnection-method") => {
                let read = &mut read.disconnection_method;
                field!(reader, *read, "disconnection-method", DisconnectionMethod::read);
            }
            (CONFERENCE, "disconnection-info") => {
                field!(reader, read.disconnection_info, "disconnection-info" = execution(reader)?);
            }
            (CONFERENCE, "media") => read.media.push(media(reader)?),
            (CONFERENCE, "call-info") => {
                field!(reader, read.call_info, "call-info" = reader.extension()?);
            }
            _ => reader.other(CONFERENCE, &mut read.extensions)?,
        }
    }
    Ok(read)
}

fn media(reader: &mut Reader<'_>) -> Read<Media> {
    let mut read = Media { id: reader.required("id")?.into_owned(), ..Media::default() };
    while let Some(child) = reader.child()? {
        match child {
            (CONFERENCE, "display-text") => field!(reader, read.display_text, "display-text", text),
            (CONFERENCE, "type") => field!(reader, read.kind, "type", text),
            (CONFERENCE, "label") => field!(reader, read.label, "label", text),
            (CONFERENCE, "src-id") => field!(reader, read.src_id, "src-id", text),
            (CONFERENCE, "status") => field!(reader, read.status, "status", MediaStatus::read),
            _ => reader.other(CONFERENCE, &mut read.extensions)?,
        }
    }
    Ok(read)
}

fn trimmed(text: &str) -> Result<String, FaultKind> {
    Ok(text.to_owned())
}

/// Words with one space between.
fn list(text: &str) -> Result<String, FaultKind> {
    Ok(text.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
}

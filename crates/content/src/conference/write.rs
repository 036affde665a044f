//! Writing a conference document, in the order of the schema.

use super::element::{
    Description, Endpoint, Execution, Host, Media, MediaStatus, Medium, State, Uris, User,
};
use super::{ConferenceInfo, ConferenceState, JoiningMethod};
use super::{DisconnectionMethod, EndpointStatus};
use crate::xml::Writer;

/// The inside of the root, its attributes first.
pub(super) fn conference(info: &ConferenceInfo, writer: &mut Writer<'_>) {
    writer.attribute("entity", &info.entity);
    state(info.state, writer);
    writer.shown("version", info.version);
    if let Some(about) = &info.description {
        description(about, writer);
    }
    if let Some(by) = &info.host {
        host(by, writer);
    }
    if let Some(how) = &info.conference_state {
        how_it_goes(how, writer);
    }
    let unsaid = (!info.users.is_empty()).then_some(State::Full);
    if let Some(all_or_some) = info.users_state.or(unsaid) {
        writer.start("users");
        state(all_or_some, writer);
        for one in &info.users {
            user(one, writer);
        }
        writer.end();
    }
    uris("sidebars-by-ref", info.sidebars_by_ref.as_ref(), writer);
    writer.extensions(info.sidebars_by_val.as_slice());
    writer.extensions(&info.extensions);
}

/// `full` is what nothing means.
fn state(state: State, writer: &mut Writer<'_>) {
    writer.optional("state", (state != State::Full).then_some(state.as_str()));
}

fn description(about: &Description, writer: &mut Writer<'_>) {
    writer.start("conference-description");
    writer.optional_element("display-text", about.display_text.as_deref());
    writer.optional_element("subject", about.subject.as_deref());
    writer.optional_element("free-text", about.free_text.as_deref());
    writer.optional_element("keywords", about.keywords.as_deref());
    uris("conf-uris", about.conf_uris.as_ref(), writer);
    uris("service-uris", about.service_uris.as_ref(), writer);
    writer.shown_element("maximum-user-count", about.maximum_user_count);
    if !about.available_media.is_empty() {
        writer.start("available-media");
        for Medium { label, display_text, kind, status, extensions } in &about.available_media {
            writer.start("entry");
            writer.attribute("label", label);
            writer.optional_element("display-text", display_text.as_deref());
            writer.element("type", kind);
            writer.optional_element("status", status.map(MediaStatus::as_str));
            writer.extensions(extensions);
            writer.end();
        }
        writer.end();
    }
    writer.extensions(&about.extensions);
    writer.end();
}

fn host(by: &Host, writer: &mut Writer<'_>) {
    writer.start("host-info");
    writer.optional_element("display-text", by.display_text.as_deref());
    writer.optional_element("web-page", by.web_page.as_deref());
    uris("uris", by.uris.as_ref(), writer);
    writer.extensions(&by.extensions);
    writer.end();
}

fn how_it_goes(how: &ConferenceState, writer: &mut Writer<'_>) {
    writer.start("conference-state");
    writer.shown_element("user-count", how.user_count);
    writer.shown_element("active", how.active);
    writer.shown_element("locked", how.locked);
    writer.extensions(&how.extensions);
    writer.end();
}

/// The schema has no list without an address.
fn uris(name: &'static str, list: Option<&Uris>, writer: &mut Writer<'_>) {
    let Some(list) = list.filter(|list| !list.entries.is_empty()) else {
        return;
    };
    writer.start(name);
    state(list.state, writer);
    for entry in &list.entries {
        writer.start("entry");
        writer.element("uri", &entry.uri);
        writer.optional_element("display-text", entry.display_text.as_deref());
        writer.optional_element("purpose", entry.purpose.as_deref());
        execution("modified", entry.modified.as_ref(), writer);
        writer.extensions(&entry.extensions);
        writer.end();
    }
    writer.end();
}

fn execution(name: &'static str, done: Option<&Execution>, writer: &mut Writer<'_>) {
    if let Some(Execution { when, reason, by }) = done {
        writer.start(name);
        writer.date("when", when.as_ref());
        writer.optional_element("reason", reason.as_deref());
        writer.optional_element("by", by.as_deref());
        writer.end();
    }
}

fn user(user: &User, writer: &mut Writer<'_>) {
    writer.start("user");
    writer.optional("entity", user.entity.as_deref());
    state(user.state, writer);
    writer.optional("yourown", user.your_own.then_some("true"));
    writer.optional_element("display-text", user.display_text.as_deref());
    uris("associated-aors", user.associated_aors.as_ref(), writer);
    if !user.roles.is_empty() {
        writer.start("roles");
        for role in &user.roles {
            writer.element("entry", role);
        }
        writer.end();
    }
    writer.optional_element("languages", user.languages.as_deref());
    writer.optional_element("cascaded-focus", user.cascaded_focus.as_deref());
    for one in &user.endpoints {
        endpoint(one, writer);
    }
    writer.extensions(&user.extensions);
    writer.end();
}

fn endpoint(device: &Endpoint, writer: &mut Writer<'_>) {
    writer.start("endpoint");
    writer.optional("entity", device.entity.as_deref());
    state(device.state, writer);
    writer.optional_element("display-text", device.display_text.as_deref());
    execution("referred", device.referred.as_ref(), writer);
    writer.optional_element("status", device.status.map(EndpointStatus::as_str));
    writer.optional_element("joining-method", device.joining_method.map(JoiningMethod::as_str));
    execution("joining-info", device.joining_info.as_ref(), writer);
    let left = device.disconnection_method.map(DisconnectionMethod::as_str);
    writer.optional_element("disconnection-method", left);
    execution("disconnection-info", device.disconnection_info.as_ref(), writer);
    for stream in &device.media {
        media(stream, writer);
    }
    writer.extensions(device.call_info.as_slice());
    writer.extensions(&device.extensions);
    writer.end();
}

fn media(stream: &Media, writer: &mut Writer<'_>) {
    writer.start("media");
    writer.attribute("id", &stream.id);
    writer.optional_element("display-text", stream.display_text.as_deref());
    writer.optional_element("type", stream.kind.as_deref());
    writer.optional_element("label", stream.label.as_deref());
    writer.optional_element("src-id", stream.src_id.as_deref());
    writer.optional_element("status", stream.status.map(MediaStatus::as_str));
    writer.extensions(&stream.extensions);
    writer.end();
}

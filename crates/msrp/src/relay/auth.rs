//! AUTH, and the URIs that it is about.

use std::time::Duration;

use bytes::{BufMut, BytesMut};
use missiva_core::{ByteStr, LinkId};

use super::digest::{Secret, verify};
use super::machine::{Asked, Relay, Timer, Token};
use super::{Event, Question};
use crate::grammar::put;
use crate::header::Seconds;
use crate::link::{Reads, reply, reply_with};
use crate::slab::Key;
use crate::uri::UriBuf;
use crate::{Head, StatusCode, Uri, field};

/// Nonces of one link whose use is counted. The oldest is forgotten, and with it is of no more use.
const MAX_COUNTS: usize = 8;

impl Relay {
    /// Whether a URI is the relay's own, apart from its session id.
    pub(super) fn is_own(&self, uri: &Uri<'_>) -> bool {
        let own = self.identity.uri.as_uri();
        let port = |uri: &Uri<'_>| uri.port().unwrap_or(crate::uri::DEFAULT_PORT);
        own.host().matches(&uri.host()) && port(&own) == port(uri)
    }

    /// A client asks for a URI.
    pub(super) fn on_auth(&mut self, link: LinkId, head: &Head) {
        let second = self.now.as_nanos() / 1_000_000_000;
        let Ok(Some(credentials)) = head.get::<field::Authorization>() else {
            return self.challenge(link, head, false);
        };
        let params = credentials.params;
        let (Some(username), Some(nonce)) = (params.value("username"), params.value("nonce"))
        else {
            return self.challenge(link, head, false);
        };
        if !credentials.is_digest()
            || params.value("realm").as_deref() != Some(&self.identity.realm)
        {
            return self.challenge(link, head, false);
        }
        let count = params.value("nc").and_then(|count| u32::from_str_radix(&count, 16).ok());
        let fresh = self.nonces.is_fresh(&nonce, second, link.0);
        if !fresh || !self.is_counted(link, &nonce, count) {
            return self.challenge(link, head, true);
        }
        let question = Question::Secret {
            username: ByteStr::from(&*username),
            realm: self.identity.realm.clone(),
        };
        if !self.ask(Asked::Secret { link, head: head.clone() }, question) {
            self.refuse(link, head, StatusCode::FORBIDDEN);
        }
    }

    /// Whether a nonce is used with a higher count than before: nobody sends credentials again that were heard once.
    fn is_counted(&mut self, link: LinkId, nonce: &str, count: Option<u32>) -> bool {
        let Some((on_link, count)) = self.links.get_mut(link).zip(count) else { return false };
        let before = on_link.counts.get(nonce).copied().unwrap_or(0);
        if count <= before {
            return false;
        }
        if on_link.counts.len() >= MAX_COUNTS && !on_link.counts.contains_key(nonce) {
            // Nonces begin with the time that they were made at.
            on_link.counts.pop_first();
        }
        on_link.counts.insert(nonce.to_owned(), count);
        true
    }

    fn challenge(&mut self, link: LinkId, head: &Head, stale: bool) {
        let second = self.now.as_nanos() / 1_000_000_000;
        let nonce = self.nonces.issue(second, link.0, self.ids.as_mut());
        let realm = self.identity.realm.replace('\\', "\\\\").replace('"', "\\\"");
        let stale = if stale { ",stale=true" } else { "" };
        let line = format!(
            "WWW-Authenticate: Digest realm=\"{realm}\",nonce=\"{nonce}\",qop=\"auth\",algorithm=MD5{stale}\r\n"
        );
        if let Some(answer) = reply_with(head, StatusCode::UNAUTHORIZED, |out| put(&line, out)) {
            self.answer(link, answer);
        }
    }

    /// The secret of the user is known, or nobody knows the user.
    pub(super) fn check_credentials(&mut self, link: LinkId, head: &Head, secret: Option<&Secret>) {
        let (Ok(Some(credentials)), Ok(to)) = (head.get::<field::Authorization>(), head.to_path())
        else {
            return;
        };
        let (params, uri) = (credentials.params, to.last().as_str());
        let verified = secret.and_then(|secret| verify(&params, secret, &self.identity.realm, uri));
        let Some(terms) = verified else {
            return self.challenge(link, head, false);
        };
        let username = params.value("username").unwrap_or_default();
        match self.grant(link, head, &username) {
            Err(answer) => {
                let (status, line) = answer;
                if let Some(answer) = reply_with(head, status, |out| put(&line, out)) {
                    self.answer(link, answer);
                }
            }
            Ok((uri, expires)) => {
                let lines = |out: &mut BytesMut| {
                    for part in ["Use-Path: ", uri.as_str(), "\r\nExpires: ", &expires.to_string()]
                    {
                        put(part, out);
                    }
                    put("\r\nAuthentication-Info: ", out);
                    put(&terms.info(), out);
                    out.put_slice(b"\r\n");
                };
                if let Some(answer) = reply_with(head, StatusCode::OK, lines) {
                    self.answer(link, answer);
                }
            }
        }
    }

    /// Grants a URI, or lets a client keep the one that it has.
    fn grant(
        &mut self,
        link: LinkId,
        head: &Head,
        username: &str,
    ) -> Result<(UriBuf, u32), (StatusCode, String)> {
        let bad = |status| (status, String::new());
        let (min, max) = (self.limits.min_expires, self.limits.max_expires);
        let wished = head.get::<field::Expires>().map_err(|_| bad(StatusCode::BAD_REQUEST))?;
        let expires = wished.map_or(max, |Seconds(seconds)| seconds);
        if expires < min {
            return Err((StatusCode::OUT_OF_BOUNDS, format!("Min-Expires: {min}\r\n")));
        }
        if expires > max {
            return Err((StatusCode::OUT_OF_BOUNDS, format!("Max-Expires: {max}\r\n")));
        }
        let from = head.from_path().map_err(|_| bad(StatusCode::BAD_REQUEST))?;
        let on_link = self.links.get(link).ok_or_else(|| bad(StatusCode::FORBIDDEN))?;
        let mine = |key: &&Key| {
            let token = self.tokens.get(**key);
            token.is_some_and(|token| {
                &*token.username == username && token.client.as_str() == from.last().as_str()
            })
        };
        let key = match on_link.tokens.iter().find(mine) {
            Some(key) => *key,
            None if self.tokens.len() >= self.limits.max_tokens => {
                return Err(bad(StatusCode::FORBIDDEN));
            }
            None => {
                let name = self.ids.hex(12);
                let own = self.identity.uri.as_uri();
                let scheme = if own.is_secure() { "msrps" } else { "msrp" };
                let port = own.port().map(|port| format!(":{port}")).unwrap_or_default();
                let text =
                    format!("{scheme}://{}{port}/{name};{}", own.host().as_str(), own.transport());
                let uri = UriBuf::parse(ByteStr::from(text.as_str()))
                    .map_err(|_| bad(StatusCode::FORBIDDEN))?;
                let key = self.tokens.insert(Token {
                    uri,
                    username: ByteStr::from(username),
                    link,
                    previous: UriBuf::from(from.first()),
                    client: UriBuf::from(from.last()),
                });
                self.names.insert(name.into(), key);
                if let Some(on_link) = self.links.get_mut(link) {
                    on_link.tokens.insert(key);
                }
                key
            }
        };
        let span = Duration::from_secs(expires.into());
        self.timers.set(Timer::Token(key), self.now + span);
        let uri = self
            .tokens
            .get(key)
            .map(|token| token.uri.clone())
            .ok_or_else(|| bad(StatusCode::FORBIDDEN))?;
        let username = ByteStr::from(username);
        self.events.push_back(Event::Granted { username, uri: uri.clone(), expires: span });
        Ok((uri, expires))
    }

    /// A URI is of no more use.
    pub(super) fn revoke(&mut self, key: Key) {
        self.timers.cancel(&Timer::Token(key));
        let Some(token) = self.tokens.remove(key) else { return };
        if let Some(name) = token.uri.as_uri().session_id() {
            self.names.remove(name);
        }
        if let Some(on_link) = self.links.get_mut(token.link) {
            on_link.tokens.remove(&key);
        }
        self.events.push_back(Event::Revoked { uri: token.uri });
    }

    /// Answers a request with a status alone.
    pub(super) fn refuse(&mut self, link: LinkId, head: &Head, status: StatusCode) {
        if let Some(answer) = reply(head, status) {
            self.answer(link, answer);
        }
    }
}

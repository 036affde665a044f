//! The client's side of AUTH (RFC 4976 section 5.1): a URI at a relay, kept for as long as it is wanted.
//!
//! ```text
//!   log_in ─► Asking ── 401 ─► Proving ── 200 ─► Granted ── four fifths of its time ─► Asking
//!               │ 423: asked again with what the relay allows, once
//!               └─ other answers, 401 to a proof, 30 s ─► (logged out)
//! ```

use std::time::Duration;

use missiva_core::{ByteStr, Instant, LinkId, Machine};

use super::endpoint::{Endpoint, Timer};
use super::sending::CommandError;
use super::{Event, LoginId};
use crate::encode::Builder;
use crate::header::{Path, Seconds, Value};
use crate::relay::{Secret, Terms, client_answer, is_confirmed};
use crate::slab::Key;
use crate::{Flag, Head, Method, StatusCode, TransactionId, field};

/// Who asks which relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginOptions {
    /// The way to the relay: its URI alone, or behind those of the relays that are nearer and were logged in at before.
    pub relay: ByteStr,
    /// The own URI.
    pub local: ByteStr,
    /// The name of the user.
    pub username: ByteStr,
    /// What the user proves to know.
    pub secret: Secret,
    /// For how long the URI is wanted; as long as the relay likes without it.
    pub expires: Option<u32>,
}

/// A URI at a relay.
#[derive(Debug)]
pub(super) struct Login {
    link: LinkId,
    options: LoginOptions,
    asked: Option<TransactionId>,
    /// What the proof in the present request was made of.
    terms: Option<Terms>,
    /// Whether the relay's bounds for the time were taken over already.
    bounded: bool,
}

/// How long a relay may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

impl Endpoint {
    /// Asks a relay for a URI, and asks again before it expires. What comes of it is told by
    /// [`Event::LoggedIn`] and [`Event::LoggedOut`].
    ///
    /// # Errors
    ///
    /// A link that is not up, and paths that cannot be read.
    pub fn log_in(
        &mut self,
        now: Instant,
        link: LinkId,
        options: LoginOptions,
    ) -> Result<LoginId, CommandError> {
        self.handle_timeout(now);
        let on_link = self.links.get_mut(link).ok_or(CommandError::NotOpen)?;
        if on_link.logins.len() >= MAX_LOGINS {
            return Err(CommandError::Full);
        }
        for path in [&options.relay, &options.local] {
            Path::parse(path).map_err(|_| CommandError::NotOpen)?;
        }
        let login = Login { link, options, asked: None, terms: None, bounded: false };
        let key = self.logins.insert(login);
        on_link.logins.insert(key);
        self.ask_relay(key, None);
        Ok(LoginId(key))
    }

    /// Asks for the URI no more. The relay forgets it when its time is over.
    ///
    /// # Errors
    ///
    /// A login that is gone.
    pub fn log_out(&mut self, now: Instant, login: LoginId) -> Result<(), CommandError> {
        self.handle_timeout(now);
        self.logins.get(login.0).ok_or(CommandError::Unknown)?;
        self.end_login(login.0, None);
        Ok(())
    }

    fn ask_relay(&mut self, key: Key, credentials: Option<&str>) {
        let Some(login) = self.logins.get_mut(key) else { return };
        let paths = (Path::parse(&login.options.relay), Path::parse(&login.options.local));
        let (Ok(to), Ok(from)) = paths else { return };
        let id = TransactionId::draw(self.ids.as_mut());
        let mut builder = Builder::request(&id, Method::Auth, &to, &from);
        if let Some(expires) = login.options.expires {
            builder = builder.header::<field::Expires>(&Seconds(expires));
        }
        if let Some(credentials) = credentials {
            builder = builder.text("Authorization", credentials);
        }
        let Ok(payload) = builder.finish(Flag::Last) else {
            return self.end_login(key, Some(StatusCode::UNAUTHORIZED));
        };
        login.asked = Some(id);
        let link = login.link;
        self.asked_relays.insert(id, key);
        self.timers.set(Timer::Login(key), self.now + ANSWER_WITHIN);
        self.respond(link, payload);
    }

    /// A response to an AUTH.
    pub(super) fn on_relay_answer(&mut self, link: LinkId, head: &Head) {
        let (Some(status), Some(id)) = (head.status(), head.transaction()) else { return };
        let Some(key) = self.asked_relays.get(&id).copied() else { return };
        let Some(login) = self.logins.get_mut(key).filter(|login| login.link == link) else {
            return;
        };
        self.asked_relays.remove(&id);
        login.asked = None;
        self.timers.cancel(&Timer::Login(key));
        match status {
            StatusCode::OK => self.granted(key, head),
            StatusCode::UNAUTHORIZED => self.challenged(key, head),
            StatusCode::OUT_OF_BOUNDS => {
                let min = head.get::<field::MinExpires>().ok().flatten();
                let max = head.get::<field::MaxExpires>().ok().flatten();
                match min.or(max) {
                    Some(Seconds(allowed)) if !login.bounded => {
                        (login.bounded, login.options.expires) = (true, Some(allowed));
                        login.terms = None;
                        self.ask_relay(key, None);
                    }
                    _ => self.end_login(key, Some(status)),
                }
            }
            _ => self.end_login(key, Some(status)),
        }
    }

    /// A challenge is answered; a second one only when the relay says that the first one was merely too old.
    fn challenged(&mut self, key: Key, head: &Head) {
        let Some(login) = self.logins.get_mut(key) else { return };
        let uri =
            Path::parse(&login.options.relay).map(|path| path.last().as_str()).unwrap_or_default();
        let proved = login.terms.take().is_some();
        let options = &login.options;
        for challenge in
            head.all::<field::WwwAuthenticate>().flatten().filter(|one| one.is_digest())
        {
            let stale = challenge.params.value("stale");
            if proved && !stale.is_some_and(|stale| stale.eq_ignore_ascii_case("true")) {
                continue;
            }
            let ids = self.ids.as_mut();
            let answer =
                client_answer(&challenge.params, &options.username, &options.secret, uri, ids);
            if let Some((credentials, terms)) = answer {
                login.terms = Some(terms);
                return self.ask_relay(key, Some(&credentials));
            }
        }
        self.end_login(key, Some(StatusCode::UNAUTHORIZED));
    }

    fn granted(&mut self, key: Key, head: &Head) {
        let Some(login) = self.logins.get_mut(key) else { return };
        let info = head.get::<field::AuthenticationInfo>().ok().flatten();
        if let (Some(info), Some(terms)) = (info, login.terms.take())
            && !is_confirmed(&info, &terms)
        {
            return self.end_login(key, Some(StatusCode::FORBIDDEN));
        }
        let Ok(path) = head.only::<field::UsePath>() else {
            return self.end_login(key, Some(StatusCode::BAD_REQUEST));
        };
        let expires = head.get::<field::Expires>().ok().flatten().map(|seconds| seconds.0);
        let seconds = expires.or(login.options.expires).unwrap_or(DEFAULT_EXPIRES).max(1);
        let expires = Duration::from_secs(seconds.into());
        login.bounded = false;
        self.timers.set(Timer::Login(key), self.now + expires * 4 / 5);
        let (login, path) = (LoginId(key), ByteStr::from(path.as_str()));
        self.events.push_back(Event::LoggedIn { login, path, expires });
    }

    /// The relay did not answer, or it is time to ask again.
    pub(super) fn login_due(&mut self, key: Key) {
        match self.logins.get(key).map(|login| login.asked) {
            Some(Some(_)) => self.end_login(key, Some(StatusCode::TIMEOUT)),
            Some(None) => self.ask_relay(key, None),
            None => {}
        }
    }

    pub(super) fn end_login(&mut self, key: Key, status: Option<StatusCode>) {
        let Some(login) = self.logins.remove(key) else { return };
        self.timers.cancel(&Timer::Login(key));
        if let Some(id) = login.asked {
            self.asked_relays.remove(&id);
        }
        if let Some(on_link) = self.links.get_mut(login.link) {
            on_link.logins.remove(&key);
        }
        self.events.push_back(Event::LoggedOut { login: LoginId(key), status });
    }
}

/// Logins on one link: one for each relay on the way, and room.
const MAX_LOGINS: usize = 64;
/// Seconds for which a URI is taken to be granted by a relay that does not say.
const DEFAULT_EXPIRES: u32 = 600;

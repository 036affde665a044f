//! Who opens the connection (RFC 4145 section 4, RFC 6135 for MSRP).

use crate::attribute::{ConnectionReuse, Setup};

/// What one side does about the connection of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Opens it.
    Connects,
    /// Waits for it.
    Listens,
    /// Leaves it for now.
    Holds,
}

impl Role {
    /// The part of the other side.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Connects => Self::Listens,
            Self::Listens => Self::Connects,
            Self::Holds => Self::Holds,
        }
    }
}

/// What to answer to `offered`, when we want `wish` and have had the role `before`; nothing when the two do not go
/// together. `actpass`, or no wish, is either.
///
/// An offer that says nothing comes from a peer that connects (RFC 4145 section 4, RFC 4975 section 5.4), and the
/// answer says nothing then.
pub(super) const fn answer(
    offered: Option<Setup>,
    wish: Option<Setup>,
    before: Option<Role>,
) -> Option<Option<Setup>> {
    let says = match (offered, wish) {
        (None, _) => return Some(None),
        (Some(Setup::HoldConn), _) | (_, Some(Setup::HoldConn)) => Setup::HoldConn,
        (Some(Setup::Active), Some(Setup::Active))
        | (Some(Setup::Passive), Some(Setup::Passive)) => return None,
        (Some(Setup::Active), _) => Setup::Passive,
        (Some(Setup::Passive), _) => Setup::Active,
        (Some(Setup::ActPass), Some(Setup::Active)) => Setup::Active,
        (Some(Setup::ActPass), Some(Setup::Passive)) => Setup::Passive,
        (Some(Setup::ActPass), _) => match before {
            // Another role would close the connection that is there.
            Some(Role::Listens) => Setup::Passive,
            _ => Setup::Active,
        },
    };
    Some(Some(says))
}

/// Whether `answered` fits `offered`. An answer that says nothing comes from a peer that knows of no roles; the offerer
/// connects then (RFC 6135 section 4.2.2).
pub(super) const fn fits(offered: Option<Setup>, answered: Option<Setup>) -> bool {
    match (offered, answered) {
        (_, None) => true,
        (Some(offered), Some(answered)) => answered.answers(offered),
        (None, Some(answered)) => answered.answers(Setup::Active),
    }
}

/// What the offerer does after a valid answer.
pub(super) const fn offerer_role(answered: Option<Setup>) -> Role {
    match answered {
        None | Some(Setup::Passive | Setup::ActPass) => Role::Connects,
        Some(Setup::Active) => Role::Listens,
        Some(Setup::HoldConn) => Role::Holds,
    }
}

/// What to answer about the connection that is there (RFC 4145 section 5.1): when a new one is offered it is new.
pub(super) const fn answer_reuse(
    offered: Option<ConnectionReuse>,
    wish: Option<ConnectionReuse>,
) -> Option<ConnectionReuse> {
    match (offered, wish) {
        (None, _) => None,
        (Some(ConnectionReuse::Existing), None | Some(ConnectionReuse::Existing)) => {
            Some(ConnectionReuse::Existing)
        }
        _ => Some(ConnectionReuse::New),
    }
}

/// Whether `answered` fits `offered`; `new` where nothing is said.
pub(super) const fn reuse_fits(
    offered: Option<ConnectionReuse>,
    answered: Option<ConnectionReuse>,
) -> bool {
    matches!(offered, Some(ConnectionReuse::Existing))
        || !matches!(answered, Some(ConnectionReuse::Existing))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WISHES: [Option<Setup>; 5] = [
        None,
        Some(Setup::Active),
        Some(Setup::Passive),
        Some(Setup::ActPass),
        Some(Setup::HoldConn),
    ];

    #[test]
    fn every_answer_of_ours_fits_its_offer() {
        for offered in WISHES {
            for wish in WISHES {
                for before in [None, Some(Role::Connects), Some(Role::Listens), Some(Role::Holds)] {
                    if let Some(says) = answer(offered, wish, before) {
                        assert!(fits(offered, says), "{offered:?} {wish:?} {says:?}");
                        assert_ne!(says, Some(Setup::ActPass));
                    }
                }
            }
        }
    }

    #[test]
    fn two_who_insist_on_one_role_do_not_meet() {
        assert_eq!(answer(Some(Setup::Active), Some(Setup::Active), None), None);
        assert_eq!(answer(Some(Setup::Passive), Some(Setup::Passive), None), None);
    }

    #[test]
    fn a_role_stays_when_either_will_do() {
        let again = |before| answer(Some(Setup::ActPass), Some(Setup::ActPass), before);
        assert_eq!(again(Some(Role::Listens)), Some(Some(Setup::Passive)));
        assert_eq!(again(Some(Role::Connects)), Some(Some(Setup::Active)));
        assert_eq!(again(None), Some(Some(Setup::Active)));
    }
}

//! `a=sendrecv` and its like.

use crate::FieldName;

/// Which way media flow, as the one who describes them sees it (RFC 8866 section 6.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "lowercase"))]
pub enum Direction {
    /// Both ways; so it is when nothing is said.
    #[default]
    SendRecv,
    /// From here to there.
    SendOnly,
    /// From there to here.
    RecvOnly,
    /// Neither way.
    Inactive,
}

impl Direction {
    /// Every direction.
    pub const ALL: [Self; 4] = [Self::SendRecv, Self::SendOnly, Self::RecvOnly, Self::Inactive];

    /// The direction of these two ways.
    #[must_use]
    pub const fn new(sends: bool, receives: bool) -> Self {
        match (sends, receives) {
            (true, true) => Self::SendRecv,
            (true, false) => Self::SendOnly,
            (false, true) => Self::RecvOnly,
            (false, false) => Self::Inactive,
        }
    }

    /// Whether media go out.
    #[must_use]
    pub const fn sends(self) -> bool {
        matches!(self, Self::SendRecv | Self::SendOnly)
    }

    /// Whether media come in.
    #[must_use]
    pub const fn receives(self) -> bool {
        matches!(self, Self::SendRecv | Self::RecvOnly)
    }

    /// The same stream as the other side sees it.
    #[must_use]
    pub const fn reversed(self) -> Self {
        Self::new(self.receives(), self.sends())
    }

    /// What flows when both must agree.
    ///
    /// ```
    /// use missiva_sdp::attribute::Direction;
    ///
    /// // RFC 3264 section 6.1: the answer to a stream that is only sent is one that at most receives.
    /// let answer = Direction::SendOnly.reversed().and(Direction::SendRecv);
    /// assert_eq!(answer, Direction::RecvOnly);
    /// ```
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self::new(self.sends() && other.sends(), self.receives() && other.receives())
    }

    /// The attribute that says so.
    #[must_use]
    pub const fn name(self) -> FieldName {
        match self {
            Self::SendRecv => FieldName::Sendrecv,
            Self::SendOnly => FieldName::Sendonly,
            Self::RecvOnly => FieldName::Recvonly,
            Self::Inactive => FieldName::Inactive,
        }
    }

    /// What the attribute `name` says, if it is one of the four.
    #[inline]
    #[must_use]
    pub const fn of(name: FieldName) -> Option<Self> {
        match name {
            FieldName::Sendrecv => Some(Self::SendRecv),
            FieldName::Sendonly => Some(Self::SendOnly),
            FieldName::Recvonly => Some(Self::RecvOnly),
            FieldName::Inactive => Some(Self::Inactive),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_turn_and_meet() {
        for one in Direction::ALL {
            assert_eq!(one.reversed().reversed(), one);
            assert_eq!(Direction::of(one.name()), Some(one));
            assert_eq!(Direction::new(one.sends(), one.receives()), one);
            for other in Direction::ALL {
                let both = one.and(other);
                assert_eq!(both.sends(), one.sends() && other.sends());
                assert_eq!(both.receives(), one.receives() && other.receives());
            }
        }
        assert_eq!(Direction::of(FieldName::Mid), None);
    }
}

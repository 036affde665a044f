//! The values of lines other than attributes (RFC 8866 section 5).

mod address;
mod bandwidth;
mod key;
mod media;
mod origin;
mod text;
mod time;

pub(crate) use address::is_name;
pub use address::{Address, Connection, Host};
pub use bandwidth::{Bandwidth, BandwidthKind};
pub use key::Key;
pub use media::{Formats, MediaKind, MediaLine, Protocol};
pub use origin::{Origin, Version};
pub use text::Text;
pub use time::{Repeat, Time, TimeUnit, TypedTime, ZoneAdjustment, ZoneAdjustments};

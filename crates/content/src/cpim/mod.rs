//! CPIM messages (RFC 3862).
mod name;
pub use name::Known;

//! How every crate of the workspace bounds hostile input.
//!
//! Each protocol crate has one `Limits` struct in its `limits.rs`. The habits are the same everywhere:
//!
//! 1. Every field is public, has a default, and its doc line says why the number is what it is.
//! 2. The unit and the sum are both capped: one header and all headers, one chunk and all open messages.
//! 3. A cap that follows from others is computed from them, never written a second time.
//! 4. Each cap is tested at its edge: at the limit, one over, far over.
//! 5. Reaching a cap has one documented effect: an error that names the limit, a protocol answer, or a close.
//! 6. Each cap is a line in `SECURITY.md`.
//!
//! A limit is never a cargo feature: one dependant must not change it for all others.

/// A cap was reached: which one, and how high it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{limit} exceeds {max}")]
pub struct LimitExceeded {
    /// The field of the crate's `Limits` that was reached.
    pub limit: &'static str,
    /// Its value.
    pub max: u64,
}

impl LimitExceeded {
    /// Refuses `value` when it is over `max`.
    ///
    /// # Errors
    ///
    /// The limit's name and height, when `value` is larger.
    ///
    /// ```
    /// use missiva_core::LimitExceeded;
    ///
    /// assert!(LimitExceeded::check("headers", 128, 128).is_ok());
    /// assert_eq!(LimitExceeded::check("headers", 128, 129).unwrap_err().to_string(), "headers exceeds 128");
    /// ```
    pub fn check(limit: &'static str, max: usize, value: usize) -> Result<(), Self> {
        if value > max { Err(Self { limit, max: max as u64 }) } else { Ok(()) }
    }
}

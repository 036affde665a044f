//! Parts of messages, drawn from the fuzzer's bytes.

use arbitrary::{Result, Unstructured};

const TOKEN: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~";
const LABEL: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

/// Any text of a few bytes.
pub(crate) fn text(from: &mut Unstructured<'_>) -> Result<String> {
    let len = from.int_in_range(0..=24)?;
    (0..len).map(|_| from.arbitrary::<char>()).collect()
}

/// Text without what no line can hold.
pub(crate) fn line(from: &mut Unstructured<'_>) -> Result<String> {
    Ok(text(from)?.replace(['\r', '\n'], "").replace('\0', "0"))
}

fn of(from: &mut Unstructured<'_>, bytes: &[u8], longest: usize) -> Result<String> {
    let len = from.int_in_range(1..=longest)?;
    (0..len).map(|_| from.choose(bytes).map(|byte| char::from(*byte))).collect()
}

/// A token.
pub(crate) fn token(from: &mut Unstructured<'_>) -> Result<String> {
    of(from, TOKEN, 12)
}

/// A host as it is written: a name or an address.
pub(crate) fn host(from: &mut Unstructured<'_>) -> Result<String> {
    Ok(match from.int_in_range(0..=3)? {
        0 => std::net::Ipv4Addr::from(from.arbitrary::<u32>()?).to_string(),
        1 => format!("[{}]", std::net::Ipv6Addr::from(from.arbitrary::<u128>()?)),
        _ => {
            let labels = from.int_in_range(1..=4)?;
            // A letter on both sides, so that no hyphen stands at an end and nothing looks like an address.
            let label = |_| of(from, LABEL, 8).map(|label| format!("a{label}z"));
            (0..labels).map(label).collect::<Result<Vec<_>>>()?.join(".")
        }
    })
}

/// Names that are told apart whatever their case, each with a value or without.
pub(crate) fn named(
    from: &mut Unstructured<'_>,
    mut name: impl FnMut(&mut Unstructured<'_>) -> Result<String>,
    mut value: impl FnMut(&mut Unstructured<'_>) -> Result<String>,
) -> Result<Vec<(String, Option<String>)>> {
    let count = from.int_in_range(0..=5)?;
    let mut named: Vec<(String, Option<String>)> = Vec::new();
    for _ in 0..count {
        let name = name(from)?;
        let value = from.arbitrary::<bool>()?.then(|| value(from)).transpose()?;
        if named.iter().all(|(other, _)| !other.eq_ignore_ascii_case(&name)) {
            named.push((name, value));
        }
    }
    Ok(named)
}

/// Something, or nothing.
pub(crate) fn maybe<T>(
    from: &mut Unstructured<'_>,
    draw: impl Fn(&mut Unstructured<'_>) -> Result<T>,
) -> Result<Option<T>> {
    from.arbitrary::<bool>()?.then(|| draw(from)).transpose()
}

//! The good inputs of a corpus: a folder with a `verdicts.tsv`, whose columns `file` (relative to the table) and
//! `strict` are read here.

use std::path::{Path, PathBuf};

/// The verdict table in a corpus folder.
const VERDICTS: &str = "verdicts.tsv";

/// What a strict reader must accept, by the table in `folder`.
///
/// A missing folder gives nothing: the bench must run without it.
#[must_use]
pub(crate) fn accepted(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let Ok(table) = std::fs::read_to_string(folder.join(VERDICTS)) else {
        return Vec::new();
    };
    let mut lines = table.lines().filter(|l| !l.is_empty() && !l.starts_with("# "));
    let header: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let column = |name: &str| {
        header.iter().position(|h| h.trim().trim_start_matches('#').eq_ignore_ascii_case(name))
    };
    let (Some(file), Some(strict)) = (column("file"), column("strict")) else {
        return Vec::new();
    };
    let good = lines.filter_map(|line| {
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        let is_good = cells.get(strict)?.eq_ignore_ascii_case("accept");
        let path = folder.join(cells.get(file)?);
        if is_good { std::fs::read(&path).ok().map(|bytes| (path, bytes)) } else { None }
    });
    good.collect()
}

//! Files that a test rewrites while others read them.

use std::fs;
use std::path::Path;

/// Puts `text` into the file at once: whoever reads it meanwhile, in this process or another, gets the whole of the
/// old text or of the new one. A file that says so already is left alone.
///
/// The new text is written beside the file under a name that begins with a dot, then renamed.
pub(crate) fn replace(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    let name = path.file_name().unwrap().to_string_lossy();
    let fresh = path.with_file_name(format!(".{name}.{}", std::process::id()));
    fs::write(&fresh, text).unwrap();
    fs::rename(&fresh, path).unwrap();
}

#[test]
fn a_file_is_whole_while_it_is_replaced() {
    let name = format!("replace.{}", std::process::id());
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let texts = ["a", "b"].map(|letter| letter.repeat(1 << 20));
    replace(&path, &texts[0]);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| (1..=60).for_each(|at| replace(&path, &texts[at % 2])));
        while !writer.is_finished() {
            let seen = fs::read_to_string(&path).unwrap();
            assert!(texts.contains(&seen), "{} bytes", seen.len());
        }
    });
    fs::remove_file(&path).unwrap();
}

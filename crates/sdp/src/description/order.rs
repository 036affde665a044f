//! The order of lines that RFC 8866 section 5 sets, and the lines that must be there.
//!
//! ```text
//! session:  v o s i? u? e* p* c? b* (t (r+ z?)?)+ k? a*
//! media:    m i? c* b* k? a*
//! ```

use missiva_core::FaultKind;

use crate::FieldName;

/// Walks along the lines of a description.
#[derive(Debug)]
pub(crate) struct Order {
    /// The place of the line before.
    place: u8,
    /// One bit for each place of which this level has a line.
    seen: u16,
    /// One bit for each place whose line was missed already.
    missed: u16,
    in_media: bool,
    last: FieldName,
    /// Lines may come in any order; then what is missing shows at the end of the level.
    any: bool,
}

/// What is wrong with a line in its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Breach {
    /// One bit for the place of each line that should have come before.
    missing: u16,
    /// What is wrong with the line itself.
    pub(crate) kind: Option<FaultKind>,
}

impl Breach {
    /// The lines that should have come before.
    pub(crate) fn missing(self) -> impl Iterator<Item = FieldName> {
        MANDATORY.into_iter().filter(move |name| self.missing & bit(place(*name)) != 0)
    }
}

/// RFC 8866 section 5: these stand in every description.
const MANDATORY: [FieldName; 4] =
    [FieldName::Version, FieldName::Origin, FieldName::SessionName, FieldName::Time];
const ATTRIBUTES: u8 = 12;

/// The place of a line within its level; lines of one place may follow each other. Zero stands anywhere.
pub(super) const fn place(name: FieldName) -> u8 {
    match name {
        FieldName::OtherLine => 0,
        FieldName::Version => 1,
        FieldName::Origin => 2,
        FieldName::SessionName => 3,
        FieldName::Information => 4,
        FieldName::Uri => 5,
        FieldName::Email => 6,
        FieldName::Phone => 7,
        FieldName::Connection => 8,
        FieldName::Bandwidth => 9,
        FieldName::Time | FieldName::Repeat | FieldName::Zone => 10,
        FieldName::Key => 11,
        _ => ATTRIBUTES,
    }
}

const fn bit(place: u8) -> u16 {
    1 << place
}

impl Order {
    pub(crate) const fn new(any: bool) -> Self {
        Self { place: 0, seen: 0, missed: 0, in_media: false, last: FieldName::OtherLine, any }
    }

    /// Takes the next line.
    #[inline(always)]
    pub(crate) fn next(&mut self, name: FieldName) -> Result<(), Breach> {
        if name > FieldName::OtherLine && self.place == ATTRIBUTES {
            return Ok(());
        }
        self.step(name)
    }

    #[inline(never)]
    fn step(&mut self, name: FieldName) -> Result<(), Breach> {
        let here = place(name);
        if here == 0 {
            return Ok(());
        }
        if name == FieldName::Media {
            let missing = self.missing(ATTRIBUTES);
            (self.place, self.seen, self.in_media, self.last) = (0, 0, true, name);
            return verdict(missing, None);
        }
        let missing = if self.any { 0 } else { self.missing(here) };
        let kind = self.judge(name, here);
        self.seen |= bit(here);
        self.place = self.place.max(here);
        self.last = name;
        self.missed |= missing;
        verdict(missing, kind)
    }

    fn judge(&self, name: FieldName, here: u8) -> Option<FaultKind> {
        let again = self.seen & bit(here) != 0;
        let alone = match name {
            FieldName::Version
            | FieldName::Origin
            | FieldName::SessionName
            | FieldName::Information
            | FieldName::Uri
            | FieldName::Key => true,
            FieldName::Connection => !self.in_media,
            _ => false,
        };
        if again && alone {
            return Some(FaultKind::Conflict);
        }
        let orphan = match name {
            FieldName::Repeat => !matches!(self.last, FieldName::Time | FieldName::Repeat),
            // RFC 4566 had it behind times that do not repeat too.
            FieldName::Zone => !matches!(self.last, FieldName::Time | FieldName::Repeat),
            FieldName::Version
            | FieldName::Origin
            | FieldName::SessionName
            | FieldName::Uri
            | FieldName::Email
            | FieldName::Phone
            | FieldName::Time => self.in_media,
            _ => false,
        };
        (orphan || here < self.place).then_some(FaultKind::Unexpected)
    }

    /// What is not there of the lines that come before `place`.
    fn missing(&self, place: u8) -> u16 {
        if self.in_media {
            return 0;
        }
        let before = bit(place).wrapping_sub(1);
        let mandatory = MANDATORY.into_iter().fold(0, |all, name| all | bit(self::place(name)));
        mandatory & before & !self.seen & !self.missed
    }

    /// Takes the end of the description.
    pub(crate) fn end(&self) -> Result<(), Breach> {
        verdict(self.missing(ATTRIBUTES), None)
    }
}

const fn verdict(missing: u16, kind: Option<FaultKind>) -> Result<(), Breach> {
    if missing == 0 && kind.is_none() { Ok(()) } else { Err(Breach { missing, kind }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(letter: char) -> FieldName {
        FieldName::all().find(|name| name.letter() == letter).unwrap_or(FieldName::OtherLine)
    }

    /// What is wrong with descriptions whose lines are these, one letter each.
    fn judge(letters: &str, any: bool) -> String {
        let mut order = Order::new(any);
        let mut said = String::new();
        for letter in letters.chars() {
            if let Err(breach) = order.next(name(letter)) {
                said.extend(breach.missing().map(|name| name.letter().to_ascii_uppercase()));
                said.extend(
                    breach.kind.map(|kind| if kind == FaultKind::Conflict { '2' } else { letter }),
                );
            }
        }
        if let Err(breach) = order.end() {
            said.extend(breach.missing().map(|name| name.letter().to_ascii_uppercase()));
        }
        said
    }

    #[test]
    fn lines_come_in_the_order_of_the_standard() {
        let table = [
            ("vost", ""),
            ("vosiuppcbbtrrztrzkaamicbkaamaam", ""),
            ("vosueepptzma", ""),
            ("vostmccbbka", ""),
            ("vostxaxmx", ""),
            ("vosta?m", ""),
            ("", "VOST"),
            ("vt", "OS"),
            ("ost", "V"),
            ("vos", "T"),
            ("vosm", "T"),
            ("vosma", "T"),
            ("vsot", "Oo"),
            ("vostc", "c"),
            ("vostac", "c"),
            ("vostmac", "c"),
            ("vostmt", "t"),
            ("vostmv", "v"),
            ("vostar", "r"),
            ("vosrt", "r"),
            ("vostrzr", "r"),
            ("vostpe", "pe"),
            ("vvost", "2"),
            ("voost", "2"),
            ("vosst", "2"),
            ("vosccst", "22"),
            ("vostkk", "2"),
            ("vostmii", "2"),
            ("vostmkk", "2"),
        ];
        for (letters, expected) in table {
            assert_eq!(judge(letters, false), expected, "{letters}");
        }
    }

    #[test]
    fn in_any_order_a_line_is_missed_at_the_end_of_its_level() {
        for (letters, expected) in
            [("tsov", "sov"), ("tso", "soV"), ("tsm", "sVO"), ("vostmac", "c")]
        {
            assert_eq!(judge(letters, true), expected, "{letters}");
        }
    }
}

//! One rule of a `.gitignore`: parsing its line, and matching paths.
//!
//! Rules and paths are bytes, as in git: a rule need not be UTF-8. A rule is compiled once, into a
//! literal prefix and a list of [`Part`]s. For any rule, matching takes time polynomial in the
//! lengths of the rule and the path.

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// The rule includes what earlier rules excluded (`!`).
    pub negative: bool,
    /// The rule applies to directories only (it ends with a slash).
    dirs_only: bool,
    /// The rule has no slash except at its end, so it matches names at any depth.
    by_name: bool,
    /// The literal prefix of the path or name.
    literal: Box<[u8]>,
    /// The parts after the literal prefix.
    parts: Box<[Part]>,
}

/// A piece of a compiled rule.
#[derive(Debug)]
enum Part {
    Byte(u8),
    /// `?`: any byte except a slash.
    Any,
    /// `[a-z]`: one byte of a set, except a slash.
    Set(Box<Set>),
    /// `*`: any bytes except slashes.
    Star,
    /// `**/`: nothing, or any bytes that end with a slash.
    Directories,
    /// `**` at the end, or before an escaped slash: any bytes.
    Everything,
}

/// The reason why a rule can never match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    OpenSet,
    UnknownClass,
    LoneBackslash,
}

impl Fault {
    pub fn reason(self) -> &'static str {
        match self {
            Self::OpenSet => "this rule matches nothing: its '[' is not closed",
            Self::UnknownClass => "this rule matches nothing: there is no such '[:class:]'",
            Self::LoneBackslash => "this rule matches nothing: it ends with a backslash",
        }
    }
}

impl Rule {
    /// Parses a line of a file of rules. Returns `Ok(None)` for a comment or an empty line.
    pub fn parse(line: &[u8]) -> Result<Option<Self>, Fault> {
        // Git treats a line as a C string.
        let line = line.split(|&byte| byte == 0).next().unwrap_or_default();
        if line.is_empty() || line[0] == b'#' {
            return Ok(None);
        }
        let line = without_trailing_spaces(line);
        let (negative, line) = line.strip_prefix(b"!").map_or((false, line), |rest| (true, rest));
        let (dirs_only, line) = line.strip_suffix(b"/").map_or((false, line), |rest| (true, rest));
        if line.is_empty() {
            return Ok(None);
        }
        let by_name = !line.contains(&b'/');
        let line = line.strip_prefix(b"/").unwrap_or(line);
        let literal = line.iter().position(|byte| b"*?[\\".contains(byte)).unwrap_or(line.len());
        let (literal, rest) = line.split_at(literal);
        let parts = compile(rest)?.into();
        Ok(Some(Self { negative, dirs_only, by_name, literal: literal.into(), parts }))
    }

    /// Returns true if the rule matches this path, whose last component is `name`. The path is
    /// relative to the directory of the rule's file.
    pub fn matches(&self, path: &[u8], name: &[u8], is_dir: bool) -> bool {
        let text = if self.by_name { name } else { path };
        (is_dir || !self.dirs_only)
            && text.strip_prefix(&*self.literal).is_some_and(|rest| matches(&self.parts, rest))
    }

    /// Returns the only name or path that the rule matches, if the rule has no wildcards.
    pub fn exact(&self) -> Option<Exact<'_>> {
        let Self { by_name, dirs_only, .. } = *self;
        self.parts.is_empty().then_some(Exact { by_name, dirs_only, text: &self.literal })
    }
}

/// A rule without wildcards.
#[derive(Clone, Copy)]
pub struct Exact<'a> {
    pub by_name: bool,
    pub dirs_only: bool,
    pub text: &'a [u8],
}

/// Removes trailing spaces, except those after a backslash.
fn without_trailing_spaces(line: &[u8]) -> &[u8] {
    let mut end = 0;
    let mut at = 0;
    while at < line.len() {
        match line[at] {
            b' ' => at += 1,
            b'\\' => {
                at += 2;
                end = at;
            }
            _ => {
                at += 1;
                end = at;
            }
        }
    }
    &line[..end.min(line.len())]
}

fn compile(glob: &[u8]) -> Result<Vec<Part>, Fault> {
    let mut parts = Vec::new();
    let mut at = 0;
    while at < glob.len() {
        let rest = &glob[at + 1..];
        at += 1;
        parts.push(match glob[at - 1] {
            b'?' => Part::Any,
            b'\\' => {
                at += 1;
                Part::Byte(*rest.first().ok_or(Fault::LoneBackslash)?)
            }
            b'[' => {
                let (set, length) = Set::parse(rest)?;
                at += length;
                Part::Set(Box::new(set))
            }
            b'*' => {
                let begins = at == 1 || glob[at - 2] == b'/';
                let more = rest.iter().take_while(|&&byte| byte == b'*').count();
                at += more;
                match &glob[at..] {
                    // Several stars that are not alone between slashes match like one star.
                    _ if more == 0 || !begins => Part::Star,
                    [] | [b'\\', b'/', ..] => Part::Everything,
                    [b'/', ..] => {
                        at += 1;
                        Part::Directories
                    }
                    _ => Part::Star,
                }
            }
            byte => Part::Byte(byte),
        });
    }
    Ok(parts)
}

/// Returns true if the parts match the whole text.
///
/// A part of variable length first matches as few bytes as possible. When a later part fails, the
/// last part of variable length takes more bytes. The parts before it need not be tried again,
/// since the last one can reach every position that they could lead to. A star cannot take a
/// slash, so when it cannot take more, the last `**` takes more.
fn matches(parts: &[Part], text: &[u8]) -> bool {
    let (mut part, mut at) = (0, 0);
    // The part and the position in the text at which matching resumes when the last star, or the
    // last `**`, takes more bytes.
    let mut star: Option<(usize, usize)> = None;
    let mut stars: Option<(usize, usize)> = None;
    loop {
        let step = match (parts.get(part), text.get(at)) {
            (None, None) => return true,
            (Some(Part::Star), _) => {
                star = Some((part + 1, at));
                true
            }
            (Some(Part::Directories | Part::Everything), _) => {
                stars = Some((part + 1, at));
                star = None;
                true
            }
            (Some(Part::Byte(byte)), Some(found)) if byte == found => {
                at += 1;
                true
            }
            (Some(Part::Any), Some(found)) if *found != b'/' => {
                at += 1;
                true
            }
            (Some(Part::Set(set)), Some(&found)) if set.has(found) && found != b'/' => {
                at += 1;
                true
            }
            _ => false,
        };
        if step {
            part += 1;
            continue;
        }
        if let Some((next, from)) = star
            && text.get(from).is_some_and(|&byte| byte != b'/')
        {
            star = Some((next, from + 1));
            (part, at) = (next, from + 1);
            continue;
        }
        star = None;
        let Some((next, from)) = stars else { return false };
        let more = match parts[next - 1] {
            Part::Directories => text[from..].iter().position(|&byte| byte == b'/').map(|slash| slash + 1),
            _ => (from < text.len()).then_some(1),
        };
        let Some(more) = more else { return false };
        stars = Some((next, from + more));
        (part, at) = (next, from + more);
    }
}

/// A set of bytes.
#[derive(Debug, Default)]
struct Set([u64; 4]);

impl Set {
    fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte / 64)] >> (byte % 64) & 1 == 1
    }

    fn add(&mut self, byte: u8) {
        self.0[usize::from(byte / 64)] |= 1 << (byte % 64);
    }

    /// Parses a set from the text after its `[`. Returns the set and its length, including its
    /// `]`.
    fn parse(text: &[u8]) -> Result<(Self, usize), Fault> {
        let mut set = Self::default();
        let negated = matches!(text.first(), Some(b'!' | b'^'));
        let first = usize::from(negated);
        let mut at = first;
        // A byte that may be the start of a range.
        let mut begin = None;
        let byte_at = |at: usize| text.get(at).copied().ok_or(Fault::OpenSet);
        loop {
            let mut byte = byte_at(at)?;
            if byte == b']' && at > first {
                break;
            }
            if let (b'-', Some(low)) = (byte, begin)
                && text.get(at + 1).is_some_and(|&high| high != b']')
            {
                at += 1;
                let mut high = byte_at(at)?;
                if high == b'\\' {
                    at += 1;
                    high = byte_at(at)?;
                }
                (low..=high).for_each(|byte| set.add(byte));
                begin = None;
            } else if let Some((class, length)) = class(&text[at..])? {
                (0..=u8::MAX).filter(class).for_each(|byte| set.add(byte));
                at += length - 1;
                begin = None;
            } else {
                if byte == b'\\' {
                    at += 1;
                    byte = byte_at(at)?;
                }
                set.add(byte);
                begin = Some(byte);
            }
            at += 1;
        }
        if negated {
            set.0.iter_mut().for_each(|word| *word = !*word);
        }
        Ok((set, at + 1))
    }
}

/// Returns the class of bytes, such as `[:alpha:]`, that the text begins with, and its length.
#[allow(clippy::type_complexity, reason = "a predicate and a length")]
fn class(text: &[u8]) -> Result<Option<(fn(&u8) -> bool, usize)>, Fault> {
    let Some(inner) = text.strip_prefix(b"[:") else { return Ok(None) };
    let end = inner.iter().position(|&byte| byte == b']').ok_or(Fault::OpenSet)?;
    let Some(name) = inner[..end].strip_suffix(b":") else { return Ok(None) };
    let class: fn(&u8) -> bool = match name {
        b"alnum" => u8::is_ascii_alphanumeric,
        b"alpha" => u8::is_ascii_alphabetic,
        b"blank" => |byte| matches!(byte, b' ' | b'\t'),
        b"cntrl" => u8::is_ascii_control,
        b"digit" => u8::is_ascii_digit,
        b"graph" => u8::is_ascii_graphic,
        b"lower" => u8::is_ascii_lowercase,
        b"print" => |byte| matches!(byte, b' '..=b'~'),
        b"punct" => u8::is_ascii_punctuation,
        // As in git, without vertical tabs and form feeds.
        b"space" => |byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'),
        b"upper" => u8::is_ascii_uppercase,
        b"xdigit" => u8::is_ascii_hexdigit,
        _ => return Err(Fault::UnknownClass),
    };
    Ok(Some((class, 2 + end + 1)))
}

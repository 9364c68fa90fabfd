//! One rule of a `.gitignore`: how its line is read, and which paths it matches.
//!
//! Rules and paths are bytes, as they are to git: a rule need not be UTF-8. A rule is compiled
//! once, into its literal beginning and a list of [`Part`]s. Matching takes time polynomial in the
//! two lengths, whatever the rule.

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// The rule takes back what earlier rules left out (`!`).
    pub negative: bool,
    /// The rule applies to directories only (a slash at its end).
    dirs_only: bool,
    /// The rule has no slash before its end, so it applies to names, at any depth.
    by_name: bool,
    /// What the path or name begins with.
    literal: Box<[u8]>,
    /// What follows the literal beginning.
    parts: Box<[Part]>,
}

/// A piece of a compiled rule.
#[derive(Debug)]
enum Part {
    Byte(u8),
    /// `?`: any byte but a slash.
    Any,
    /// `[a-z]`: one byte of a set, but never a slash.
    Set(Box<Set>),
    /// `*`: any bytes but slashes.
    Star,
    /// `**/`: nothing, or anything that ends with a slash.
    Directories,
    /// `**` at the end, or before an escaped slash: anything.
    Everything,
}

/// Why a line is no rule that can match.
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
    /// Reads a line of a file of rules. `Ok(None)` is a comment or an empty line.
    pub fn parse(line: &[u8]) -> Result<Option<Self>, Fault> {
        // To git a line is a C string.
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

    /// True if the rule matches this path, relative to the directory of the rule's file, whose
    /// last component is `name`.
    pub fn matches(&self, path: &[u8], name: &[u8], is_dir: bool) -> bool {
        let text = if self.by_name { name } else { path };
        (is_dir || !self.dirs_only)
            && text.strip_prefix(&*self.literal).is_some_and(|rest| matches(&self.parts, rest))
    }

    /// The whole of what the rule matches, if that is one name or path.
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

/// Spaces at the end do not count, unless a backslash stands before them.
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
                    // Stars that do not stand alone between slashes are like one.
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

/// True if the parts match all of the text.
///
/// A part that may match more or less first matches as little as it can. When what follows fails,
/// the last such part takes more; those before it need not, as all that they could lead to is
/// within reach of the last one. A star cannot take a slash, so when it is spent, the last `**`
/// takes more.
fn matches(parts: &[Part], text: &[u8]) -> bool {
    let (mut part, mut at) = (0, 0);
    // Where to go on when the last star, or the last `**`, takes more: at which part, and from
    // where in the text.
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

    /// Reads a set from behind its `[`, and returns how long it is with its `]`.
    fn parse(text: &[u8]) -> Result<(Self, usize), Fault> {
        let mut set = Self::default();
        let negated = matches!(text.first(), Some(b'!' | b'^'));
        let first = usize::from(negated);
        let mut at = first;
        // A byte that a range may begin with.
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

/// A class of bytes such as `[:alpha:]`, if the text begins with one, and how long that is.
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
        // Git's own idea of it: without vertical tabs and form feeds.
        b"space" => |byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'),
        b"upper" => u8::is_ascii_uppercase,
        b"xdigit" => u8::is_ascii_hexdigit,
        _ => return Err(Fault::UnknownClass),
    };
    Ok(Some((class, 2 + end + 1)))
}

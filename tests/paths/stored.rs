//! zlib streams written by hand, so that their content is exactly that of the test.

/// Returns a zlib stream with `content` in blocks of up to `block` bytes that are not compressed.
pub(crate) fn stored(content: &[u8], block: usize) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let mut blocks = content.chunks(block).peekable();
    if content.is_empty() {
        stream.extend([1, 0, 0, 0xFF, 0xFF]);
    }
    while let Some(bytes) = blocks.next() {
        let len = bytes.len() as u16;
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend(len.to_le_bytes());
        stream.extend((!len).to_le_bytes());
        stream.extend(bytes);
    }
    stream.extend(adler32(content).to_be_bytes());
    stream
}

fn adler32(content: &[u8]) -> u32 {
    let (mut a, mut b) = (1u32, 0u32);
    for &byte in content {
        a = (a + u32::from(byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    b << 16 | a
}

/// Returns the content of a stream of `paths`.
pub(crate) fn content<P: AsRef<[u8]>>(paths: &[P]) -> Vec<u8> {
    let mut content = Vec::new();
    for path in paths {
        content.extend((path.as_ref().len() as u32).to_le_bytes());
        content.extend(path.as_ref());
    }
    content
}

//! A text as HTML with its matches marked (searcher/highlight/formats.py).

use super::Span;

const ON: &str = "<mark>";
const OFF: &str = "</mark>";

/// Return printable ASCII as HTML; None for any other text, and for spans that aren't in order
/// or not in the text.
pub fn html(text: &str, spans: &[Span]) -> Option<String> {
    if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return None;
    }
    let mut shown = String::with_capacity(text.len() + 32 * (spans.len() + 1));
    let mut at = 0;
    for &(start, end) in spans {
        let (start, end) = (start as usize, end as usize);
        if start < end {
            escape(text.get(at..start)?, &mut shown);
            shown.push_str(ON);
            escape(text.get(start..end)?, &mut shown);
            shown.push_str(OFF);
            at = end;
        }
    }
    escape(text.get(at..)?, &mut shown);
    Some(shown)
}

fn escape(text: &str, into: &mut String) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(reference) = reference(byte) {
            into.push_str(&text[from..at]);
            into.push_str(reference);
            from = at + 1;
        }
    }
    into.push_str(&text[from..]);
}

fn reference(byte: u8) -> Option<&'static str> {
    Some(match byte {
        b'&' => "&amp;",
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'"' => "&quot;",
        b'\'' => "&#x27;",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matched_is_marked_and_all_is_escaped() {
        let shown = html("Tea & <b>cake</b>", &[(9, 13)]);
        let expected = "Tea &amp; &lt;b&gt;<mark>cake</mark>&lt;/b&gt;";
        assert_eq!(shown.as_deref(), Some(expected));
        assert_eq!(html("a'\"", &[(0, 0)]).as_deref(), Some("a&#x27;&quot;"));
    }

    #[test]
    fn what_python_has_to_see_is_left_to_it() {
        for (text, spans) in [
            ("\u{e9}", &[][..]),
            ("a\tb", &[]),
            ("abc", &[(2, 9)]),
            ("abc", &[(2, 3), (1, 2)]),
        ] {
            assert_eq!(html(text, spans), None, "{text}");
        }
    }
}

//! The texts and bytes themselves, one for each way to attack a terminal or its reader that is known.

use proptest::prelude::*;

/// Bytes that are no text or not harmless.
pub fn worst() -> Vec<Vec<u8>> {
    let texts: [&str; 31] = [
        // C0, one by one
        "\u{0}\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\t\n\u{b}\u{c}\r\u{e}\u{f}",
        "\u{10}\u{11}\u{12}\u{13}\u{14}\u{15}\u{16}\u{17}\u{18}\u{19}\u{1a}\u{1b}\u{1c}\u{1d}\u{1e}\u{1f}\u{7f}",
        // C1, one by one
        "\u{80}\u{81}\u{84}\u{85}\u{88}\u{8d}\u{8e}\u{8f}\u{90}\u{98}\u{9a}\u{9b}\u{9c}\u{9d}\u{9e}\u{9f}",
        // CSI: erase, move, leave the other screen, report keys, ask
        "a\u{1b}[2J\u{1b}[H\u{1b}[999;999Hb\u{1b}[?1049l\u{1b}[?25l\u{1b}[?1003h\u{1b}[6n\u{1b}[cz",
        "\u{9b}2J\u{9b}31mC1\u{9b}0m \u{1b}[31mred\u{1b}[0m \u{1b}[38;2;1;2;3mtrue\u{1b}[48;5;9mback",
        // a sequence that never ends, one inside another, one cut by a line end
        "\u{1b}[",
        "\u{1b}[3\u{1b}[31m1m\u{1b}[;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;m",
        "\u{1b}[31\nm\u{1b}\u{1b}\u{1b}c\u{1b}#8\u{1b}(0qqq\u{1b}%G\u{1b}=\u{1b}>",
        // OSC: clipboard, title, link, colours, notifications, files
        "\u{1b}]52;c;cm0gLXJmIC8=\u{7}\u{1b}]52;c;?\u{1b}\\",
        "\u{1b}]0;owned\u{7}\u{1b}]2;owned\u{1b}\\\u{1b}[21t\u{1b}[22;0t",
        "\u{1b}]8;;http://example.invalid/\u{1b}\\bank\u{1b}]8;;\u{1b}\\",
        "\u{1b}]9;note\u{7}\u{1b}]777;notify;a;b\u{7}\u{1b}]1337;File=inline=1:AAAA\u{7}\u{1b}]4;0;?\u{7}",
        "\u{9d}52;c;cm0gLXJmIC8=\u{9c}",
        "\u{1b}]52;c;never ends",
        // DCS, APC, PM, SOS
        "\u{1b}P+q544e\u{1b}\\\u{1b}Pq#0;2;0;0;0~~@@\u{1b}\\\u{1b}P$qm\u{1b}\\",
        "\u{1b}_Gf=100,a=T;AAAA\u{1b}\\\u{1b}^pm\u{1b}\\\u{1b}Xsos\u{1b}\\\u{1b}_never ends",
        // order of text
        "invoice\u{202e}fdp.exe\u{202c} \u{202a}a\u{202b}b\u{202d}c \u{2066}d\u{2067}e\u{2068}f\u{2069}",
        "\u{200e}ltr\u{200f}rtl\u{61c}arab \u{2028}line\u{2029}paragraph",
        // what cannot be seen
        "ze\u{200b}ro\u{2060}wi\u{feff}dth\u{ad}so\u{34f}ft\u{180e}\u{115f}\u{1160}\u{3164}\u{ffa0}",
        "tag\u{e0001}\u{e0041}\u{e0042}\u{e007f} 🏴\u{e0067}\u{e0062}\u{e007f}",
        "a\u{fe00}b\u{fe0e}c\u{fe0f}\u{fe0f} \u{e0100}\u{e01ef} 1\u{fe0f}2 ❤\u{fe0f}\u{fe0f}",
        "\u{200d}a\u{200d}b 👩\u{200d}\u{200d}👩\u{200d}\u{202e}\u{200c}\u{200c}x",
        "\u{fff9}note\u{fffa}a\u{fffb}\u{fffe}\u{ffff}\u{fdd0}\u{1bca0}\u{1d173}\u{10ffff}",
        // marks that pile up or stand alone
        "\u{301}alone Z\u{351}\u{346}\u{34a}\u{329}\u{351}\u{346}\u{34a}\u{329}\u{351}\u{346}\u{34a}\u{329}",
        // wide and joined, at the last column as anywhere
        "日本語のとても長い要約が一行に収まらない場合はどこかで切られる必要があります、そうでなければ崩れます",
        "👩🏽\u{200d}🚀👨\u{200d}👩\u{200d}👧🇩🇪🇩1\u{fe0f}\u{20e3}ｶ\u{ff9e}각가\u{1100}\u{1161}\u{11a8}",
        "שלום می\u{200c}خواهم سلام لا العربية ශ\u{dca}\u{200d}ර क\u{94d}\u{200d}ष",
        // progress bars and what writes over itself
        "load  1%\rload 50%\rload 99%\u{8}\u{8}\u{8}100%\n\u{1b}[2K\u{1b}[1Adone\u{1b}[K\ta\tb",
        // what sortie itself writes
        "\u{1b}[?2026l\u{1b}[1;1Hhello\u{1b}[r\u{1b}M\n\n\n",
        // markdown that hides something
        "# a\u{202e}b\n\n| x\u{1b}[2J | y |\n|---|---|\n| `\u{9b}2J` | [bank\u{200b}](http://example.invalid/\u{1b}]0;x\u{7}) |\n\n```\n\u{1b}[31m\n```\n&#27;[2J &#x202e; &#0; <b>\u{7}</b>",
        "",
    ];
    let bytes: [&[u8]; 7] = [
        // no UTF-8: alone, overlong, a surrogate, cut, beyond the last code point
        b"\xFF\xFE\x80ok\xC3(",
        b"\xC0\xAF\xE0\x80\x80\xF0\x80\x80\x80 \xC0\x9B[2J",
        b"\xED\xA0\x80\xED\xB0\x80",
        b"cut \xE6\x97",
        b"\xF4\x90\x80\x80\xF8\x88\x80\x80\x80",
        b"\x9B2J\x9D0;raw C1\x9C\x90q\x9C",
        b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\x1B[2J",
    ];
    let texts = texts.iter().map(|text| text.as_bytes().to_vec());
    texts
        .chain(bytes.iter().map(|bytes| bytes.to_vec()))
        .collect()
}

/// Anything, rich in what is hard.
pub fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let hard: Vec<Vec<u8>> = worst().into_iter().filter(|one| !one.is_empty()).collect();
    let piece = prop_oneof![
        3 => proptest::sample::select(hard.clone()),
        // A piece of one of them: what begins and does not end.
        3 => (proptest::sample::select(hard), 0_usize..60).prop_map(|(whole, end)| {
            whole[..end.min(whole.len())].to_vec()
        }),
        2 => proptest::collection::vec(any::<u8>(), 0..12),
        2 => any::<char>().prop_map(|c| c.to_string().into_bytes()),
        1 => proptest::sample::select(vec!["\u{1b}", "\u{9b}", "\"", "\\u001b[2J", "\\ud800", "{", "|", "\n"])
            .prop_map(|text| text.as_bytes().to_vec()),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

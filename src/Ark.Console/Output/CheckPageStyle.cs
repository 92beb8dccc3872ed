namespace Ark.Console.Output;

/// <summary>How the page of <see cref="CheckPage"/> looks: light and dark, narrow and wide, and always light on paper.</summary>
internal static class CheckPageStyle
{
    public const string Css = """
        :root { --ground: #fff; --card: #f6f7f9; --text: #1d2126; --quiet: #555d66; --rule: #d5d9de; --fail: #b3261e; --unknown: #6b3fa0; --warn: #855000; --pass: #1b6e3c; --none: #555d66; }
        @media (prefers-color-scheme: dark) {
          :root { --ground: #14171c; --card: #1e232a; --text: #e6e8eb; --quiet: #a9b0b8; --rule: #3a414b; --fail: #ff8a80; --unknown: #c9a6ff; --warn: #ffc46b; --pass: #7fdca0; --none: #a9b0b8; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; overflow-wrap: anywhere; }
        main { max-width: 960px; margin: 0 auto; padding: 24px 16px 48px; }
        h1 { font-size: 1.7em; line-height: 1.2; margin: 0 0 12px; }
        h2 { font-size: 1.3em; margin: 36px 0 8px; padding-bottom: 4px; border-bottom: 2px solid var(--rule); }
        h3 { font-size: 1.05em; margin: 20px 0 8px; }
        h4 { font-size: 1em; margin: 0 0 6px; }
        h4 small, td small { display: inline-block; max-width: 100%; }
        small { font-size: .85em; font-weight: normal; color: var(--quiet); }
        p { margin: 0 0 6px; }
        dl { margin: 0; }
        dl > div { display: flex; gap: 12px; }
        dt { flex: 0 0 5em; color: var(--quiet); }
        dd { margin: 0; min-width: 0; flex: 1; }
        dd span { white-space: nowrap; }
        .about { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 2px 24px; max-width: 720px; }
        .about dt { flex-basis: 8em; }
        :lang(zh) dt { flex-basis: 3em; }
        :lang(zh) .about dt { flex-basis: 5em; }
        .verdict { margin: 18px 0 12px; padding: 10px 14px; border: 1px solid; border-left-width: 6px; border-radius: 4px; font-weight: 600; }
        .tally { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 8px; margin: 0; padding: 0; list-style: none; }
        .tally li { padding: 8px 12px; background: var(--card); border-radius: 4px; line-height: 1.3; }
        .tally b { display: block; font-size: 1.6em; }
        .fail { color: var(--fail); } .unknown { color: var(--unknown); } .warn { color: var(--warn); } .pass { color: var(--pass); } .none { color: var(--none); }
        article { margin: 0 0 10px; padding: 10px 14px; background: var(--card); border-left: 5px solid; border-radius: 4px; }
        article > * { color: var(--text); }
        .finding + .finding { margin-top: 8px; padding-top: 8px; border-top: 1px solid var(--rule); }
        .badge { display: inline-block; padding: 0 7px; border: 1px solid; border-radius: 10px; font-size: .85em; font-weight: 600; }
        table { width: 100%; border-collapse: collapse; }
        th, td { padding: 5px 8px 5px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); }
        th:first-child, td:first-child { width: 50%; }
        .wide { overflow-x: auto; }
        .ways th:first-child, .ways th, .ways td { width: auto; white-space: nowrap; font-size: .85em; }
        th { color: var(--quiet); font-weight: 600; }
        .parties { display: grid; grid-template-columns: repeat(auto-fit, minmax(280px, 1fr)); gap: 8px 40px; }
        .line { display: flex; margin: 30px 0 0; border-bottom: 1px solid var(--text); }
        .line span { color: var(--quiet); font-size: .85em; }
        @page { size: A4; margin: 16mm 14mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9px sans-serif; } }
        @media print {
          :root { --ground: #fff; --card: #fff; --text: #000; --quiet: #444; --rule: #bbb; --fail: #b3261e; --unknown: #6b3fa0; --warn: #855000; --pass: #1b6e3c; --none: #444; color-scheme: light; }
          body { font-size: 10pt; }
          main { max-width: none; padding: 0; }
          article, .tally li { border: 1px solid var(--rule); }
          article { border-left: 5px solid; break-inside: avoid; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
          h2, h3, h4 { break-after: avoid; }
          .finding, tr, .verdict, .tally, .signed { break-inside: avoid; }
        }
        """;
}

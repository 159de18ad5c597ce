import Contention
import Scales

/// The page's style sheet. Colours are variables, so that light, dark and paper differ in one place.
enum Style {
    /// By `CostRow.place`: one colour a series through the whole page, each with a contrast of 3:1 to the page.
    private static let light = [
        "#c2384b", "#8d5a2b", "#b86e00", "#2a6fbb", "#6a3fb5", "#14805f", "#0f7794", "#7a7a2e", "#b03a8b", "#55708f",
        "#568216",
    ]
    private static let dark = [
        "#f27a8a", "#c9966a", "#e9a13b", "#5fa5f0", "#ab8cf0", "#3cc49a", "#43b8d8", "#b9b95e", "#e37fc4", "#93aed0",
        "#93c24a",
    ]

    static let sheet = """
        :root { color-scheme: light dark; --page: #fcfcfb; --ink: #1c1b1a; --soft: #5f5d59; --rule: #dddbd6;
          --calm: #14805f; --busy: #a86200; --storm: #b3263a;
          \(colours(light))
          --h0: #edf1f6; --h1: #d6e4f3; --h2: #b3cfec; --h3: #8bb5e0; --h4: #6298d0; --h5: #3d7abb; --h6: #225c9d;
          --h7: #123f75; --h8: #0a2348; }
        @media (prefers-color-scheme: dark) { :root { --page: #171716; --ink: #efeeea; --soft: #aaa7a1; --rule: #3a3936;
          --calm: #3cc49a; --busy: #e9a13b; --storm: #f27a8a;
          \(colours(dark))
          --h0: #22262c; --h1: #1d3048; --h2: #1d4066; --h3: #1f5285; --h4: #2a68a4; --h5: #4583c0; --h6: #6ea2d6;
          --h7: #9dc4ea; --h8: #d3e7fb; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 160rem; padding: 1rem clamp(.75rem, 2.5vw, 2.5rem); background: var(--page);
          color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
        h1 { font-size: 1.2rem; margin: 0 0 .6rem; font-weight: 600; overflow-wrap: anywhere; }
        h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; border-top: 1px solid var(--rule); padding-top: .6rem; }
        p, dl, ol { margin: .35rem 0; max-width: 60rem; } p, dd, li { overflow-wrap: anywhere; }
        .soft, figcaption, th, caption { color: var(--soft); }
        .verdict { font-size: 1.25rem; line-height: 1.35; border-left: .4rem solid var(--soft); padding-left: .8rem; }
        .verdict b { letter-spacing: .03em; }
        .calm { border-color: var(--calm); } .busy { border-color: var(--busy); } .storm { border-color: var(--storm); }
        .calm b { color: var(--calm); } .busy b { color: var(--busy); } .storm b { color: var(--storm); }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .8rem 0; font-size: .9rem; }
        dt { color: var(--soft); } dd { margin: 0; }
        ol { padding-left: 1.4rem; } ol li { margin-bottom: .7rem; }
        .scroll { overflow-x: auto; max-width: 100%; } table { border-collapse: collapse; font-size: .85rem;
          font-variant-numeric: tabular-nums; margin: .3rem 0 1rem; }
        caption { text-align: left; padding-bottom: .2rem; } th { font-weight: 500; text-align: left; }
        tbody th { color: var(--ink); } thead th { font-size: .78rem; }
        th, td { padding: .15rem .7rem .15rem 0; white-space: nowrap; border-bottom: 1px solid var(--rule);
          vertical-align: top; }
        .right { text-align: right; } .wrap { white-space: normal; min-width: 34rem; overflow-wrap: anywhere; }
        .place { white-space: normal; overflow-wrap: anywhere; min-width: 6rem; }
        .part { display: inline-block; height: .6rem; background: var(--soft); border-radius: 2px; }
        .part-of { display: inline-block; width: 5rem; margin-right: .4rem; }
        .plots, .tables { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 25rem), 1fr));
          gap: 1.4rem 2rem; align-items: start; } .tables { gap: .4rem 2rem; } .tables > * { min-width: 0; }
        .plots { grid-template-columns: repeat(auto-fill, minmax(min(100%, max(27rem, 30%)), 1fr)); }
        .panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 24rem), 1fr));
          gap: 1.2rem 2rem; align-items: start; margin-top: 1rem; } .panels > * { min-width: 0; }
        figure { margin: 0; min-width: 0; } figcaption { font-size: .85rem; } figcaption b { color: var(--ink); }
        .box { display: grid; grid-template-columns: 4.2rem 1fr; padding: .4rem .9rem 0 0; }
        .y, .x, .drawn, .marks { position: relative; font-size: .72rem; color: var(--soft); line-height: 1; } .x { grid-column: 2; height: 1.3rem; }
        .y span { position: absolute; right: .4rem; transform: translateY(50%); white-space: nowrap; }
        .x span { position: absolute; top: .3rem; transform: translateX(-50%); white-space: nowrap; }
        .marks { position: absolute; inset: 0; } .marks span { position: absolute; padding-left: .2rem; color: var(--ink); }
        .marks .back { transform: translateX(-100%); padding: 0 .2rem 0 0; }
        svg { display: block; width: 100%; overflow: visible; } .drawn svg { border-left: 1px solid var(--rule);
          border-bottom: 1px solid var(--rule); }
        svg path { vector-effect: non-scaling-stroke; fill: none; } .grid { stroke: var(--rule); stroke-width: 1; }
        .line { stroke: var(--c, var(--ink)); stroke-width: 2; } .thin { stroke: var(--c, var(--ink)); stroke-width: 1;
          opacity: .65; } .mark { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 3 3; }
        svg path.area { fill: var(--c); } .cells path { vector-effect: none; stroke-width: 1; }
        .spark { width: 9rem; height: 1.3rem; }
        .legend { list-style: none; padding: 0; margin: .2rem 0 0; font-size: .8rem; display: flex; flex-wrap: wrap;
          gap: .05rem 1rem; } .key { display: inline-block; width: .75rem; height: .75rem; border-radius: 2px;
          margin-right: .35rem; vertical-align: -1px; background: var(--c, var(--ink)); }
        .ink { --c: var(--ink); } .waiters { --c: var(--c9); } .sleepers { --c: var(--c2); }
        .forest { width: 14rem; height: 1.3rem; } .forest .line { stroke-width: 2.5; }
        .less { --c: var(--calm); } .more { --c: var(--storm); } .untold { --c: var(--soft); }
        .dot { fill: var(--c, var(--ink)); }
        @media (max-width: 34rem) { .place { white-space: nowrap; } .narrow .opt { display: none; } .narrow th, .narrow td { padding-right: .45rem; }
          .narrow { width: 100%; font-size: .8rem; } dl { font-size: .8rem; gap: .1rem .6rem; }
          .box { grid-template-columns: 3.6rem 1fr; } .verdict { font-size: 1.1rem; } }
        @media print { :root { --page: #fff; --ink: #000; --soft: #444; } @page { size: A4; margin: 14mm; }
          body { font-size: 9.5pt; padding: 0; max-width: none; } h2 { break-after: avoid; } figure, tr, ol li { break-inside: avoid; }
          .scroll { overflow: visible; } table { font-size: 7pt; } th, td { padding-right: .35rem; }
          td.wrap { min-width: 0; } .scroll td, .scroll th { white-space: normal; overflow-wrap: break-word; }
          td.wrap, .place { overflow-wrap: anywhere; }
          .scroll .right { white-space: nowrap; } .spark { width: 5rem; } .forest { width: 9rem; }
          h2 + p { break-after: avoid; } .plots, .panels { grid-template-columns: repeat(2, 1fr); }
          .tables { display: block; } .part-of { width: 3rem; }
          svg, .key, .part { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
        """ + "\n" + numbered

    private static func colours(_ colours: [String]) -> String {
        colours.enumerated().map { "--c\($0): \($1);" }.joined(separator: " ")
    }

    private static var numbered: String {
        CostRow.allCases.map { ".c\($0.place) { --c: var(--c\($0.place)); }" }.joined(separator: " ") + "\n"
            + (0...HeatScale.steps).map { ".h\($0) { stroke: var(--h\($0)); } .k\($0) { background: var(--h\($0)); }" }
            .joined(separator: " ") + "\n"
    }
}

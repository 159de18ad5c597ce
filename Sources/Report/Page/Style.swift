/// The page's style sheet. Colours are variables, so that light, dark and paper differ in one place.
enum Style {
    /// Lines of a plot, in this order; the last is for what is summed up.
    static let lines = 6
    /// Steps of a heat map's scale.
    static let heatSteps = 8

    static let sheet = """
        :root { color-scheme: light dark; --page: #fcfcfb; --ink: #1c1b1a; --soft: #5f5d59; --rule: #dddbd6;
          --l0: #2a78d6; --l1: #1b9e77; --l2: #c98500; --l3: #6a3fb5; --l4: #d64545; --l5: #8a8782;
          --h0: #edf3fb; --h1: #cfe1f6; --h2: #a9c9ee; --h3: #82b0e4; --h4: #5a95d8; --h5: #3678c4; --h6: #1f5ba3;
          --h7: #0d3f7c; }
        @media (prefers-color-scheme: dark) { :root { --page: #1a1a19; --ink: #efeeea; --soft: #a8a59f; --rule: #3a3936;
          --l0: #5a9ff0; --l1: #35c296; --l2: #e0a52e; --l3: #a786ea; --l4: #f07474; --l5: #8f8c86;
          --h0: #20262e; --h1: #1e3450; --h2: #1f4674; --h3: #235b99; --h4: #3375bd; --h5: #5392d6; --h6: #82b3e8;
          --h7: #bddafa; } }
        @media print { :root { --page: #fff; --ink: #000; } section { break-inside: avoid; } }
        body { margin: 0 auto; max-width: 80rem; padding: 1.5rem; background: var(--page); color: var(--ink);
          font: 15px/1.45 system-ui, sans-serif; }
        h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .4rem; }
        h3 { font-size: .95rem; margin: 0 0 .2rem; } p { margin: .3rem 0; max-width: 60rem; }
        .soft, figcaption, th { color: var(--soft); }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .6rem 0; }
        dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
        th { font-weight: 500; text-align: left; font-size: .8rem; }
        th, td { padding: .15rem .7rem .15rem 0; white-space: nowrap; border-bottom: 1px solid var(--rule); }
        td.right, th.right { text-align: right; } td.wrap { white-space: normal; min-width: 18rem; }
        .plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 34rem), 1fr)); gap: 1.4rem; }
        figure { margin: 0; } figcaption { font-size: .85rem; } svg { display: block; width: 100%; height: auto; }
        svg text { fill: var(--soft); font: 11px system-ui, sans-serif; } svg .end { text-anchor: end; }
        svg .middle { text-anchor: middle; } .grid { stroke: var(--rule); stroke-width: 1; }
        .line { fill: none; stroke-width: 1.6; stroke-linejoin: round; } .mark { stroke: var(--ink); stroke-width: 1;
          stroke-dasharray: 3 2; } .bar { fill: var(--l0); } .bar:hover { fill: var(--ink); }
        .spark { width: 9rem; height: 1.4rem; } .key { display: inline-block; width: .8rem; height: .8rem;
          border-radius: 2px; margin-right: .3rem; vertical-align: -1px; } .site { white-space: nowrap; margin-right: .8rem; }
        """ + "\n" + numbered

    private static var numbered: String {
        (0..<lines).map { ".l\($0) { stroke: var(--l\($0)); } .key.l\($0) { background: var(--l\($0)); }\n" }.joined()
            + (0..<heatSteps).map {
                ".h\($0) { stroke: var(--h\($0)); } .key.h\($0) { background: var(--h\($0)); }\n"
            }.joined()
    }
}

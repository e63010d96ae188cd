"""The page's CSS. Light and dark differ in the variables alone; everything else refers to them."""

CSS = """
:root {
  color-scheme: light dark;
  --page: #f6f6f3; --card: #ffffff; --ink: #1b1e23; --muted: #5b626c; --line: #dfe0db; --track: #ecede8;
  --sft: #b8650f; --grpo: #2557d0; --control: #6d7480; --second: #0d7f76;
  --right: #146c39; --wrong: #b02418; --mark: #ffe27a; --mark-ink: #1b1e23; --text: #fafaf8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #111316; --card: #1a1d22; --ink: #e9eaec; --muted: #a3aab4; --line: #30353c; --track: #282c33;
    --sft: #eba24c; --grpo: #7ea6ff; --control: #a0a7b1; --second: #4fc7bb;
    --right: #6ad795; --wrong: #ff958a; --mark: #f2cc4d; --mark-ink: #17191d; --text: #15181c;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 1120px; margin: 0 auto; padding: 40px 20px 64px; }
h1 {
  font-size: clamp(1.6rem, 4.6vw, 2.5rem); line-height: 1.15; letter-spacing: -.02em; margin: 6px 0 14px;
  text-wrap: balance;
}
h2 { font-size: 1.3rem; letter-spacing: -.01em; margin: 52px 0 10px; }
h3 { font-size: 1rem; margin: 0; }
p { margin: 0 0 12px; max-width: 46em; }
code { font: .92em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.kicker { color: var(--muted); margin: 0; font-size: .9rem; }
.lead { font-size: 1.08rem; }
.note { color: var(--muted); font-size: .9rem; }
.facts {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 24px 0 0;
}
.facts div, figure, .problem, .table, .split {
  background: var(--card); border: 1px solid var(--line); border-radius: 10px;
}
.facts div { padding: 14px 16px; }
.facts dt { color: var(--muted); font-size: .85rem; }
.facts dd { margin: 2px 0 0; font-size: 1.5rem; font-weight: 650; letter-spacing: -.01em; line-height: 1.25; }
.facts small { display: block; font-size: .85rem; font-weight: 400; letter-spacing: 0; color: var(--muted); }
.charts, .answers {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); gap: 14px;
}
figure { margin: 0; padding: 14px 14px 10px; min-width: 0; }
figcaption { font-weight: 600; margin-bottom: 8px; }
svg { display: block; width: 100%; height: auto; }
svg text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; fill: var(--muted); }
svg .label { font-weight: 600; font-size: 13px; fill: var(--ink); }
svg .figures { font-size: 13px; fill: var(--ink); font-variant-numeric: tabular-nums; }
svg .grid { stroke: var(--line); }
svg .axis { stroke: var(--muted); }
svg .track { fill: var(--track); }
svg .bar.sft { fill: var(--sft); }
svg .bar.grpo { fill: var(--grpo); }
svg .bar.sft_continued { fill: var(--control); }
svg .halo { stroke: var(--card); stroke-width: 5; fill: none; stroke-linecap: round; }
svg .error-bar { stroke: var(--ink); stroke-width: 2; fill: none; }
svg .curve { fill: none; stroke-width: 2; stroke-linejoin: round; }
svg .curve.sft { stroke: var(--sft); }
svg .curve.grpo { stroke: var(--grpo); }
svg .curve.second { stroke: var(--second); }
svg .curve.raw { stroke-width: 1; opacity: .35; }
svg .dot.sft { fill: var(--sft); }
svg .dot.grpo { fill: var(--grpo); }
svg .dot.second { fill: var(--second); }
.legend { list-style: none; margin: 8px 0 0; padding: 0; font-size: .82rem; color: var(--muted); }
.legend li { display: flex; gap: 8px; align-items: center; }
.swatch { flex: none; width: 18px; height: 3px; border-radius: 2px; }
.swatch.sft { background: var(--sft); }
.swatch.grpo { background: var(--grpo); }
.swatch.second { background: var(--second); }
.swatch.raw { height: 2px; opacity: .45; }
.split { display: flex; overflow: hidden; margin: 16px 0 8px; font-variant-numeric: tabular-nums; }
.split span { min-width: 2px; height: 30px; border-right: 2px solid var(--card); }
.both-right { background: var(--control); }
.fixed { background: var(--right); }
.broken { background: var(--wrong); }
.both-wrong { background: var(--track); }
.keys {
  list-style: none; display: flex; flex-wrap: wrap; gap: 4px 22px; margin: 0 0 12px; padding: 0;
  font-size: .92rem;
}
.keys i { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 7px; }
.keys .both-wrong { border: 1px solid var(--muted); }
.problem { padding: 16px; margin: 14px 0; }
.problem p { max-width: none; }
.problem header { display: flex; flex-wrap: wrap; gap: 2px 12px; align-items: baseline; margin-bottom: 6px; }
.problem header span { color: var(--muted); font-size: .88rem; }
.answers section {
  min-width: 0; border-top: 3px solid var(--sft); background: var(--text); border-radius: 0 0 8px 8px;
  padding: 10px 12px;
}
.answers section.grpo { border-color: var(--grpo); }
.answers h4 { margin: 0 0 6px; font-size: .92rem; display: flex; flex-wrap: wrap; gap: 0 10px; }
.right { color: var(--right); } .wrong { color: var(--wrong); }
.completion {
  margin: 0; white-space: pre-wrap; overflow-wrap: anywhere;
  font: .85rem/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
}
.completion .reasoning { color: var(--muted); }
mark {
  background: var(--mark); color: var(--mark-ink); border-radius: 3px;
  padding: 1px 3px; font-weight: 700;
}
.table { overflow-x: auto; margin: 12px 0; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; font-variant-numeric: tabular-nums; }
th, td { padding: 8px 14px; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child th, tr:last-child td { border-bottom: 0; }
thead th { color: var(--muted); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 600; white-space: nowrap; }
@media (max-width: 480px) { main { padding: 24px 14px 48px; } th, td { padding: 7px 10px; } }
"""

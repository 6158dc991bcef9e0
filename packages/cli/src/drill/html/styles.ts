import type { Markup } from './markup.js'

/** Colours are told apart in every common kind of colour blindness, and none of them is the only sign of anything. */
const colours = `
:root {
  --ground: #fff; --edge: #59636e66; --panel: #f6f7f9; --line: #d5d9e0; --text: #1c2128; --soft: #59636e;
  --good: #0f6b5c; --good-ground: #e3f3ee; --bad: #c21f32; --bad-ground: #fdebec; --warn: #8a5a00; --warn-ground: #fbf1dc;
  --get: #3f78b5; --post: #7a3fa0;
  --serving: #bfe3d8; --waiting: #f6d98b; --refusing: #f2b5ae; --absent: #d9dde3; --starting: #cbd8ea;
  --lame-duck: #f6d98b; --last-call: #f3bd8a; --draining: #cdbfe8; --releasing: #b5c9e6; --on-band: #1c2128;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1318; --edge: #9aa5b180; --panel: #181d24; --line: #323a45; --text: #e4e9ef; --soft: #9aa5b1;
    --good: #5cc9b0; --good-ground: #10302a; --bad: #ff7b82; --bad-ground: #3a1a1e; --warn: #e3b341; --warn-ground: #33270d;
    --get: #6ca6e0; --post: #c78be8;
    --serving: #1f5a4d; --waiting: #6d5312; --refusing: #7a302f; --absent: #3a424d; --starting: #2f4665;
    --lame-duck: #6d5312; --last-call: #7d4a1c; --draining: #4d3f78; --releasing: #2f4a70; --on-band: #f0f3f6;
  }
}`

const page = `
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif }
main { max-width: 1040px; margin: 0 auto; padding: 24px 20px 48px }
h1, h2, h3, p, ul, ol, dl, dd, figure, pre { margin: 0; padding: 0 }
h2 { font-size: 18px; margin: 36px 0 12px }
ul, ol { list-style: none }
code, pre { font: 13px/1.5 ui-monospace, monospace }
a { color: inherit }
summary { cursor: pointer }`

const header = `
header { padding: 20px 24px; border: 1px solid var(--line); border-left: 6px solid var(--mark); border-radius: 8px; background: var(--panel) }
header.passed { --mark: var(--good) } header.failed { --mark: var(--bad) }
.what { color: var(--soft) }
h1 { font-size: 32px; line-height: 1.3; color: var(--mark) }
h1 .sign { margin-right: 10px }
.verdict { font-size: 18px }
pre { margin: 14px 0; padding: 8px 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--ground); white-space: pre-wrap; overflow-wrap: anywhere }
dl { display: flex; flex-wrap: wrap; gap: 10px 32px }
dt { font-size: .87em; color: var(--soft) }
dd { font-size: 20px; font-variant-numeric: tabular-nums }
dd small { display: block; font-size: 13px; color: var(--soft) }
.asked { margin-top: 8px; font-size: .93em }
.asked + .asked { margin-top: 0 }
.origin { margin-top: 14px; font-size: .87em; color: var(--soft) }`

const findings = `
.findings { margin-top: 12px }
.findings summary h3 { display: inline; font-size: 15px }
.count { color: var(--soft) }
.findings > ul > li { position: relative; margin-top: 8px; padding: 10px 14px 10px 40px; border-radius: 6px; background: var(--tint) }
.findings .sign { position: absolute; left: 14px; font-weight: 700; color: var(--mark) }
.findings.failed { --mark: var(--bad); --tint: var(--bad-ground) }
.findings.warning { --mark: var(--warn); --tint: var(--warn-ground) }
.findings.unchecked { --mark: var(--soft); --tint: var(--panel) }
.findings.passed { --mark: var(--good); --tint: var(--good-ground) }
.findings.passed > ul { columns: 26em; margin-top: 4px }
.findings.passed > ul > li { margin: 0; padding-top: 3px; padding-bottom: 3px; background: none; break-inside: avoid }
.findings.passed .title { font-weight: 400 }
.title { font-weight: 600 }
.title code { font-weight: 400; color: var(--soft); white-space: nowrap }
.evidence { margin-top: 2px; font-size: .93em }
.evidence li { position: relative; padding-left: 14px }
.evidence li::before { content: "–"; position: absolute; left: 0 }
.advice { margin-top: 6px; font-size: .93em }`

const restarts = `
.legend { display: flex; flex-wrap: wrap; gap: 2px 18px; font-size: .87em; color: var(--soft); margin-bottom: 10px }
.legend li { display: flex; align-items: center; gap: 5px }
.restart { border: 1px solid var(--line); border-radius: 8px; margin-top: 10px }
.restart summary { padding: 9px 14px }
.restart .lost { color: var(--bad); font-weight: 600 }
.restart .end { color: var(--soft) }
.restart[open] summary { border-bottom: 1px solid var(--line) }
figure { padding: 14px }
.picture, .wide {
  overflow-x: auto;
  background:
    linear-gradient(to right, var(--ground) 14px, transparent) 0 0 / 40px 100% no-repeat local,
    linear-gradient(to left, var(--ground) 14px, transparent) 100% 0 / 40px 100% no-repeat local,
    linear-gradient(to right, var(--edge), transparent) 0 0 / 12px 100% no-repeat,
    linear-gradient(to left, var(--edge), transparent) 100% 0 / 12px 100% no-repeat;
}
.picture svg { display: block; width: 100%; min-width: 760px; height: auto }
figcaption { font-size: .87em; color: var(--soft) }
figcaption p { margin-top: 6px }
.events { display: flex; flex-wrap: wrap; gap: 0 18px; margin-top: 8px }
.events b { font-weight: 600; color: var(--text); font-variant-numeric: tabular-nums }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { padding: 6px 10px; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap }
th { font-weight: 600 } thead th { font-size: .87em; color: var(--soft); vertical-align: bottom }
tr > :first-child { text-align: left; padding-left: 0 }
.bad { color: var(--bad); font-weight: 600 }`

const picture = `
svg text { font: 11px system-ui, sans-serif; fill: var(--soft) }
svg .name { font-size: 12px; font-weight: 600; fill: var(--text) }
svg .note.lost { fill: var(--bad); font-weight: 600 }
.axis path { stroke: var(--line); stroke-width: .6 }
.band text { fill: var(--on-band) }
.band .serving, .band .ready { fill: var(--serving) } .band .not-ready { fill: var(--waiting) }
.band .refused { fill: var(--refusing) } .band .silent, .band .exited { fill: var(--absent) } .band .starting { fill: var(--starting) }
.band .lame-duck { fill: var(--lame-duck) } .band .last-call { fill: var(--last-call) }
.band .draining { fill: var(--draining) } .band .releasing { fill: var(--releasing) }
.moments path { stroke: var(--text); stroke-width: 1; fill: none }
.moments text { font-size: 12px; font-weight: 600; fill: var(--text); stroke: var(--ground); stroke-width: 4px; paint-order: stroke }
.moments path.deadline { stroke: var(--warn); stroke-dasharray: 4 3 } .moments text.deadline { fill: var(--warn) }
.checks circle, .checks path { stroke-width: 1.6; fill: none }
.checks .ready circle { fill: var(--good); stroke: var(--good) }
.checks .not-ready circle { stroke: var(--warn) }
.checks .refused path { stroke: var(--bad) } .checks .unanswered path { stroke: var(--soft) }
.GET { stroke: var(--get); stroke-width: 2.2 } .POST { stroke: var(--post); stroke-width: 4.6 }
.others .GET, .others .POST { opacity: .6 }
.others .GET { stroke-width: 1.4 } .others .POST { stroke-width: 3 }
.loss { stroke: var(--bad); stroke-width: 1.8; fill: none } .loss.earlier { opacity: .4 }
.connections .area { fill: var(--get); opacity: .15 } .connections .line { fill: none; stroke: var(--get); stroke-width: 1.4 }`

/** A picture is wider than a phone, and so is a table: each scrolls in its own box, with a shadow where there is more of it. */
const phone = `
@media (max-width: 600px) {
  main { padding: 12px 12px 32px } header { padding: 14px 16px } h1 { font-size: 26px } h2 { margin-top: 28px }
  figure { padding: 10px } .picture svg { min-width: 900px } .findings > ul > li { padding: 8px 10px 8px 30px } .findings .sign { left: 10px }
}`

const print = `
@media print { body { font-size: 12px } main { max-width: none; padding: 0 } .restart, header, table { break-inside: avoid } .picture svg { min-width: 0 } }`

export const styles: Markup = {
  markup: [colours, page, header, findings, restarts, picture, phone, print].join(''),
}

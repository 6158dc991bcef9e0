export type Colour = 'green' | 'red' | 'grey' | 'yellow' | 'orange' | 'blue' | 'violet'

/** The light theme, and the dark one where the reader's browser asks for it. */
export function timelineStyle(): string {
  return [
    'text{font:500 17px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;text-anchor:middle}',
    '.phase{font-size:18px;font-weight:700}.name{font-size:17px;text-anchor:start}',
    '.tick,.signal{font-size:17px}.small{font-size:15px}.signal{font-weight:700}.end{text-anchor:end}',
    '.least{opacity:.55}.line{fill:none;stroke-dasharray:3 4}.strong{stroke-dasharray:none;stroke-width:2}',
    '.least{fill:#9a6700}.ground{fill:#fff;stroke:#d1d9e0}.name,.tick{fill:#59636e}.signal{fill:#1f2328}.line{stroke:#b7bfc8}.strong{stroke:#1f2328}',
    paint('light'),
    '@media(prefers-color-scheme:dark){',
    '.least{fill:#d29922}.ground{fill:#0d1117;stroke:#3d444d}.name,.tick{fill:#9198a1}.signal{fill:#f0f6fc}.line{stroke:#4d555f}.strong{stroke:#f0f6fc}',
    paint('dark'),
    '}',
  ].join('')
}

/** Of a bar, and of what is written on it. */
const colours: Readonly<Record<'light' | 'dark', Readonly<Record<Colour, readonly [string, string]>>>> = {
  light: {
    green: ['#d3f3dc', '#0f5323'],
    red: ['#ffdcd7', '#86061d'],
    grey: ['#e6eaef', '#3d444d'],
    yellow: ['#fff1b8', '#5c3d00'],
    orange: ['#ffdcb3', '#702c00'],
    blue: ['#d3ecff', '#0a3069'],
    violet: ['#eadfff', '#3e1f79'],
  },
  dark: {
    green: ['#12361f', '#8ddb9c'],
    red: ['#4a1a1c', '#ffb3ab'],
    grey: ['#262c36', '#b7bdc8'],
    yellow: ['#3d3210', '#f0d177'],
    orange: ['#4a2a10', '#ffc187'],
    blue: ['#10304f', '#a5d6ff'],
    violet: ['#33255c', '#dac7ff'],
  },
}

function paint(theme: 'light' | 'dark'): string {
  return Object.entries(colours[theme])
    .map(([name, [fill, ink]]) => `.${name}{fill:${fill}}.on-${name}{fill:${ink}}`)
    .join('')
}

/** The complete programs of a README: its blocks of JavaScript of more than five lines. */
export const readmePrograms = (readme: string): string[] =>
  [...readme.matchAll(/^```js\n(.*?)^```/gms)]
    .map(([, code = '']) => code)
    .filter((code) => code.split('\n').length > 5)

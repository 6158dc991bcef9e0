/** The complete programs of a README: its blocks of that language of more than five lines. */
export const readmePrograms = (readme: string, language: 'js' | 'ts' = 'js'): string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))]
    .map(([, code = '']) => code)
    .filter((code) => code.split('\n').length > 5)

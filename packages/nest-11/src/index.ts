/** Arguments of Node: the program that follows runs on Nest 11, whoever imports Nest in it. */
export const nest11: readonly string[] = ['--import', import.meta.resolve('./register.js')]

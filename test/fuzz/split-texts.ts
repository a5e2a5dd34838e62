/** Splits an input into texts, of which all but the last end with a zero byte: what a parser is given beside its main input. */
export function splitTexts(input: Buffer, count: number): string[] {
  const parts = input.toString().split('\0')
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join('\0')]
    .concat(Array(count).fill(''))
    .slice(0, count)
}

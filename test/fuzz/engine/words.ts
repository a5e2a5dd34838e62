/** Returns the bytes as which an input may contain each text and number in the code. */
export function wordsOf(words: readonly (string | number)[]): Buffer[] {
  return words.flatMap((word) => (typeof word === 'string' ? [Buffer.from(word)] : numberWords(word)))
}

function numberWords(number: number): Buffer[] {
  const decimal = Buffer.from(String(number))
  if (!Number.isInteger(number) || number < 0 || number > 0xffff_ffff) return [decimal]
  const big = Buffer.alloc(4)
  big.writeUInt32BE(number)
  const first = number > 0xffff ? 0 : number > 0xff ? 2 : 3
  const bytes = big.subarray(first)
  return [decimal, bytes, Buffer.from(bytes).reverse()]
}

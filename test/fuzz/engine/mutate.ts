import type { Random } from './random.ts'

/** What mutations take from elsewhere. */
export interface Material {
  readonly random: Random
  /** Texts and numbers that occur in the code. */
  readonly dictionary: readonly Buffer[]
  /** Other inputs. */
  readonly others: readonly Buffer[]
  /** Bytes that no input exceeds. */
  readonly maxBytes: number
}

type Mutation = (input: Buffer, material: Material) => Buffer

const INTERESTING = [0, 1, 0x20, 0x22, 0x25, 0x26, 0x2c, 0x3d, 0x5c, 0x7f, 0x80, 0xc3, 0xef, 0xff]
const CODE_POINTS = [
  '\u00e4',
  '\u0130',
  '\u0301',
  '\u200b',
  '\u202e',
  '\u2028',
  '\ufeff',
  '\ufffd',
  '\u{1f600}',
  '\0',
]
const NUMBERS = [
  '0',
  '-1',
  '1e3',
  '0.5',
  '65536',
  '2147483648',
  '4294967296',
  '9007199254740993',
  '1e999',
  '00',
  '٣',
]
const MAX_STACKED = 6
const MAX_REPEATED = 6

/** Returns an input that differs from another one in a few places. */
export function mutate(input: Buffer, material: Material): Buffer {
  const { random, maxBytes } = material
  let mutated = input
  for (let left = 1 + random.below(MAX_STACKED); left > 0; left -= 1) {
    mutated = random.pick(MUTATIONS)(mutated, material)
  }
  return mutated.length > maxBytes ? mutated.subarray(0, maxBytes) : mutated
}

const flipBit: Mutation = (input, { random }) =>
  changeByte(input, random, (byte) => byte ^ (1 << random.below(8)))

const setByte: Mutation = (input, { random }) => changeByte(input, random, () => random.below(256))

const setInterestingByte: Mutation = (input, { random }) =>
  changeByte(input, random, () => random.pick(INTERESTING))

const addToByte: Mutation = (input, { random }) =>
  changeByte(input, random, (byte) => (byte + random.below(33) - 16) & 0xff)

const deleteRange: Mutation = (input, { random }) => {
  const [start, end] = range(input, random)
  return splice(input, start, end)
}

const repeatRange: Mutation = (input, { random }) => {
  const [start, end] = range(input, random)
  const times = 1 << random.below(MAX_REPEATED)
  return splice(input, end, end, ...Array<Buffer>(times).fill(input.subarray(start, end)))
}

const moveRange: Mutation = (input, { random }) => {
  const [start, end] = range(input, random)
  const rest = splice(input, start, end)
  const to = random.below(rest.length + 1)
  return splice(rest, to, to, input.subarray(start, end))
}

const insertByte: Mutation = (input, { random }) => insert(input, random, Buffer.from([random.below(256)]))

const insertText: Mutation = (input, { random }) =>
  insert(input, random, Buffer.from(random.pick(random.below(2) === 0 ? CODE_POINTS : NUMBERS)))

const insertWord: Mutation = (input, { random, dictionary }) =>
  dictionary.length === 0 ? input : insert(input, random, random.pick(dictionary))

const overwriteWithWord: Mutation = (input, { random, dictionary }) => {
  if (dictionary.length === 0) return input
  const word = random.pick(dictionary)
  const start = random.below(input.length + 1)
  return splice(input, start, Math.min(input.length, start + word.length), word)
}

const replaceRangeByWord: Mutation = (input, { random, dictionary }) => {
  if (dictionary.length === 0) return input
  const [start, end] = range(input, random)
  return splice(input, start, end, random.pick(dictionary))
}

const crossOver: Mutation = (input, { random, others }) => {
  if (others.length === 0) return input
  const other = random.pick(others)
  return Buffer.concat([
    input.subarray(0, random.below(input.length + 1)),
    other.subarray(random.below(other.length + 1)),
  ])
}

const insertFromOther: Mutation = (input, { random, others }) => {
  if (others.length === 0) return input
  const other = random.pick(others)
  return insert(input, random, other.subarray(...range(other, random)))
}

const changeNumber: Mutation = (input, { random }) => {
  const text = input.toString('latin1')
  const numbers = [...text.matchAll(/\d+/g)]
  if (numbers.length === 0) return input
  const { 0: digits, index } = random.pick(numbers)
  const changes = [String(BigInt(digits) + 1n), `-${digits}`, `${digits}0`, random.pick(NUMBERS)]
  return splice(input, index, index + digits.length, Buffer.from(random.pick(changes)))
}

const MUTATIONS: readonly Mutation[] = [
  flipBit,
  setByte,
  setInterestingByte,
  addToByte,
  deleteRange,
  deleteRange,
  repeatRange,
  moveRange,
  insertByte,
  insertText,
  insertWord,
  overwriteWithWord,
  replaceRangeByWord,
  crossOver,
  insertFromOther,
  changeNumber,
]

function changeByte(input: Buffer, random: Random, change: (byte: number) => number): Buffer {
  if (input.length === 0) return input
  const copy = Buffer.from(input)
  const at = random.below(copy.length)
  copy[at] = change(copy[at] as number)
  return copy
}

// Mostly short, because what is read has short parts.
function range(input: Buffer, random: Random): [start: number, end: number] {
  const start = random.below(input.length + 1)
  const longest = random.below(4) === 0 ? input.length - start : Math.min(8, input.length - start)
  return [start, start + random.below(longest + 1)]
}

function insert(input: Buffer, random: Random, bytes: Buffer): Buffer {
  const at = random.below(input.length + 1)
  return splice(input, at, at, bytes)
}

function splice(input: Buffer, start: number, end: number, ...bytes: readonly Buffer[]): Buffer {
  return Buffer.concat([input.subarray(0, start), ...bytes, input.subarray(end)])
}

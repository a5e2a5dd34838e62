import { parseEnv } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parseDotenv } from '../../src/config/dotenv.ts'

describe('a .env file', () => {
  const understood = [
    'A=1',
    '  A = 1  ',
    'export A=1',
    'A=',
    'A=""',
    "A=''",
    'A="x # y"',
    "A='x # y' # why",
    'A="x" # why',
    'A=1 # why',
    "A='back\\slash'",
    'A=back\\slash',
    'A=Name <a@b.c>',
    'A=x=y',
    'A=redis://u:p@h:1/0?x=y&z',
    "A=it's",
    '# A=1\nB=2',
    '   ',
    'A=1\r\nB=2\r\n',
    '\n\nA=1\n# x\nB="2"',
  ]

  it.each(understood)('is parsed as Node.js parses it: %j', (text) => {
    const { values, faults } = parseDotenv(text)
    expect(faults).toEqual([])
    expect(Object.fromEntries(values)).toEqual(parseEnv(text))
  })

  const ambiguous = [
    'A off',
    'A',
    '=1',
    'A-B=1',
    '1A=1',
    'A=x#y',
    'A=#123456',
    'A="open',
    "A='open",
    'A="x"y',
    'A="line\\n"',
    'A=`x`',
    'A="one\ntwo"',
    'A=one\rtwo',
    '<html>',
  ]

  it.each(ambiguous)(
    'is rejected, quoting nothing, where Node.js would lose or change a value: %j',
    (text) => {
      const { faults } = parseDotenv(`B=0\n${text}`)
      expect(faults[0]).toMatch(/^\.env line 2: must be NAME=value/)
      expect(faults.join()).not.toMatch(/off|open|one|123456/)
    },
  )

  it('is rejected when a name is set twice', () => {
    expect(parseDotenv('A=1\nB=2\nA=1').faults).toEqual(['.env line 3: A is already set on an earlier line'])
    expect(parseDotenv('constructor=1').faults).toEqual([])
  })
})

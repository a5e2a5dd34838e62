// Writes the vectors beside it. They are frozen: `npm run vectors`, on Node 24.7 or later, changes no byte. Their field
// names are those of 0.1.0: a message is a sealed secret, and a metadata key is a receipt key.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import {
  aliasIdOf,
  derive,
  idOf,
  rootIdOf,
  seal,
  secretKeyOf,
  siteIdOf,
  stretch,
  urNameOf,
} from './reference.mjs'

const ROOT = Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'hex')
const OTHER_ROOT = createHash('sha256').update('another root key').digest()
const CREATED = 1_768_478_400_000
const TTL = 604_800
const SALT = Buffer.from('a0a1a2a3a4a5a6a7a8a9aaabacadaeaf', 'hex')
const LIGHT = { memory: 64, passes: 1, salt: SALT }
const DEFAULT = { memory: 19_456, passes: 2, salt: Buffer.from('0f1e2d3c4b5a69788796a5b4c3d2e1f0', 'hex') }

// Each vector has a key of its own, because no key seals twice.
const receiptKeyFor = (name) =>
  BigInt(`0x${createHash('sha256').update(name).digest('hex')}`)
    .toString(36)
    .slice(-31)

function secret(name, { value, shareDomain = '', passphrases = [], argon2 }) {
  const secretKey = secretKeyOf(receiptKeyFor(name))
  const binding = { id: idOf(secretKey), created: CREATED, ttl: TTL }
  const [passphrase] = passphrases
  const parts = passphrase === undefined ? [secretKey] : [secretKey, stretch(passphrase, argon2)]
  const sealed = seal(ROOT, derive(ROOT, 'secret', ...parts), `${shareDomain}\0${value}`, binding, argon2)
  return { name, rootKey: ROOT, secretKey, passphrases, ...binding, sealed, value, shareDomain }
}

function details(name, content) {
  const metadataKey = receiptKeyFor(name)
  const binding = { id: idOf(secretKeyOf(metadataKey)), created: CREATED, ttl: TTL }
  const sealed = seal(ROOT, derive(ROOT, 'metadata', metadataKey), JSON.stringify(content), binding)
  return { name, rootKey: ROOT, metadataKey, ...binding, sealed, details: content }
}

function sender(name, email) {
  const secretKey = secretKeyOf(receiptKeyFor(name))
  const binding = { id: idOf(secretKey), created: CREATED, ttl: TTL }
  const sealed = seal(ROOT, derive(ROOT, 'sender', secretKey), email, binding)
  return { name, rootKey: ROOT, secretKey, ...binding, sealed, email }
}

function memo(name, text, salt) {
  const metadataKey = receiptKeyFor(name)
  const binding = { id: idOf(secretKeyOf(metadataKey)), created: CREATED, ttl: TTL }
  const sealed = seal(ROOT, derive(ROOT, 'memo', metadataKey, salt), text, binding)
  return { name, rootKey: ROOT, metadataKey, ...binding, stored: Buffer.concat([salt, sealed]), memo: text }
}

const LINK_KEY = 'el3hr6c6shy914m5sfcpxo9fg5my4st80hudpra0nspbgmvohi70tucktcazub'

function alias(name, kind, content) {
  const binding = { id: aliasIdOf(kind, LINK_KEY), created: CREATED + TTL * 2000, ttl: 0 }
  const salt = createHash('sha256').update(name).digest().subarray(0, 16)
  const sealed = seal(ROOT, derive(ROOT, 'alias', LINK_KEY, salt), JSON.stringify(content), binding)
  const { id, created: expires } = binding
  return {
    name,
    rootKey: ROOT,
    kind,
    linkKey: LINK_KEY,
    id,
    expires,
    stored: Buffer.concat([salt, sealed]),
    content,
  }
}

function importedSecret(name, head, bytes) {
  const secretKey = secretKeyOf(receiptKeyFor(name))
  const binding = { id: idOf(secretKey), created: CREATED, ttl: TTL }
  const plaintext = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\0`), bytes])
  const sealed = seal(ROOT, derive(ROOT, 'imported', secretKey), plaintext, binding, 'digest inside')
  return { name, rootKey: ROOT, secretKey, ...binding, sealed, head, bytes }
}

// The vectors

const KEY = 'emb0123456789abcdefghijklmnopqr'
const EMAIL = 'j\u00f6rg@example.com'
const TOKEN = 'abcdefghij0123456789abcdefghij0123456789'

function derivations() {
  const accountId = derive(ROOT, 'account-id', EMAIL).subarray(0, 16).toString('base64url')
  return {
    roots: [ROOT, OTHER_ROOT].map((rootKey) => ({ rootKey, rootId: rootIdOf(rootKey) })),
    pairs: [KEY, 'z'.repeat(31), '0'.repeat(31)].map((metadataKey) => {
      const secretKey = secretKeyOf(metadataKey)
      return { metadataKey, secretKey, id: idOf(secretKey) }
    }),
    derived: [
      ['no-parts'],
      ['empty-part', ''],
      ['text', 'one'],
      ['beyond-ascii', '\u00e9\u{1f525}'],
      ['bytes', Buffer.of(0, 255, 47, 1)],
      ['two', 'a', 'b'],
      ['two', 'a/1/b'],
    ].map(([label, ...parts]) => ({
      rootKey: ROOT,
      label,
      parts: parts.map((part) => Buffer.from(part)),
      output: derive(ROOT, label, ...parts),
    })),
    imported: [LINK_KEY, 'x7', '0'].map((linkKey) => ({
      linkKey,
      secretAliasId: aliasIdOf('secret', linkKey),
      receiptAliasId: aliasIdOf('receipt', linkKey),
    })),
    sites: ['old-site-secret-0123456789', 'J\u00f6rg'].map((siteSecret) => ({
      siteSecret,
      siteId: siteIdOf(siteSecret),
    })),
    accounts: [
      {
        rootKey: ROOT,
        given: [EMAIL, ' JO\u0308RG@Example.COM\t'],
        email: EMAIL,
        urName: urNameOf(EMAIL),
        token: TOKEN,
        accountId,
        tokenHash: derive(ROOT, 'account-token', accountId, TOKEN),
      },
    ],
  }
}

function accountRecords() {
  const accountId = derive(ROOT, 'account-id', EMAIL).subarray(0, 16).toString('base64url')
  const recent = seal(ROOT, derive(ROOT, 'recent', EMAIL, TOKEN, SALT), KEY, {
    id: accountId,
    created: CREATED,
    ttl: 0,
  })
  const email = seal(ROOT, derive(ROOT, 'account', SALT), EMAIL, { id: accountId, created: CREATED, ttl: 0 })
  return {
    rootKey: ROOT,
    email: EMAIL,
    token: TOKEN,
    created: CREATED,
    metadataKey: KEY,
    storedRecent: Buffer.concat([SALT, recent]),
    storedEmail: Buffer.concat([SALT, email]),
  }
}

const good = {
  messages: [
    secret('no passphrase', { value: 'the cake is in the oven' }),
    secret('one byte', { value: ' ' }),
    secret('white space at both ends, tabs, CRLF', { value: '\t one\r\ntwo \n' }),
    secret('byte order mark, NUL, emoji, right to left', {
      value: '\ufeff\0\u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u0645\u0631\u062d\u0628\u0627',
    }),
    secret('a value that looks sealed', { value: '\u0001abcd\0' }),
    secret('share domain', { value: 'on another host', shareDomain: 'secrets.example.com' }),
    secret('ASCII passphrase, default cost', {
      value: 'behind a passphrase',
      passphrases: ['correct horse  battery '],
      argon2: DEFAULT,
    }),
    secret('passphrase in NFC and NFD', {
      value: 'Stra\u00dfe',
      passphrases: [
        'Stra\u00dfe \u00e9\u00f1\u1e69 \uac00',
        'Stra\u00dfe e\u0301n\u0303s\u0307\u0323 \u1100\u1161',
      ],
      argon2: LIGHT,
    }),
    secret('passphrase and share domain, three passes', {
      value: 'both',
      shareDomain: 'x.example:8443',
      passphrases: ['\u{1f511}'],
      argon2: { memory: 1024, passes: 3, salt: Buffer.alloc(16, 255) },
    }),
    secret('least cost that is read', {
      value: 'cheap',
      passphrases: ['p'],
      argon2: { memory: 8, passes: 1, salt: Buffer.alloc(16) },
    }),
  ],
  details: [
    details('empty', {}),
    details('custid', { custid: 'someone@example.com' }),
    details('everything', {
      custid: EMAIL,
      recipients: ['fo*****@e*****.com', 'ba*****@e*****.org'],
      shareDomain: 'secrets.example.com',
    }),
  ],
  memos: [
    memo('one line', 'for the auditors', SALT),
    memo('beyond ASCII', 'f\u00fcr J\u00f6rg \u{1f382}', Buffer.alloc(16, 255)),
  ],
  account: accountRecords(),
  senders: [
    sender('sender', 'someone@example.com'),
    sender('sender beyond ASCII', EMAIL),
    // The secret of the same record, whose key differs.
    sender('no passphrase', 'someone@example.com'),
  ],
}

const RECEIPT_KEY = receiptKeyFor('imported')
good.aliases = [
  alias('of a secret', 'secret', { secretKey: secretKeyOf(RECEIPT_KEY) }),
  alias('of a receipt', 'receipt', { receiptKey: RECEIPT_KEY, linkKey: LINK_KEY, withSecret: true }),
  alias('of a receipt whose secret was gone', 'receipt', { receiptKey: RECEIPT_KEY, withSecret: false }),
]
const DIGEST = '$2a$12$wILYCcBavNtl0OBHnEFTmOajlVSFJEdyDRYxU3feVzzKUm5wEDID.'
const SITES = [siteIdOf('old-site-secret-0123456789')]
good.imported = [
  importedSecret('the passphrase was only checked', { digest: DIGEST }, Buffer.from('v\u00e4lue')),
  importedSecret(
    'share domain, encrypted by Onetime Secret 0.20.5 with a passphrase',
    {
      shareDomain: 'links.example.com',
      digest: DIGEST,
      cipher: { mode: 2, key: '35fgbmw4giii6by6c8ngmcifzlriw3j', sites: SITES },
    },
    Buffer.from('kp/OZksJyxRsDVPtyzDAd1Oc4GfHjp2Dp3Nm4/QPaRM=', 'base64'),
  ),
]

const plain = secret('to be damaged', { value: 'take me apart, bit by bit' })
const locked = secret('to be damaged, with a passphrase', {
  value: 'take me apart, bit by bit',
  passphrases: ['open up'],
  argon2: LIGHT,
})
const [, custid] = good.details

const cut = (sealed, length) => sealed.subarray(0, length)
const put = (sealed, at, ...bytes) =>
  Buffer.concat([sealed.subarray(0, at), Buffer.of(...bytes), sealed.subarray(at + bytes.length)])
const flip = (sealed, at, bit = 1) => put(sealed, at, sealed[at] ^ bit)

function bad(expect, name, base, change) {
  const { rootKey, secretKey, passphrases, id, created, ttl, sealed } = { ...base, ...change }
  return {
    name,
    expect,
    rootKey,
    secretKey,
    passphrase: passphrases[0] ?? '',
    id,
    created,
    ttl,
    sealed,
  }
}
const sealedAs = (expect, name, base, sealed) => bad(expect, name, base, { sealed })

const badSecrets = [
  sealedAs('refused', 'nothing', plain, cut(plain.sealed, 0)),
  sealedAs('refused', 'cut after the version', plain, cut(plain.sealed, 1)),
  sealedAs('refused', 'cut after the root id', plain, cut(plain.sealed, 5)),
  sealedAs('refused', 'cut after the header', plain, cut(plain.sealed, 6)),
  sealedAs('refused', 'cut one byte short of a tag', plain, cut(plain.sealed, 21)),
  sealedAs('closed', 'cut to header and 16 bytes', plain, cut(plain.sealed, 22)),
  sealedAs('closed', 'cut before the tag', plain, cut(plain.sealed, plain.sealed.length - 16)),
  sealedAs('closed', 'cut by one byte', plain, cut(plain.sealed, plain.sealed.length - 1)),
  sealedAs('closed', 'longer by one byte', plain, Buffer.concat([plain.sealed, Buffer.of(0)])),
  sealedAs('refused', 'Argon2id, cut after the passphrase byte', locked, cut(locked.sealed, 6)),
  sealedAs('refused', 'Argon2id, cut after the memory', locked, cut(locked.sealed, 10)),
  sealedAs('refused', 'Argon2id, cut after the passes', locked, cut(locked.sealed, 11)),
  sealedAs('refused', 'Argon2id, cut in the salt', locked, cut(locked.sealed, 26)),
  sealedAs('refused', 'Argon2id, cut after the salt', locked, cut(locked.sealed, 27)),
  sealedAs('refused', 'Argon2id, cut one byte short of a tag', locked, cut(locked.sealed, 42)),
  sealedAs('closed', 'Argon2id, cut before the tag', locked, cut(locked.sealed, locked.sealed.length - 16)),
  sealedAs('closed', 'Argon2id, cut by one byte', locked, cut(locked.sealed, locked.sealed.length - 1)),

  sealedAs('refused', 'version 0', plain, put(plain.sealed, 0, 0)),
  sealedAs('refused', 'version 2', plain, put(plain.sealed, 0, 2)),
  sealedAs('refused', 'version 129', plain, flip(plain.sealed, 0, 128)),
  sealedAs('closed', 'a bit of the root id', plain, flip(plain.sealed, 3)),
  sealedAs('refused', 'a bit of the passphrase byte', plain, flip(plain.sealed, 5, 2)),
  sealedAs('closed', 'the first bit of the ciphertext', plain, flip(plain.sealed, 6, 128)),
  sealedAs('closed', 'the last bit of the ciphertext', plain, flip(plain.sealed, plain.sealed.length - 17)),
  sealedAs('closed', 'the first bit of the tag', plain, flip(plain.sealed, plain.sealed.length - 16, 128)),
  sealedAs('closed', 'the last bit of the tag', plain, flip(plain.sealed, plain.sealed.length - 1)),
  sealedAs('refused', 'Argon2id, a bit of the version', locked, flip(locked.sealed, 0, 4)),
  sealedAs('closed', 'Argon2id, a bit of the root id', locked, flip(locked.sealed, 1, 16)),
  sealedAs('closed', 'Argon2id taken for none', locked, flip(locked.sealed, 5)),
  sealedAs('closed', 'Argon2id, a bit of the memory', locked, flip(locked.sealed, 9)),
  sealedAs('closed', 'Argon2id, a bit of the passes', locked, flip(locked.sealed, 10, 2)),
  sealedAs('closed', 'Argon2id, a bit of the salt', locked, flip(locked.sealed, 26, 64)),
  sealedAs('closed', 'Argon2id, a bit of the ciphertext', locked, flip(locked.sealed, 30, 8)),
  sealedAs('closed', 'Argon2id, a bit of the tag', locked, flip(locked.sealed, locked.sealed.length - 8, 32)),

  sealedAs('refused', 'Argon2id, no memory', locked, put(locked.sealed, 6, 0, 0, 0, 0)),
  sealedAs('refused', 'Argon2id, 7 KiB', locked, put(locked.sealed, 6, 0, 0, 0, 7)),
  sealedAs('refused', 'Argon2id, 1 GiB and 1 KiB', locked, put(locked.sealed, 6, 0, 16, 0, 1)),
  sealedAs('refused', 'Argon2id, 4 TiB', locked, put(locked.sealed, 6, 255, 255, 255, 255)),
  sealedAs('refused', 'Argon2id, no pass', locked, put(locked.sealed, 10, 0)),
  sealedAs('refused', 'Argon2id, 17 passes', locked, put(locked.sealed, 10, 17)),
  sealedAs('refused', 'Argon2id, 255 passes', locked, put(locked.sealed, 10, 255)),

  bad('closed', 'another record of the same root key', plain, { secretKey: locked.secretKey, id: locked.id }),
  bad('closed', 'moved to another id', plain, { id: locked.id }),
  bad('closed', 'another secret key', plain, { secretKey: locked.secretKey }),
  bad('closed', 'a millisecond older', plain, { created: CREATED - 1 }),
  bad('closed', 'a second longer', plain, { ttl: TTL + 1 }),
  bad('closed', 'another root key', plain, { rootKey: OTHER_ROOT }),
  bad('closed', 'another root key under the right id', plain, {
    rootKey: OTHER_ROOT,
    sealed: Buffer.concat([Buffer.of(1), rootIdOf(OTHER_ROOT), plain.sealed.subarray(5)]),
  }),
  bad('closed', 'details offered as a message', plain, {
    secretKey: secretKeyOf(custid.metadataKey),
    id: custid.id,
    sealed: custid.sealed,
  }),
  bad('closed', 'Argon2id, another passphrase', locked, { passphrases: ['open up '] }),
  bad('closed', 'Argon2id, passphrase in other case', locked, { passphrases: ['Open up'] }),
]

const badDetails = [
  { ...custid, name: 'of another record', metadataKey: KEY },
  { ...custid, name: 'moved to another id', id: plain.id },
  { ...custid, name: 'another ttl', ttl: TTL * 2 },
  {
    ...custid,
    name: 'a message offered as details',
    metadataKey: receiptKeyFor('to be damaged'),
    id: plain.id,
    sealed: plain.sealed,
  },
  { ...custid, name: 'a bit changed', sealed: flip(custid.sealed, 10) },
].map(({ details: _, ...vector }) => vector)

const [line] = good.memos
const badMemos = [
  { ...line, name: 'of another receipt', metadataKey: KEY },
  { ...line, name: 'moved to another id', id: plain.id },
  { ...line, name: 'another ttl', ttl: TTL * 2 },
  { ...line, name: 'another salt', stored: flip(line.stored, 15) },
  { ...line, name: 'a bit of the ciphertext', stored: flip(line.stored, 22) },
  { ...line, name: 'cut after the salt', stored: cut(line.stored, 16) },
  { ...line, name: 'cut in the salt', stored: cut(line.stored, 15) },
  {
    ...line,
    name: 'details offered as a memo',
    metadataKey: custid.metadataKey,
    id: custid.id,
    stored: Buffer.concat([SALT, custid.sealed]),
  },
].map(({ memo: _, ...vector }) => vector)

const [told] = good.senders
const badSenders = [
  { ...told, name: 'of another secret', secretKey: plain.secretKey },
  { ...told, name: 'moved to another id', id: plain.id },
  { ...told, name: 'another ttl', ttl: TTL * 2 },
  { ...told, name: 'a bit changed', sealed: flip(told.sealed, 10) },
  { ...told, name: 'cut in the tag', sealed: cut(told.sealed, told.sealed.length - 1) },
  {
    ...told,
    name: 'a message offered as a sender',
    secretKey: plain.secretKey,
    id: plain.id,
    sealed: plain.sealed,
  },
].map(({ email: _, ...vector }) => vector)

const [toSecret, toReceipt] = good.aliases
const badAliases = [
  { ...toSecret, name: 'of another link key', linkKey: KEY },
  { ...toSecret, name: 'of a receipt, taken for that of a secret', stored: toReceipt.stored },
  { ...toSecret, name: 'longer valid', expires: toSecret.expires + 1 },
  { ...toSecret, name: 'another salt', stored: flip(toSecret.stored, 15) },
  { ...toSecret, name: 'a bit of the ciphertext', stored: flip(toSecret.stored, 22) },
  { ...toSecret, name: 'cut after the salt', stored: cut(toSecret.stored, 16) },
].map(({ content: _, ...vector }) => vector)

const [gate] = good.imported
const badImported = [
  { ...gate, name: 'of another secret', secretKey: plain.secretKey },
  { ...gate, name: 'moved to another id', id: plain.id },
  { ...gate, name: 'another ttl', ttl: TTL * 2 },
  { ...gate, name: 'a bit changed', sealed: flip(gate.sealed, 10) },
  { ...gate, name: 'taken for one without a passphrase', sealed: put(gate.sealed, 5, 0) },
  {
    ...gate,
    name: 'a message offered as an imported one',
    secretKey: plain.secretKey,
    id: plain.id,
    sealed: plain.sealed,
  },
].map(({ head: _, bytes: __, ...vector }) => vector)

write('derivations', derivations())
write('good', good)
write('bad', {
  messages: badSecrets,
  details: badDetails,
  memos: badMemos,
  senders: badSenders,
  aliases: badAliases,
  imported: badImported,
})

// Bytes as hexadecimal; beyond ASCII only escapes, so that no editor can normalise a passphrase.
function write(name, vectors) {
  const text = JSON.stringify(vectors, (_, value) => (value?.type === 'Buffer' ? hex(value) : value), 2)
  const ascii = text.replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  writeFileSync(new URL(`${name}.json`, import.meta.url), `${ascii}\n`)
}

function hex({ data }) {
  return Buffer.from(data).toString('hex')
}

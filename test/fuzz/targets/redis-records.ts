import { strict as assert } from 'node:assert'
import type { AccountId } from '../../../src/accounts/records.ts'
import type { AliasId } from '../../../src/secrets/alias-ids.ts'
import { attemptFrom } from '../../../src/secrets/attempts.ts'
import type { RecordId } from '../../../src/secrets/keys.ts'
import { createAccountStore } from '../../../src/store/redis/accounts.ts'
import { createAdmit } from '../../../src/store/redis/admit.ts'
import { createImportStore } from '../../../src/store/redis/imports.ts'
import { createRateStore } from '../../../src/store/redis/rates.ts'
import { createRootStore } from '../../../src/store/redis/roots.ts'
import type { Reply, RunScript } from '../../../src/store/redis/scripts.ts'
import { createSecretStore } from '../../../src/store/redis/secrets.ts'
import { milliseconds } from '../../../src/time.ts'
import { good, ringOf } from '../../vectors/vectors.ts'
import { InputReader } from '../input-reader.ts'
import type { Target } from '../target.ts'

const ID = 'kordzoc8XPmFtg4TBmkmikLio' as RecordId
const ACCOUNT = 'abcdefghijklmnopqrst_-' as AccountId
const ALIAS = 'abcdefghijklmnopqrstuv' as AliasId
const NOW = milliseconds(1_768_478_400_000)
const ATTEMPT = attemptFrom(ringOf(good.account.rootKey), '203.0.113.7')
const noKeys = async function* () {}

type Replying = (store: ReturnType<typeof storesOn>, input: InputReader) => Promise<void>

/** What the scripts in Redis reply, as bytes and numbers. */
export const target: Target = {
  name: 'redis-records',
  input: 'which step it is, and the parts of its reply',
  seeds: () =>
    STEPS.map((_, step) =>
      Buffer.concat([Buffer.from([step]), Buffer.from('\x01\x9b\xc0\x00\x00\x00\x08'.repeat(9), 'latin1')]),
    ),
  async run(input) {
    const reader = new InputReader(input)
    const step = reader.pick(STEPS)
    await step(
      storesOn(async () => null),
      reader,
    )
  },
}

function storesOn(run: RunScript) {
  const rates = createRateStore(run)
  const [one, many] = (['one', 'many'] as const).map((slots) => createAdmit(run, rates, slots))
  assert.ok(one && many)
  return {
    secrets: createSecretStore(run, one, noKeys),
    cluster: createSecretStore(run, many, noKeys),
    accounts: createAccountStore(run, noKeys),
    imports: createImportStore(run, noKeys),
    roots: createRootStore(run),
  }
}

/** Returns the stores when every script replies the same. */
const replying = (reply: Reply) => storesOn(async () => reply)

/** Takes a receipt: the reply, with trailing parts left out or not, and what it stands for. */
function receiptOf(input: InputReader) {
  const [state, created, updated, ttl] = [
    input.pick(['new', 'viewed', 'received', 'burned']),
    input.number(),
    input.number(),
    input.number(),
  ]
  const [isProtected, isGenerated] = [input.byte() % 2, input.byte() % 2]
  const [sealed, memo] = [input.bytes(), input.bytes()]
  const extras = [sealed.length > 0 ? sealed : null, isGenerated, memo.length > 0 ? memo : null]
  const reply: Reply = [Buffer.from(state), created, updated, ttl, isProtected, ...extras]
  const origin = isGenerated === 1 ? 'generated' : 'given'
  const kept = { ...(sealed.length > 0 && { sealed }), ...(memo.length > 0 && { memo }) }
  return {
    reply,
    extras,
    receipt: { state, created, updated, ttl, protected: isProtected === 1, origin, ...kept },
  }
}

const STEPS: readonly Replying[] = [
  async ({ secrets, accounts, imports }) => {
    assert.equal(await secrets.peek(ID, NOW), undefined)
    assert.equal(await secrets.settle(ID, 'sender', NOW), undefined)
    assert.equal(await accounts.find(ACCOUNT), undefined)
    assert.equal(await imports.findAlias(ALIAS, NOW), undefined)
    assert.equal(await accounts.sessionEpoch(ACCOUNT), 0)
  },
  async (_, input) => {
    const { reply, receipt } = receiptOf(input)
    assert.deepEqual(await replying(reply).secrets.settle(ID, 'observer', NOW), receipt)
  },
  async (_, input) => {
    const { reply, extras, receipt } = receiptOf(input)
    const [, created, , ttl] = reply as Reply[]
    const sealed = input.bytes()
    const claim = { outcome: 'received', roots: ['1b501a79'] } as const
    const claimed = await replying([
      Buffer.from('claimed'),
      sealed,
      created as number,
      ttl as number,
      ...extras,
    ]).secrets.claim(ID, claim, NOW)
    const expected = { ...receipt, state: 'received', updated: NOW, protected: false }
    assert.deepEqual(claimed, { kind: 'claimed', sealed, receipt: expected })
    const [left, pause] = [input.byte(), input.number()]
    const asked = [Buffer.from('protected'), left, pause, sealed, ...(reply as Reply[])]
    const found = await replying(asked).secrets.claim(ID, { ...claim, attempt: ATTEMPT }, NOW)
    const retryAfter = pause > 0 && { retryAfter: Math.ceil(pause / 1000) }
    assert.deepEqual(found, { kind: 'protected', sealed, receipt, attemptsLeft: left, ...retryAfter })
  },
  async (_, input) => {
    const [kind, wait] = [input.pick(['rate_limited', 'locked'] as const), input.number()]
    const claim = { outcome: 'burned', roots: [] } as const
    for (const { secrets, cluster } of [replying([Buffer.from(kind), wait])]) {
      assert.deepEqual(await secrets.claim(ID, claim, NOW), { kind, retryAfter: Math.ceil(wait / 1000) })
      assert.deepEqual(await cluster.claim(ID, claim, NOW), { kind, retryAfter: Math.ceil(wait / 1000) })
    }
    const root = input.bytes()
    assert.deepEqual(await replying([Buffer.from('unreadable'), root]).secrets.claim(ID, claim, NOW), {
      kind: 'unreadable',
      root: root.toString(),
    })
    for (const kind of ['gone', 'passphrase_required'] as const) {
      assert.deepEqual(await replying([Buffer.from(kind)]).secrets.claim(ID, claim, NOW), { kind })
    }
  },
  async (_, input) => {
    const [isProtected, created, ttl, sender] = [
      input.byte() % 2,
      input.number(),
      input.number(),
      input.bytes(),
    ]
    const reply: Reply = [isProtected, created, ttl, ...(sender.length > 0 ? [sender] : [])]
    const expected = { created, ttl, protected: isProtected === 1, ...(sender.length > 0 && { sender }) }
    assert.deepEqual(await replying(reply).secrets.peek(ID, NOW), expected)
  },
  async (_, input) => {
    const [email, token, created, name] = [input.bytes(), input.bytes(), input.number(), input.bytes()]
    const record: Reply[] = [email, token, created, ...(name.length > 0 ? [name] : [])]
    const expected = { email, token, created, ...(name.length > 0 && { name }) }
    assert.deepEqual(await replying(record).accounts.find(ACCOUNT), expected)
    const others = input.bytes()
    const isId = /^[\w-]{22}$/.test(others.toString())
    const listed = await replying([
      [Buffer.from(ACCOUNT), ...record],
      [others, ...record],
    ]).accounts.list()
    assert.deepEqual(
      listed,
      [ACCOUNT, ...(isId ? [others.toString()] : [])].map((id) => ({ id, ...expected })),
    )
  },
  async (_, input) => {
    const entries: { sealed: Buffer; created: number }[] = []
    while (!input.isAtEnd) entries.push({ sealed: input.bytes(), created: input.number() })
    const flat = entries.flatMap(({ sealed, created }) => [sealed, Buffer.from(String(created))])
    assert.deepEqual(await replying(flat).accounts.recent(ACCOUNT, NOW), entries)
  },
  async (_, input) => {
    const [sealed, expires] = [input.bytes(), input.number()]
    const alias = NOW < expires ? { id: ALIAS, sealed, expires } : undefined
    assert.deepEqual(await replying([sealed, expires]).imports.findAlias(ALIAS, NOW), alias)
    const until = Buffer.from(String(expires))
    assert.equal(await replying(until).imports.siteSecretAwaited(NOW), NOW < expires ? expires : undefined)
    assert.equal(await replying(until).accounts.sessionEpoch(ACCOUNT), expires)
  },
  async (_, input) => {
    const roots: [id: Buffer, number: number, check: Buffer][] = []
    while (!input.isAtEnd) roots.push([input.bytes(), roots.length, input.bytes()])
    const recorded = await replying([...roots]).roots.recorded()
    assert.deepEqual(
      recorded,
      roots.reverse().map(([id, , check]) => ({ id: id.toString(), check })),
    )
  },
]

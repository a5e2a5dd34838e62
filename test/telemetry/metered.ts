import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { onTestFinished } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { DomainError } from '../../src/errors.ts'
import { serializers } from '../../src/http/log.ts'
import { SmtpFailure } from '../../src/mail/failure.ts'
import { startServer } from '../../src/server/server.ts'
import { milliseconds } from '../../src/time.ts'
import { ANA } from '../api/client.ts'

/** The SMTP server rejects emails to this address. */
export const REJECTED = 'rejected-recipient@example.com'

/** A server whose metrics and log can be read. */
export interface Metered {
  readonly url: string
  readonly metricsUrl: string
  /** Returns the values of all series, by name and labels as Prometheus writes them. */
  metrics(): Promise<Map<string, number>>
  /** Returns the page unchanged. */
  page(): Promise<string>
  /** Returns everything logged so far. */
  log(): string
  advance(seconds: number): void
}

/** Starts a server with metrics and a clock of its own, which stops after the test. */
export async function startMetered(settings: Readonly<Record<string, string>> = {}): Promise<Metered> {
  const folder = mkdtempSync(join(tmpdir(), 'emberlink-metered-'))
  let time = Date.now()
  let logged = ''
  const write = (line: string) => {
    logged += line
  }
  const config = loadConfig(
    {
      PORT: '0',
      DATA_DIR: folder,
      METRICS: '127.0.0.1:0',
      ACCOUNTS: `${ANA.email}:${ANA.token}`,
      ...settings,
    },
    () => '',
  )
  const server = await startServer(config, {
    now: () => milliseconds(time),
    logger: pino({ level: config.logLevel, serializers }, { write }),
    mailer: {
      async send({ to }) {
        if (to === REJECTED)
          throw new DomainError('email_failed', {
            cause: new SmtpFailure('recipient_rejected', 'send', '550'),
          })
      },
    },
  })
  onTestFinished(async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const metricsUrl = server.metricsUrl as string
  const page = async () => (await fetch(metricsUrl)).text()
  return {
    url: server.url,
    metricsUrl,
    page,
    metrics: async () => parse(await page()),
    log: () => logged,
    advance(seconds) {
      time += seconds * 1000
    },
  }
}

/** Parses a page in Prometheus' text format into values by series. */
export function parse(page: string): Map<string, number> {
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ')
      return [line.slice(0, space), Number(line.slice(space + 1))]
    }),
  )
}

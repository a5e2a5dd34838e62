import { strict as assert } from 'node:assert'
import { explainFailure, FAILURE_REASONS, type Phase } from '../../../src/mail/failure.ts'
import { splitTexts } from '../split-texts.ts'
import type { Target } from '../target.ts'

const PHASES: readonly Phase[] = ['dns', 'connect', 'tls', 'greeting', 'login', 'send']

/** What an SMTP server answers when it rejects an email, and may quote addresses in. */
export const target: Target = {
  name: 'smtp-failures',
  input: 'code, command, status and response of a failed session, with a zero byte between them',
  seeds: () => [
    'EENVELOPE\0RCPT TO\x00550\x00550 5.1.1 <ada@example.com>: Recipient address rejected',
    'EAUTH\0AUTH PLAIN\x00535\x00535 5.7.8 Error: authentication failed: ada@example.com',
    'EMESSAGE\0DATA\x00552\x00552-5.3.4 too big\n552 5.3.4 see ada@example.com',
    'ECONNREFUSED\0\0\0',
    'ESOCKET\0\0\0wrong version number',
  ],
  run(input) {
    const [code = '', command = '', status = '', response = ''] = splitTexts(input, 4)
    const responseCode = /^\d{3}$/.test(status) ? Number(status) : undefined
    const fault = Object.assign(new Error(response), { code, command, response, responseCode })
    for (const phase of PHASES) {
      const failure = explainFailure(fault, phase)
      assert.ok(FAILURE_REASONS.includes(failure.reason))
      assert.ok(responseCode === undefined || !/@|\n/.test(failure.message), failure.message)
    }
  },
}

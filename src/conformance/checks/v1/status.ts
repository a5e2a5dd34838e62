import type { Check } from '../../check.ts'
import { exactly } from '../../expect/matchers.ts'
import { JSON_TYPE, rejectedAs } from './wire.ts'

const NOMINAL = { status: 200, body: exactly({ status: 'nominal' }) }

/** The checks of `/status` and `/authcheck`. */
export const statusChecks: readonly Check[] = [
  {
    id: 'v1/status/get',
    section: 'v1Endpoints',
    title: 'GET /status answers nominal and nothing else, as strict clients require',
    secrets: 0,
    async run(stage) {
      stage.expect(await stage.anonymous.get('/api/v1/status'), NOMINAL)
    },
  },
  {
    id: 'v1/status/post',
    section: 'v1Endpoints',
    title: 'POST /status answers the same, for the one client that sends it',
    secrets: 0,
    async run(stage) {
      stage.expect(await stage.anonymous.form('/api/v1/status'), NOMINAL)
    },
  },
  {
    id: 'v1/status/slashes',
    section: 'v1Requests',
    title: 'a trailing and a doubled slash in a path change nothing',
    secrets: 0,
    async run(stage) {
      stage.expect(await stage.anonymous.get('/api/v1/status/'), NOMINAL)
      stage.expect(await stage.anonymous.get('//api/v1/status'), NOMINAL)
    },
  },
  {
    id: 'v1/status/head',
    section: 'v1Requests',
    title: 'HEAD answers as GET does, without a body',
    secrets: 0,
    async run(stage) {
      const answer = await stage.anonymous.send({ method: 'HEAD', path: '/api/v1/status' })
      stage.expect(answer, { status: 200, headers: { 'content-type': JSON_TYPE } })
      const nowhere = await stage.anonymous.send({ method: 'HEAD', path: '/api/v1/nowhere' })
      stage.expect(nowhere, { status: 404, headers: { 'x-ots-intended-status': '404' } })
    },
  },
  {
    id: 'v1/status/authcheck',
    section: 'v1Endpoints',
    title: 'GET /authcheck answers an account nominal',
    secrets: 0,
    needs: ['account'],
    async run(stage) {
      const answer = await stage.owner.get('/api/v1/authcheck')
      stage.expect(answer, { status: 200, body: { status: 'nominal' } })
    },
  },
  {
    id: 'v1/status/authcheck-anonymous',
    section: 'v1Endpoints',
    title: 'GET /authcheck rejects an anonymous caller',
    secrets: 0,
    async run(stage) {
      stage.expect(await stage.anonymous.get('/api/v1/authcheck'), rejectedAs(401, 'Not authorized'))
    },
  },
]

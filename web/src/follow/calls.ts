/** Calls to intake without an account. The code goes in a header, so that no log of addresses has it. */
import type { components } from '../api/intake'
import { spoken } from '../shared/i18n'
import { Failed, isProblem } from '../shared/problems'

type Schemas = components['schemas']
export type Told = Schemas['PublicReportIn']
export type Receipt = Schemas['PublicReceiptOut']
export type Followed = Schemas['FollowedOut']
export type Rating = Schemas['RatingIn']

export interface Ticket {
  number: string
  code: string
}

const REPORTS = '/intake/public/reports'
const PATIENCE = 20_000

export const report = (body: Told, key: string, uploads: string): Promise<Receipt> => call(REPORTS, { 'idempotency-key': key, ...(uploads && { 'upload-key': uploads }) }, body)
/** A photo of the draft with this key; what it is called in the report. */
export const upload = async (photo: Blob, key: string): Promise<string> => ((await (await answered('/intake/public/photos', { 'upload-key': key }, photo)).json()) as { id: string }).id
export const look = (ticket: Ticket): Promise<Followed> => call(of(ticket), code(ticket))
export const rate = (ticket: Ticket, body: Rating): Promise<Followed> => call(`${of(ticket)}/rating`, code(ticket), body)
export const reopen = (ticket: Ticket, why: string): Promise<Followed> => call(`${of(ticket)}/reopening`, code(ticket), { why })
export const qrCode = async (ticket: Ticket): Promise<string> => (await answered(`${of(ticket)}/qr`, code(ticket))).text()

const of = ({ number }: Ticket) => `${REPORTS}/${encodeURIComponent(number)}`
// A header has no other letters; a code has none either, so what is left out makes it wrong, not unsendable.
const code = (ticket: Ticket) => ({ 'follow-code': ticket.code.replace(/[^\x21-\x7e]/g, '') || '-' })

const call = async <T>(path: string, headers: Record<string, string>, body?: object): Promise<T> => (await (await answered(path, headers, body)).json()) as T

async function answered(path: string, headers: Record<string, string>, body?: object): Promise<Response> {
  const patience = new AbortController()
  const photo = body instanceof Blob
  const timer = setTimeout(() => patience.abort(), photo ? 6 * PATIENCE : PATIENCE)
  let answer: Response
  try {
    answer = await fetch(path, {
      method: body ? 'POST' : 'GET',
      headers: { 'accept-language': spoken(), ...(body ? { 'content-type': photo ? 'application/octet-stream' : 'application/json' } : {}), ...headers },
      signal: patience.signal,
      credentials: 'omit',
      ...(body ? { body: photo ? body : JSON.stringify(body) } : {}),
    })
  } catch {
    throw new Failed(0)
  } finally {
    clearTimeout(timer)
  }
  if (answer.ok) return answer
  const problem: unknown = await answer.json().catch(() => null)
  throw new Failed(answer.status, isProblem(problem) ? problem : null)
}

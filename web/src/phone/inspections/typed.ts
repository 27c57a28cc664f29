/** An inspection that is being made: kept on this phone through anything until it is in the outbox. Pure, but for the draft. */
import { draft } from '../../shared/drafts'
import type { Item as FireItem } from '../../shared/hazards'
import { itemNames, type InspectionKind } from '../../shared/inspections'
import { handOver } from '../../shared/photos'
import type { Item as Waiting } from '../outbox/shelf'
import { throwAway } from '../outbox/waiting'
import type { Checklist, Question } from './area'

export type Verdict = 'pass' | 'fail' | 'not_applicable' | 'noted'

export interface Finding {
  /** The question that failed; '' for what no question asked about. Photos are kept under it. */
  question: string
  key: string
  item: FireItem | ''
  text: string
  spot: boolean
  by: string
  major: boolean
  edition: string
  element: string
}

export interface Typed {
  kind: InspectionKind
  checklist: string
  version: number
  /** When the first answer was given; '' before it. */
  begun: string
  night: boolean
  /** The question that is shown; behind the last one the signatures. */
  at: number
  answers: Record<string, { verdict: Verdict; text: string }>
  findings: Finding[]
  companions: string
  person: string
  refused: string
  remark: string
  title: string
}

export const EMPTY: Typed = { kind: 'routine', checklist: '', version: 0, begun: '', night: false, at: 0, answers: {}, findings: [], companions: '', person: '', refused: '', remark: '', title: '' }
const FORM = 'inspection:'
/** Where the photos of a form are kept (`shared/photos.ts`). */
export const photosUnder = (id: string, part: string) => `${FORM}${id}:${part}`
export const typedInspection = (id: string) => draft<Typed>(FORM + id, EMPTY)

/** Take a refused inspection back into its form, with its photos. */
export async function inspectAnew(item: Waiting, { id, typed }: { id: string; typed: object }): Promise<void> {
  typedInspection(id).value = typed as Typed
  for (const { of } of item.photos) await handOver(of, photosUnder(id, of.slice(item.key.length + 1)))
  await throwAway(item)
}

/** The places whose inspections were begun by this account and not sent. */
export function begun(account: string): { id: string; title: string }[] {
  const prefix = `draft:${account}:${FORM}`
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(prefix))
    .map((key) => ({ id: key.slice(prefix.length), title: (JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Typed>).title ?? '' }))
    .filter(({ title }) => title)
}

export const newFinding = (question: Question | null): Finding => ({
  question: question?.no ?? '', key: question?.no ?? crypto.randomUUID(), item: question && question.item !== 'management' ? (question.item as FireItem) : '',
  text: question ? `${question.text}：${question.bad}` : '', spot: false, by: '', major: false, edition: '', element: '',
})

export const judged = (question: Question) => question.bad !== ''
/** Which questions are still open. */
export const openIn = (list: Checklist, typed: Typed) => list.questions.filter((one) => judged(one) && !typed.answers[one.no])

/** The local day (Asia/Shanghai), as a date field has it. */
export const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)

/** What a finding lacks; null for nothing. */
export function lacking(finding: Finding): 'need' | 'item' | 'needBy' | 'past' | 'needCriteria' | null {
  if (!finding.text.trim()) return 'need'
  if (!finding.item) return 'item'
  if (!finding.spot && !finding.by) return 'needBy'
  if (!finding.spot && finding.by < today()) return 'past'
  return finding.major && !(finding.edition.trim() && finding.element.trim()) ? 'needCriteria' : null
}

export function resultsOf(list: Checklist, typed: Typed): Record<FireItem, 'ok' | 'failed' | 'not_applicable'> {
  const results = Object.fromEntries(itemNames.map((item) => [item, 'not_applicable'])) as ReturnType<typeof resultsOf>
  for (const { no, item } of list.questions) {
    const verdict = typed.answers[no]?.verdict
    if (!(item in results)) continue
    if (verdict === 'fail') results[item as FireItem] = 'failed'
    else if (verdict === 'pass' && results[item as FireItem] === 'not_applicable') results[item as FireItem] = 'ok'
  }
  for (const { item } of typed.findings) if (item) results[item] = 'failed'
  return results
}

/** What the service takes; photos and signatures are added when it is sent. */
export function bodyOf(list: Checklist, typed: Typed, place: { premises_id: string } | { unit: string }): Record<string, unknown> {
  return {
    ...place, kind: typed.kind, checklist: list.code, checklist_version: list.version, made_at: typed.begun, at_night: typed.night,
    answers: list.questions.flatMap(({ no }) => (typed.answers[no] ? [{ question: no, verdict: typed.answers[no].verdict, text: typed.answers[no].text.trim() }] : [])),
    findings: typed.findings.map((one) => ({
      item: one.item, text: one.text.trim(), ...(one.question ? { question: one.question } : {}), fixed_on_spot: one.spot, grade: one.major ? 'major' : 'general',
      ...(one.spot ? {} : { rectify_by: one.by }), ...(one.major ? { edition: one.edition.trim(), element: one.element.trim() } : {}),
    })),
    companions: typed.companions.trim(), inspected_person: typed.person.trim(), unsigned_why: typed.refused.trim(), remark: typed.remark.trim(),
  }
}

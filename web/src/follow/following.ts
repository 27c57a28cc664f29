/** Following one report: where it stands, what is promised, the result. */
import { said } from '../shared/i18n'
import { failed } from '../shared/problems'
import { due, moment } from '../shared/times'
import { look, type Followed, type Ticket } from './calls'
import { alertBox, button, el, field, fill } from './elements'
import { sending } from './sending'
import { t } from './texts'

type Words = Followed['state']
const inWords = (words: Words): string => said(words.zh, words.en)

/** The form for number and code. */
export function asking(given: Ticket, show: (ticket: Ticket) => void): HTMLElement {
  const number = el('input', { id: 'number', autocomplete: 'off', autocapitalize: 'characters', maxLength: 100, value: given.number })
  const code = el('input', { id: 'code', autocomplete: 'off', autocapitalize: 'characters', maxLength: 40, value: given.code })
  const form = sending(
    t.show,
    async ({ refuse }) => {
      const empty = [number, code].find((input) => !input.value.trim())
      if (empty) return refuse(t.bothNeeded, empty)
      show({ number: number.value.trim().toUpperCase(), code: code.value.trim() })
    },
    { number: 'number', 'Follow-Code': 'code' },
    field(number, t.number), field(code, t.code),
  )
  return el('section', {}, el('h1', { tabIndex: -1 }, t.lookTitle), el('p', { className: 'quiet' }, t.lookLead), form)
}

/** The report behind a ticket. `wrong` is called where number or code do not fit. */
export function following(ticket: Ticket, wrong: (sentence: string) => void): HTMLElement {
  const view = el('section', {}, el('h1', { tabIndex: -1 }, ticket.number), el('p', { aria: { role: 'status' } }, t.loading))
  /** What is shown already stays when it cannot be read again: without a network it is all there is. */
  let shown = (): Node[] => [el('h1', { tabIndex: -1 }, ticket.number), button(t.retry, refresh, 'primary')]
  const show = (found: Followed) => {
    shown = () => parts(found, ticket, show, refresh)
    fill(view, ...shown())
  }
  async function refresh(): Promise<void> {
    try {
      show(await look(ticket))
    } catch (error) {
      const what = failed(error)
      if (what.status === 404 || what.status === 422) return wrong(what.status === 404 ? what.sentence : t.bothNeeded)
      fill(view, alertBox(what.sentence), ...shown())
    }
  }
  void refresh()
  return view
}

function parts(found: Followed, ticket: Ticket, show: (found: Followed) => void, refresh: () => Promise<void>): Node[] {
  return [
    el('h1', { tabIndex: -1 }, found.number),
    el('p', { className: 'state' }, inWords(found.state)),
    ...promised(found),
    ...(found.result ? [el('h2', {}, t.result), el('p', { className: 'words' }, found.result)] : []),
    ...(found.photos.length ? [el('p', { className: 'result' }, ...found.photos.map((src, n) => el('img', { src, alt: `${t.result} ${n + 1}` })))] : []),
    ...(found.may_rate ? [feedback(found, ticket, show, refresh)] : []),
    el('h2', {}, t.history),
    el('ol', { className: 'steps' }, ...found.told.map((step) =>
      el('li', {},
        el('time', { dateTime: step.at }, moment(step.at)),
        el('p', {}, said(`${step.who.zh}${step.what.zh}`, `${step.who.en} ${step.what.en}`)),
        step.why ? el('p', { className: 'words' }, step.why) : null,
      ))),
    el('h2', {}, t.yours),
    el('p', { className: 'words' }, found.text),
    ...(found.address ? [el('p', { className: 'quiet' }, `${t.at} · ${found.address}`)] : []),
    el('p', { className: 'quiet' }, `${t.sent} · ${moment(found.submitted_at)}`),
    button(t.refresh, refresh),
  ]
}

function promised(found: Followed): Node[] {
  const rows = found.promises.map((promise) =>
    el('li', { className: promise.late ? 'late' : '' },
      el('strong', {}, inWords(promise.what)), ' ', due(promise.due_at),
      promise.late ? el('p', {}, t.late) : null,
    ))
  return [
    ...(found.unit ? [el('h2', {}, t.unit), el('p', {}, found.unit)] : []),
    ...(rows.length ? [el('h2', {}, t.promised), el('ul', { className: 'promises' }, ...rows)] : []),
  ]
}

/** Rating and reopening are loaded where there is something to rate. */
function feedback(...given: Parameters<typeof import('./feedback').feedback>): HTMLElement {
  const place = el('div', { className: 'feedback' })
  const load = (): Promise<void> =>
    import('./feedback').then(
      (loaded) => fill(place, ...loaded.feedback(...given)),
      () => fill(place, alertBox(failed(null).sentence), button(t.retry, load)),
    )
  void load()
  return place
}

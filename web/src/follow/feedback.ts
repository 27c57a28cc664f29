/** Rating a closed report, and having it opened again. */
import { failed } from '../shared/problems'
import { moment } from '../shared/times'
import { rate, reopen, type Followed, type Rating, type Ticket } from './calls'
import { choice, el, field } from './elements'
import { t } from './feedback-texts'
import { forget, keep, kept } from './kept'
import { sending } from './sending'

type Show = (found: Followed) => void
type Refresh = () => Promise<void>

export function feedback(found: Followed, ticket: Ticket, show: Show, refresh: Refresh): HTMLElement[] {
  const until = found.reopen_until
  return [ratingPart(found, ticket, show, refresh), ...(until ? [reopeningPart(found, until, ticket, show, refresh)] : [])]
}

/** What was meant was done already, or can no longer be: the truth is shown with what the service says of it. */
async function settled(act: Promise<Followed>, show: Show, refresh: Refresh): Promise<void> {
  try {
    show(await act)
  } catch (error) {
    if (failed(error).status !== 409) throw error
    await refresh()
  }
}

function ratingPart(found: Followed, ticket: Ticket, show: Show, refresh: Refresh): HTMLElement {
  const name = `rating:${ticket.number}`
  const given = found.rating
  const answer = kept(name, {
    contacted: given ? (given.contacted ? 'yes' : 'no') : '', solved: given?.solved ?? '', satisfied: given?.satisfied ?? '', words: given?.words ?? '',
  } as Record<'contacted' | 'solved' | 'satisfied' | 'words', string>)
  const pick = (what: keyof typeof answer) => (value: string) => {
    answer[what] = value
    keep(name, answer)
  }
  const words = el('textarea', { id: 'rating-words', rows: 2, maxLength: 1000, value: answer.words, oninput: () => pick('words')(words.value) })
  const form = sending(
    t.rate,
    async ({ form, refuse }) => {
      const missing = (['contacted', 'solved', 'satisfied'] as const).find((what) => !answer[what])
      if (missing) return refuse(t.chooseAll, form.querySelector<HTMLElement>(`[name="${missing}"]`)!)
      const body = { contacted: answer.contacted === 'yes', solved: answer.solved, satisfied: answer.satisfied, ...(answer.words.trim() && { words: answer.words.trim() }) } as Rating
      await settled(rate(ticket, body), (after) => {
        forget(name)
        show(after)
      }, refresh)
    },
    { words: 'rating-words' },
    choice('contacted', t.contacted, [['yes', t.yes], ['no', t.no]], answer.contacted, pick('contacted')),
    choice('solved', t.solved, [['solved', t.solvedYes], ['partly', t.solvedPartly], ['not', t.solvedNot]], answer.solved, pick('solved')),
    choice('satisfied', t.satisfied, [['satisfied', t.satisfiedYes], ['basically', t.satisfiedBasically], ['not', t.satisfiedNot]], answer.satisfied, pick('satisfied')),
    field(words, t.words),
  )
  if (!given) return el('div', { className: 'panel' }, el('h2', {}, t.rateTitle), form)
  const solved = { solved: t.solvedYes, partly: t.solvedPartly, not: t.solvedNot }[given.solved]
  const satisfied = { satisfied: t.satisfiedYes, basically: t.satisfiedBasically, not: t.satisfiedNot }[given.satisfied]
  return el('div', { className: 'panel' },
    el('h2', {}, t.rated), el('p', {}, `${solved} · ${satisfied}`), given.words ? el('p', { className: 'words' }, given.words) : null,
    el('details', {}, el('summary', {}, t.rateAgain), form))
}

function reopeningPart(found: Followed, until: string, ticket: Ticket, show: Show, refresh: Refresh): HTMLElement {
  const name = `reopening:${ticket.number}`
  const draft = kept(name, { why: '' })
  const why = el('textarea', { id: 'why', rows: 3, maxLength: 1000, value: draft.why, oninput: () => keep(name, { why: why.value }) })
  const form = sending(
    t.reopen,
    async ({ refuse }) => {
      if (!why.value.trim()) return refuse(t.whyNeeded, why)
      await settled(reopen(ticket, why.value.trim()), (after) => {
        forget(name)
        show(after)
      }, refresh)
    },
    { why: 'why' },
    field(why, t.why),
  )
  const wanted = Boolean(draft.why) || (found.rating !== null && found.rating.solved !== 'solved')
  return el('details', { className: 'panel', open: wanted }, el('summary', {}, t.reopenTitle), el('p', { className: 'quiet' }, t.reopenLead(moment(until))), form)
}

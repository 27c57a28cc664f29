/** Reporting on one screen. What is sent again unchanged has the same key, so that it is the same report. */
import { report, type Receipt, type Told } from './calls'
import { failed } from '../shared/problems'
import { alertBox, button, el, field, fill } from './elements'
import { forget, keep, kept, newKey } from './kept'
import { sending } from './sending'
import { t } from './texts'

interface Point {
  longitude: number
  latitude: number
  metres: number
}

const EMPTY = { text: '', address: '', name: '', phone: '', point: null as Point | null, photos: [] as string[], uploads: '' }

export function telling(sent: (receipt: Receipt) => void): HTMLElement {
  const draft = kept('draft', { ...EMPTY, photos: [] })
  const changed = () => keep('draft', draft)

  function typed<I extends HTMLInputElement | HTMLTextAreaElement>(name: 'text' | 'address' | 'name' | 'phone', input: I): I {
    input.id = name
    input.value = draft[name]
    input.oninput = () => {
      draft[name] = input.value
      changed()
    }
    return input
  }

  const text = typed('text', el('textarea', { required: true, maxLength: 10_000, rows: 4 }))
  const contact = el(
    'details', { open: Boolean(draft.name || draft.phone) },
    el('summary', {}, t.contact),
    field(typed('name', el('input', { autocomplete: 'name', maxLength: 100 })), t.name),
    field(typed('phone', el('input', { type: 'tel', autocomplete: 'tel', maxLength: 24 })), t.phone, t.phoneHint),
  )
  const shown = el('ul', { className: 'photos', aria: { 'aria-live': 'polite' } })
  const photosPart = () => import('./photos')
  const choose = el('input', { id: 'photos', className: 'only-heard', type: 'file', accept: 'image/*', multiple: true, onchange: async () => {
    const files = [...(choose.files ?? [])]
    choose.value = ''
    await photosPart().then(({ add }) => add(files, draft, changed, shown), () => fill(shown, alertBox(failed(null).sentence)))
  } })
  if (draft.photos.length) void photosPart().then(({ show }) => show(draft, changed, shown))
  // Here before it is wanted: who sends and then loses the network still sees the receipt.
  void import('./receipt')
  const form = sending(
    t.send,
    async ({ refuse }) => {
      if (!draft.text.trim()) return refuse(t.whatNeeded, text)
      const photos = draft.uploads ? await photosPart() : null
      await photos?.settled(draft, changed, shown)
      const body = bodyOf(draft)
      const receipt = await report(body, keyFor(body), draft.uploads)
      keep('receipt', receipt)
      forget('draft', 'key')
      photos?.forgetPhotos()
      sent(receipt)
    },
    { text: 'text', address: 'address', 'reporter.name': 'name', 'reporter.phone': 'phone' },
    field(text, t.what, t.whatHint),
    field(typed('address', el('input', { autocomplete: 'off', maxLength: 1000 })), t.where, t.whereHint),
    position(draft, changed),
    el('label', { className: 'button' }, t.photos, choose), shown,
    contact,
  )
  return el('section', {}, el('h1', { tabIndex: -1 }, t.tellTitle), el('p', { className: 'quiet' }, t.tellLead), form)
}

function bodyOf({ text, address, name, phone, point, photos }: typeof EMPTY): Told {
  const number = phone.replace(/[\s()-]/g, '')
  const reporter = { ...(name.trim() && { name: name.trim() }), ...(number && { phone: number }) }
  return {
    text: text.trim(),
    ...(address.trim() && { address: address.trim() }),
    ...(point && { point: { longitude: point.longitude, latitude: point.latitude, system: 'WGS-84' as const } }),
    ...(Object.keys(reporter).length && { reporter }),
    ...(photos.length && { photos }),
  }
}

/** The key of this very body: kept until it is known to have arrived. */
function keyFor(body: Told): string {
  const written = JSON.stringify(body)
  const last = kept('key', { written: '', key: '' })
  if (last.written === written) return last.key
  const fresh = { written, key: newKey() }
  keep('key', fresh)
  return fresh.key
}

/** The position, if the reporter wants to add it. */
function position(draft: typeof EMPTY, changed: () => void): HTMLElement {
  const place = el('div', { className: 'position', aria: { 'aria-live': 'polite' } })
  const show = (...parts: Node[]) => fill(place, ...parts)
  const rest = () =>
    draft.point
      ? show(el('p', {}, t.located.replace('{m}', String(draft.point.metres))), button(t.unlocate, () => set(null), 'plain'))
      : show(button(t.locate, find))
  function set(point: Point | null): void {
    draft.point = point
    changed()
    rest()
  }
  function find(): void {
    show(el('p', {}, t.locating))
    const none = () => show(alertBox(t.noPlace), button(t.locate, find))
    if (!navigator.geolocation) return none()
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => set({ longitude: coords.longitude, latitude: coords.latitude, metres: Math.round(coords.accuracy) }),
      none,
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    )
  }
  rest()
  return place
}

/** Photos of a report: made smaller on the phone and sent at once, so that the report itself is sent without waiting. */
import { texts } from '../shared/i18n'
import { failed, type Failed } from '../shared/problems'
import { upload } from './calls'
import { button, el, fill } from './elements'
import { newKey } from './kept'
import { t as common } from './texts'

export interface Draft {
  /** What the photos that have arrived are called there, and the key under which they came. */
  photos: string[]
  uploads: string
}

interface Chosen {
  blob: Blob
  url: string
  id: string
  wrong: Failed | null
  sending: Promise<void>
}

const t = texts({ photo: '照片', sent: '已上传', remove: '删除' }, { photo: 'Photo', sent: 'sent', remove: 'Remove' })
const MOST = 6
const SIDE = 1600
const chosen: Chosen[] = []
/** What this browser cannot show: no picture, or HEIC, which the service takes. */
const unseen = new Set<Chosen>()

/** The photos are there, or were tried once more. With the report goes what has arrived; what is no photo stays behind. */
export async function settled(draft: Draft, changed: () => void, place: HTMLElement): Promise<void> {
  await Promise.all(chosen.map((photo) => photo.sending))
  await Promise.all(chosen.filter((photo) => !photo.id).map((photo) => send(photo, draft, changed, place)))
  const lost = chosen.find(({ id, wrong }) => !id && wrong && (wrong.offline || wrong.status >= 429))
  if (lost) throw lost.wrong
}

export function forgetPhotos(): void {
  for (const { url } of chosen) URL.revokeObjectURL(url)
  chosen.length = 0
}

export function add(files: readonly File[], draft: Draft, changed: () => void, place: HTMLElement): void {
  draft.uploads ||= newKey()
  for (const file of files.slice(0, MOST - count(draft))) {
    const photo: Chosen = { blob: file, url: URL.createObjectURL(file), id: '', wrong: null, sending: Promise.resolve() }
    chosen.push(photo)
    photo.sending = smaller(file).then((blob) => {
      photo.blob = blob
      return send(photo, draft, changed, place)
    })
  }
  show(draft, changed, place)
}

/** Those of a page that was open before are known by their ids alone. */
const count = (draft: Draft): number => chosen.length + draft.photos.filter((id) => !chosen.some((photo) => photo.id === id)).length

async function send(photo: Chosen, draft: Draft, changed: () => void, place: HTMLElement): Promise<void> {
  photo.wrong = null
  try {
    photo.id = await upload(photo.blob, draft.uploads)
    draft.photos.push(photo.id)
    changed()
  } catch (error) {
    photo.wrong = failed(error)
  }
  if (chosen.includes(photo)) show(draft, changed, place)
}

export function show(draft: Draft, changed: () => void, place: HTMLElement): void {
  const remove = (id: string, photo?: Chosen) => () => {
    if (photo) chosen.splice(chosen.indexOf(photo), 1)
    draft.photos = draft.photos.filter((one) => one !== id)
    changed()
    show(draft, changed, place)
  }
  const before = draft.photos.filter((id) => !chosen.some((photo) => photo.id === id))
  const one = (n: number, id: string, photo?: Chosen) =>
    el('li', {},
      photo && !unseen.has(photo) ? el('img', { src: photo.url, alt: `${t.photo} ${n}`, width: 88, height: 88, onerror: () => unseen.add(photo) && show(draft, changed, place) }) : el('span', { className: 'there' }, `${t.photo} ${n}`),
      el('span', { className: photo?.wrong ? 'wrong' : 'quiet' }, photo?.wrong?.sentence ?? (id ? t.sent : common.sending)),
      button(t.remove, remove(id, photo), 'plain'))
  fill(place, ...before.map((id, n) => one(n + 1, id)), ...chosen.map((photo, n) => one(before.length + n + 1, photo.id, photo)))
}

/** At most SIDE pixels long, where this browser can draw it; else as it is. */
async function smaller(file: File): Promise<Blob> {
  try {
    const image = await new Promise<HTMLImageElement>((done, wrong) => {
      const made = el('img', { onload: () => done(made), onerror: wrong, src: URL.createObjectURL(file) })
    })
    const scale = Math.min(1, SIDE / Math.max(image.naturalWidth, image.naturalHeight))
    const canvas = el('canvas', { width: Math.round(image.naturalWidth * scale), height: Math.round(image.naturalHeight * scale) })
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height)
    URL.revokeObjectURL(image.src)
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.8))
    return blob && blob.size < file.size ? blob : file
  } catch {
    return file
  }
}

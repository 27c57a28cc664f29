/** Photos on their way to a service: kept as blobs on this device, sent in pieces that go on where they stopped (tus 1.0).
 *
 * `send` may be called any number of times for the same photo, from any tab or the service worker: what the server has is
 * not sent again. What a photo is called there (`id`) goes into the report or the act that it belongs to. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import { fetched, type Service } from './api'
import { Failed } from './problems'

export interface Photo {
  key: string
  /** What it belongs to; a form keeps its photos under its own name until it is sent. */
  of: string
  blob: Blob
  name: string
  taken: number
  service: Service
  /** Where it is being sent to, and what it is called there once all of it has come. */
  location?: string
  id?: string
}

interface Shelf extends DBSchema {
  photos: { key: string; value: Photo; indexes: { of: string } }
}

const PIECE = 512 * 1024
let opened: Promise<IDBPDatabase<Shelf>> | null = null
const shelf = () =>
  (opened ??= openDB<Shelf>('gridgov-photos', 1, {
    upgrade(db) {
      db.createObjectStore('photos', { keyPath: 'key' }).createIndex('of', 'of')
    },
  }))

export async function keep(photo: Photo): Promise<void> {
  // A form holds photos reactively, and IndexedDB clones no proxy.
  await (await shelf()).put('photos', { ...photo })
}

export const keptFor = async (of: string): Promise<Photo[]> =>
  (await (await shelf()).getAllFromIndex('photos', 'of', of)).sort((one, other) => one.taken - other.taken)

/** Photos that were kept under one name are kept under another: all of them or, where there is no room, none. How many. */
export async function handOver(from: string, to: string): Promise<number> {
  const step = (await shelf()).transaction('photos', 'readwrite')
  const all = await step.store.index('of').getAll(from)
  await Promise.all([...all.map((photo) => step.store.put({ ...photo, of: to })), step.done])
  return all.length
}

export async function drop(key: string): Promise<void> {
  await (await shelf()).delete('photos', key)
}

/** Send what is not there yet; its id on the server. `progress` hears of 0…1. Throws `Failed`. */
export async function send(photo: Photo, progress: (part: number) => void = () => undefined): Promise<string> {
  if (photo.id) return photo.id
  let at = photo.location ? await reached(photo.location) : null
  if (at === null) {
    photo.location = await begin(photo)
    at = 0
    await keep(photo)
  }
  while (at < photo.blob.size) {
    const answer = await fetched(photo.location!, {
      method: 'PATCH',
      headers: { 'tus-resumable': '1.0.0', 'upload-offset': String(at), 'content-type': 'application/offset+octet-stream' },
      body: photo.blob.slice(at, at + PIECE),
    })
    at = Number(answer.headers.get('upload-offset'))
    progress(at / photo.blob.size)
  }
  photo.id = photo.location!.split('/').pop()!
  await keep(photo)
  return photo.id
}

async function begin(photo: Photo): Promise<string> {
  const text = (value: string) => btoa(String.fromCharCode(...new TextEncoder().encode(value)))
  const answer = await fetched(`/${photo.service}/files`, {
    method: 'POST',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-length': String(photo.blob.size),
      'upload-metadata': `filename ${text(photo.name)},filetype ${text(photo.blob.type)}`,
    },
  })
  return new URL(answer.headers.get('location') ?? '', answer.url).pathname
}

/** How many bytes the server has; null where it no longer knows the upload. */
async function reached(location: string): Promise<number | null> {
  try {
    const answer = await fetched(location, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } })
    return Number(answer.headers.get('upload-offset'))
  } catch (error) {
    if (error instanceof Failed && (error.status === 404 || error.status === 410)) return null
    throw error
  }
}

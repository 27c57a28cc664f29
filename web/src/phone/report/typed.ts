/** What is typed into a report before it is sent: kept through anything, and taken back out of the outbox to be changed. */
import { draft } from '../../shared/drafts'
import { handOver } from '../../shared/photos'
import { throwAway } from '../outbox/waiting'
import type { Item } from '../outbox/shelf'

export interface Typed {
  text: string
  address: string
  category: string
  name: string
  phone: string
  /** Latitude and longitude (WGS-84), and how far off they may be, in metres; where the pin was put by hand, 0. */
  pin: [number, number] | null
  accuracy: number | null
}

export const EMPTY: Typed = { text: '', address: '', category: '', name: '', phone: '', pin: null, accuracy: null }
/** Under which the form's photos are kept until it is sent. */
export const FORM = 'report'
export const typedReport = () => draft<Typed>(FORM, EMPTY)

/** Take a refused report back into the form. */
export async function reportAnew(item: Item): Promise<void> {
  const body = item.body as { text?: string; address?: string; category?: string; point?: { latitude: number; longitude: number }; reporter?: { name?: string; phone?: string } }
  typedReport().value = {
    ...EMPTY,
    text: body.text ?? '',
    address: body.address ?? '',
    category: body.category ?? '',
    name: body.reporter?.name ?? '',
    phone: body.reporter?.phone ?? '',
    pin: body.point ? [body.point.latitude, body.point.longitude] : null,
  }
  for (const { of } of item.photos) await handOver(of, FORM)
  await throwAway(item)
}

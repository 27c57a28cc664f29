/** Taking a refused act back into the form that it was typed into, with its photos. */
import { draft } from '../../shared/drafts'
import { handOver } from '../../shared/photos'
import type { Item } from './shelf'
import { throwAway } from './waiting'

export async function actAnew(item: Item, form: NonNullable<Item['form']>): Promise<void> {
  draft(form.draft, {}).value = form.typed
  for (const { of } of item.photos) await handOver(of, form.draft + of.slice(item.key.length))
  await throwAway(item)
}

/** Files of premises as the API tells them, and what more than one part of the page needs of them. */
import type { components } from '../../api/registry'
import type { Light } from '../../shared/api'
import { role } from '../../shared/session'
import { local } from '../../shared/times'

type Parts = components['schemas']
export type Listed = Parts['ListedPremises']
export type Premises = Parts['PremisesOut']
export type Body = Parts['PremisesIn']
export type Entry = Parts['EntryOut']
export type Item = Parts['ItemOut']
export type Section = Parts['SectionOut']
export type Category = Premises['category']
export type Use = Premises['use']

/** A local day some days from now, as YYYY-MM-DD. */
export const dayFromNow = (days: number): string => new Date((local(new Date()).serial + days) * 86_400_000).toISOString().slice(0, 10)
const SOON = 31

/** Past its day: overdue; within a month: due soon. */
export const lightOf = (due: string | null | undefined): Light => (!due ? 'none' : due < dayFromNow(0) ? 'red' : due < dayFromNow(SOON) ? 'yellow' : 'green')
export const SOON_DAY = (): string => dayFromNow(SOON)

/** Who enters and changes files; the API says of each whether it lies in the caller's part of the tree. */
const KEEPERS = ['grid_worker', 'department_handler', 'leader', 'admin']
export const keeps = (): boolean => KEEPERS.includes(role() ?? '')

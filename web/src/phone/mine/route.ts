import { page } from '../page'
import { sends } from '../report/senders'
import { myReports, reportOf } from './questions'
import { t } from './texts'

export default page({
  path: 'mine',
  title: () => t.title,
  of: () => true,
  tab: { order: 40, icon: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-4 4-6 8-6s7 2 8 6' },
  asks: (id) => (id ? [reportOf(id)] : sends() ? [myReports] : []),
  list: () => import('./List.vue'),
  detail: () => import('./Detail.vue'),
})

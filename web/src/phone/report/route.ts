import { page } from '../page'
import { sends } from './senders'
import { t } from './texts'

export default page({
  path: 'report',
  title: () => t.title,
  tab: { order: 10, icon: 'M12 5v14M5 12h14' },
  of: sends,
  list: () => import('./List.vue'),
})

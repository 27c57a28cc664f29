import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '收件箱', state: '状态', light: '时限', number: '编号', name: '标题', category: '类别', unit: '责任单位', due: '到期',
    working: '有时限的', everything: '全部未结', done: '已签收', all: '全部状态', below: '含下级单位', asked: '有申请待批', empty: '这里是派给本单位的工单，目前没有符合条件的。新工单派来时会自动出现。',
    selected: (n: number) => `已选 ${n} 条`, acceptAll: '批量签收', accepted: (done: number, all: number) => `已签收 ${done} 条，共 ${all} 条`,
    filters: '筛选', only: (unit: string) => `仅 ${unit} ✕`, text: '标题、内容、编号', within: (days: number) => (days ? `${days} 天内到期` : '今天到期'), excel: '导出 Excel',
  },
  {
    title: 'Inbox', state: 'State', light: 'Limit', number: 'Number', name: 'Title', category: 'Category', unit: 'Unit', due: 'Due',
    working: 'With a limit', everything: 'All open', done: 'accepted', all: 'All states', below: 'With units below', asked: 'Requests waiting', empty: 'Here come the work orders given to your unit; none fits now. New ones appear by themselves.',
    selected: (n: number) => `${n} selected`, acceptAll: 'Accept all', accepted: (done: number, all: number) => `Accepted ${done} of ${all}`,
    filters: 'Filters', only: (unit: string) => `Only ${unit} ✕`, text: 'Words or number', within: (days: number) => (days ? `due in ${days} days` : 'due today'), excel: 'Excel',
  },
)

export const todayWords = texts(
  { opened: '今天立案', resolved: '今天办结', closed: '今天结案' },
  { opened: 'Opened today', resolved: 'Resolved today', closed: 'Closed today' },
)

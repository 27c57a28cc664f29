import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '辖区场所', search: '名称、拼音首字母、地址、档案号', empty: '您的网格里还没有这样的场所档案。可以在电脑端“台账”里建档或导入。', due: (day: string) => `${day} 到期`, late: (day: string) => `${day} 已超期`,
    category: '类别', address: '地址', hours: '营业时间', people: '最多人数', responsible: '法定代表人', manager: '消防安全管理人', call: (who: string) => `拨打 ${who}`, whatIsDue: '到期提醒', nothingDue: '没有到期事项', map: '位置', key: '重点单位', nobody: '没有登记电话', number: '档案号', more: (n: number) => `还有 ${n} 个，请输入名称查找`, keep: '档案登记', file: '消防档案', change: '修改', end: '作废', add: '登记',
    inspect: '去检查', hazards: '未销案的隐患', noHazards: '没有未销案的隐患', reinspect: '去复查',
  },
  {
    title: 'Premises', search: 'Name, pinyin initials, address, number', empty: 'Your grid has no such files yet. They are entered or imported on the desk, under Ledger.', due: (day: string) => `due ${day}`, late: (day: string) => `overdue since ${day}`,
    category: 'Kind', address: 'Address', hours: 'Hours', people: 'Most people', responsible: 'Responsible', manager: 'Safety manager', call: (who: string) => `Call ${who}`, whatIsDue: 'What is due', nothingDue: 'Nothing is due', map: 'Map', key: 'Key unit', nobody: 'No phone is given', number: 'Number', more: (n: number) => `${n} more: type a name`, keep: 'What the file says', file: 'Fire-safety file', change: 'Change', end: 'End', add: 'Add',
    inspect: 'Inspect', hazards: 'Open hazards', noHazards: 'No open hazards', reinspect: 'Re-inspect',
  },
)

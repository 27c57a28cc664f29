import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '本场所', hazards: '隐患整改', noHazards: '没有待整改的隐患。', waits: '已报告整改，等待复查', duties: '我的职责', noDuties: '现在没有到期的职责。', all: '查看全部', file: '消防档案', nothingDue: '没有到期事项。',
    late: (day: string) => `${day} 已超期`, until: (day: string) => `${day} 到期`, inspections: '检查记录', noInspections: '还没有检查记录。', findings: (n: number) => `发现隐患 ${n} 条`, fine: '未发现问题', activities: '培训和演练', open: '查看和登记', check: '开始自查',
    none: '您的任职还没有对应的场所。请联系街道管理员核对任职。',
  },
  {
    title: 'My premises', hazards: 'To put right', noHazards: 'Nothing is to be put right.', waits: 'Said to be put right, waits for the re-inspection', duties: 'My duties', noDuties: 'Nothing is due now.', all: 'Show all', file: 'Fire-safety file', nothingDue: 'Nothing is due.',
    late: (day: string) => `overdue since ${day}`, until: (day: string) => `due ${day}`, inspections: 'Inspections', noInspections: 'No inspections yet.', findings: (n: number) => (n === 1 ? '1 hazard found' : `${n} hazards found`), fine: 'Nothing found', activities: 'Training and drills', open: 'Show and enter', check: 'Check it yourself',
    none: 'Your post names no premises. Ask the administrator of your street to look at it.',
  },
)

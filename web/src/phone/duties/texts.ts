import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '我的职责', empty: '现在没有到期的职责。', inspect: '去检查', recheck: '去复查', check: '去自查', activity: '去登记', hand: '登记完成', waive: '申请豁免', asked: '已申请豁免，等待上级决定', declined: (why: string) => `上级不同意豁免：${why}`, waived: (when: string) => `本期已豁免，下期 ${when} 开始`, done: (when: string) => `本期已完成，下期 ${when} 开始`,
    late: '逾期', week: '七天内', later: '以后', theirs: '辖区场所自己的职责', counts: (acts: string) => `完成方式：${acts}`, other: '本期已完成或尚未开始', begins: (when: string) => `${when} 开始`,
  },
  {
    title: 'My duties', empty: 'Nothing is due.', inspect: 'Inspect', recheck: 'Re-check', check: 'Check it', activity: 'Enter it', hand: 'It was done', waive: 'Ask to be let off', asked: 'A waiver is asked for; whoever is above decides', declined: (why: string) => `The waiver was declined: ${why}`, waived: (when: string) => `Let off; the next period begins ${when}`, done: (when: string) => `Done; the next period begins ${when}`,
    late: 'Overdue', week: 'Within seven days', later: 'Later', theirs: 'What the premises of my area owe', counts: (acts: string) => `Done by ${acts}`, other: 'Done for now, or to begin', begins: (when: string) => `Begins ${when}`,
  },
)

import { texts } from '../shared/i18n'

export const t = texts(
  {
    rateTitle: '请您评价', rateAgain: '修改评价', contacted: '办理人员联系过您吗？', yes: '联系过', no: '没有',
    solved: '问题解决了吗？', solvedYes: '已解决', solvedPartly: '部分解决', solvedNot: '未解决', satisfied: '您满意吗？', satisfiedYes: '满意', satisfiedBasically: '基本满意', satisfiedNot: '不满意',
    words: '想说的话（选填）', rate: '提交评价', rated: '您已评价', chooseAll: '请回答上面三个问题',
    reopenTitle: '要求重新办理', reopenLead: (until: string) => `如果问题没有解决，${until} 前可以要求重新办理。`, why: '哪里没有解决？', whyNeeded: '请写明哪里没有解决', reopen: '要求重新办理',
  },
  {
    rateTitle: 'Please rate it', rateAgain: 'Change your rating', contacted: 'Did somebody contact you?', yes: 'Yes', no: 'No',
    solved: 'Is it solved?', solvedYes: 'Solved', solvedPartly: 'In part', solvedNot: 'Not solved', satisfied: 'Are you satisfied?', satisfiedYes: 'Satisfied', satisfiedBasically: 'Mostly', satisfiedNot: 'Not satisfied',
    words: 'Anything to add (optional)', rate: 'Send the rating', rated: 'Your rating', chooseAll: 'Answer the three questions above',
    reopenTitle: 'Have it reopened', reopenLead: (until: string) => `If it is not solved you may have it reopened, until ${until}.`, why: 'What is not solved?', whyNeeded: 'Say what is not solved', reopen: 'Have it reopened',
  },
)

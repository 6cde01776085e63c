import type { Format } from '../../../../texts/format'
import type { statistics as english } from '../en/statistics'

export const statistics = (f: Format): ReturnType<typeof english> => ({
  statistics: {
    heading: 'إحصاءات كل الميزانيات',
    totals: 'المجاميع',
    span: 'المدة',
    lastDays: (days) => `عدد الأيام الأخيرة: ${days}`,
    days: 'الإجابات حسب اليوم (UTC)',
    sumOfDays: (sum, days) => `عدد الإجابات: ${f.count(sum)}، عدد الأيام: ${f.count(days)}`,
    day: 'اليوم',
    submissions: 'الإجابات',
    anonymous: 'منها بلا «تذكّرني»',
    noDays: 'لا توجد إجابات في هذه المدة.',
    averages: 'المتوسطات حسب البند',
    noAverages: 'لم تُنشر متوسطات بعد.',
    category: 'البند',
    average: 'المتوسط',
    revisions: 'عدد مرات الإجابة',
    revisionsText: 'الأشخاص الذين يتذكرهم الخادم أو لديهم رمز. كل مرة بعد الأولى تعديل.',
    revised: 'مشاركون عدّلوا إجاباتهم',
    times: 'المرات',
    participants: 'المشاركون',
    noRevisions: 'لا يتذكر الخادم أحدًا بعد.',
    budget: 'الميزانية',
    noBudgets: 'لا توجد ميزانيات.',
  },
})

/** Whether new things are told of on the desktop, and how much. Remembered on this computer. */
export const NOTICE_CHOICES = ['case', 'plain', 'off'] as const;
export type NoticeChoice = (typeof NOTICE_CHOICES)[number];

const STORAGE_KEY = 'behorig.notices';

export function noticeChoice(): NoticeChoice {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return NOTICE_CHOICES.find((each) => each === stored) ?? 'case';
  } catch {
    return 'case';
  }
}

export function chooseNotices(choice: NoticeChoice): void {
  try {
    localStorage.setItem(STORAGE_KEY, choice);
  } catch {
    // Without storage there is nothing to remember it by.
  }
}

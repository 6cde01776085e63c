/** English defines the texts of the page: a language with a missing or an extra text does not compile. */
export const texts = {
  intro: 'This page is made from the settings of this server.',
  stored: 'What is stored',
  storedText:
    'Each answer: how it divides the 100%, and when it was submitted. No name, no e-mail address, no account. The address of a result page contains a random number; whoever has the link sees that one answer.',
  cookie: 'Cookie',
  cookieText:
    'Only if you ask to be remembered, this browser keeps one cookie with a random number for a year. By it your latest answer replaces the one before, and you can see and erase your answers. It is sent to this server alone.',
  codes:
    'On a budget with codes, the code takes the place of the cookie. The server stores no code, only what it needs to recognise one.',
  browser:
    'Your browser keeps the language that you chose. Until you close the tab or erase your answers, it also keeps the draft in the form, your code, and an answer that you gave with a code or without a cookie. Your income in the tax receipt never leaves it.',
  address: 'Your network address',
  addressText:
    'Limits are counted by network, so that nobody can answer in masses. The address is turned into a number with a secret key at once, and is neither stored nor logged. The key is a new one each day, and the old one is deleted within 48 hours. Organisers see how many answers of an hour came from one network or were the same, as numbers only.',
  organisers: 'What organisers see',
  organisersText:
    'Organisers of a budget can read single answers and the hour of each, and never who gave them: their list leads to no result page, no cookie and no code. They can take answers out of the count. Everybody then sees how many and why, and you see it at your own answer.',
  log: 'Log',
  logText:
    'The log of the server names no address, no participant and no answer. A proxy or host in front of it may keep a log of its own.',
  kept: 'How long, and how it is shown',
  rights: 'See, take along, erase',
  rightsText:
    'With the cookie you can see, download and erase your answers, also when the budget has closed. With a code you can erase the answer that you gave with it, but not see or download it. An answer without a cookie or code belongs to nobody: not even the operator can find it for you.',
  rightsLink: 'To my answers',
  backups: 'Copies that the operator made of the database keep what was erased until they are replaced.',
  operator: 'Who runs this server',
  operatorUnknown: 'The operator has not written a name here.',
  contact: (contact: string) => `Contact: ${contact}`,
}

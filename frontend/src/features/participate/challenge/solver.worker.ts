import { pbkdf2Async } from '@noble/hashes/pbkdf2.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { solveChallenge, type Challenge, type DeriveKeyFunction } from 'altcha/lib'

/** What `solveChallengeWorkers` sends to each of its workers. */
type Message =
  | { type: 'work'; challenge: Challenge; counterStart: number; counterStep: number; timeout: number }
  | { type: 'abort' }

/** Two calls for each try. Plain-http addresses other than localhost have no `crypto.subtle`, so script must do there. */
const deriveKey: DeriveKeyFunction = async ({ cost, keyLength }, salt, password) => {
  // Not there in every browser, whatever the types say.
  const subtle = crypto.subtle as SubtleCrypto | undefined
  if (!subtle) {
    return { derivedKey: await pbkdf2Async(sha256, password, salt, { c: cost, dkLen: keyLength }) }
  }
  const key = await subtle.importKey('raw', Uint8Array.from(password), 'PBKDF2', false, ['deriveBits'])
  const parameters = { name: 'PBKDF2', hash: 'SHA-256', salt: Uint8Array.from(salt), iterations: cost }
  return { derivedKey: new Uint8Array(await subtle.deriveBits(parameters, key, keyLength * 8)) }
}

// The worker ends with its page or when another one has found the solution, so `abort` needs no answer.
addEventListener('message', ({ data }: MessageEvent<Message>) => {
  if (data.type !== 'work') return
  const { challenge, counterStart, counterStep, timeout } = data
  solveChallenge({ challenge, counterStart, counterStep, timeout, deriveKey }).then(
    (solution) => {
      postMessage(solution)
    },
    (error: unknown) => {
      postMessage({ error: String(error) })
    },
  )
})

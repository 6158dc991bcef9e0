import t from 'tap'
import { checkGoodbyes } from '#src/drill/checks/goodbyes.js'
import type { Goodbye, Observed } from '#src/drill/observation/observed.js'
import { anObserved, aRestart } from '../an-observed.js'

const goodbye = (manner: Goodbye['manner'], how: string, atMs = 700): Goodbye => ({
  kind: 'webSocket',
  manner,
  how,
  atMs,
})

function observed(goodbyes: readonly Goodbye[]): Observed {
  const { options } = anObserved()
  return anObserved({
    options: { ...options, paths: { ...options.paths, webSocket: '/socket' } },
    restarts: [aRestart({ goodbyes })],
  })
}

t.test('without the option there is no finding', async (t) => {
  t.strictSame(checkGoodbyes(anObserved()), [])
})

t.test('everybody has to be told', async (t) => {
  t.match(checkGoodbyes(observed([goodbye('told', 'close code 1001')])), [
    { code: 'websocket-goodbye', verdict: 'passed' },
  ])
  t.match(
    checkGoodbyes(observed([goodbye('told', 'close code 1001'), goodbye('cut', 'no close frame (1006)')])),
    [
      {
        verdict: 'failed',
        evidence: ['restart 1, instance 1: 1 WebSocket, no close frame (1006), 700 ms after the signal'],
      },
    ],
  )
})

t.test('an unusual close code is a warning', async (t) => {
  t.match(checkGoodbyes(observed([goodbye('unclear', 'close code 1005')])), [{ verdict: 'warning' }])
})

t.test('when nobody was there it is not known', async (t) => {
  t.match(checkGoodbyes(observed([])), [{ verdict: 'unchecked' }])
})

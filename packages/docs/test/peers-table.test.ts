import t from 'tap'
import { formatPeers } from '#src/peers-table.js'
import { replaceBlock } from '#src/replace-block.js'

const results = `# Rolling deploys behind real balancers

2026-01-02 · Node 20.0.0 · HAProxy 2.6.12 · 2 cores

\`a command\`

## Behind HAProxy, a check each 200 ms

| app  | restarts | requests | lost | restarts with a loss | exits ≠ 0 | signal to exit, median |
| ---- | -------: | -------: | ---: | -------------------: | --------: | ---------------------: |
| ours |      200 |   87,915 |    0 |                    0 |         0 |                  1.7 s |

## Without a balancer

| app  | restarts | requests | lost | restarts with a loss | exits ≠ 0 | signal to exit, median |
| ---- | -------: | -------: | ---: | -------------------: | --------: | ---------------------: |
| ours |      121 |  141,365 |    0 |                    0 |         1 |                  6.3 s |
| peer |    1,020 |    3,500 |  162 |                   20 |         2 |                  0.0 s |

## What ours is held to

- something
`

t.test('a row has what was lost behind each balancer, and a dash where nobody measured', (t) => {
  t.equal(
    formatPeers(results).replaceAll('\u00A0', ' '),
    `|  | behind HAProxy | without a balancer | signal to exit, medians | exits ≠ 0 |
| --- | --- | --- | --- | --- |
| ours | 0 of 87,915<br>0 of 200 | 0 of 141,365<br>0 of 121 | 1.7 s · 6.3 s | 1 of 321 |
| peer | – | 162 of 3,500<br>20 of 1,020 | – · 0.0 s | 2 of 1020 |

Measured on 2026-01-02: Node 20.0.0 · HAProxy 2.6.12 · 2 cores.`,
  )
  t.end()
})

t.test('results that have changed their form are refused', (t) => {
  t.throws(() => formatPeers(results.replaceAll('| lost |', '| gone |')), {
    message: "the results have no column 'lost'",
  })
  t.throws(() => formatPeers('# Rolling deploys\n'), { message: 'the results have no table' })
  t.end()
})

t.test('a block is replaced between its marks, and nothing else', (t) => {
  const text = 'a\n<!-- peers: from x -->\nold\n<!-- /peers -->\nb\n'
  t.equal(replaceBlock(text, 'peers', '$1'), 'a\n<!-- peers: from x -->\n\n$1\n\n<!-- /peers -->\nb\n')
  t.throws(() => replaceBlock('a', 'peers', 'new'), { message: "there is no block 'peers'" })
  t.end()
})

import t from 'tap'
import { html } from '#src/drill/html/markup.js'

t.test('whatever is no markup is escaped', async (t) => {
  const hostile = `"><script>alert('&')</script>`
  t.equal(
    html`<p title="${hostile}">${hostile}</p>`.markup,
    '<p title="&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;">&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;</p>',
  )
})

t.test('markup, numbers, lists and nothing can be put in', async (t) => {
  const items = ['a', '<b>'].map((text) => html`<li>${text}</li>`)
  t.equal(html`${items}${undefined}${['<', 7]}`.markup, '<li>a</li><li>&lt;b&gt;</li>&lt;7')
})

t.test('control characters, of which no document may have any, are shown as unknown ones', async (t) => {
  t.equal(html`${'a\u0000b\u001B[31mc\td\ne'}`.markup, 'a\uFFFDb\uFFFD[31mc\td\ne')
})

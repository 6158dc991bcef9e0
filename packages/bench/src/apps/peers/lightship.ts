// lightship as it runs in Kubernetes: a delay of 5 s, a beacon for each request, and the handler of its README.
import { createLightship } from 'lightship'
import { createOrdersServer } from '../orders-server.js'
import { host, port } from '../variant.js'

// its own port is any that is free; what it says there is `isServerReady`
const lightship = await createLightship({ detectKubernetes: false, port: 0 })
const server = createOrdersServer(lightship.isServerReady)
server.on('request', (_req, res) => {
  const beacon = lightship.createBeacon()
  res.once('close', () => void beacon.die())
})
lightship.registerShutdownHandler(() => {
  server.close()
})
server.listen(port, host, () => lightship.signalReady())

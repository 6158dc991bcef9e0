// @ts-check
// Traces. Comes before all that is traced: `node --import ./telemetry.js server.js`.
import { getShutdown } from '@lastcall/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { NodeSDK } from '@opentelemetry/sdk-node'

// OTEL_EXPORTER_OTLP_ENDPOINT says where to, OTEL_SERVICE_NAME from whom.
const sdk = new NodeSDK({ traceExporter: new OTLPTraceExporter() })
sdk.start()

// Without a listener to SIGTERM: the last spans end with the last requests, and what is released before may be traced.
getShutdown().register('traces', {
  onRelease: () => sdk.shutdown(),
  dependsOn: [],
  // the exporter would go on asking a collector that is down for 7 s
  timeoutMs: 1_500,
})

import { mayBeNode, selects } from '../workloads/relations.js'
import type { Rule } from './rule.js'

/** Readiness says nothing to who is sent requests anyway. */
export const publishesNotReady: Rule = ({ model }) =>
  model.services.flatMap((service) => {
    const { name, publishesNotReady: published, isHeadless } = service
    // peers of a headless service find each other before they are ready, on purpose
    if (!published?.value || isHeadless) return []
    const controller = model.controllers.find((one) => mayBeNode(one) && selects(service, one))
    if (!controller) return []
    return {
      code: 'publishes-not-ready',
      severity: 'warning',
      at: published.at,
      message: `The service ${name} goes on sending requests to pods of ${controller.name} that are not ready, so no lame duck is left alone.`,
      fix: 'publishNotReadyAddresses: false',
    }
  })

import type { Field } from '../parse/field.js'
import { list } from '../parse/located.js'
import type { Container } from './model.js'

/** A list of names and values, as Kubernetes and ECS have it; a value from elsewhere is not known. */
export const readEnvList = (field: Field | undefined): Container['env'] =>
  new Map(
    list(field).flatMap((entry) => {
      const name = entry.get('name')?.text()
      const value = entry.get('value')
      return name === undefined ? [] : [[name, { value: value?.text(), at: value?.at ?? entry.at }] as const]
    }),
  )

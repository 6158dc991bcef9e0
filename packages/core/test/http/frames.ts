import { connectFrames, type FrameClient, type FramesOptions } from '@lastcall/testing'
import type { Test } from 'tap'

/** A connection that shows every frame, until the test is over. */
export async function frames(t: Test, options: FramesOptions): Promise<FrameClient> {
  const client = await connectFrames(options)
  t.teardown(() => client.socket.destroy())
  return client
}

/** Nothing could be checked, as opposed to something that was checked and found wrong. */
export class DoctorError extends Error {
  override readonly name = 'DoctorError'
}

/** Which settings an organization manages, by dotted names. Pure. */

/** Whether a setting is managed, or a part of it, or what it is a part of. */
export function isManaged(field: string, managed: readonly string[]): boolean {
  return managed.some((one) => one === field || one.startsWith(`${field}.`) || field.startsWith(`${one}.`));
}

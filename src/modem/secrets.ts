/** Values that must not show in logs. Bounded: a host may sign in with another token every minute, for months. */
const most = 256;

export class Secrets extends Set<string> {
  /** The oldest makes room. */
  override add(value: string): this {
    this.delete(value);
    super.add(value);
    if (this.size > most) this.delete(this.values().next().value!);
    return this;
  }
}

// What is known of a device before it has registered.

export interface DeviceDirectory {
  /** What it may prove itself with; none: there is no such device. */
  secretsOf(device: string): readonly string[];
  agentOf(device: string): string | undefined;
  /** How it wants to be called; undefined: as its registration says. */
  securityOf(device: string): 'sdes' | undefined;
  /** The trunk as whose customer the phone calls; undefined: it is an agent's. */
  trunkOf(device: string): string | undefined;
  /** Whether the number is a visitor's: rung at the phone of that name, never over a trunk. */
  isVisitor(number: string): boolean;
}

// What is known of a device before it has registered.

export interface DeviceDirectory {
  /** Its password. */
  secretOf(device: string): string | undefined;
  agentOf(device: string): string | undefined;
  /** How it wants to be called; undefined: as its registration says. */
  securityOf(device: string): 'sdes' | undefined;
}

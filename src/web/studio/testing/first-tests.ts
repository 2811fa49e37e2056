// The first test of a flow that has none: a call that hears anything, to be gone on from.

export function firstTests(flow: string, title: string): string {
  return `# See docs/flow-tests.md.
version: 1
flow: ${flow}

cases:
  - case: ${title}
    script:
      - hears: …
`;
}

// A template with what the agent filled in; what is still missing stays as `{name}`.

export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{([^{}\n]{1,40})\}/g, (place, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return value === undefined || value === '' ? place : value;
  });
}

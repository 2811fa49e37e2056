// The page of somebody who opened the address in a browser: what runs here, and where to go on.
import { rule } from '../access.js';
import { type Api, textAnswer } from '../api.js';
import type { ApiServices } from '../services.js';

export function homeRoute(api: Api, { flows, health }: Pick<ApiServices, 'flows' | 'health'>): void {
  api.get(
    '/',
    rule('open', { tags: ['home'], summary: 'What runs here', response: { 200: textAnswer('text/html', 'A page.') } }),
    async (_request, reply) => {
      const { name, numbers, queues, agents } = flows.centre();
      const down = health().filter(({ up, needed }) => needed && !up);
      const state =
        down.length === 0 ? 'ready to take calls' : `not ready: ${down.map((part) => part.name).join(', ')}`;
      const size = `${numbers.length} numbers, ${queues.size} queues, ${agents.size} agents`;
      return reply.type('text/html; charset=utf-8').send(page(escapeHtml(name), escapeHtml(state), size));
    },
  );
}

function page(name: string, state: string, size: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${name}</title>
<h1>${name}</h1>
<p>This is a <strong>Hilo</strong> contact centre server with ${size}: ${state}.</p>
<ul>
<li><a href="/docs">The HTTP API</a></li>
<li><a href="/health/ready">Health of each part</a></li>
<li><a href="/metrics">Metrics</a></li>
</ul>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (symbol) => `&#${symbol.charCodeAt(0)};`);
}

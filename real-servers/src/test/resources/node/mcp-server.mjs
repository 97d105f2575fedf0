// An MCP server over streamable HTTP with one tool, made with the SDK. It knows nothing about tokens.
// Usage: node mcp-server.mjs; prints the port on which it listens.
import {randomUUID} from 'node:crypto';
import {createServer} from 'node:http';
import {Server} from '@modelcontextprotocol/sdk/server/index.js';
import {StreamableHTTPServerTransport} from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {CallToolRequestSchema, ListToolsRequestSchema} from '@modelcontextprotocol/sdk/types.js';

const ADD = {
  name: 'add',
  description: 'Adds two numbers',
  inputSchema: {type: 'object', properties: {a: {type: 'number'}, b: {type: 'number'}}, required: ['a', 'b']},
};
const sessions = new Map();

/** One session: its transport, and whether the client keeps a stream open for it. */
async function open() {
  const session = {};
  session.streaming = new Promise((resolve) => (session.streams = resolve));
  const server = new Server({name: 'sums', version: '1.0.0'}, {capabilities: {tools: {}, logging: {}}});
  server.setRequestHandler(ListToolsRequestSchema, () => ({tools: [ADD]}));
  server.setRequestHandler(CallToolRequestSchema, async ({params}, {requestInfo}) => {
    await session.streaming;
    // Not a part of the answer, so it takes the stream that the client keeps open.
    await server.sendLoggingMessage({level: 'info', data: 'an addition'});
    const seen = {
      sum: params.arguments.a + params.arguments.b,
      authorization: requestInfo.headers.authorization ?? '',
      protocol: requestInfo.headers['mcp-protocol-version'] ?? '',
    };
    return {content: [{type: 'text', text: JSON.stringify(seen)}]};
  });
  session.transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => sessions.set(id, session),
  });
  await server.connect(session.transport);
  return session;
}

const http = createServer(async (request, response) => {
  const session = sessions.get(request.headers['mcp-session-id']) ?? (await open());
  if (request.method === 'GET') {
    const looking = setInterval(() => {
      if (response.headersSent) {
        clearInterval(looking);
        session.streams();
      }
    }, 5);
    response.on('close', () => clearInterval(looking));
  }
  await session.transport.handleRequest(request, response);
});
http.listen(0, '127.0.0.1', () => console.log(`listening on ${http.address().port}`));

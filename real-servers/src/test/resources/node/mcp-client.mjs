// The client of the MCP SDK: knows the URL of a server and credentials for its authorization server, finds out the rest.
// Usage: node mcp-client.mjs SETTINGS.json, with url, issuer, clientId, clientSecret, scope (for this grant the SDK does
// not take it from the challenge), and resource to ask for a token for another resource. The last line that it prints is
// what happened, as JSON.
import {readFileSync} from 'node:fs';
import {Client} from '@modelcontextprotocol/sdk/client/index.js';
import {ClientCredentialsProvider} from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import {StreamableHTTPClientTransport} from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {LoggingMessageNotificationSchema} from '@modelcontextprotocol/sdk/types.js';

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const result = {requests: [], tools: [], answer: {}, notice: '', error: ''};

async function recorded(input, init) {
  const response = await fetch(input, init);
  const headers = new Headers(init?.headers);
  result.requests.push({
    method: init?.method ?? 'GET',
    url: String(input),
    status: response.status,
    accept: headers.get('accept') ?? '',
    protocol: headers.get('mcp-protocol-version') ?? '',
    scheme: headers.get('authorization')?.split(' ')[0] ?? '',
    type: response.headers.get('content-type') ?? '',
    challenge: response.headers.get('www-authenticate') ?? '',
  });
  return response;
}

const authProvider = new ClientCredentialsProvider({
  clientId: settings.clientId,
  clientSecret: settings.clientSecret,
  scope: settings.scope,
  expectedIssuer: settings.issuer,
});
if (settings.resource) {
  authProvider.validateResourceURL = () => new URL(settings.resource);
}
const client = new Client({name: 'test', version: '1.0.0'});
const noticed = new Promise((resolve) =>
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({params}) => resolve(params.data)),
);
const transport = new StreamableHTTPClientTransport(new URL(settings.url), {authProvider, fetch: recorded});
try {
  await client.connect(transport);
  result.tools = (await client.listTools()).tools.map((tool) => tool.name);
  const answer = await client.callTool({name: 'add', arguments: {a: 2, b: 40}});
  result.answer = JSON.parse(answer.content[0].text);
  result.notice = await noticed;
  await transport.terminateSession();
} catch (error) {
  result.error = String(error);
}
await client.close();
console.log(JSON.stringify({...result, token: authProvider.tokens()?.access_token ?? ''}));

// node-oidc-provider with the clients of the tests: once over http, once over https with client certificates.
// Usage: node provider.mjs SETTINGS.json, with port, tlsPort, cert, key, ca (PEM files), gatewayKey (public JWK), secrets.
import {readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {createServer as createTlsServer} from 'node:https';
import {Provider} from 'oidc-provider';

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const noGrants = {grant_types: [], redirect_uris: [], response_types: []};
const credentials = {...noGrants, grant_types: ['client_credentials']};

function client(name, more) {
  return {client_id: name, client_secret: settings.secrets[name], ...more};
}

const common = [
  client('app', credentials),
  client('app-dpop', {...credentials, dpop_bound_access_tokens: true}),
  client('gateway', noGrants),
  client('gateway-signed', {...noGrants, introspection_signed_response_alg: 'RS256'}),
  client('gateway-bearer', credentials),
  {
    ...noGrants,
    client_id: 'gateway-key',
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks: {keys: [settings.gatewayKey]},
  },
];
const withCertificates = [
  client('app-mtls', {...credentials, tls_client_certificate_bound_access_tokens: true}),
  {
    ...noGrants,
    client_id: 'gateway-mtls',
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_subject_dn: 'CN=gateway-mtls',
  },
];
const mTLS = {
  enabled: true,
  certificateBoundAccessTokens: true,
  tlsClientAuth: true,
  getCertificate: (ctx) => ctx.req.socket.getPeerX509Certificate?.(),
  certificateAuthorized: (ctx) => ctx.req.socket.authorized,
  certificateSubjectMatches: (ctx, property, expected) =>
    property === 'tls_client_auth_subject_dn' && ctx.req.socket.getPeerX509Certificate().subject === expected,
};

function provider(issuer, clients, more, authMethods) {
  const made = new Provider(issuer, {
    clients,
    scopes: ['orders:read', 'orders:write', 'introspect'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', ...authMethods],
    extraTokenClaims: () => ({tenant: {name: 'acme', groups: ['blue', 'green']}}),
    ttl: {ClientCredentials: 300},
    features: {
      devInteractions: {enabled: false},
      clientCredentials: {enabled: true},
      revocation: {enabled: true},
      introspection: {enabled: true, allowedPolicy: () => true},
      jwtIntrospection: {enabled: true},
      dPoP: {enabled: true},
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx, resource) => ({
          scope: 'orders:read orders:write',
          audience: resource,
          accessTokenFormat: 'opaque',
        }),
      },
      ...more,
    },
  });
  made.use(ownTokenInsteadOfClient(made));
  return made;
}

// Servers such as Ory Hydra let the resource server show an access token of its own (RFC 7662 section 2.1);
// this one asks for client authentication, so the token is checked here and exchanged for that.
function ownTokenInsteadOfClient(made) {
  const gateway = Buffer.from(`gateway:${settings.secrets.gateway}`).toString('base64');
  return async (ctx, next) => {
    if (ctx.path === '/bearer/introspection') {
      const [scheme, value] = ctx.get('authorization').split(' ');
      const token = scheme === 'Bearer' ? await made.ClientCredentials.find(value) : undefined;
      if (!token?.isValid || token.clientId !== 'gateway-bearer') {
        ctx.status = 401;
        ctx.set('WWW-Authenticate', 'Bearer error="invalid_token"');
        return;
      }
      ctx.req.headers.authorization = `Basic ${gateway}`;
      ctx.path = '/token/introspection';
    }
    await next();
  };
}

const http = provider(`http://127.0.0.1:${settings.port}`, common, {}, []);
const https = provider(`https://127.0.0.1:${settings.tlsPort}`, [...common, ...withCertificates], {mTLS}, [
  'tls_client_auth',
]);
createTlsServer(
  {
    cert: readFileSync(settings.cert),
    key: readFileSync(settings.key),
    ca: readFileSync(settings.ca),
    requestCert: true,
    rejectUnauthorized: false,
  },
  https.callback(),
).listen(settings.tlsPort, '127.0.0.1', () => createServer(http.callback()).listen(settings.port, '127.0.0.1'));

// A certified OpenID provider that signs everybody in as ada, at once; with a third argument, `ask`, it asks who one is. Arguments:
// redirect URI, post-logout redirect URI, `ask` or nothing, back-channel logout URI or none. Prints its issuer, then ends with its standard input.
import { createServer } from 'node:http';
import { request as send } from 'node:https';
import Provider from 'oidc-provider';

const [redirect, postLogout, ask, logout] = process.argv.slice(2);
const server = createServer();
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const issuer = `http://127.0.0.1:${server.address().port}`;

const people = {
  ada: { name: 'Ada Lovelace', groups: ['staff', 'sre'] },
  ben: { name: 'Ben Okoye', groups: ['staff'] },
  cleo: { name: 'Cleo Marsh', groups: [] },
};
const grants = new Set();

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'doorward',
    client_secret: 'a secret with spaces & signs: +/=%',
    redirect_uris: [redirect],
    post_logout_redirect_uris: [postLogout],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    ...(logout && { backchannel_logout_uri: logout, backchannel_logout_session_required: true }),
  }],
  pkce: { required: () => true },
  scopes: ['openid', 'profile', 'email', 'offline_access'],
  claims: { openid: ['sub', 'groups'], profile: ['name'], email: ['email', 'email_verified'] },
  acrValues: ['pwd', 'mfa'],
  features: { devInteractions: { enabled: false }, revocation: { enabled: true }, rpInitiatedLogout: { enabled: true }, backchannelLogout: { enabled: true } },
  fetch: post,
  ttl: { AccessToken: 300, IdToken: 3600, RefreshToken: 86400, Session: 86400, Grant: 86400, Interaction: 600 },
  issueRefreshToken: async () => true,
  rotateRefreshToken: true,
  interactions: { url: (_, interaction) => `/interact/${interaction.uid}` },
  findAccount: async (_, sub) => ({
    accountId: sub,
    claims: async () => ({ sub, ...people[sub], email: `${sub}@example.com`, email_verified: true }),
  }),
});

// Every host is this machine, with a certificate of the test's own authority.
function post(url, { headers, body }) {
  const { hostname, port, pathname, host } = new URL(url);
  return new Promise((done, fail) => {
    const request = send(
      { method: 'POST', host: '127.0.0.1', port, path: pathname, servername: hostname, headers: { ...Object.fromEntries(new Headers(headers)), host }, rejectUnauthorized: false },
      (answer) => done(new Response(null, { status: answer.statusCode })));
    request.on('error', fail);
    request.end(String(body));
  });
}

async function interact(request, response) {
  const { params, prompt, session } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    const person = ask ? new URL(request.url, issuer).searchParams.get('as') : 'ada';
    if (!person) return choose(response);
    const acr = params.acr_values?.split(' ')[0] ?? 'pwd';
    return provider.interactionFinished(request, response, { login: { accountId: person, acr, amr: acr === 'mfa' ? ['pwd', 'otp'] : ['pwd'] } });
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const grantId = await grant.save();
  grants.add(grantId);
  return provider.interactionFinished(request, response, { consent: { grantId } }, { mergeWithLastSubmission: true });
}

function choose(response) {
  const buttons = Object.entries(people).map(([id, { name }]) => `<button name="as" value="${id}">${name}</button>`);
  response.setHeader('content-type', 'text/html');
  response.end(`<!DOCTYPE html><title>Who are you?</title><h1>Who are you?</h1><form>${buttons.join('')}</form>`);
}

const callback = provider.callback();
server.on('request', async (request, response) => {
  try {
    if (request.url.startsWith('/interact/')) return await interact(request, response);
    if (request.url === '/lab/revoke') for (const id of grants) await (await provider.Grant.find(id))?.destroy();
    if (request.url === '/lab/groups') people.ada.groups = ['staff'];
    if (request.url.startsWith('/lab/')) return response.end();
    return callback(request, response);
  } catch (e) {
    response.writeHead(500).end(String(e));
  }
});

console.log(issuer);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));

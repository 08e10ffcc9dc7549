// A certified client's whole way through a provider: discovery, sign-in, tokens, user info, refresh, sign-out.
// node openid-client-flow.mjs ISSUER REDIRECT_URI: answers one JSON line; any answer that is not by the book throws.
import * as client from 'openid-client';

const [issuer, redirectUri] = process.argv.slice(2);
const config = await client.discovery(new URL(issuer), 'app', 'app-secret', client.ClientSecretBasic('app-secret'), {
  execute: [client.allowInsecureRequests],
});
client.enableNonRepudiationChecks(config);

const verifier = client.randomPKCECodeVerifier();
const checks = { pkceCodeVerifier: verifier, expectedState: client.randomState(), expectedNonce: client.randomNonce(), maxAge: 60 };
const url = client.buildAuthorizationUrl(config, {
  redirect_uri: redirectUri,
  scope: 'openid profile email groups offline_access',
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state: checks.expectedState,
  nonce: checks.expectedNonce,
  max_age: '60',
});

// The form sends the request again together with name and password.
const form = new URLSearchParams(url.searchParams);
form.set('login_name', 'ada');
form.set('login_password', 'ada-password');
const answer = await fetch(new URL(url.pathname, url), { method: 'POST', body: form, redirect: 'manual' });

const tokens = await client.authorizationCodeGrant(config, new URL(answer.headers.get('location')), checks);
const info = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
const end = client.buildEndSessionUrl(config, { id_token_hint: refreshed.id_token });
const signedOut = await fetch(end, { redirect: 'manual' });
const refused = await client.refreshTokenGrant(config, refreshed.refresh_token).then(() => null, fault => fault.error);
console.log(JSON.stringify({ claims: tokens.claims(), info, refreshed: refreshed.claims(), signedOut: signedOut.status, refused }));

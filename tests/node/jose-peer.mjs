// A second opinion about tokens: signs and verifies with jose, one JSON request a line, one JSON answer a line.
import { createInterface } from 'node:readline';
import * as jose from 'jose';

const keys = new Map();
const remembered = new Map();

// With remember: as an upstream that fetches once and then never again, until it is told to forget.
function remote(url, { remember, forget }) {
  if (forget) remembered.delete(url);
  const set = remembered.get(url) ?? jose.createRemoteJWKSet(new URL(url), remember ? { cooldownDuration: Infinity, cacheMaxAge: Infinity } : {});
  if (remember) remembered.set(url, set);
  return set;
}

const does = {
  // Makes a key pair; answers its public JWK.
  async key({ alg, kid }) {
    const pair = await jose.generateKeyPair(alg, { extractable: true });
    keys.set(kid, pair.privateKey);
    return { ...(await jose.exportJWK(pair.publicKey)), kid, alg, use: 'sig' };
  },
  async sign({ kid, header, claims }) {
    return await new jose.SignJWT(claims).setProtectedHeader({ kid, ...header }).sign(keys.get(kid));
  },
  async verify({ token, jwks, url, options }) {
    const set = url ? remote(url, options) : jose.createLocalJWKSet(jwks);
    const { payload, protectedHeader } = await jose.jwtVerify(token, set, { ...options, currentDate: options.now && new Date(options.now) });
    return { payload, protectedHeader };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  try {
    console.log(JSON.stringify({ answer: await does[request.do](request) }));
  } catch (e) {
    console.log(JSON.stringify({ error: e.code ?? String(e) }));
  }
}

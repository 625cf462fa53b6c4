// SPDX-License-Identifier: Apache-2.0
// Reads {now, kid, x, pkcs8, access, control}: a key of ours and two tokens we signed with it. Checks them with jose, then prints tokens
// made with jose (or with node's crypto, where jose refuses to make such a thing) and what is to become of each:
// {"tokens": [{name, token, expected}], "stranger": {kid, pkcs8, token}}. Run by jose_tokens_test.cpp.
import { createHmac, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as jose from 'jose';

const { now, kid, x, pkcs8, access, control } = JSON.parse(readFileSync(0, 'utf8'));
const jwk = { kty: 'OKP', crv: 'Ed25519', x, kid };
const publicKey = await jose.importJWK(jwk, 'EdDSA');
const privateKey = await jose.importPKCS8(pkcs8, 'EdDSA', { extractable: true });
const currentDate = new Date(now * 1000);

function check(condition, what) {
  if (!condition) throw new Error(what);
}

// 1. Our tokens, read by jose.
const keySet = jose.createLocalJWKSet({ keys: [jwk] });
const read = await jose.jwtVerify(access, keySet, {
  algorithms: ['EdDSA'], typ: 'at+jwt', issuer: 'parley', audience: 'parley', currentDate,
  requiredClaims: ['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'nbf', 'exp'],
});
check(read.payload.sub === '42' && read.payload.sid === '7', 'subject and session');
check(read.payload.token_type === 'access' && read.payload.user_id === 42, "SimpleJWT's claims");
check(read.payload.iat === now && read.payload.exp === now + 600, 'times');
const controlRules = { typ: 'parley-control+jwt', issuer: 'parley', audience: 'parley-control', subject: 'operator', currentDate };
await jose.jwtVerify(control, publicKey, controlRules);
check((await jose.exportJWK(privateKey)).x === x, 'the private key belongs to the public one');

// 2. Tokens for us. Names carry the case's number in trust.md section 3.
const tokens = [];
const add = (name, token, expected = 'auth.invalid_token') => tokens.push({ name, token, expected });
const claims = (more = {}) => ({ iss: 'parley', aud: 'parley', sub: '42', sid: '7', jti: 'x', iat: now, nbf: now, exp: now + 600, ...more });
const header = (more = {}) => ({ alg: 'EdDSA', kid, typ: 'at+jwt', ...more });
const made = (payload = {}, head = {}, key = privateKey, options = undefined) =>
  new jose.SignJWT(claims(payload)).setProtectedHeader(header(head)).sign(key, options);

add('as ours', await made(), 'ok');
add('with a claim of tomorrow', await made({ scope: 'all' }), 'ok');
add('JW79 ends now', await made({ exp: now }), 'auth.token_expired');
add('JW79 ended', await made({ iat: now - 700, nbf: now - 700, exp: now - 100 }), 'auth.token_expired');
add('JW79 ends in a second', await made({ exp: now + 1 }), 'ok');
add('JW79 without end', await made({ exp: undefined }));
add('JW79 end is a float', await made({ exp: now + 600.5 }));
add('JW79 end beyond time', await made({ exp: 2 ** 63 }));
add('JW79 not before later', await made({ nbf: now + 61 }));
add('JW79 issued later', await made({ iat: now + 61 }));
add('JW79 issued within the skew', await made({ iat: now + 59, nbf: now + 59 }), 'ok');

add('JW80 other issuer', await made({ iss: 'https://accounts.example' }));
add('JW80 other audience', await made({ aud: 'parley-control' }));
add('JW80 several audiences', await made({ aud: ['parley', 'other'] }));
add('JW80 plain JWT', await made({}, { typ: 'JWT' }));
add('JW80 no type', await made({}, { typ: undefined }));
add('JW80 id token', await made({}, { typ: 'id+jwt' }));
add('JW80 control token', control);
add('JW80 SimpleJWT refresh token', await made({ token_type: 'refresh', sub: undefined, sid: undefined, user_id: 42 }, { typ: 'JWT' }));

// JW74: unsecured tokens.
add('JW74 unsecured', new jose.UnsecuredJWT(claims()).encode());
const encode = (value) => jose.base64url.encode(typeof value === 'string' ? value : JSON.stringify(value));
for (const alg of ['none', 'None', 'NONE', '']) add(`JW74 alg "${alg}"`, `${encode(header({ alg }))}.${encode(claims())}.`);
add('JW74 no alg', `${encode({ kid, typ: 'at+jwt' })}.${encode(claims())}.`);
add('JW74 alg none with a good signature', (await made()).replace(/^[^.]*/, encode(header({ alg: 'none' }))));

// JW75: the public key taken for a secret, in each form somebody may have it.
const spki = await jose.exportSPKI(publicKey);
const secrets = { raw: Buffer.from(x, 'base64url'), text: Buffer.from(x), spki: Buffer.from(spki), jwk: Buffer.from(JSON.stringify(jwk)) };
for (const [form, secret] of Object.entries(secrets)) {
  add(`JW75 HS256 with the ${form} public key`, await made({}, { alg: 'HS256' }, new Uint8Array(secret)));
  const text = `${encode(header())}.${encode(claims())}`;
  add(`JW75 HMAC with the ${form} public key under EdDSA`, `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`);
}

// JW76: keys of the attacker's, pointed to or carried along.
const own = await jose.generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
const ownJwk = await jose.exportJWK(own.publicKey);
add('JW76 jwk', await made({}, { jwk: ownJwk }, own.privateKey));
add('JW76 jwk without kid', await made({}, { jwk: ownJwk, kid: undefined }, own.privateKey));
add('JW76 jku', await made({}, { jku: 'http://127.0.0.1:1/keys' }, own.privateKey));
add('JW76 x5u', await made({}, { x5u: 'http://127.0.0.1:1/certificate' }, own.privateKey));
add('JW76 x5c', await made({}, { x5c: ['AAAA'] }, own.privateKey));
add('JW76 harmless jwk, our signature', await made({}, { jwk }));
add('another key under our kid', await made({}, {}, own.privateKey));

// JW77: names of keys that are none.
const strings = ['../../etc/passwd', '/dev/null', "' OR '1'='1", '', 'a'.repeat(2000), '0'.repeat(32)];
for (const name of [...strings, kid.toUpperCase(), kid + '.pem', kid + '\0', 7, null])
  add(`JW77 kid ${String(name).slice(0, 20)}`, await made({}, { kid: name }));
add('JW77 no kid', await made({}, { kid: undefined }));

// JW78: extensions, other serializations, encryption, nesting.
add('JW78 crit', await made({}, { crit: ['exp'], exp: now }, privateKey, { crit: { exp: true } }));
add('JW78 crit b64 true', await made({}, { crit: ['b64'], b64: true }));
const bytes = (text) => new TextEncoder().encode(text);
const flattened = (more) => new jose.FlattenedSign(bytes(JSON.stringify(claims()))).setProtectedHeader(header(more)).sign(privateKey);
const nested = async (more) => new jose.CompactSign(bytes(await made())).setProtectedHeader(header(more)).sign(privateKey);
const unencoded = await flattened({ crit: ['b64'], b64: false });
add('JW78 b64 false', `${unencoded.protected}.${JSON.stringify(claims()).replaceAll('.', '')}.${unencoded.signature}`);
add('JW78 b64 false, encoded', `${unencoded.protected}.${encode(claims())}.${unencoded.signature}`);
add('JW78 JSON serialization', JSON.stringify(await flattened()));
const encrypted = new jose.EncryptJWT(claims()).setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid, typ: 'at+jwt' });
add('JW78 encrypted', await encrypted.encrypt(new Uint8Array(32)));
add('JW78 nested', await nested({ cty: 'JWT' }));
add('JW78 nested without cty', await nested());

// JW81: spelling.
const good = await made();
const [head, body, signature] = good.split('.');
add('JW81 trailing dot', `${good}.`);
add('JW81 four parts', `${good}.${signature}`);
add('JW81 five empty parts', '....');
add('JW81 padding', `${good}==`);
add('JW81 standard base64', `${head}.${Buffer.from(JSON.stringify(claims({ jti: '???>>>' }))).toString('base64')}.${signature}`);
add('JW81 stray bits', good.slice(0, -1) + String.fromCharCode(good.charCodeAt(good.length - 1) + 1));
add('JW81 8 KiB', await made({ filler: 'x'.repeat(6000) }));
add('JW81 newline', `${good}\n`);

// JW82: other algorithms and broken signatures.
const ec = await jose.generateKeyPair('ES256');
add('JW82 ES256', await made({}, { alg: 'ES256' }, ec.privateKey));
add('JW82 ES256 all zero', `${encode(header({ alg: 'ES256' }))}.${body}.${encode('\0'.repeat(64))}`);
add('JW82 EdDSA all zero', `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`);
add('JW82 truncated', `${head}.${body}.${signature.slice(0, -4)}`);
add('JW82 no signature', `${head}.${body}.`);
add('JW82 alg Ed25519', await made({}, { alg: 'Ed25519' }));
// The point of order one as R and as key material: s = 0 verifies where R and S are not checked (RFC 8032 section 5.1.7).
add('JW82 neutral point', `${head}.${body}.${Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]).toString('base64url')}`);

// With node's own signing, so that not all rests on jose, and because an object has no duplicate members.
const nodeKey = createPrivateKey(pkcs8);
check(createPublicKey(nodeKey).export({ format: 'jwk' }).x === x, 'node reads the same key');
const signed = (headText, bodyText) => {
  const text = `${encode(headText)}.${encode(bodyText)}`;
  return `${text}.${sign(null, Buffer.from(text), nodeKey).toString('base64url')}`;
};
const bodyText = JSON.stringify(claims());
add('signed by node', signed(JSON.stringify(header()), bodyText), 'ok');
add('duplicate claim', signed(JSON.stringify(header()), bodyText.replace('"sub":"42"', '"sub":"42","sub":"1"')));
add('duplicate alg', signed(JSON.stringify(header()).replace('"alg"', '"alg":"none","alg"'), bodyText));
add('byte order mark', signed(JSON.stringify(header()), '\ufeff' + bodyText));

// 3. A key jose made, for our key ring to read.
const strangerKid = 'f'.repeat(32);
const stranger = {
  kid: strangerKid,
  pkcs8: await jose.exportPKCS8(own.privateKey),
  token: await made({}, { kid: strangerKid }, own.privateKey),
};

console.log(JSON.stringify({ tokens, stranger }));

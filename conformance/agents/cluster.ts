import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CannotRun } from '../shared/program.ts';
import type { Host } from './host.ts';
import type { Lab } from './lab.ts';
import { CONTROL_PLANE } from './network.ts';
import { API_PORT, API_URL, type KubeObject, kubeconfigOf, OBJECTS } from './objects.ts';

const START_TIMEOUT_MS = 90_000;

/** An API server with the objects of the lab. */
export interface Cluster {
  readonly kubeconfig: string;
  readonly kubeconfigText: string;
  /** Creates objects, waiting for their kinds if an operator is still to define them. */
  readonly create: (objects: readonly KubeObject[]) => Promise<void>;
}

/** Polls until something holds. @throws CannotRun that says what did not come. */
export async function until(what: string, holds: () => Promise<boolean>, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    if (await holds()) return;
    await sleep(500);
  }
  throw new CannotRun(`${what}: not within ${timeoutMs / 1000} s`);
}

/** Sends one object to the API server. Returns its uid; undefined while its kind is unknown. */
async function sent(
  host: Host,
  token: string,
  method: string,
  path: string,
  body: unknown,
): Promise<string | undefined> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const answer = await host.call({
    do: 'send',
    method,
    url: `${API_URL}${path}`,
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
  });
  const { status, text } = answer as { status: number; text: string };
  if (status === 404) return undefined;
  if (status >= 300 && status !== 409)
    throw new CannotRun(`the API server refused ${method} ${path}: ${text.slice(0, 300)}`);
  const { metadata } = JSON.parse(text) as { metadata?: { uid?: string } };
  return metadata?.uid ?? '';
}

/** Starts etcd and kube-apiserver on the control plane and creates the objects. */
export async function startCluster(lab: Lab, apiServer: string): Promise<Cluster> {
  const host = lab.host(CONTROL_PLANE.host);
  const folder = join(lab.folder, 'cluster');
  await mkdir(folder, { recursive: true });
  const token = randomBytes(16).toString('hex');
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const keys = {
    private: await file('service-accounts.key', privateKey),
    public: await file('service-accounts.pub', publicKey),
  };
  const kubeconfigText = kubeconfigOf(token);
  const kubeconfig = await file('kubeconfig', kubeconfigText);
  const log = (name: string): string => join(lab.folder, `${name}.log`);
  const etcd = 'http://127.0.0.1:2379';
  await host.call({
    do: 'start',
    name: 'etcd',
    argv: [
      'etcd',
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=${etcd}`,
      `--advertise-client-urls=${etcd}`,
      '--listen-peer-urls=http://127.0.0.1:2380',
    ],
    env: {},
    log: log('etcd'),
  });
  await until('etcd is healthy', async () => (await host.page(`${etcd}/health`)) !== undefined, START_TIMEOUT_MS);
  await host.call({
    do: 'start',
    name: 'kube-apiserver',
    argv: [
      apiServer,
      `--etcd-servers=${etcd}`,
      `--secure-port=${API_PORT}`,
      `--advertise-address=${CONTROL_PLANE.address.ipv4}`,
      '--service-cluster-ip-range=10.96.0.0/16,fd96::/112',
      '--authorization-mode=RBAC',
      `--token-auth-file=${await file('tokens.csv', `${token},lab,lab,system:masters\n`)}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-signing-key-file=${keys.private}`,
      `--service-account-key-file=${keys.public}`,
      `--cert-dir=${join(folder, 'certificates')}`,
      '--disable-admission-plugins=ServiceAccount',
      '--v=1',
    ],
    env: {},
    log: log('kube-apiserver'),
  });
  const isReady = async (): Promise<boolean> => {
    const answer = host.call({ do: 'send', url: `${API_URL}/readyz`, headers: { authorization: `Bearer ${token}` } });
    return (
      (await answer.then(
        (value) => (value as { status: number }).status,
        () => 0,
      )) === 200
    );
  };
  await until('kube-apiserver is ready', isReady, START_TIMEOUT_MS);
  const uids = new Map<string, string>();
  const create = async (objects: readonly KubeObject[]): Promise<void> => {
    for (const { path, object, status, owner } of objects) {
      const { metadata } = object;
      const controller = owner && { ...owner, uid: uids.get(`${owner.kind}/${owner.name}`), controller: true };
      const body = controller ? { ...object, metadata: { ...metadata, ownerReferences: [controller] } } : object;
      let uid: string | undefined;
      const created = async (): Promise<boolean> => (uid = await sent(host, token, 'POST', path, body)) !== undefined;
      await until(`${path} takes ${metadata.name}`, created, START_TIMEOUT_MS);
      uids.set(`${String(object['kind'])}/${metadata.name}`, uid ?? '');
      if (status !== undefined) await sent(host, token, 'PATCH', `${path}/${metadata.name}/status`, { status });
    }
  };
  await create(OBJECTS);
  return { kubeconfig, kubeconfigText, create };
}

import type { Case } from '../shared/cases.ts';

/** What the repository and its examples do not use. */
export const kubeBurnerCases: readonly Case[] = [
  { name: 'kube-burner by default', given: { kubeBurner: { enabled: true } } },
  {
    name: 'runs of every kind',
    given: {
      kubeBurner: {
        enabled: true,
        image: 'registry.example.com:5000/pause:3.10',
        nodeSelector: { 'kubernetes.io/hostname': 'worker-1', 'example.com/pool': '' },
        podReady: '5s',
        maxWait: '1h30m',
        pause: '0s',
        prometheus: 'https://prometheus.example.com/prefix',
        scenarios: [
          { name: 'twice', iterations: 5, replicas: 2, qps: 10, burst: 20, preloadImages: false, wait: false },
          { name: 'a'.repeat(40), iterations: 1, qps: 10_000, burst: 1 },
        ],
      },
    },
  },
  { name: 'runs that collect nothing', given: { kubeBurner: { enabled: true, prometheus: '' } } },
  {
    name: 'several sources, no cluster label',
    given: { cluster: { label: null }, flows: { source: ['retina-hubble', 'obi'] }, kubeBurner: { enabled: true } },
  },
  { name: 'profiles only', given: { kubeBurner: { enabled: true, scenarios: [] } } },
];

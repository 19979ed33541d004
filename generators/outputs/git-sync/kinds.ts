import { DNS_SUBDOMAIN } from '../../schema/formats.ts';
import type { Kind, Kinds } from '../../schema/kinds.ts';
import { closed, object, SOME_TEXT } from '../../schema/objects.ts';
import { CLASSIC_DASHBOARD, DASHBOARD_UID } from '../grafana/index.ts';

const DASHBOARD: Kind = {
  schema: () =>
    object(
      closed(
        {
          name: {
            ...DASHBOARD_UID,
            ...DNS_SUBDOMAIN,
            maxLength: 40,
            expected: 'the uid, as a name of up to 40 characters',
          },
          annotations: closed({ 'grafana.app/folder': SOME_TEXT }),
        },
        ['name'],
      ),
      { spec: CLASSIC_DASHBOARD },
    ),
};

/** Upstream: Grafana, apps/dashboard/kinds. */
export const kinds: Kinds = {
  'dashboard.grafana.app/v1 Dashboard': DASHBOARD,
  'dashboard.grafana.app/v1beta1 Dashboard': DASHBOARD,
};

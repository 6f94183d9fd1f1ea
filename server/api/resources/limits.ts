import type { LimitsAnswer } from '../../../shared/api/limits.ts';
import { ok } from '../../../shared/result.ts';
import { printLimit } from '../../limits/limit-text.ts';
import { limitDeclarations, limitNames } from '../../limits/limits.ts';
import { route } from '../route.ts';

/** Every limit, what it is set to, and how often it was reached. */
export const limitRoutes = [
  route({
    method: 'GET',
    path: '/api/limits',
    access: 'ledger:read',
    personal: 'none',
    handle: ({ services }) => {
      const { limits, counters } = services.edge;
      const body: LimitsAnswer = {
        limits: limitNames.map((name) => ({
          name,
          value: printLimit(limitDeclarations[name].unit, limits[name]),
          lastHour: counters.lastHour(name),
          total: counters.total(name),
        })),
      };
      return ok({ body });
    },
  }),
];
